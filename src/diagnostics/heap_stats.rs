//! Heap statistics (spec 30 section 11): the latest allocations with their callers, read by tools out of a coredump.
//!
//! An entry of the pool, all in native byte order (sizes of 32-bit, in parentheses of 64-bit targets):
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0 | 4 (8) | return address of the allocating code |
//! | 4 (8) | 4 (8) | address of the block |
//! | 8 (16) | 4 | bits 0-30 size of the block in bytes, bit 31 in use; 0 means that the entry was never used |
//! | 12 (20) | 2 | index of the entry allocated before this one, `0xFFFF`: none |
//!
//! The entries in use form a list, the newest first. Both the list and the choice of the entry that an allocation takes are
//! known to the tools.

use crate::config::Config;
use core::cell::Cell;
use core::marker::PhantomData;

/// Layout of [`Totals`] and [`Entry`].
pub const VERSION: u8 = 2;
/// The index that no entry has.
pub const LIST_END: u16 = u16::MAX;
const IN_USE: u32 = 1 << 31;

/// One allocation.
#[repr(C)]
pub struct Entry {
    lr: Cell<usize>,
    ptr: Cell<usize>,
    size_and_use: Cell<u32>,
    next: Cell<u16>,
}

impl Entry {
    /// An entry that was never used.
    pub const fn never_used() -> Self {
        Self { lr: Cell::new(0), ptr: Cell::new(0), size_and_use: Cell::new(0), next: Cell::new(0) }
    }

    fn in_use(&self) -> bool {
        self.size_and_use.get() & IN_USE != 0
    }

    fn size(&self) -> u32 {
        self.size_and_use.get() & !IN_USE
    }

    fn reset(&self) {
        self.lr.set(0);
        self.ptr.set(0);
        self.size_and_use.set(0);
        self.next.set(0);
    }
}

/// Numbers about all allocations, and where the list starts.
#[repr(C)]
pub struct Totals {
    version: Cell<u8>,
    in_use_block_count: Cell<u32>,
    max_in_use_block_count: Cell<u32>,
    head: Cell<u16>,
}

impl Totals {
    /// Before the first allocation.
    pub const fn new() -> Self {
        Self {
            version: Cell::new(VERSION),
            in_use_block_count: Cell::new(0),
            max_in_use_block_count: Cell::new(0),
            head: Cell::new(LIST_END),
        }
    }

    /// One block more is in use.
    pub fn increment(&self) {
        let count = self.in_use_block_count.get().wrapping_add(1);
        self.in_use_block_count.set(count);
        self.max_in_use_block_count.set(self.max_in_use_block_count.get().max(count));
    }

    /// One block less is in use. QUIRK (spec 30 section 11.2): 0 becomes 0xFFFFFFFF.
    pub fn decrement(&self) {
        self.in_use_block_count.set(self.in_use_block_count.get().wrapping_sub(1));
    }
}

impl Default for Totals {
    fn default() -> Self {
        Self::new()
    }
}

const _: () = {
    use core::mem::offset_of;
    const WORD: usize = size_of::<usize>();
    assert!(offset_of!(Entry, ptr) == WORD && offset_of!(Entry, size_and_use) == 2 * WORD);
    assert!(offset_of!(Entry, next) == 2 * WORD + 4 && size_of::<Entry>() == 2 * WORD + 8);
    assert!(offset_of!(Totals, in_use_block_count) == 4 && offset_of!(Totals, max_in_use_block_count) == 8);
    assert!(offset_of!(Totals, head) == 12 && size_of::<Totals>() == 16);
};

/// Every entry is in use and none is the oldest: the list was damaged, most likely by a missing lock.
#[derive(Debug, PartialEq, Eq)]
pub struct ListDamaged;

/// The statistics: totals and pool, which lie where the tools find them. At most 65534 entries. Takes no lock.
pub struct HeapStats<'a, C> {
    totals: &'a Totals,
    pool: &'a [Entry],
    options: PhantomData<C>,
}

impl<'a, C: Config> HeapStats<'a, C> {
    /// The statistics in these places.
    pub const fn new(totals: &'a Totals, pool: &'a [Entry]) -> Self {
        Self { totals, pool, options: PhantomData }
    }

    /// Records a block of `size` bytes at `ptr`, which is not 0, for the code at `lr`. The oldest entry gives way when all are in
    /// use. QUIRK (spec 30 section 11.3): a block of 0 bytes leaves an entry that counts as never used once it is freed.
    pub fn malloc(&self, lr: usize, ptr: usize, size: usize) -> Result<(), ListDamaged> {
        if C::IN_USE_BLOCK_COUNT_AUTOMATIC {
            self.totals.increment();
        }
        let (index, entry) = self.entry_for_next().ok_or(ListDamaged)?;
        entry.lr.set(lr);
        entry.ptr.set(ptr);
        entry.size_and_use.set(size as u32 | IN_USE);
        entry.next.set(self.totals.head.get());
        self.totals.head.set(index);
        // What came behind the oldest is the oldest now. With a pool of one that is the new entry itself.
        self.redirect(index, LIST_END);
        Ok(())
    }

    /// Records that the block at `ptr`, which is not 0, was freed. What is known about it stays in its entry.
    pub fn free(&self, ptr: usize) {
        if C::IN_USE_BLOCK_COUNT_AUTOMATIC {
            self.totals.decrement();
        }
        let Some((index, entry)) = self.indexed().find(|(_, e)| e.ptr.get() == ptr && e.in_use()) else { return };
        entry.size_and_use.set(entry.size());
        let next = entry.next.replace(LIST_END);
        if self.totals.head.get() == index {
            self.totals.head.set(next);
        }
        self.redirect(index, next);
    }

    /// Was nothing ever recorded? QUIRK (spec 30 section 11.3): true too while a block of 0 bytes is in the first entry.
    pub fn is_empty(&self) -> bool {
        self.pool.first().is_none_or(|e| e.size() == 0)
    }

    /// Back to the start.
    pub fn reset(&self) {
        self.totals.version.set(VERSION);
        self.totals.in_use_block_count.set(0);
        self.totals.max_in_use_block_count.set(0);
        self.totals.head.set(LIST_END);
        self.pool.iter().for_each(Entry::reset);
    }

    fn indexed(&self) -> impl Iterator<Item = (u16, &'a Entry)> {
        (0..LIST_END).zip(self.pool)
    }

    /// The lowest entry that was never used, else the lowest that is free, else the oldest.
    fn entry_for_next(&self) -> Option<(u16, &'a Entry)> {
        const NEVER_USED: u8 = 3;
        const FREE: u8 = 2;
        const OLDEST: u8 = 1;
        let (mut best, mut best_rank) = (None, 0);
        for (index, entry) in self.indexed() {
            let rank = match entry.size_and_use.get() {
                0 => NEVER_USED,
                size_and_use if size_and_use & IN_USE == 0 => FREE,
                _ => u8::from(entry.next.get() == LIST_END) * OLDEST,
            };
            if rank > best_rank {
                (best, best_rank) = (Some((index, entry)), rank);
            }
        }
        best
    }

    /// Lets the entry in use that leads to `from`, if there is one, lead to `to`.
    fn redirect(&self, from: u16, to: u16) {
        if let Some(entry) = self.pool.iter().find(|e| e.in_use() && e.next.get() == from) {
            entry.next.set(to);
        }
    }
}

#[cfg(test)]
mod tests;
