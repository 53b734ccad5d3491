//! Event storage (spec 20 sections 4.3 to 4.8): a ring of events that are written whole and read as messages, oldest first.
//!
//! | Offset in an event | Size | Content |
//! |---|---|---|
//! | 0 | 2 | total size in native byte order, these two bytes included; `0xFFFF` while the event is being written |
//! | 2 | n | payload: one CBOR map |
//!
//! Header and payload may wrap around the end of the ring at any byte. Nothing old is overwritten: what finds no room is refused.
//!
//! **Writing** is a session: begin, append, finish. Sessions have no owner, so a second writer's begin is refused and counted
//! ([`EventStorage::begin_write`]).
//!
//! **Reading** takes a *snapshot*: the events that make up the next message. It stays as it is until the message is marked as
//! read, however many events are added meanwhile.
//!
//! IMPROVE (spec 20 section 4), against the C SDK: a refused writer's rollback does not touch the open session; the session is
//! opened and closed under the lock; an event that the 16-bit header cannot describe is rolled back; a header that cannot be
//! right (less than its own size, or more than is stored) ends the walk instead of running away.

use super::batch;
use crate::config::Config;
use crate::util::ring_buffer::{Memory, RingBuffer};
use core::cell::Cell;
use core::marker::PhantomData;

const HEADER_LEN: usize = 2;
const IN_PROGRESS: u16 = u16::MAX;
/// The largest payload that a header can describe: `0xFFFF` means something else.
pub const MAX_PAYLOAD_LEN: usize = IN_PROGRESS as usize - 1 - HEADER_LEN;

/// Keeps other threads out while the ring changes. Never held while a hook runs; may already be held by the caller, so it
/// must allow that.
pub trait Lock {
    /// Waits until no other thread holds the lock.
    fn lock(&self);
    /// Releases it.
    fn unlock(&self);
}

/// Bytes used and free, unfinished events and headers included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Bytes in the ring.
    pub used: usize,
    /// Bytes that still fit.
    pub free: usize,
}

/// The storage. All fields up to the batch header are the image that firmware saves over deep sleep (spec 20 section 4.10):
/// their order and sizes are part of the C ABI, the padding is ours. An image of zeroes is a storage that was never booted.
#[repr(C)]
pub struct EventStorage<C, L, M> {
    pub(super) ring: RingBuffer<M>,
    /// 0 or 1. A number, because an image may come from elsewhere.
    write_in_progress: Cell<u8>,
    /// Padding of the image: begins that were refused during this session and whose rollback is still to come.
    refused_begins: Cell<u8>,
    /// Padding of the image: what the non-volatile store said when it was asked last. Never restored, never cleared.
    pub(super) nv_was_enabled: Cell<u8>,
    /// Padding of the image: a persist call is under way.
    pub(super) persisting: Cell<u8>,
    bytes_written: Cell<usize>,
    snapshot_len: Cell<usize>,
    snapshot_events: Cell<usize>,
    batch_header_len: Cell<usize>,
    batch_header: Cell<[u8; batch::MAX_HEADER_LEN]>,
    lock: L,
    options: PhantomData<C>,
}

/// The layout of the image, of the same shape with words of 4 and of 8 bytes: 44 and 80 bytes.
const _: () = {
    use core::mem::offset_of;
    const WORD: usize = size_of::<usize>();
    type Image = EventStorage<(), (), Cell<usize>>;
    assert!(offset_of!(Image, write_in_progress) == 4 * WORD);
    assert!(offset_of!(Image, bytes_written) == 5 * WORD);
    assert!(offset_of!(Image, snapshot_len) == 6 * WORD);
    assert!(offset_of!(Image, snapshot_events) == 7 * WORD);
    assert!(offset_of!(Image, batch_header_len) == 8 * WORD);
    assert!(offset_of!(Image, batch_header) == 9 * WORD);
    assert!(size_of::<Image>() == 9 * WORD + 8);
};

impl<C: Config, L, M> EventStorage<C, L, M> {
    /// A storage that was not booted yet: it has no room.
    pub const fn new(lock: L, memory: M) -> Self {
        Self {
            ring: RingBuffer::new(memory),
            write_in_progress: Cell::new(0),
            refused_begins: Cell::new(0),
            nv_was_enabled: Cell::new(0),
            persisting: Cell::new(0),
            bytes_written: Cell::new(0),
            snapshot_len: Cell::new(0),
            snapshot_events: Cell::new(0),
            batch_header_len: Cell::new(0),
            batch_header: Cell::new([0; batch::MAX_HEADER_LEN]),
            lock,
            options: PhantomData,
        }
    }

    /// The memory behind the ring.
    pub const fn memory(&self) -> &M {
        self.ring.memory()
    }

    /// Where the ring starts in its memory.
    pub fn read_offset(&self) -> usize {
        self.ring.read_offset()
    }

    /// The size of the ring in bytes; 0 before boot. Takes no lock.
    pub fn capacity(&self) -> usize {
        self.ring.capacity()
    }

    /// Starts with an empty ring over the first `capacity` bytes of the memory, which the caller has filled with zeroes. An
    /// open session and the snapshot are gone. Takes no lock.
    pub fn boot(&self, capacity: usize) {
        self.ring.reset(capacity);
        self.close_session();
        self.drop_snapshot();
    }

    /// What is left of a boot without memory: the old ring stays, the session is rolled back, the snapshot dropped.
    pub fn boot_without_memory(&self) {
        if self.is_writing() {
            self.ring.consume_from_end(self.bytes_written.get());
        }
        self.close_session();
        self.drop_snapshot();
    }

    /// Takes over an image that was saved before; its ring lies in the first `capacity` bytes of the memory already. An open
    /// session stays open and a snapshot stays (QUIRK, spec 20 section 4.10). False, and nothing changes: the image contradicts
    /// itself.
    pub fn restore<L2, M2>(&self, image: &EventStorage<C, L2, M2>, capacity: usize) -> bool {
        let (offset, used) = (image.ring.read_offset(), image.ring.len());
        let (writing, written) = (image.write_in_progress.get(), image.bytes_written.get());
        let (snapshot_len, events) = (image.snapshot_len.get(), image.snapshot_events.get());
        let header_len = image.batch_header_len.get();
        let sound = offset < capacity
            && used <= capacity
            && (writing == 0 || writing == 1 && written <= used)
            && snapshot_len <= used
            && events <= snapshot_len / HEADER_LEN
            && header_len <= batch::MAX_HEADER_LEN;
        if sound {
            self.ring.restore(offset, used, capacity);
            self.close_session();
            self.write_in_progress.set(writing);
            self.bytes_written.set(written);
            // A firmware that was built otherwise may have saved it.
            self.drop_snapshot();
            self.snapshot_len.set(snapshot_len);
            self.snapshot_events.set(events);
            if C::EVENT_STORAGE_READ_BATCHING_ENABLED {
                self.batch_header_len.set(header_len);
                self.batch_header.set(image.batch_header.get());
            }
        }
        sound
    }

    fn is_writing(&self) -> bool {
        self.write_in_progress.get() != 0
    }

    fn close_session(&self) {
        self.write_in_progress.set(0);
        self.refused_begins.set(0);
        self.bytes_written.set(0);
    }

    pub(super) fn drop_snapshot(&self) {
        self.snapshot_len.set(0);
        self.snapshot_events.set(0);
        // Without batching these are never anything else.
        if C::EVENT_STORAGE_READ_BATCHING_ENABLED {
            core::hint::black_box(()); // all in one go would be a call of memset
            self.batch_header_len.set(0);
            self.batch_header.set([0; batch::MAX_HEADER_LEN]);
        }
    }
}

#[cfg(test)]
impl<C, L, M> EventStorage<C, L, M> {
    pub(super) const fn lock_for_tests(&self) -> &L {
        &self.lock
    }
}

impl<C, L: Lock, M> EventStorage<C, L, M> {
    pub(super) fn locked<R>(&self, work: impl FnOnce() -> R) -> R {
        self.lock.lock();
        let result = work();
        self.lock.unlock();
        result
    }

    /// Bytes used and free. One lock pair.
    pub fn fill(&self) -> Fill {
        self.locked(|| Fill { used: self.ring.len(), free: self.ring.free() })
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// No session was open, or a refused writer took back what it never had.
    Nothing,
    /// The event is gone.
    RolledBack,
    /// The event is stored.
    Stored,
}

impl<C: Config, L: Lock, M: Memory> EventStorage<C, L, M> {
    /// Opens a session if none is open and a header fits. Returns the bytes that are free behind the header.
    pub fn try_begin(&self) -> Option<usize> {
        // Without the lock: while a session is open the answer costs nothing. The answer that counts is the second one.
        if self.is_writing() {
            return None;
        }
        self.locked(|| {
            if self.is_writing() || !self.ring.write(&IN_PROGRESS.to_ne_bytes()) {
                return None;
            }
            self.close_session();
            self.write_in_progress.set(1);
            self.bytes_written.set(HEADER_LEN);
            Some(self.ring.free())
        })
    }

    /// The same for a writer that will finish with a rollback even when it is refused, as the C API asks of it. One such
    /// rollback per refusal is then not meant for the open session. Returns 0 when refused.
    pub fn begin_write(&self) -> usize {
        self.try_begin().unwrap_or_else(|| {
            self.refused_begins.set(self.refused_begins.get().saturating_add(u8::from(self.is_writing())));
            0
        })
    }

    /// Adds bytes, all or none. QUIRK (spec 20 section 4.5): outside of a session they go into the ring as they are.
    pub fn append(&self, bytes: &[u8]) -> bool {
        self.locked(|| {
            let fits = self.ring.write(bytes);
            if fits {
                self.bytes_written.set(self.bytes_written.get().wrapping_add(bytes.len()));
            }
            fits
        })
    }

    /// Ends the open session. A rollback after refused begins is theirs ([`EventStorage::begin_write`]).
    pub fn finish_write(&self, rollback: bool) -> Finished {
        if !self.is_writing() {
            return Finished::Nothing;
        }
        if rollback && let Some(rest) = self.refused_begins.get().checked_sub(1) {
            self.refused_begins.set(rest);
            return Finished::Nothing;
        }
        self.end_session(rollback)
    }

    /// Ends the open session, which the caller has opened with [`EventStorage::try_begin`].
    pub fn end_session(&self, rollback: bool) -> Finished {
        self.locked(|| {
            if !self.is_writing() {
                return Finished::Nothing;
            }
            let written = self.bytes_written.get();
            self.close_session();
            let total = u16::try_from(written).unwrap_or(IN_PROGRESS);
            if rollback || total == IN_PROGRESS {
                self.ring.consume_from_end(written);
                return Finished::RolledBack;
            }
            self.ring.write_at_offset(written, &total.to_ne_bytes());
            Finished::Stored
        })
    }

    /// The size of the next message in bytes, if there is one. Takes and keeps a snapshot, one lock pair, unless there is one.
    pub fn has_more(&self) -> Option<usize> {
        if self.message_len() == 0 {
            self.locked(|| self.take_snapshot());
        }
        Some(self.message_len()).filter(|len| *len != 0)
    }

    /// Copies bytes of the message of the snapshot. False: there are not as many. Takes no lock: what was finished does not
    /// move, whatever a writer does.
    pub fn read(&self, offset: u32, out: &mut [u8]) -> bool {
        let offset = offset as usize;
        match offset.checked_add(out.len()) {
            Some(end) if end <= self.message_len() => {}
            _ => return false,
        }
        if out.is_empty() {
            return true;
        }
        if C::EVENT_STORAGE_READ_BATCHING_ENABLED {
            self.read_batch(offset, out)
        } else {
            self.ring.read(offset.saturating_add(HEADER_LEN), out)
        }
    }

    /// Drops the message of the snapshot; without one nothing happens.
    pub fn mark_read(&self) {
        let len = self.snapshot_len.get();
        if len != 0 {
            self.locked(|| self.ring.consume(len));
            self.drop_snapshot();
        }
    }

    fn message_len(&self) -> usize {
        let headers = self.snapshot_events.get().wrapping_mul(HEADER_LEN);
        self.snapshot_len.get().saturating_sub(headers).saturating_add(self.batch_header_len())
    }

    fn batch_header_len(&self) -> usize {
        if C::EVENT_STORAGE_READ_BATCHING_ENABLED { self.batch_header_len.get() } else { 0 }
    }

    /// The total size of the event that starts at `at` in the ring, if it is finished.
    fn finished_event(&self, at: usize) -> Option<usize> {
        let header = [self.ring.byte(at)?, self.ring.byte(at.wrapping_add(1))?];
        let total = u16::from_ne_bytes(header);
        let len = usize::from(total);
        (total != IN_PROGRESS && len >= HEADER_LEN && len <= self.ring.len().saturating_sub(at)).then_some(len)
    }

    fn take_snapshot(&self) {
        self.drop_snapshot();
        let (mut len, mut events, mut payload) = (0_usize, 0_usize, 0_usize);
        while (events == 0 || C::EVENT_STORAGE_READ_BATCHING_ENABLED)
            && let Some(total) = self.finished_event(len)
        {
            payload = payload.saturating_add(total - HEADER_LEN);
            // The first event goes out however large it is.
            if events != 0 && u32::try_from(payload).map_or(true, |p| p > C::EVENT_STORAGE_READ_BATCHING_MAX_BYTES) {
                break;
            }
            len = len.saturating_add(total);
            events += 1;
        }
        self.snapshot_len.set(len);
        self.snapshot_events.set(events);
        if C::EVENT_STORAGE_READ_BATCHING_ENABLED {
            let (header, len) = batch::header(events);
            self.batch_header.set(header);
            self.batch_header_len.set(len);
        }
    }

    /// As [`EventStorage::read`] with several events: the batch header, then the payloads without their headers.
    fn read_batch(&self, offset: usize, mut out: &mut [u8]) -> bool {
        let header = self.batch_header.get();
        let header = header.get(..self.batch_header_len()).unwrap_or(&header);
        // `skip` counts the bytes of the message between the part at hand and the first one that is wanted.
        let mut skip = offset;
        while let Some(byte) = header.get(skip) {
            let Some((first, rest)) = out.split_first_mut() else { return true };
            *first = *byte;
            out = rest;
            skip += 1;
        }
        skip -= header.len();
        let mut at = 0;
        while !out.is_empty() {
            let Some(total) = self.finished_event(at) else { return false };
            let payload = total - HEADER_LEN;
            let wanted = payload.saturating_sub(skip).min(out.len());
            let Some((part, rest)) = out.split_at_mut_checked(wanted) else { return false };
            if !part.is_empty() && !self.ring.read(at + HEADER_LEN + skip, part) {
                return false;
            }
            out = rest;
            skip = skip.saturating_sub(payload);
            at += total;
        }
        true
    }
}

#[cfg(test)]
mod tests;
