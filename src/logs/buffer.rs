//! The ring of log records and its state (spec 30 sections 3 to 5).
//!
//! The state is an interface: tools find it in a coredump by its symbol, and firmware may save and restore it. With words of W
//! bytes and level numbers of 1 or 4 bytes:
//!
//! | Field | Meaning |
//! |---|---|
//! | version (1 byte) | 1 after a boot |
//! | enabled (1) | 1 after a boot |
//! | minimum level (1 or 4) | what is below is not stored |
//! | read offset (4) | of the next record to read, from the oldest byte in the ring |
//! | dropped (4), recorded (4) | lines lost, lines stored; both wrap |
//! | ring (4 W) | offset of the oldest byte, bytes stored, bytes of the storage, the storage |
//! | region (2 W, 2) | storage and its length as given at boot, CRC-16 over these two |
//!
//! IMPROVE (spec 30 sections 4.4 and 5), against the C SDK: a record that was sent but never read does not move the reader when
//! it is evicted; a rest that is no whole record is evicted as one; a saved state that contradicts itself is not restored; the
//! region of a restored one is the new buffer, and its read position that of a record.

use super::record::{COMPACT, HEAD_LEN, LEVEL_MASK, READ, Record, SENT, TIME_LEN, TIMESTAMPED};
use crate::config::Config;
use crate::events::storage::Lock;
use crate::util::crc16;
use crate::util::ring_buffer::{Memory, RingBuffer, Spans};
use core::cell::Cell;
use core::marker::PhantomData;

const VERSION: u8 = 1;

/// The number of a level, as wide as the firmware's enums.
pub trait Level: Copy + PartialOrd {
    /// Of the option that holds the first minimum.
    fn from_option(level: u32) -> Self;
    /// The bits that a record keeps are among these.
    fn low_byte(self) -> u8;
}

impl Level for u8 {
    fn from_option(level: u32) -> Self {
        level as u8
    }

    fn low_byte(self) -> u8 {
        self
    }
}

impl Level for u32 {
    fn from_option(level: u32) -> Self {
        level
    }

    fn low_byte(self) -> u8 {
        self as u8
    }
}

/// What saving a line asks of its surroundings.
pub trait Platform {
    /// Seconds since 1970, the low 32 bits, if the time is known. Asked once per line, before the lock is taken. QUIRK (spec 30
    /// section 4.4): nobody looks at what kind of time it is.
    fn unix_time_secs(&self) -> Option<u32>;
    /// Do the stored lines belong to a message that is on its way? Asked under the lock, when a line could be stored only in
    /// place of others.
    fn is_frozen(&self) -> bool;
    /// A line was stored; called outside of the lock.
    fn saved(&self);
}

/// Where the storage lies, for coredumps.
#[repr(C)]
struct Region {
    address: Cell<usize>,
    len: Cell<usize>,
    crc16: Cell<u16>,
}

impl Region {
    fn set(&self, address: usize, len: usize) {
        self.address.set(address);
        self.len.set(len);
        self.crc16.set(self.computed_crc16());
    }

    fn computed_crc16(&self) -> u16 {
        crc16::update(crc16::update(0, &self.address.get().to_ne_bytes()), &self.len.get().to_ne_bytes())
    }

    fn clear(&self) {
        self.address.set(0);
        self.len.set(0);
        self.crc16.set(0);
    }
}

/// The log buffer. All zero: not booted.
#[repr(C)]
pub struct LogBuffer<C, E, L, M> {
    version: Cell<u8>,
    enabled: Cell<u8>,
    min_level: Cell<E>,
    read_offset: Cell<u32>,
    dropped: Cell<u32>,
    recorded: Cell<u32>,
    pub(super) ring: RingBuffer<M>,
    region: Region,
    pub(super) lock: L,
    options: PhantomData<C>,
}

const _: () = {
    use core::mem::offset_of;
    const WORD: usize = size_of::<usize>();
    type Short = LogBuffer<(), u8, (), Cell<usize>>;
    type Long = LogBuffer<(), u32, (), Cell<usize>>;
    assert!(offset_of!(Short, min_level) == 2 && offset_of!(Short, read_offset) == 4);
    assert!(offset_of!(Long, min_level) == 4 && offset_of!(Long, read_offset) == 8);
    assert!(offset_of!(Short, ring) == 16 && offset_of!(Long, ring) == 16 + WORD.next_multiple_of(WORD));
    assert!(size_of::<Short>() == 16 + 7 * WORD && size_of::<Long>() == 16 + WORD + 7 * WORD);
};

impl<C: Config, E: Level, L, M> LogBuffer<C, E, L, M> {
    /// A buffer that was not booted.
    pub fn new(lock: L, memory: M) -> Self {
        Self::with_level(lock, memory, E::from_option(0))
    }

    /// The same in a constant, where the compiler has to be told the level 0.
    pub const fn with_level(lock: L, memory: M, level: E) -> Self {
        Self {
            version: Cell::new(0),
            enabled: Cell::new(0),
            min_level: Cell::new(level),
            read_offset: Cell::new(0),
            dropped: Cell::new(0),
            recorded: Cell::new(0),
            ring: RingBuffer::new(memory),
            region: Region { address: Cell::new(0), len: Cell::new(0), crc16: Cell::new(0) },
            lock,
            options: PhantomData,
        }
    }

    /// Was it booted?
    pub fn is_booted(&self) -> bool {
        self.enabled.get() != 0
    }

    /// The memory behind the ring.
    pub const fn memory(&self) -> &M {
        self.ring.memory()
    }

    /// Size of the ring in bytes.
    pub fn capacity(&self) -> usize {
        self.ring.capacity()
    }

    /// Starts with an empty ring over the first `len` bytes of the memory, which begins at `address` and which the caller has
    /// filled with zeroes. Takes no lock.
    pub fn boot(&self, address: usize, len: usize) {
        self.reset();
        self.version.set(VERSION);
        self.min_level.set(E::from_option(C::RAM_LOGGER_DEFAULT_MIN_LOG_LEVEL));
        self.ring.reset(len);
        self.region.set(address, len);
        self.enabled.set(1);
    }

    /// Back to the state before boot; the memory keeps its bytes.
    pub fn reset(&self) {
        self.version.set(0);
        self.enabled.set(0);
        self.min_level.set(E::from_option(0));
        self.read_offset.set(0);
        self.dropped.set(0);
        self.recorded.set(0);
        core::hint::black_box(()); // all in one go would be a call of memset
        self.ring.reset(0);
        core::hint::black_box(());
        self.region.clear();
    }

    /// Stores lines of this level and above from now on.
    pub fn set_min_level(&self, level: E) {
        self.min_level.set(level);
    }

    /// Lines lost since boot; wraps.
    pub fn dropped_count(&self) -> u32 {
        self.dropped.get()
    }

    /// Lines stored since boot; wraps.
    pub fn recorded_count(&self) -> u32 {
        self.recorded.get()
    }

    /// Address and length of the storage as given at boot. `None`: not booted, or the state was overwritten.
    pub fn region(&self) -> Option<(usize, usize)> {
        let region = &self.region;
        let intact = self.is_booted() && region.crc16.get() == region.computed_crc16();
        intact.then(|| (region.address.get(), region.len.get()))
    }

    /// Would a line of this level be stored?
    pub fn accepts(&self, level: E) -> bool {
        self.is_booted() && level >= self.min_level.get()
    }

    pub(super) fn read_offset(&self) -> usize {
        self.read_offset.get() as usize
    }

    pub(super) fn set_read_offset(&self, offset: usize) {
        self.read_offset.set(offset as u32);
    }
}

impl<C: Config, E: Level, L: Lock, M: Memory> LogBuffer<C, E, L, M> {
    /// Takes over a state that was saved before; its ring lies in the first `len` bytes of the memory already, which begins at
    /// `address`. False: the state contradicts itself; it has to be booted anew then. Takes no lock.
    pub fn restore<L2, M2>(&self, image: &LogBuffer<C, E, L2, M2>, address: usize, len: usize) -> bool {
        let (offset, used) = (image.ring.read_offset(), image.ring.len());
        if image.version.get() != VERSION || offset >= len || used > len {
            return false;
        }
        self.ring.restore(offset, used, len);
        // A position inside of a record or behind the last one would show garbage, or nothing for ever.
        let (mut end, mut position) = (0, 0);
        for record in self.records(0) {
            end = record.end();
            if end == image.read_offset() {
                position = end;
            }
        }
        if end != used {
            return false;
        }
        self.version.set(VERSION);
        self.min_level.set(image.min_level.get());
        self.set_read_offset(position);
        self.dropped.set(image.dropped.get());
        self.recorded.set(image.recorded.get());
        self.region.set(address, len);
        self.enabled.set(1);
        true
    }

    /// Saves the first [`Config::LOG_MAX_LINE_SAVE_LEN`] bytes of a text.
    #[inline]
    pub fn save_text(&self, level: E, text: &[u8], takes_lock: bool, platform: &impl Platform) {
        if self.accepts(level) {
            let text = text.get(..C::LOG_MAX_LINE_SAVE_LEN).unwrap_or(text);
            self.store(level.low_byte() & LEVEL_MASK, text, takes_lock, platform);
        }
    }

    /// Saves the CBOR of a compact log, unless it is longer than [`Config::LOG_MAX_LINE_SAVE_LEN`].
    #[inline]
    pub fn save_compact(&self, level: E, cbor: &[u8], platform: &impl Platform) {
        if self.accepts(level) && cbor.len() <= C::LOG_MAX_LINE_SAVE_LEN {
            self.store(level.low_byte() & LEVEL_MASK | COMPACT, cbor, true, platform);
        }
    }

    /// `message` is not longer than a line may be.
    #[inline(never)]
    fn store(&self, header: u8, message: &[u8], takes_lock: bool, platform: &impl Platform) {
        const { assert!(C::LOG_MAX_LINE_SAVE_LEN + TIME_LEN <= u8::MAX as usize) };
        let time = if C::LOG_TIMESTAMPS_ENABLE { platform.unix_time_secs() } else { None };
        let (header, time_len) = if time.is_some() { (header | TIMESTAMPED, TIME_LEN) } else { (header, 0) };
        let [a, b, c, d] = time.unwrap_or(0).to_ne_bytes();
        let head = [header, (time_len + message.len()) as u8, a, b, c, d];
        let head = head.get(..HEAD_LEN + time_len).unwrap_or(&head);

        if takes_lock {
            self.lock.lock();
        }
        let stored = self.make_room(head.len() + message.len(), platform);
        let counter = if stored { &self.recorded } else { &self.dropped };
        counter.set(counter.get().wrapping_add(1));
        if stored {
            self.ring.write_pair(head, message);
        }
        if takes_lock {
            self.lock.unlock();
        }
        if stored {
            platform.saved();
        }
    }

    /// Evicts old records until `needed` bytes are free. False, and nothing is evicted: there will never be so many, or the
    /// records are on their way.
    fn make_room(&self, needed: usize, platform: &impl Platform) -> bool {
        if self.ring.free() >= needed {
            return true;
        }
        if needed > self.ring.capacity() || (C::LOG_DATA_SOURCE_ENABLED && platform.is_frozen()) {
            return false;
        }
        while self.ring.free() < needed {
            self.evict_oldest();
        }
        true
    }

    fn evict_oldest(&self) {
        // A rest without a head cannot be in a ring that only this code wrote to.
        let oldest = self.record_at(0).unwrap_or(Record { offset: 0, header: 0, len: u8::MAX });
        if oldest.header & (READ | SENT) == 0 {
            self.dropped.set(self.dropped.get().wrapping_add(1));
        }
        if self.ring.consume(oldest.total_len()) {
            if oldest.header & READ != 0 {
                self.set_read_offset(self.read_offset().saturating_sub(oldest.total_len()));
            }
        } else {
            self.ring.consume(self.ring.len());
            self.set_read_offset(0);
        }
    }

    /// The record whose head is at `offset`. `None`: there is no head any more.
    pub fn record_at(&self, offset: usize) -> Option<Record> {
        let header = self.ring.byte(offset)?;
        let len = self.ring.byte(offset.wrapping_add(1))?;
        Some(Record { offset, header, len })
    }

    /// Where the `len` bytes behind the head at `offset` lie in the storage. `None`: they are not all there.
    pub fn payload_spans(&self, offset: usize, len: usize) -> Option<Spans> {
        self.ring.spans(offset.wrapping_add(HEAD_LEN), len)
    }

    /// Writes another head over that of a record. False: there is none.
    pub fn set_head(&self, offset: usize, header: u8, len: u8) -> bool {
        let Some(from_end) = self.ring.len().checked_sub(offset) else { return false };
        from_end >= HEAD_LEN && self.ring.write_at_offset(from_end, &[header, len])
    }

    /// The records from the one at `offset` on. Takes no lock.
    pub fn records(&self, offset: usize) -> impl Iterator<Item = Record> {
        let mut next = self.record_at(offset);
        core::iter::from_fn(move || {
            let record = next?;
            next = self.record_at(record.end());
            Some(record)
        })
    }

    /// Records that were not sent yet, oldest first. Takes no lock.
    pub(super) fn unsent(&self) -> impl Iterator<Item = Record> {
        let mut offset = 0;
        core::iter::from_fn(move || {
            let record = self.next_unsent(offset)?;
            offset = record.end();
            Some(record)
        })
    }

    /// The first record from the one at `offset` on that was not sent yet. Once in the program: several loops are made of it.
    #[inline(never)]
    fn next_unsent(&self, mut offset: usize) -> Option<Record> {
        loop {
            let record = self.record_at(offset)?;
            if record.header & SENT == 0 {
                return Some(record);
            }
            offset = record.end();
        }
    }
}

#[cfg(test)]
mod tests;
