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
//!
//! ```text
//!    header, three words                       data (offset: the header rounded up to align_of T)
//!  | refs: RefCount | tail: FilledWord | cap | slot 0 | slot 1 | ... | slot cap-1 |
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
//! * **P1** A list's cell has the published address of an allocated buffer, or null if the list is empty and has no
//!   buffer.
//! * **P2** Converting a published buffer to its pointer and back changes no count. A reference that arc-swap held is
//!   released without a load first, because arc-swap adds references from other threads.
//! * **P3** No panic unwinds through arc-swap: if an element's drop panics there, the process aborts with a message.
//! * **P4** A list's `State` has the buffer of the cell, which holds a reference of it. Both change only under the lock.
//! * **H1** A version that was replaced in a list's own cell keeps the cell's reference until a scan of all slots finds
//!   it in none. The scan comes after the exchange and its fence, and under the lock.
//! * **H2** A version is read through a slot only after a check found it current while it was in the slot, and only
//!   until a Release store changes the slot.
//! * **H3** A slot lives as long as its list, and its `next` does not change. Whoever makes or acquires a slot owns it
//!   until the slot is free again.
//! * **S1** The bytes of a string are valid UTF-8 at every exit, unwinding included.
//! * **S2** A string's tag says what its other 15 bytes are: as many inline bytes as it counts and zeros
//!   beyond them; the place of static bytes; or one count of a block and the place of slot `offset` in
//!   it. For the last, read `offset + len` for `len` in B2, B4 and B5. The offset has 29 bits. Exactly
//!   the handles of blocks with more slots than a `u32` counts are huge; their offset is 0.
//! * **M1** While an engine of `moves` lives, its buffer's length covers only elements that the engine
//!   does not touch; its drop restores the length.
//! * **N1** A node or leaf is written only through `&mut`, and only while it and every node above it is
//!   unique; else it is copied first.
//! * **N2** The first `len` children of a node are counted references to non-empty children, and the
//!   other slots are null; a child that is edited is moved out, and a guard puts it back.
//! * **N3** Except during an edit, `sizes[i]` of a node is the number of elements below children `[0, i]`.
//! * **N4** A node has the flag RADIX only if every child but the last is full and the last is a leaf or
//!   has the flag; a vector is read by shift and mask only if its top has it and there is no front leaf.
//! * **N5** A vector's front leaf and tail are each none or a counted reference to a buffer with at most
//!   `LEAF` elements, and `before_tail` is the number of elements of the front leaf and the tree.
//! * **N6** The block of a front leaf is either as it was in a tree, or back-aligned: flagged, with exactly
//!   a leaf's slots, of which the last ones are initialised. Slots that the front leaf does not cover are
//!   hidden, and B3, B4 and B6 count the slots of a back-aligned block from the end down.

pub(crate) mod buffer;
pub(crate) mod handle;
pub(crate) mod layout;
pub(crate) mod refcount;
