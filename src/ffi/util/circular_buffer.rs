//! `memfault/util/circular_buffer.h` (spec 10 section 15): a byte ring in memory of the caller.

use crate::ffi::raw::{self, RawMemory};
use crate::util::ring_buffer::RingBuffer;
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// A ring buffer. Byte i of its content is `storage[(read_offset + i) % total_space]`; all bytes of the storage are used.
///
/// The layout is fixed: other modules and tools read it.
#[repr(C)]
pub struct sMfltCircularBuffer {
    /// Where the oldest byte lies.
    pub read_offset: usize,
    /// Bytes stored.
    pub read_size: usize,
    /// Size of the storage in bytes.
    pub total_space: usize,
    /// The storage.
    pub storage: *mut u8,
}

type Ring = RingBuffer<RawMemory>;
const _: () = assert!(size_of::<sMfltCircularBuffer>() == size_of::<Ring>());
const _: () = assert!(align_of::<sMfltCircularBuffer>() == align_of::<Ring>());

/// Takes one contiguous part of what is read; `offset` counts from the start of the read. False ends the read.
pub type MemfaultCircularBufferReadCallback =
    Option<unsafe extern "C" fn(ctx: *mut c_void, offset: usize, buf: *const c_void, buf_len: usize) -> bool>;

/// The buffer as the core sees it: the same fields, as cells.
///
/// # Safety
/// `buffer` is NULL or valid, and either all zeroes or started with `memfault_circular_buffer_init`.
unsafe fn ring<'a>(buffer: *const sMfltCircularBuffer) -> Option<&'a Ring> {
    // SAFETY: both are three sizes and a pointer in this order (`repr(C)`), and cells allow changes by others.
    unsafe { buffer.cast::<Ring>().as_ref() }
}

/// Starts an empty buffer in `storage_len` bytes at `storage_buf`, which it keeps and fills with zeroes.
///
/// False: a NULL pointer or length 0; nothing changes. Spec 10 section 15.
///
/// # Safety
/// `circular_buf` is NULL or valid, `storage_buf` is NULL or writable for `storage_len` bytes while the buffer is used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_init(
    circular_buf: *mut sMfltCircularBuffer,
    storage_buf: *mut c_void,
    storage_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(ring) = (unsafe { ring(circular_buf) }) else { return false };
    if storage_buf.is_null() || storage_len == 0 {
        return false;
    }
    // SAFETY: the caller's promise.
    unsafe { ring.memory().take_over(storage_buf, storage_len) };
    ring.reset(storage_len);
    true
}

/// Copies `data_len` bytes from `offset` on; offset 0 is the oldest byte. They stay in the buffer.
///
/// False: not all of them are stored, or a NULL pointer; nothing is copied. Spec 10 section 15.
///
/// # Safety
/// `circular_buf` is NULL or initialised, `data` is NULL or writable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_read(
    circular_buf: *mut sMfltCircularBuffer,
    offset: usize,
    data: *mut c_void,
    data_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(ring) = (unsafe { ring(circular_buf) }) else { return false };
    // A slice is made only of a length that is stored.
    !data.is_null()
        && ring.spans(offset, data_len).is_some()
        // SAFETY: the caller's promise.
        && ring.read(offset, unsafe { raw::bytes_mut(data, data_len) })
}

/// Where the content from `offset` on lies: `*read_ptr_len` contiguous bytes at `*read_ptr`.
///
/// True with length 0 at the end of the content. False: `offset` is behind that, or a NULL pointer; nothing is stored.
/// Spec 10 section 15.
///
/// # Safety
/// `circular_buf` is NULL or initialised, the outputs are NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_get_read_pointer(
    circular_buf: *mut sMfltCircularBuffer,
    offset: usize,
    read_ptr: *mut *mut u8,
    read_ptr_len: *mut usize,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(ring) = (unsafe { ring(circular_buf) }) else { return false };
    let spans = ring.len().checked_sub(offset).and_then(|len| ring.spans(offset, len));
    let (Some(spans), false) = (spans, read_ptr.is_null() || read_ptr_len.is_null()) else { return false };
    // SAFETY: not NULL, hence valid. The pointer is not used here.
    unsafe {
        read_ptr.write(ring.memory().0.get().wrapping_add(spans.start));
        read_ptr_len.write(spans.first);
    }
    true
}

/// Hands `data_len` bytes from `offset` on to `callback`, in one or two parts, without copying.
///
/// False: not all of them are stored, a NULL pointer, or the callback said false. Spec 10 section 15.
///
/// # Safety
/// `circular_buf` is NULL or initialised, `callback` takes `ctx`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_read_with_callback(
    circular_buf: *mut sMfltCircularBuffer,
    offset: usize,
    data_len: usize,
    ctx: *mut c_void,
    callback: MemfaultCircularBufferReadCallback,
) -> bool {
    // SAFETY: the caller's promise.
    let (Some(ring), Some(callback)) = (unsafe { ring(circular_buf) }, callback) else { return false };
    let Some(spans) = ring.spans(offset, data_len) else { return false };
    let storage = ring.memory().0.get();
    let call = |at: usize, start: usize, len: usize| {
        // SAFETY: the caller's callback; the part lies in the storage.
        len == 0 || unsafe { callback(ctx, at, storage.wrapping_add(start).cast_const().cast(), len) }
    };
    call(0, spans.start, spans.first) && call(spans.first, 0, spans.second)
}

/// Drops the `consume_len` oldest bytes. False: fewer are stored, or NULL; nothing changes.
///
/// # Safety
/// `circular_buf` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_consume(
    circular_buf: *mut sMfltCircularBuffer,
    consume_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { ring(circular_buf) }.is_some_and(|ring| ring.consume(consume_len))
}

/// Drops the `consume_len` newest bytes. False: fewer are stored, or NULL; nothing changes.
///
/// # Safety
/// `circular_buf` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_consume_from_end(
    circular_buf: *mut sMfltCircularBuffer,
    consume_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { ring(circular_buf) }.is_some_and(|ring| ring.consume_from_end(consume_len))
}

/// Appends `data_len` bytes. False: they do not all fit, or a NULL pointer; nothing changes.
///
/// # Safety
/// `circular_buf` is NULL or initialised, `data` is NULL or readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_write(
    circular_buf: *mut sMfltCircularBuffer,
    data: *const c_void,
    data_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { memfault_circular_buffer_write_at_offset(circular_buf, 0, data, data_len) }
}

/// Overwrites the content from `offset_from_end` bytes before its end on, and continues behind the end.
///
/// False: there is less content, or too little space, or a NULL pointer; nothing changes. Spec 10 section 15.
///
/// # Safety
/// `circular_buf` is NULL or initialised, `data` is NULL or readable for `data_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_write_at_offset(
    circular_buf: *mut sMfltCircularBuffer,
    offset_from_end: usize,
    data: *const c_void,
    data_len: usize,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(ring) = (unsafe { ring(circular_buf) }) else { return false };
    // A slice is made only of a length that can fit.
    !data.is_null()
        && data_len <= ring.capacity()
        // SAFETY: the caller's promise.
        && ring.write_at_offset(offset_from_end, unsafe { raw::bytes(data, data_len) })
}

/// Bytes stored; 0 for NULL.
///
/// # Safety
/// `circular_buf` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_get_read_size(circular_buf: *const sMfltCircularBuffer) -> usize {
    // SAFETY: the caller's promise.
    unsafe { ring(circular_buf) }.map_or(0, RingBuffer::len)
}

/// Bytes that still fit; 0 for NULL.
///
/// # Safety
/// `circular_buf` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_circular_buffer_get_write_size(circular_buf: *const sMfltCircularBuffer) -> usize {
    // SAFETY: the caller's promise.
    unsafe { ring(circular_buf) }.map_or(0, RingBuffer::free)
}
