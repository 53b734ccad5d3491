//! `memfault/util/base64.h` (spec 10 section 13): base64 of RFC 4648, padded, without line breaks.

use crate::util::base64;
use core::ffi::c_void;

// C header:
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | /** Characters for bin_len bytes, padding included, no terminator. */
// | #define MEMFAULT_BASE64_ENCODE_LEN(bin_len) (4 * (((bin_len) + 2) / 3))
// |
// | /** Most bytes that base64_len characters can stand for. */
// | #define MEMFAULT_BASE64_MAX_DECODE_LEN(base64_len) ((3 * (base64_len)) / 4)

/// Writes the base64 text of `buf_len` bytes to `base64_out`: `MEMFAULT_BASE64_ENCODE_LEN(buf_len)` characters, no NUL.
///
/// Both areas must not overlap. Spec 10 section 13.
///
/// # Safety
/// `buf` is readable for `buf_len` bytes and `base64_out` writable for the text; a NULL pointer writes nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_base64_encode(buf: *const c_void, buf_len: usize, base64_out: *mut c_void) {
    // SAFETY: the caller's promise.
    unsafe { encode(buf.cast(), buf_len, base64_out.cast()) }
}

/// Replaces the `bin_len` bytes at `buf` by their base64 text, `MEMFAULT_BASE64_ENCODE_LEN(bin_len)` characters, no NUL.
///
/// # Safety
/// `buf` is readable and writable for the length of the text; NULL does nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_base64_encode_inplace(buf: *mut c_void, bin_len: usize) {
    // SAFETY: the caller's promise.
    unsafe { encode(buf.cast(), bin_len, buf.cast()) }
}

/// Both of them. The text may be at the place of the data.
///
/// # Safety
/// `data` is NULL or readable for `len` bytes, `text` is NULL or writable for their text.
#[inline(never)]
unsafe fn encode(data: *const u8, len: usize, text: *mut u8) {
    if data.is_null() || text.is_null() {
        return;
    }
    base64::encode_backwards(
        len,
        // SAFETY: below `len`.
        |at| unsafe { *data.add(at) },
        // SAFETY: inside the text.
        |at, quad| unsafe { text.add(at).cast::<[u8; 4]>().write(quad) },
    );
}
