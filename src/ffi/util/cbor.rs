//! `memfault/util/cbor.h` (spec 10 section 14): writes CBOR through a callback.

use crate::ffi::raw;
use crate::util::cbor::{Encoder, Sink};
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

impl sMemfaultCborEncoder {
    /// An encoder for `buf_len` bytes; without a callback it only counts.
    pub(in crate::ffi) fn new(write_cb: Option<MemfaultCborWriteCallback>, ctx: *mut c_void, buf_len: usize) -> Self {
        let compute_size_only = write_cb.is_none();
        Self { compute_size_only, write_cb, write_cb_ctx: ctx, buf_len, encoded_size: 0, status: 0 }
    }

    /// An encoder that only counts.
    pub(in crate::ffi) fn size_only() -> Self {
        Self::new(None, ptr::null_mut(), 0)
    }
}

/// The callback of an encoder.
pub(in crate::ffi) struct CallbackSink {
    write: Option<MemfaultCborWriteCallback>,
    ctx: *mut c_void,
}

impl Sink for CallbackSink {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        if let Some(write) = self.write {
            // SAFETY: the caller's callback; the piece is readable for its length.
            unsafe { write(self.ctx, offset as u32, piece.as_ptr().cast(), piece.len()) }
        }
    }
}

/// Works on a C encoder as if it were a Rust one. False for NULL.
///
/// # Safety
/// `encoder` is NULL or initialised.
pub(in crate::ffi) unsafe fn with_encoder(
    encoder: *mut sMemfaultCborEncoder,
    work: impl FnOnce(&mut Encoder<CallbackSink>) -> bool,
) -> bool {
    // No reference lives while the callback runs: the encoder is the caller's.
    // SAFETY: the caller's promise.
    let Some(state) = (unsafe { encoder.as_ref() }) else { return false };
    let sink = CallbackSink { write: state.write_cb, ctx: state.write_cb_ctx };
    let overflowed = state.status != 0;
    let mut rust = Encoder::from_parts(sink, state.buf_len, state.encoded_size, overflowed, state.compute_size_only);
    let fitted = work(&mut rust);
    // SAFETY: not NULL, hence valid.
    unsafe {
        (*encoder).encoded_size = rust.size();
        if rust.overflowed() && !overflowed {
            (*encoder).status = MEMFAULT_CBOR_ENCODER_STATUS_ENOMEM;
        }
    }
    fitted
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
    unsafe { ptr::copy(buf.cast::<u8>(), ctx.cast::<u8>().add(offset as usize), buf_len) }
}

/// Starts an encoder that hands up to `buf_len` bytes to `cb` with `context`. With `cb` NULL it only counts.
///
/// # Safety
/// `encoder` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encoder_init(
    encoder: *mut sMemfaultCborEncoder,
    cb: Option<NonNull<MemfaultCborWriteCallback>>,
    context: *mut c_void,
    buf_len: usize,
) {
    if !encoder.is_null() {
        // SAFETY: not NULL, hence valid.
        unsafe { encoder.write(sMemfaultCborEncoder::new(cb, context, buf_len)) };
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
    // SAFETY: the caller's promise.
    let Some(state) = (unsafe { encoder.as_mut() }) else { return 0 };
    let size = state.encoded_size;
    *state = sMemfaultCborEncoder { compute_size_only: false, ..sMemfaultCborEncoder::size_only() };
    size
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
    unsafe { with_encoder(encoder, |e| e.map(num_elements as u32)) }
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
    unsafe { with_encoder(encoder, |e| e.array(num_elements as u32)) }
}

/// Encodes an unsigned integer, 1 to 5 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_unsigned_integer(encoder: *mut sMemfaultCborEncoder, value: u32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.unsigned(value)) }
}

/// Encodes a signed integer, 1 to 5 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_signed_integer(encoder: *mut sMemfaultCborEncoder, value: i32) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.signed(value)) }
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
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.long_signed(value)) }
}

/// Encodes a double whose 64-bit pattern is `value`, 9 bytes. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_uint64_as_double(encoder: *mut sMemfaultCborEncoder, value: u64) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.double_bits(value)) }
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
    unsafe { memfault_cbor_encode_byte_string_begin(encoder, buf_len) && memfault_cbor_join(encoder, buf, buf_len) }
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
    unsafe { with_encoder(encoder, |e| e.byte_string_begin(bin_len as u32)) }
}

/// Encodes a text. False: it did not fit; its head may be there all the same. NULL is the empty text.
///
/// # Safety
/// `encoder` is NULL or initialised, `str` is NULL or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_string(encoder: *mut sMemfaultCborEncoder, str: *const c_char) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.text(raw::text(str))) }
}

/// Encodes the head of a text of `str_len` bytes; the text follows with `memfault_cbor_join`. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_string_begin(encoder: *mut sMemfaultCborEncoder, str_len: usize) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| e.text_begin(str_len as u32)) }
}

/// Encodes the null item. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_encode_null(encoder: *mut sMemfaultCborEncoder) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, Encoder::null) }
}

/// Appends bytes that are CBOR already. False: they did not fit. An encoder that only counts does not look at them.
///
/// # Safety
/// `encoder` is NULL or initialised, `cbor_data` is NULL or readable for `cbor_data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_cbor_join(
    encoder: *mut sMemfaultCborEncoder,
    cbor_data: *const c_void,
    cbor_data_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        with_encoder(encoder, |e| {
            // The slice is made only of bytes that fit; NULL or an absurd length never gets there.
            e.count(cbor_data_len)
                || e.has_room(cbor_data_len)
                    && (cbor_data_len == 0 || !cbor_data.is_null())
                    && e.join(raw::bytes(cbor_data, cbor_data_len))
        })
    }
}
