//! All lines that were not sent yet as one message (spec 30 section 8).
//!
//! The message is the envelope of an event ([`crate::events::envelope`]) of type 6 with times, 4 without, and as event info one
//! flat array: for each line its time (with times; 0: not known), its level, and its message, a text or, if it is a compact log,
//! a byte string. It is made anew for each read, which costs little, as lines outside of what is read are only counted.
//!
//! From the trigger until the message is marked as read no line is evicted; lines that come meanwhile are not part of it.
//!
//! IMPROVE (spec 30 section 8.5), against the C SDK: a line is encoded once, also when it wraps around the end of the ring or
//! is empty.

use super::buffer::{Level, LogBuffer};
use super::record::{COMPACT, Record, SENT, TIME_LEN};
use crate::config::Config;
use crate::events::envelope::{self, Identity, event_type, key};
use crate::events::storage::Lock;
use crate::util::cbor::{self, Encoder, Head, Sink};
use crate::util::ring_buffer::Memory;
use core::cell::Cell;

/// Items of the array per line.
const fn items_per_line<C: Config>() -> u32 {
    if C::LOG_TIMESTAMPS_ENABLE { 3 } else { 2 }
}

/// Lines not sent yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unsent {
    /// How many.
    pub lines: usize,
    /// Their bytes. QUIRK (spec 30 section 8.1): with one byte per line for the two that precede it in the ring.
    pub bytes: usize,
}

/// The message that is on its way. All zero: there is none.
#[derive(Default)]
pub struct LogCapture {
    triggered: Cell<bool>,
    has_time: Cell<bool>,
    time: Cell<u32>,
    lines: Cell<usize>,
}

/// Writes the envelope of the message. Whatever an event can be encoded for, [`Identity`], does it with an encoder of its own.
pub trait Envelope {
    /// Everything in front of the event info.
    fn encode<C: Config>(&self, event_type: u32, unix_time_secs: Option<u64>, window: &mut Window<'_>);
}

impl<I: Identity> Envelope for I {
    fn encode<C: Config>(&self, event_type: u32, unix_time_secs: Option<u64>, window: &mut Window<'_>) {
        envelope::encode_metadata_with_time::<C, _>(
            &mut Encoder::new(window, usize::MAX),
            event_type,
            unix_time_secs,
            self,
        );
    }
}

/// The part of a message that somebody wants to have.
pub struct Window<'a> {
    /// Bytes of the message in front of it that are still to come.
    skip: usize,
    /// What is not filled yet.
    out: &'a mut [u8],
    /// Bytes of the message so far.
    total: usize,
}

impl Window<'_> {
    /// The next `len` bytes of the message, of which `fill` copies those from an offset on.
    fn piece(&mut self, len: usize, fill: impl FnOnce(usize, &mut [u8])) {
        self.total = self.total.wrapping_add(len);
        let skipped = self.skip.min(len);
        self.skip -= skipped;
        let wanted = (len - skipped).min(self.out.len());
        if let Some((now, later)) = core::mem::take(&mut self.out).split_at_mut_checked(wanted) {
            fill(skipped, now);
            self.out = later;
        }
    }

    /// The next bytes of the message.
    #[inline(never)]
    pub fn bytes(&mut self, piece: &[u8]) {
        self.piece(piece.len(), |from, to| {
            for (to, from) in to.iter_mut().zip(piece.iter().skip(from)) {
                *to = *from;
                core::hint::black_box(());
            }
        });
    }

    #[inline(never)]
    fn head(&mut self, major: u8, value: u32) {
        let (bytes, len) = Head::new(major, value).to_bytes();
        self.bytes(bytes.get(..len).unwrap_or(&bytes));
    }
}

impl Sink for Window<'_> {
    fn write(&mut self, _: usize, piece: &[u8]) {
        self.bytes(piece);
    }

    fn joins(&self) -> bool {
        true
    }
}

/// A line as the message has it; the level is a number of one byte.
struct Item {
    /// 0: not known.
    time: u32,
    level: u8,
    is_text: bool,
    offset: usize,
    len: u8,
}

impl LogCapture {
    /// Nothing on its way.
    pub const fn new() -> Self {
        Self { triggered: Cell::new(false), has_time: Cell::new(false), time: Cell::new(0), lines: Cell::new(0) }
    }

    /// Is a message on its way?
    pub fn is_triggered(&self) -> bool {
        self.triggered.get()
    }

    /// Forgets the message; its lines stay unsent.
    pub fn reset(&self) {
        self.triggered.set(false);
        self.has_time.set(false);
        self.time.set(0);
        self.lines.set(0);
    }

    /// Makes the lines that were not sent yet a message, unless there is one already or no such line. Counts and commits under
    /// one lock, under which `unix_time_secs` is asked too.
    pub fn trigger<C: Config, E: Level, L: Lock, M: Memory>(
        &self,
        log: &LogBuffer<C, E, L, M>,
        unix_time_secs: impl FnOnce() -> Option<u64>,
    ) {
        if self.triggered.get() {
            return;
        }
        log.lock.lock();
        let lines = if self.triggered.get() { 0 } else { log.unsent().count() };
        if lines != 0 {
            self.triggered.set(true);
            let time = unix_time_secs();
            self.has_time.set(time.is_some());
            // QUIRK (spec 30 section 8.3): the low 32 bits.
            self.time.set(time.unwrap_or(0) as u32);
            self.lines.set(lines);
        }
        log.lock.unlock();
    }

    /// The size of the message, if there is one.
    pub fn has_more<C: Config, E: Level, L: Lock, M: Memory>(
        &self,
        log: &LogBuffer<C, E, L, M>,
        envelope: &impl Envelope,
    ) -> Option<usize> {
        self.triggered.get().then(|| {
            let mut window = Window { skip: usize::MAX, out: &mut [], total: 0 };
            self.encode(log, envelope, &mut window);
            window.total
        })
    }

    /// Copies the part of the message from `offset` on. False: the message ends before `out` does; what there is was copied.
    /// QUIRK (spec 30 section 8.5): without a trigger it is a message of all unsent lines in an array of none.
    pub fn read<C: Config, E: Level, L: Lock, M: Memory>(
        &self,
        log: &LogBuffer<C, E, L, M>,
        envelope: &impl Envelope,
        offset: u32,
        out: &mut [u8],
    ) -> bool {
        let mut window = Window { skip: offset as usize, out, total: 0 };
        self.encode(log, envelope, &mut window);
        window.out.is_empty()
    }

    /// The message has arrived: its lines are sent, and lines may be evicted again.
    pub fn mark_read<C: Config, E: Level, L: Lock, M: Memory>(&self, log: &LogBuffer<C, E, L, M>) {
        log.lock.lock();
        for record in log.unsent().take(self.limit()) {
            log.ring.set_byte(record.offset, record.header | SENT);
        }
        log.lock.unlock();
        log.lock.lock();
        self.reset();
        log.lock.unlock();
    }

    /// Lines of the message. QUIRK (spec 30 section 8.5): without a trigger there is no limit.
    fn limit(&self) -> usize {
        match self.lines.get() {
            0 => usize::MAX,
            lines => lines,
        }
    }

    #[inline(never)]
    fn encode<C: Config, E: Level, L: Lock, M: Memory>(
        &self,
        log: &LogBuffer<C, E, L, M>,
        envelope: &impl Envelope,
        window: &mut Window<'_>,
    ) {
        let kind = if C::LOG_TIMESTAMPS_ENABLE { event_type::LOGS_TIMESTAMPED } else { event_type::LOGS };
        let time = self.has_time.get().then(|| u64::from(self.time.get()));
        envelope.encode::<C>(kind, time, window);
        self.encode_lines(log, window);
    }

    // Not below the envelope's encoder on the stack.
    #[inline(never)]
    fn encode_lines<C: Config, E: Level, L: Lock, M: Memory>(
        &self,
        log: &LogBuffer<C, E, L, M>,
        window: &mut Window<'_>,
    ) {
        window.head(cbor::UNSIGNED, key::EVENT_INFO);
        window.head(cbor::ARRAY, (self.lines.get() as u32).wrapping_mul(items_per_line::<C>()));
        log.lock.lock();
        for record in log.unsent().take(self.limit()) {
            let item = log.item(record);
            let len = usize::from(item.len);
            let time_size = if C::LOG_TIMESTAMPS_ENABLE { cbor::head_size(item.time) } else { 0 };
            let size = time_size + 1 + cbor::head_size(item.len.into()) + len;
            if size <= window.skip {
                window.skip -= size;
                window.total = window.total.wrapping_add(size);
                continue;
            }
            if window.out.is_empty() && window.skip == 0 {
                break;
            }
            if C::LOG_TIMESTAMPS_ENABLE {
                window.head(cbor::UNSIGNED, item.time);
            }
            window.head(cbor::UNSIGNED, item.level.into());
            window.head(if item.is_text { cbor::TEXT } else { cbor::BYTES }, item.len.into());
            window.piece(len, |from, to| {
                log.ring.read(item.offset.wrapping_add(from), to);
            });
        }
        log.lock.unlock();
    }
}

impl<C: Config, E: Level, L: Lock, M: Memory> LogBuffer<C, E, L, M> {
    fn item(&self, record: Record) -> Item {
        let mut time = [0; TIME_LEN];
        let time_len = if C::LOG_TIMESTAMPS_ENABLE && record.has_time() { TIME_LEN } else { 0 };
        if time_len != 0 {
            self.ring.read(record.payload_offset(), &mut time);
        }
        Item {
            time: u32::from_ne_bytes(time),
            level: record.level(),
            is_text: record.header & COMPACT == 0,
            offset: record.payload_offset().wrapping_add(time_len),
            len: record.len - time_len as u8,
        }
    }

    /// Counts the lines that were not sent yet.
    pub fn count_unsent(&self) -> Unsent {
        self.lock.lock();
        let unsent = self.unsent().fold(Unsent::default(), |sum, record| Unsent {
            lines: sum.lines + 1,
            bytes: sum.bytes.wrapping_add(1 + usize::from(record.len)),
        });
        self.lock.unlock();
        unsent
    }
}

#[cfg(test)]
mod tests;
