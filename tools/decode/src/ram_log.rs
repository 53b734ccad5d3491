//! The log that a device had in its RAM when it crashed (spec 30 §3).
//!
//! The logger's context is found by its symbol; its size says how wide pointers and enumerations are. Records lie back to back in a
//! ring of bytes:
//!
//! | Offset | Content |
//! |---|---|
//! | 0 | bits 0-2 level, bit 3 compact, bit 4 with time |
//! | 1 | number of bytes that follow |
//! | 2 | with bit 4: seconds since 1970, 4 bytes |
//! | then | text, or a compact record |

use crate::coredump::Memory;
use crate::firmware::Firmware;
use crate::logs::{Record, is_whole, level_name};
use crate::model::{CompactLog, LogLine, rfc3339};
use crate::symbols::compact_line;

/// Name of the context.
const CONTEXT: &str = "s_memfault_ram_logger";
const VERSION: u64 = 1;
/// Largest buffer that is read.
const MAX_STORAGE: u64 = 16 << 20;
const LEVEL: u8 = 0x07;
const IS_COMPACT: u8 = 0x08;
const HAS_TIME: u8 = 0x10;
const RESERVED: u8 = 0x20;

/// Offsets of `read_offset`, `read_size`, `total_space`, `storage`, and the size of a word, by the size of the context.
const LAYOUTS: [(u64, [u64; 4], usize); 4] =
    [(44, [16, 20, 24, 28], 4), (48, [20, 24, 28, 32], 4), (80, [24, 32, 40, 48], 8), (72, [16, 24, 32, 40], 8)];

/// The lines of the log, the oldest first. `Ok(None)`: the firmware has no logger, or it was never started.
pub fn lines(firmware: &Firmware, memory: &Memory<'_>) -> Result<Option<Vec<LogLine>>, String> {
    let Some((address, size)) = firmware.image.variable(CONTEXT) else { return Ok(None) };
    let mut lines = match read(memory, address | memory.high, size)? {
        Some(lines) => lines,
        None => return Ok(None),
    };
    for line in &mut lines {
        // What does not fit stays as it is.
        let _ = compact_line(line, firmware);
    }
    Ok(Some(lines))
}

/// Reads the log of a context; compact records stay numbers.
pub fn read(memory: &Memory<'_>, context: u64, size: u64) -> Result<Option<Vec<LogLine>>, String> {
    let Some((_, fields, word_len)) = LAYOUTS.into_iter().find(|(known, ..)| *known == size) else {
        return Err(format!("the logger of the firmware has {size} bytes, which is no layout that is known"));
    };
    let number = |at: u64, len| context.checked_add(at).and_then(|at| memory.number(at, len));
    let Some(version) = number(0, 1) else { return Err("the logger was not captured".to_owned()) };
    if version == 0 {
        return Ok(None);
    }
    let [Some(start), Some(used), Some(total), Some(storage)] = fields.map(|at| number(at, word_len)) else {
        return Err("the logger was not captured as a whole".to_owned());
    };
    if version != VERSION || used > total || total > MAX_STORAGE || start >= total.max(1) {
        return Err("the state of the logger is damaged".to_owned());
    }
    let Some(ring) = memory.read(storage, total as usize) else {
        return Err("the buffer of the log was not captured, or only in parts".to_owned());
    };
    let unrolled = ring.iter().cycle().skip(start as usize).take(used as usize).copied();
    Ok(Some(records(&unrolled.collect::<Vec<u8>>())))
}

fn records(mut rest: &[u8]) -> Vec<LogLine> {
    let mut lines = Vec::new();
    while let [head, len, behind @ ..] = rest {
        // Where a length is wrong, nothing tells where the next record begins: the rest is one.
        let is_cut = behind.len() < usize::from(*len);
        let (body, next) = behind.split_at(usize::from(*len).min(behind.len()));
        rest = next;
        let (time, message) = match body.split_first_chunk::<4>() {
            Some((time, message)) if head & HAS_TIME != 0 => (Some(u32::from_le_bytes(*time)), message),
            _ => (None, body),
        };
        let mut line = LogLine {
            time: time.filter(|seconds| *seconds != 0).and_then(|seconds| rfc3339(seconds.into())),
            level: Some(level_name((head & LEVEL).into())),
            damaged: is_cut || head & RESERVED != 0,
            ..LogLine::default()
        };
        if head & IS_COMPACT == 0 {
            line.text = Some(String::from_utf8_lossy(message).into_owned());
        } else {
            line.damaged |= !is_whole(message);
            line.text = Record::parse(message).map(|record| record.undecoded());
            line.raw = Some(CompactLog(message.to_vec()));
        }
        lines.push(line);
    }
    lines
}
