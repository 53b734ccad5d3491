//! `memfault/util/varint.h` (spec 10 section 3): base-128 varints.

use crate::ffi::raw;
use crate::util::varint;
use core::ffi::c_void;

// C header:
// | #include <stddef.h>
// | #include <stdint.h>

/// The longest encoding of a 32-bit value, in bytes.
pub const MEMFAULT_UINT32_MAX_VARINT_LENGTH: u32 = 5;

/// Writes `value` as a varint to `buf` and returns its length, 1 to 5 bytes. No byte behind that is touched.
///
/// # Safety
/// `buf` is writable for the bytes of the encoding; NULL writes nothing and returns the length.
#[unsafe(no_mangle)]
#[inline(never)] // the function below is little else
pub unsafe extern "C" fn memfault_encode_varint_u32(value: u32, buf: *mut c_void) -> usize {
    let len = varint::encoded_len(value);
    // SAFETY: the caller's promise.
    varint::put(value, unsafe { raw::bytes_mut(buf, len) });
    len
}

/// Writes a signed `value` as a zig-zag varint (0, -1, 1, -2 become 0, 1, 2, 3) to `buf` and returns its length, 1 to 5 bytes.
///
/// # Safety
/// `buf` is writable for the bytes of the encoding; NULL writes nothing and returns the length.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_encode_varint_si32(value: i32, buf: *mut c_void) -> usize {
    // SAFETY: the caller's promise is the one of the function called.
    unsafe { memfault_encode_varint_u32(varint::zigzag(value), buf) }
}
