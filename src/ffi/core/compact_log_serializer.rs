//! The Rust side of `memfault/core/compact_log_serializer.h` and of saving compact logs (spec 30 section 7.5). Arguments come as
//! a `va_list`, which only C can read (`shim/memfault_rs_compact_log.c`).

use super::log::{LOG, save_compact};
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::ffi::util::cbor::{sMemfaultCborEncoder, with_encoder};
use crate::logs::compact::{self, Argument, Output};
use core::ffi::c_char;
use core::mem::{self, MaybeUninit};

const MAX_LEN: usize = Firmware::LOG_MAX_LINE_SAVE_LEN;
/// A first byte and two words.
const MAX_HEAD_LEN: usize = 9;

/// The arguments of a log as C has read them.
#[repr(C)]
pub struct LogArguments {
    /// Two bits each below a bit that is 1, the first argument in the highest pair.
    types: u32,
    count: u32,
    values: [u64; MAX_ARGUMENTS],
}

const MAX_ARGUMENTS: usize = 15;

struct Arguments<'a> {
    types: u32,
    values: core::slice::Iter<'a, u64>,
}

impl<'a> Arguments<'a> {
    /// # Safety
    /// `arguments` is valid; strings among them are NULL or terminated, and live as long as this.
    unsafe fn new(arguments: *const LogArguments) -> Self {
        // SAFETY: the caller's promise.
        let arguments = unsafe { &*arguments };
        let values = arguments.values.get(..arguments.count as usize).unwrap_or(&[]);
        Self { types: arguments.types, values: values.iter() }
    }
}

impl<'a> Iterator for Arguments<'a> {
    type Item = Argument<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Argument<'a>> {
        let value = *self.values.next()?;
        Some(match (self.types >> (2 * self.values.len())) & 3 {
            0 => Argument::Int32(value as i32),
            1 => Argument::Int64(value as i64),
            2 => Argument::Double(value),
            _ => Argument::Text(match value as usize as *const c_char {
                text if text.is_null() => b"(null)",
                // SAFETY: the caller's string.
                text => unsafe { raw::text(text) },
            }),
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

impl ExactSizeIterator for Arguments<'_> {}

/// Encodes a log with an encoder of the firmware's.
///
/// # Safety
/// `encoder` is NULL or initialised; the rest as [`Arguments::new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_compact_log_serialize(
    encoder: *mut sMemfaultCborEncoder,
    id: u32,
    arguments: *const LogArguments,
) -> bool {
    // SAFETY: the caller's promise.
    let arguments = unsafe { Arguments::new(arguments) };
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| compact::encode(e, id, arguments)) }
}

/// Encodes the entry for a log that is too long with an encoder of the firmware's.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_compact_log_serialize_too_long(
    encoder: *mut sMemfaultCborEncoder,
    id: u32,
    len: u32,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| compact::encode_too_long(e, id, len)) }
}

/// A log as it is encoded: counts all of it, and keeps what fits.
struct Line {
    buffer: *mut u8,
    len: usize,
}

impl Output for Line {
    #[inline]
    fn head(&mut self, first: u8, upper: u32, lower: u32, len: usize) -> bool {
        // Those that do not count are written over.
        let has_room = self.len.saturating_add(MAX_HEAD_LEN) <= MAX_LEN;
        let mut bytes = MaybeUninit::<[u8; MAX_HEAD_LEN]>::uninit();
        // SAFETY: the line is as long as that, or the bytes are.
        unsafe {
            let to = if has_room { self.buffer.add(self.len) } else { bytes.as_mut_ptr().cast() };
            to.write(first);
            to.add(1).cast::<u32>().write_unaligned(upper.to_be());
            to.add(5).cast::<u32>().write_unaligned(lower.to_be());
        }
        if has_room {
            self.len += len;
            return true;
        }
        // SAFETY: all of it was written.
        self.bytes(unsafe { raw::bytes(bytes.as_ptr().cast(), len) })
    }

    #[inline(never)]
    fn bytes(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            if self.len < MAX_LEN {
                // SAFETY: the buffer is as long as that.
                unsafe { self.buffer.add(self.len).write(*byte) };
            }
            self.len = self.len.wrapping_add(1);
        }
        true
    }
}

/// Stores a compact log, or the entry that stands for one that is too long.
///
/// IMPROVE (spec 30 section 7.5): that is one above [`MAX_LEN`], as no longer one is stored.
///
/// # Safety
/// As [`Arguments::new`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_compact_log_save(
    level: abi::eMemfaultPlatformLogLevel,
    id: u32,
    arguments: *const LogArguments,
) {
    if !LOG.accepts(level) {
        return;
    }
    let mut cbor = MaybeUninit::<[u8; MAX_LEN]>::uninit();
    let mut line = Line { buffer: cbor.as_mut_ptr().cast(), len: 0 };
    // SAFETY: the caller's promise.
    compact::encode(&mut line, id, unsafe { Arguments::new(arguments) });
    if line.len > MAX_LEN {
        let whole_len = mem::take(&mut line.len);
        compact::encode_too_long(&mut line, id, whole_len as u32);
    }
    // Too long even so, with lines of a few bytes: not stored.
    if line.len <= MAX_LEN {
        // SAFETY: so many bytes were written.
        save_compact(level, unsafe { raw::bytes(line.buffer.cast(), line.len) });
    }
}
