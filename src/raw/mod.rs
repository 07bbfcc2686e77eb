//! The one buffer under all four collections, and the invariants that its unsafe code rests on.
//!
//! | file | owns |
//! |---|---|
//! | `layout` | where elements stand in a block, how large it is, how it grows; no unsafe |
//! | `refcount` | the two counters, every ordering and its argument; no unsafe |
//! | `buffer` | `SharedBuf`: allocate, grow, free, claim, trim |
//! | `handle` | `Handle`: {pointer, length} with safe methods |
//! | `unique` | `UniqueVec`: a handle that is known to be alone |
//! | `moves` | engines that move elements while user code runs: fill, append, moving out |
//! | `gap` | engines that take elements out of the middle: retain, drain, splice |
//! | `transfer` | all elements at once from an array, and to an array, `Arc` or `Rc` |
//! | `publish` | a list's buffer: the cell its readers load, and the lock and state of its writers |
//! | `node` | `Node`, `Head` and `Root`: the persistent vector's inner nodes, with buffers as leaves, and the whole of it |
//!
//! ```text
//!    header, three words                       data (offset: the header rounded up to align_of T)
//!  | refs: RefCount | tail: TailWord | cap | slot 0 | slot 1 | ... | slot cap-1 |
//!                                            ^ every handle points here
//! ```
//!
//! # Invariants
//!
//! SAFETY comments quote these by label.
//!
//! * **B1** A data pointer is the empty sentinel, or points to slot 0 of a live block, with the
//!   provenance of the whole allocation, whose layout follows from `cap`.
//! * **B2** Every live handle has `len <= tail <= cap`; slots `[0, len)` are initialised, and their
//!   writes happen-before the holder. Visibility travels with the handle, never through `tail`.
//! * **B3** While a buffer is shared, `tail` only grows, and slots `[0, tail)` are never written, moved
//!   or dropped. No reallocation, and `cap` does not change.
//! * **B4** A slot is written once per epoch, only by the handle whose compare-exchange moved `tail`
//!   from exactly its own end (`len`; for a string slice, offset + `len`). It may change what it wrote
//!   until that handle can be cloned.
//! * **B5** Only a unique holder may lower `tail`, grow, or touch elements; first it *trims*: stores
//!   `tail = len`, then drops the orphans `[len, old tail)`. A panicking drop then leaks and never
//!   drops twice.
//! * **B6** The last releaser drops exactly `[0, tail)`, not its own `len`; a guard frees the block even
//!   if a drop panics.
//! * **B7** No reference to a `T` ever covers `[len, cap)`, and no `&Header` exists: each field is
//!   reached through a raw pointer of its own. Only a unique holder lends out `[len, cap)`, as
//!   `MaybeUninit`.
//! * **B8** Lengths, in the handle and in the header, have their safe value before any user code runs
//!   (clone, drop, eq, closure, iterator), and `tail >= len` at every such point.
//! * **B9** Drop lineage: an element pushed through a handle of type `P` may be dropped as type `Q` only
//!   if `P` is a subtype of `Q`. Handles are covariant, so types with drop glue are never appended to a
//!   shared buffer.
//! * **B10** While a buffer is shared its flag bits never change. LIST is set when a list takes the
//!   buffer, and stays until a unique holder trims. Claims fail under it; a slot is then written before
//!   `tail` moves, by the holder of the list's lock (the exception to B4).
//! * **B11** One gate: a buffer is published by at most one list at a time, and only so: the handle is
//!   unique, it is trimmed, its tail word gets LIST, then the pointer is stored. A handle that is not
//!   unique is copied first, whatever its source.
//!   The address published is that of the header's second word, never the data pointer: it lies inside
//!   the block, so that no other allocation begins or ends there.
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
//! * **M1** While an engine of `moves` lives, its buffer's length covers only elements that the engine
//!   does not touch; its drop restores the length.
//! * **N1** A node is edited only by `&mut`, and only if its `refs` is 1 and that of every node above
//!   it; else it is copied first. A leaf likewise. The unique check pairs with the releases of the
//!   handles that are gone, of the node or of one above it.
//! * **N2** `kids[0..len]` of a node are counted handles: of nodes of the level below, or at level 1 of
//!   buffers with no more than a leaf's elements, none of them empty; the other slots are null. A kid that
//!   is edited is on loan, and a guard puts it back, or takes it out if it is then empty; what can neither
//!   panic nor empty it edits it in its slot. Kids of a shared node are lent as clones, and the node is
//!   copied only if they come back changed.
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
pub(crate) mod gap;
pub(crate) mod handle;
pub(crate) mod layout;
pub(crate) mod moves;
pub(crate) mod node;
#[cfg(feature = "list")]
pub(crate) mod publish;
pub(crate) mod refcount;
pub(crate) mod transfer;
pub(crate) mod unique;
