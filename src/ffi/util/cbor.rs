//! `memfault/util/cbor.h` (spec 10 section 14): writes CBOR through a callback.

use crate::ffi::raw;
use crate::util::cbor::{self, Encoder, Head, Sink};
use core::ffi::{c_char, c_int, c_void};
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// `memfault_cbor_encoder_get_status`: something did not fit.
pub const MEMFAULT_CBOR_ENCODER_STATUS_ENOMEM: c_int = 12;

/// Takes `buf_len` encoded bytes that belong at `offset`; the calls follow each other without gap.
pub type MemfaultCborWriteCallback =
    unsafe extern "C" fn(ctx: *mut c_void, offset: u32, buf: *const c_void, buf_len: usize);
/// A word that the header generator turns into `Name *` for a function typedef.
pub type NonNull<F> = F;

/// An encoder, public for allocation only. May be copied.
/// cbindgen:tag=MemfaultCborEncoder
#[repr(C)]
pub struct sMemfaultCborEncoder {
    compute_size_only: bool,
    write_cb: Option<NonNull<MemfaultCborWriteCallback>>,
    write_cb_ctx: *mut c_void,
    buf_len: usize,
    encoded_size: usize,
    status: c_int,
}

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<sMemfaultCborEncoder>() == 24);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<sMemfaultCborEncoder>() == 48);

/// An encoder of C as the sink of a Rust one, which then leaves counting to it.
pub(in crate::ffi) struct CEncoder(*mut sMemfaultCborEncoder);

impl Sink for CEncoder {
    fn write(&mut self, _: usize, piece: &[u8]) {
        self.take(piece);
    }

    fn take(&mut self, piece: &[u8]) -> Option<bool> {
        // SAFETY: an initialised encoder by the promise of `with_encoder`; the piece is readable for its length.
        Some(unsafe { memfault_cbor_join(self.0, piece.as_ptr().cast(), piece.len()) })
    }

    fn take_head(&mut self, major: u8, value: u32) -> Option<bool> {
        // SAFETY: as above.
        Some(unsafe { head(self.0, major, value) })
    }

    fn take_pair(&mut self, key: u32, major: u8, value: u32) -> Option<bool> {
        // SAFETY: as above.
        Some(unsafe { pair(self.0, key, major, value) })
    }
}

/// Works on a C encoder as if it were a Rust one, whose own size says nothing. False for NULL.
///
/// # Safety
/// `encoder` is NULL or initialised.
pub(in crate::ffi) unsafe fn with_encoder(
    encoder: *mut sMemfaultCborEncoder,
    work: impl FnOnce(&mut Encoder<CEncoder>) -> bool,
) -> bool {
    !encoder.is_null() && work(&mut Encoder::new(CEncoder(encoder), 0))
}

/// Encodes an item head. Here and once, since the public functions are little else.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[inline(never)]
unsafe fn head(encoder: *mut sMemfaultCborEncoder, major: u8, value: u32) -> bool {
    let (words, len) = Head::new(major, value).to_words();
    // SAFETY: the caller's promise; the head starts there and has no more than 5 bytes.
    unsafe { memfault_cbor_join(encoder, words.as_ptr().cast::<u8>().add(3).cast(), len) }
}

/// Encodes an unsigned key and a head.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[inline(never)]
unsafe fn pair(encoder: *mut sMemfaultCborEncoder, key: u32, major: u8, value: u32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::UNSIGNED, key) && head(encoder, major, value) }
}

/// Encodes a byte string or a text.
///
/// # Safety
/// `encoder` is NULL or initialised, `data` is NULL or readable for `len` bytes.
#[inline(never)]
unsafe fn string(encoder: *mut sMemfaultCborEncoder, major: u8, data: *const c_void, len: usize) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, major, len as u32) && memfault_cbor_join(encoder, data, len) }
}

/// Encodes a first byte and 8 bytes behind it.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[inline(never)]
unsafe fn long(encoder: *mut sMemfaultCborEncoder, first: u8, value: u64) -> bool {
    let words = [u32::from(first).to_be(), ((value >> 32) as u32).to_be(), (value as u32).to_be()];
    // SAFETY: the caller's promise; the 9 bytes are the end of the 12.
    unsafe { memfault_cbor_join(encoder, words.as_ptr().cast::<u8>().add(3).cast(), 9) }
}

/// A callback that copies to `ctx` + `offset`, for encoding into a buffer.
///
/// # Safety
/// `ctx` is the buffer of the encoder, `buf` is readable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encoder_memcpy_write(
    ctx: *mut c_void,
    offset: u32,
    buf: *const c_void,
    buf_len: usize,
) {
    if ctx.is_null() || buf.is_null() {
        return;
    }
    // SAFETY: the encoder stays within the length that it was given for the buffer.
    unsafe { raw::copy(buf.cast(), ctx.cast::<u8>().add(offset as usize), buf_len) }
}

/// Starts an encoder that hands up to `buf_len` bytes to `cb` with `context`. With `cb` NULL it only counts.
///
/// # Safety
/// `encoder` is NULL or valid.
#[unsafe(no_mangle)]
#[inline(never)] // with constants the compiler would turn it into a call of memset, which firmware may have no other use for
pub unsafe extern "C" fn memfault_cbor_encoder_init(
    encoder: *mut sMemfaultCborEncoder,
    cb: Option<NonNull<MemfaultCborWriteCallback>>,
    context: *mut c_void,
    buf_len: usize,
) {
    if !encoder.is_null() {
        let compute_size_only = cb.is_none();
        let state = sMemfaultCborEncoder {
            compute_size_only,
            write_cb: cb,
            write_cb_ctx: context,
            buf_len,
            encoded_size: 0,
            status: 0,
        };
        // SAFETY: not NULL, hence valid.
        unsafe { encoder.write(state) };
    }
}

/// Starts an encoder that only counts the bytes.
///
/// # Safety
/// `encoder` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encoder_size_only_init(encoder: *mut sMemfaultCborEncoder) {
    // SAFETY: the caller's promise.
    unsafe { memfault_cbor_encoder_init(encoder, None, ptr::null_mut(), 0) }
}

/// Ends the encoding and returns its size in bytes. The encoder takes nothing more until the next init.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encoder_deinit(encoder: *mut sMemfaultCborEncoder) -> usize {
    if encoder.is_null() {
        return 0;
    }
    // SAFETY: not NULL, hence initialised.
    unsafe {
        let size = (*encoder).encoded_size;
        memfault_cbor_encoder_init(encoder, None, ptr::null_mut(), 0);
        (*encoder).compute_size_only = false;
        size
    }
}

/// 0, or `MEMFAULT_CBOR_ENCODER_STATUS_ENOMEM` once something did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encoder_get_status(encoder: *mut sMemfaultCborEncoder) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { encoder.as_ref() }.map_or(0, |state| state.status)
}

/// Begins a map of `num_elements` key/value pairs. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_dictionary_begin(
    encoder: *mut sMemfaultCborEncoder,
    num_elements: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::MAP, num_elements as u32) }
}

/// Begins an array of `num_elements` items. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_array_begin(
    encoder: *mut sMemfaultCborEncoder,
    num_elements: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::ARRAY, num_elements as u32) }
}

/// Encodes an unsigned integer, 1 to 5 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_unsigned_integer(encoder: *mut sMemfaultCborEncoder, value: u32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::UNSIGNED, value) }
}

/// Encodes a signed integer, 1 to 5 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_signed_integer(encoder: *mut sMemfaultCborEncoder, value: i32) -> bool {
    let (major, value) = cbor::sign(value);
    // SAFETY: the caller's promise.
    unsafe { head(encoder, major, value) }
}

/// Encodes a signed 64-bit integer, 1 to 9 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_long_signed_integer(
    encoder: *mut sMemfaultCborEncoder,
    value: i64,
) -> bool {
    let (major, value) = cbor::long_sign(value);
    // SAFETY: the caller's promise.
    unsafe {
        match u32::try_from(value) {
            Ok(value) => head(encoder, major, value),
            Err(_) => long(encoder, major | cbor::LONG, value),
        }
    }
}

/// Encodes a double whose 64-bit pattern is `value`, 9 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_uint64_as_double(encoder: *mut sMemfaultCborEncoder, value: u64) -> bool {
    // SAFETY: the caller's promise.
    unsafe { long(encoder, cbor::DOUBLE, value) }
}

/// Encodes a byte string of `buf_len` bytes. False: it did not fit; its head may be there all the same.
///
/// # Safety
/// `encoder` is NULL or initialised, `buf` is NULL or readable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_byte_string(
    encoder: *mut sMemfaultCborEncoder,
    buf: *const c_void,
    buf_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { string(encoder, cbor::BYTES, buf, buf_len) }
}

/// Encodes the head of a byte string of `bin_len` bytes; the bytes follow with `memfault_cbor_join`. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_byte_string_begin(
    encoder: *mut sMemfaultCborEncoder,
    bin_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::BYTES, bin_len as u32) }
}

/// Encodes a text. False: it did not fit; its head may be there all the same. NULL is the empty text.
///
/// # Safety
/// `encoder` is NULL or initialised, `str` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_string(encoder: *mut sMemfaultCborEncoder, str: *const c_char) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        let text = raw::text(str);
        string(encoder, cbor::TEXT, text.as_ptr().cast(), text.len())
    }
}

/// Encodes the head of a text of `str_len` bytes; the text follows with `memfault_cbor_join`. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_string_begin(encoder: *mut sMemfaultCborEncoder, str_len: usize) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::TEXT, str_len as u32) }
}

/// Encodes the null item. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_null(encoder: *mut sMemfaultCborEncoder) -> bool {
    // SAFETY: the caller's promise.
    unsafe { head(encoder, cbor::SIMPLE, cbor::NULL) }
}

/// Appends bytes that are CBOR already. False: they did not fit. An encoder that only counts does not look at them.
///
/// # Safety
/// `encoder` is NULL or initialised, `cbor_data` is NULL or readable for `cbor_data_len` bytes.
#[unsafe(no_mangle)]
#[inline(never)] // everything that is encoded goes through it
pub unsafe extern "C" fn memfault_cbor_join(
    encoder: *mut sMemfaultCborEncoder,
    cbor_data: *const c_void,
    cbor_data_len: usize,
) -> bool {
    if encoder.is_null() {
        return false;
    }
    // No reference lives while the callback runs: the encoder is the caller's.
    // SAFETY: not NULL, hence initialised; the callback is the caller's, and gets what the caller says is readable.
    unsafe {
        let size = (*encoder).encoded_size;
        if !(*encoder).compute_size_only {
            // The size is above the length only if the caller made it so; then nothing fits.
            if cbor_data_len > (*encoder).buf_len.saturating_sub(size) {
                (*encoder).status = MEMFAULT_CBOR_ENCODER_STATUS_ENOMEM;
                return false;
            }
            if cbor_data_len != 0 {
                if cbor_data.is_null() {
                    return false;
                }
                if let Some(write) = (*encoder).write_cb {
                    write((*encoder).write_cb_ctx, size as u32, cbor_data, cbor_data_len);
                }
            }
        }
        (*encoder).encoded_size = size.wrapping_add(cbor_data_len);
    }
    true
}
