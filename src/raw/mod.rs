//! The block that all four collections share, and the invariants on which the crate's unsafe code rests.
//!
//! | file | contents |
//! |---|---|
//! | `layout` | the layout of a block, and how it grows; no unsafe code |
//! | `refcount` | the two counters of a block, and their orderings; no unsafe code |
//! | `buffer` | `SharedBuf`, the pointer to a block, and `BlockRef`, a borrow of a live block |
//! | `handle` | `Handle`, a reference to a block and a length |
//!
//! ```text
//!    header, three words                         data, at the header's size rounded up to align_of T
//!  | refs: RefCount | filled: FilledWord | cap | slot 0 | slot 1 | ... | slot cap-1 |
//!                                              ^ every handle points here
//! ```
//!
//! # Words
//!
//! * **Block**: an allocation with the header and the slots above. A **buffer** is a block as its users see it.
//! * **Handle**: the owner of one reference to a block, with the number of elements that it covers.
//! * **Unique owner**: the only handle of a block.
//! * **Excess elements**: initialised elements of a block that its unique owner does not cover.
//!
//! # Invariants
//!
//! SAFETY comments quote these by label. The fields that they constrain say more: see `Header` and `Handle`.
//!
//! * **B1** A data pointer is the empty sentinel, or points to slot 0 of a live block with the provenance of the
//!   whole block, whose layout follows from `cap`.
//! * **B2** Every handle has `len <= filled <= cap`, and slots `[0, len)` are initialised by writes that happen before
//!   every use of the handle.
//! * **B3** While a block is shared, `filled` only grows, `cap` does not change, and nobody writes, moves or drops slots
//!   `[0, filled)`.
//! * **B4** A handle writes to slots of a shared block only after its compare-exchange moved `filled` from exactly its
//!   own end, and before it can be cloned.
//! * **B5** Only the unique owner lowers `filled`, reallocates the block, or changes elements; first it stores
//!   `filled = len` and drops the excess elements.
//! * **B6** The last owner drops exactly the slots that `filled` counts, whatever its own length, and frees the block
//!   even if a destructor panics.
//! * **B7** No `&T` or `&[T]` covers an uninitialised slot, and no `&Header` exists.
//! * **B8** Before user code runs (clone, drop, eq, closure, iterator), every length is already safe if it panics.
//! * **B9** Handles are covariant, so a shared block gets no elements of a type with drop glue: another handle might
//!   drop them as a supertype.
//! * **B10** While a block is shared its flags do not change, and under the flag LIST only the holder of the list's lock
//!   appends: it writes the slot first and then moves `filled`.
//! * **B11** At most one list publishes a buffer at a time: it must hold the only reference to the buffer, trim it, set
//!   the flag LIST, and only then store the address of the header's second word.
//! * **P1** Only allocated buffers go into a list's cell; an empty list without a buffer is its null.
//! * **P2** The conversions between a published buffer and its pointer touch no count, and what arc-swap
//!   held is released by `fetch_sub` only, since it increments for its guards from other threads.
//! * **P3** Nothing unwinds inside arc-swap: where an element's drop panics there, the process aborts
//!   with a message. Versions that a writer releases, after unlocking, unwind as usual.
//! * **P4** The buffer in a list's writer state is the one in its cell, which holds a count of it; both
//!   change only under the list's lock.
//! * **H1** A version that was taken out of a list's own cell (not arc-swap's) keeps the cell's count
//!   until a look into all slots, after the exchange and its fence and under the lock, finds it in none.
//! * **H2** A version is read through a slot only from the moment on when it was found current while it
//!   stood in the slot, and until the slot is given another content, by a Release store.
//! * **H3** A slot's memory is freed with its list, and its place in the chain does not change. Who makes
//!   it, or takes it from free, owns it until it is free again.
//! * **S1** The bytes of a string are valid UTF-8 at every exit, unwinding included.
//! * **S2** A string's tag says what its other 15 bytes are: as many inline bytes as it counts and zeros
//!   beyond them; the place of static bytes; or one count of a block and the place of slot `offset` in
//!   it. For the last, read `offset + len` for `len` in B2, B4 and B5. The offset has 29 bits. Exactly
//!   the handles of blocks with more slots than a `u32` counts are huge; their offset is 0.
//! * **M1** While a guard or iterator of `vec::unique` moves elements, the length of the vector covers only elements
//!   that it does not touch; its drop restores the length.
//! * **N1** A node is edited only by `&mut`, and only if its `refs` is 1 and that of every node above
//!   it; else it is copied first. A leaf likewise. The unique check pairs with the releases of the
//!   handles that are gone, of the node or of one above it.
//! * **N2** `kids[0..len]` of a node are counted handles: of nodes of the level below, or at level 1 of
//!   buffers, none of them empty; the other slots are null. A kid that is edited is on loan, and a guard
//!   puts it back, or takes it out if it is then empty; what can neither panic nor empty it edits it in its
//!   slot. Kids of a shared node are lent as clones, and the node is copied only if they come back changed.
//! * **N3** `ends` is exact whenever nobody edits: `ends[i]` is the sum of the totals of kids `[0, i]`.
//!   It is the length of the leaf handles, whose buffers may have more claimed slots (B5) and any
//!   capacity.
//! * **N4** A node has the flag DENSE only if every kid but the last is full, down to its leaves, and
//!   the last has the flag or is a leaf; then shift and mask find the slot of an index. A root's
//!   height is its top node's; it has a radix, the height less one, only if the top has the flag and
//!   there is no head.
//! * **N5** A root's head and tail are each a count of a buffer, or none; the tail covers its first
//!   `tail_len` slots, as a handle, and the head what N6 says, up to a leaf's elements; `before_tail` is
//!   the sum of the head's and the tree's.
//! * **N6** A head covers slots `[start, end)` of a buffer. Either that has HEAD, and exactly a leaf's slots,
//!   of which the last `tail` are initialised, or it is a leaf as a tree had it, of which the first `tail`
//!   are; what of these the head does not cover is hidden. An only holder gives the block HEAD and nothing
//!   hidden (B5) before it moves elements in or out. For a head read what it covers for `[0, len)` in B2,
//!   and for a block with HEAD read the slots from the end down in B3, B4 and B6. No other handle is of a
//!   block with HEAD: it loses that, unique, before it enters a tree or leaves the vector.

pub(crate) mod buffer;
pub(crate) mod handle;
pub(crate) mod layout;
pub(crate) mod refcount;
