//! Reading the log line by line (spec 30 section 6.1). Lines stay in the ring.
//!
//! IMPROVE (spec 30 section 6.1), against the C SDK: no byte is written behind the message's buffer, whatever the length of the
//! record; a notice sets its time.

use super::buffer::{Level, LogBuffer};
use super::record::{COMPACT, READ, Record, TIME_LEN};
use crate::config::Config;
use crate::events::storage::Lock;
use crate::util::decimal;
use crate::util::ring_buffer::Memory;
use core::cell::Cell;

/// The level of a notice.
const WARNING: u8 = 2;

/// A line that was read; its message is in the buffer of the caller.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// 0 to 7.
    pub level: u8,
    /// The message is the CBOR of a compact log.
    pub is_compact: bool,
    /// Bytes of the message.
    pub len: usize,
    /// Seconds since 1970, or 0.
    pub unix_time_secs: u32,
}

/// The number of dropped lines that was reported last. Outlives a reset of the log (QUIRK, spec 30 section 6.1).
#[derive(Default)]
pub struct DropNotice(Cell<u32>);

impl DropNotice {
    /// None reported.
    pub const fn new() -> Self {
        Self(Cell::new(0))
    }

    /// The number to report now. A change back to 0 is noted without a notice.
    fn due(&self, dropped: u32) -> Option<u32> {
        (self.0.replace(dropped) != dropped && dropped != 0).then_some(dropped)
    }
}

impl<C: Config, E: Level, L: Lock, M: Memory> LogBuffer<C, E, L, M> {
    /// Reads the next line into `buf`, as much as fits with a NUL behind it. When lines were dropped since it was told last,
    /// first a notice about all that were since boot. `None`: there is nothing to read, or not booted.
    pub fn read_line(&self, notice: &DropNotice, buf: &mut [u8]) -> Option<Line> {
        if !self.is_booted() {
            return None;
        }
        self.lock.lock();
        let line = match notice.due(self.dropped_count()) {
            Some(dropped) => Some(write_notice(dropped, buf)),
            None => self.record_at(self.read_offset()).and_then(|record| self.read_record(record, buf)),
        };
        self.lock.unlock();
        line
    }

    fn read_record(&self, record: Record, buf: &mut [u8]) -> Option<Line> {
        self.ring.set_byte(record.offset, record.header | READ);
        self.set_read_offset(record.end());
        let time_len = if C::LOG_TIMESTAMPS_ENABLE && record.has_time() { TIME_LEN } else { 0 };
        let mut time = [0; TIME_LEN];
        let len = usize::from(record.len).wrapping_sub(time_len).min(buf.len().saturating_sub(1));
        let (message, rest) = buf.split_at_mut_checked(len)?;
        if let Some(end) = rest.first_mut() {
            *end = 0;
        }
        if time_len != 0 {
            self.ring.read(record.payload_offset(), &mut time);
        }
        // False only for a ring that was damaged.
        let read = self.ring.read(record.payload_offset().wrapping_add(time_len), message);
        read.then(|| Line {
            level: record.level(),
            is_compact: record.header & COMPACT != 0,
            len,
            unix_time_secs: u32::from_ne_bytes(time),
        })
    }
}

fn write_notice(dropped: u32, buf: &mut [u8]) -> Line {
    let mut digits = [0; decimal::MAX_LEN];
    let len = append(buf, 0, b"... ");
    let len = append(buf, len, decimal::format(dropped.cast_signed(), &mut digits));
    let len = append(buf, len, b" messages dropped ...");
    Line { level: WARNING, is_compact: false, len, unix_time_secs: 0 }
}

/// Writes what fits behind the first `len` bytes of a text, and a NUL. Returns the new length.
#[inline(never)]
fn append(buf: &mut [u8], mut len: usize, part: &[u8]) -> usize {
    let room = buf.len().saturating_sub(1);
    for byte in part {
        if len < room
            && let Some(to) = buf.get_mut(len)
        {
            *to = *byte;
            len += 1;
        }
    }
    if let Some(end) = buf.get_mut(len) {
        *end = 0;
    }
    len
}

#[cfg(test)]
mod tests;
