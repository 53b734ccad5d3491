//! Byte ring buffer (spec 10 section 15).
//!
//! Byte i of the content lies at `(read_offset + i) mod total_space` of the storage; all bytes of the storage are usable and
//! nothing old is ever overwritten to make room. Every operation that fails leaves the buffer as it was.
//!
//! The state is made of [`Cell`]s and every method takes `&self`, so that a hook called while the owner works on the buffer may
//! use it again.
//!
//! Invariant, from which it follows that only storage is accessed: the offset of the oldest byte lies inside the storage (0 when
//! there is none), and no more is stored than the storage holds.
//!
//! IMPROVE (spec 10 section 15): offset plus length never wraps, and a buffer without storage is empty and full at once
//! instead of dividing by zero.

use core::cell::Cell;

/// The storage of a [`RingBuffer`]. All methods get ranges that lie inside the space given to [`RingBuffer::reset`].
pub trait Memory {
    /// Copies `out.len()` bytes from `at` on.
    fn load(&self, at: usize, out: &mut [u8]);
    /// Copies `data` to `at`.
    fn store(&self, at: usize, data: &[u8]);
    /// The byte at `at`.
    fn byte(&self, at: usize) -> u8 {
        let mut byte = [0];
        self.load(at, &mut byte);
        let [byte] = byte;
        byte
    }
    /// Changes the byte at `at`.
    fn set_byte(&self, at: usize, byte: u8) {
        self.store(at, &[byte]);
    }
}

impl Memory for &[Cell<u8>] {
    fn load(&self, at: usize, out: &mut [u8]) {
        for (to, from) in out.iter_mut().zip(self.iter().skip(at)) {
            *to = from.get();
        }
    }

    fn store(&self, at: usize, data: &[u8]) {
        for (to, from) in self.iter().skip(at).zip(data) {
            to.set(*from);
        }
    }
}

/// A ring buffer over some [`Memory`]. The layout is that of the C struct: three sizes, then the storage.
#[repr(C)]
#[derive(Default)]
pub struct RingBuffer<M> {
    read_offset: Cell<usize>,
    read_size: Cell<usize>,
    total_space: Cell<usize>,
    memory: M,
}

/// A range of the content as one or two contiguous ranges of the storage; the second is empty unless the first ends at the
/// end of the storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    /// Where the first part starts in the storage.
    pub start: usize,
    /// Bytes of the first part.
    pub first: usize,
    /// Bytes of the second part, which starts at the beginning of the storage.
    pub second: usize,
}

impl<M> RingBuffer<M> {
    /// A buffer without space; [`RingBuffer::reset`] gives it some.
    pub const fn new(memory: M) -> Self {
        Self { read_offset: Cell::new(0), read_size: Cell::new(0), total_space: Cell::new(0), memory }
    }

    /// An empty buffer over the first `total_space` bytes of the memory. The content of the memory stays.
    pub fn reset(&self, total_space: usize) {
        self.restore(0, 0, total_space);
    }

    /// Takes over a position that was saved before. What cannot be right is cut to what is.
    pub fn restore(&self, read_offset: usize, read_size: usize, total_space: usize) {
        self.total_space.set(total_space);
        self.read_offset.set(if read_offset < total_space { read_offset } else { 0 });
        self.read_size.set(read_size.min(total_space));
    }

    /// The storage.
    pub const fn memory(&self) -> &M {
        &self.memory
    }

    /// Where the oldest byte lies in the storage.
    pub fn read_offset(&self) -> usize {
        self.read_offset.get()
    }

    /// Bytes stored.
    pub fn len(&self) -> usize {
        self.read_size.get()
    }

    /// True when nothing is stored.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes that the buffer can hold.
    pub fn capacity(&self) -> usize {
        self.total_space.get()
    }

    /// Bytes that still fit.
    pub fn free(&self) -> usize {
        self.capacity().saturating_sub(self.len())
    }

    /// Where `len` bytes of the content from `offset` on lie. `None`: not all of them are stored.
    pub fn spans(&self, offset: usize, len: usize) -> Option<Spans> {
        if !self.holds(offset, len) {
            return None;
        }
        let start = self.index(offset);
        let first = len.min(self.room_from(start));
        Some(Spans { start, first, second: len.wrapping_sub(first) })
    }

    fn holds(&self, offset: usize, len: usize) -> bool {
        self.len().checked_sub(offset).is_some_and(|rest| len <= rest)
    }

    /// Where the byte that is `offset` behind the oldest one goes in the storage; `offset` is at most the capacity.
    fn index(&self, offset: usize) -> usize {
        let index = self.read_offset.get().wrapping_add(offset);
        if index >= self.capacity() { index.wrapping_sub(self.capacity()) } else { index }
    }

    /// Bytes between `index` and the end of the storage.
    fn room_from(&self, index: usize) -> usize {
        self.capacity().saturating_sub(index)
    }

    /// Drops the `len` oldest bytes. False: fewer are stored.
    pub fn consume(&self, len: usize) -> bool {
        let Some(rest) = self.len().checked_sub(len) else { return false };
        self.read_offset.set(self.index(len));
        self.read_size.set(rest);
        true
    }

    /// Drops the `len` newest bytes. False: fewer are stored.
    pub fn consume_from_end(&self, len: usize) -> bool {
        let Some(rest) = self.len().checked_sub(len) else { return false };
        self.read_size.set(rest);
        true
    }
}

impl<M: Memory> RingBuffer<M> {
    /// The byte of the content at `offset` (0 is the oldest one), if it is stored.
    pub fn byte(&self, offset: usize) -> Option<u8> {
        if offset < self.len() { Some(self.memory.byte(self.index(offset))) } else { None }
    }

    /// Copies content from `offset` (0 is the oldest byte) on; nothing is dropped. False: not all of it is stored.
    pub fn read(&self, offset: usize, out: &mut [u8]) -> bool {
        if !self.holds(offset, out.len()) {
            return false;
        }
        let start = self.index(offset);
        let first = out.len().min(self.room_from(start));
        let Some((first, second)) = out.split_at_mut_checked(first) else { return false };
        self.memory.load(start, first);
        self.memory.load(0, second);
        true
    }

    /// Appends two pieces as one, or nothing and returns false.
    pub fn write_pair(&self, head: &[u8], data: &[u8]) -> bool {
        let end = self.index(self.len());
        let len = head.len().wrapping_add(data.len());
        if len > self.room_from(end).min(self.free()) {
            // May wrap, or does not fit.
            return len <= self.free() && self.write(head) && self.write(data);
        }
        // A head is short: a call for it would cost more than the loop.
        for (i, byte) in head.iter().enumerate() {
            self.memory.set_byte(end.wrapping_add(i), *byte);
            core::hint::black_box(());
        }
        self.memory.store(end.wrapping_add(head.len()), data);
        self.read_size.set(self.len().wrapping_add(len));
        true
    }

    /// Changes the byte of the content at `offset`. False: it is not stored.
    pub fn set_byte(&self, offset: usize, byte: u8) -> bool {
        let stored = offset < self.len();
        if stored {
            self.memory.set_byte(self.index(offset), byte);
        }
        stored
    }

    /// Appends all of `data`, or nothing and returns false.
    pub fn write(&self, data: &[u8]) -> bool {
        self.write_at_offset(0, data)
    }

    /// Overwrites from `offset_from_end` bytes before the end on and continues behind the end. The content never shrinks.
    /// False: less content than that, or too little space; then nothing is written.
    pub fn write_at_offset(&self, offset_from_end: usize, data: &[u8]) -> bool {
        let Some(at) = self.len().checked_sub(offset_from_end) else { return false };
        if data.len() > self.room_from(at) {
            return false;
        }
        let start = self.index(at);
        let first = data.len().min(self.room_from(start));
        let Some((first, second)) = data.split_at_checked(first) else { return false };
        self.memory.store(start, first);
        self.memory.store(0, second);
        self.read_size.set(self.len().max(at.wrapping_add(data.len())));
        true
    }
}

#[cfg(test)]
mod tests;
