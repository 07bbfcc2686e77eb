//! The block that all collections share, and the invariants on which the crate's unsafe code rests.
//!
//! | file | contents |
//! |---|---|
//! | `layout` | the layout of a block, and how it grows; no unsafe code |
//! | `refcount` | the two counters of a block, and their orderings; no unsafe code |
//! | `buffer` | `SharedBuf`, the pointer to a block, and `BlockRef`, a borrow of a live block |
//! | `handle` | `Handle`, a reference to a block and a length |
//!
//! ```text
//!    header, three words                         data: header size rounded up to align_of T
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
//!   whole block. The layout of the block follows from `cap`.
//! * **B2** Every handle has `len <= filled <= cap`. Slots `[0, len)` are initialised, and their writes happen before
//!   every use of the handle.
//! * **B3** While a block is shared, `filled` only grows, `cap` does not change, and nobody writes, moves or drops
//!   slots `[0, filled)`.
//! * **B4** A handle writes to slots of a shared block only after it claimed them: its compare-exchange moved `filled`
//!   from the handle's own end over these slots. The writes come before the handle can be cloned.
//! * **B5** Only the unique owner lowers `filled`, reallocates the block, or changes elements. Before that it stores
//!   `filled = len` and drops the excess elements. If elements have no drop glue, it may instead write over the
//!   excess elements, and store in `filled` where its elements then end.
//! * **B6** The last owner drops exactly the slots that `filled` counts, whatever its own length, and frees the block
//!   even if a destructor panics.
//! * **B7** No `&T` or `&[T]` covers an uninitialised slot, and no `&Header` exists.
//! * **B8** Before user code runs (clone, drop, eq, closure, iterator), every length is already safe if it panics.
//! * **B9** Handles are covariant, so a shared block gets no elements of a type with drop glue: another handle might
//!   drop them as a supertype.
//! * **B10** While a block is shared its flags do not change. Under the flag LIST only the holder of the list's lock
//!   appends: it writes the slot first and then moves `filled`.
//! * **B11** At most one list publishes a buffer at a time. It must hold the only reference to the buffer, trim it and
//!   set the flag LIST. Only then may it store the address of the header's second word.
//! * **P1** A list's cell has the published address of an allocated buffer, or null if the list is empty and has no
//!   buffer.
//! * **P2** Converting a published buffer to its pointer and back changes no count. A reference that arc-swap held is
//!   released without a load first, because arc-swap adds references from other threads.
//! * **P3** No panic unwinds through arc-swap. If arc-swap gives the last reference to a block back, the block is
//!   queued, and its elements are dropped after arc-swap's code has returned.
//! * **P4** A list's `State` has the buffer of the cell, and the cell holds a reference to it. Both change only under
//!   the lock.
//! * **Q1** Between two calls into arc-swap, a thread's queue of such blocks is empty. During a call, all blocks in it
//!   have the element type of the list that makes the call.
//! * **V1** A `CopyOnWriteCell` always has a version, with exactly one element. The length of a version of a cell never
//!   changes.
//! * **H1** A version that was replaced in a list's own cell keeps the cell's reference until a scan of all slots finds
//!   it in none. The scan comes after the exchange and its fence, and under the lock.
//! * **H2** A version is read through a slot only after a check found it current while it was in the slot. It is not
//!   read any more when a Release store has changed the slot.
//! * **H3** A slot lives as long as its list, and its `next` does not change. The guard or reader that makes or
//!   acquires a slot owns it until the slot is free again.
//! * **S1** The bytes of a string are valid UTF-8 whenever code outside `string/utf8.rs` can see them.
//! * **S2** The tag of a string says what its other 15 bytes are: inline bytes, or the address of static bytes or
//!   of a slot. For a string that begins at slot `offset`, read `offset + len` for `len` in B2, B4 and B5.
//! * **M1** While a guard or iterator of `vec::unique` moves elements, the length of the vector covers only elements
//!   that the guard or iterator does not touch. Its drop restores the length.
//! * **N1** A node or leaf is written only through `&mut`, and only while it and every node above it are unique.
//!   Otherwise it is copied first.
//! * **N2** The first `len` children of a node are counted references to non-empty children, and the other slots are
//!   null. A leaf has at most `LEAF` elements. While a child is edited it is moved out, and a guard puts it back.
//! * **N3** Except during an edit, `sizes[i]` of a node is the number of elements below children `[0, i]`.
//! * **N4** A node has the flag RADIX only if every child except the last is full, and the last is a leaf or has the
//!   flag. A vector is read by shift and mask only if its top has the flag and there is no front leaf.
//! * **N5** A vector's front leaf and tail are each none, or a counted reference to a buffer with at most `LEAF`
//!   elements. `before_tail` is the number of elements of the front leaf and the tree.
//! * **N6** The block of a front leaf is either unchanged from the tree, or back-aligned: flagged, with exactly a
//!   leaf's slots, and with its last slots initialised. The front leaf hides the slots that it does not cover. In a
//!   back-aligned block, B3, B4 and B6 count the slots from the end down.

pub(crate) mod buffer;
pub(crate) mod handle;
pub(crate) mod layout;
pub(crate) mod refcount;
