//! C pointers to Rust views: the only place that makes slices out of pointers.
//!
//! NULL or a length of 0 is an empty slice, and so is a length that no object can have. The `try_` variants tell NULL apart.

use crate::util::ring_buffer::Memory;
use core::cell::Cell;
use core::ffi::{c_char, c_void};
use core::{ptr, slice};

/// The length of an object that can exist, or 0.
const fn possible(len: usize) -> usize {
    if len <= isize::MAX as usize { len } else { 0 }
}

/// `len` bytes at `data`.
///
/// # Safety
/// `data` is NULL or readable for `len` bytes, which nobody changes while the slice is used.
pub unsafe fn bytes<'a>(data: *const c_void, len: usize) -> &'a [u8] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: not NULL, and the rest is the caller's promise.
    unsafe { slice::from_raw_parts(data.cast(), possible(len)) }
}

/// `len` writable bytes at `data`.
///
/// # Safety
/// `data` is NULL or readable and writable for `len` bytes, which nobody else uses while the slice is used.
pub unsafe fn bytes_mut<'a>(data: *mut c_void, len: usize) -> &'a mut [u8] {
    if data.is_null() {
        return &mut [];
    }
    // SAFETY: not NULL, and the rest is the caller's promise.
    unsafe { slice::from_raw_parts_mut(data.cast(), possible(len)) }
}

/// `len` things at `first`. NULL, or more than can exist, is none.
///
/// # Safety
/// `first` is NULL or points to `len` valid things, which nobody changes while the slice is used.
pub unsafe fn items<'a, T>(first: *const T, len: usize) -> &'a [T] {
    if first.is_null() || len.checked_mul(size_of::<T>()).is_none_or(|bytes| possible(bytes) != bytes) {
        return &[];
    }
    // SAFETY: not NULL, and the rest is the caller's promise.
    unsafe { slice::from_raw_parts(first, len) }
}

/// `len` bytes at `data`, `None` for NULL.
///
/// # Safety
/// As [`bytes`].
pub unsafe fn try_bytes<'a>(data: *const c_void, len: usize) -> Option<&'a [u8]> {
    // SAFETY: the same promise.
    (!data.is_null()).then(|| unsafe { bytes(data, len) })
}

/// The bytes of a C string without its terminator; NULL is the empty string.
///
/// # Safety
/// `text` is NULL or points to a NUL-terminated string that nobody changes while the slice is used.
#[inline(never)]
pub unsafe fn text<'a>(text: *const c_char) -> &'a [u8] {
    if text.is_null() {
        return &[];
    }
    let mut len = 0;
    // SAFETY: the string is readable up to its terminator, and the loop stops there.
    while unsafe { *text.add(len) } != 0 {
        len += 1;
        // Keeps the loop a loop, instead of a call of strlen.
        core::hint::black_box(());
    }
    // SAFETY: `len` bytes were just read.
    unsafe { slice::from_raw_parts(text.cast(), len) }
}

/// The bytes of a C string one after the other, without its terminator, for those who may stop early.
pub struct TextBytes(*const u8);

impl TextBytes {
    /// # Safety
    /// `text` points to a NUL-terminated string that lives as long as this.
    pub unsafe fn new(text: *const c_char) -> Self {
        Self(text.cast())
    }
}

impl Iterator for TextBytes {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        // SAFETY: not behind the terminator, by the promise of `new` and the line below.
        let byte = unsafe { *self.0 };
        if byte == 0 {
            return None;
        }
        self.0 = self.0.wrapping_add(1);
        Some(byte)
    }
}

/// `len` writable bytes at `data` that may be written and looked at through other pointers in between.
///
/// # Safety
/// `data` is NULL or readable and writable for `len` bytes.
pub unsafe fn cells<'a>(data: *mut c_char, len: usize) -> &'a [Cell<u8>] {
    if data.is_null() {
        return &[];
    }
    // SAFETY: not NULL, and the rest is the caller's promise.
    unsafe { slice::from_raw_parts(data.cast(), possible(len)) }
}

/// The storage of a ring buffer that C code owns. NULL until it is booted; the capacity is then 0, so nothing is accessed.
#[repr(transparent)]
pub struct RawMemory(pub Cell<*mut u8>);

impl RawMemory {
    /// No storage.
    pub const fn null() -> Self {
        Self(Cell::new(ptr::null_mut()))
    }

    /// Takes over `len` bytes at `storage` and fills them with zeroes.
    ///
    /// # Safety
    /// `storage` is writable for `len` bytes for as long as the ring buffer is used.
    pub unsafe fn take_over(&self, storage: *mut c_void, len: usize) {
        // SAFETY: the caller's promise.
        unsafe { clear(storage.cast::<u8>(), len) };
        self.0.set(storage.cast());
    }
}

impl Memory for RawMemory {
    fn byte(&self, at: usize) -> u8 {
        // SAFETY: as in `load`.
        unsafe { *self.0.get().wrapping_add(at) }
    }

    fn set_byte(&self, at: usize, byte: u8) {
        // SAFETY: as in `load`.
        unsafe { *self.0.get().wrapping_add(at) = byte };
    }

    fn load(&self, at: usize, out: &mut [u8]) {
        // SAFETY: `Memory` asks only for ranges inside the space that the buffer was booted with, and the firmware promised at
        // boot that this space is its own and lives as long as the SDK is used.
        unsafe { copy(self.0.get().wrapping_add(at), out.as_mut_ptr(), out.len()) };
    }

    fn store(&self, at: usize, data: &[u8]) {
        // SAFETY: as in `load`.
        unsafe { copy(data.as_ptr(), self.0.get().wrapping_add(at), data.len()) };
    }
}

/// Words at any address are cheap there; elsewhere they would be loads of single bytes.
const HAS_UNALIGNED_WORDS: bool =
    cfg!(any(target_arch = "x86_64", target_arch = "aarch64", all(target_arch = "arm", not(armv6m))));

/// Copies without `memcpy`, a function that firmware may have no other use for.
///
/// # Safety
/// `from` is readable and `to` writable for `len` bytes.
#[inline(never)]
pub unsafe fn copy(mut from: *const u8, mut to: *mut u8, mut len: usize) {
    if HAS_UNALIGNED_WORDS {
        // Counted in words, which makes the shortest loop.
        let mut words = len / size_of::<u32>();
        len %= size_of::<u32>();
        while words != 0 {
            // SAFETY: a word is left.
            unsafe { to.cast::<u32>().write_unaligned(from.cast::<u32>().read_unaligned()) };
            from = from.wrapping_add(size_of::<u32>());
            to = to.wrapping_add(size_of::<u32>());
            words -= 1;
            // Keeps the loop a loop, as below.
            core::hint::black_box(());
        }
    }
    while len != 0 {
        // SAFETY: a byte is left.
        unsafe { *to = *from };
        from = from.wrapping_add(1);
        to = to.wrapping_add(1);
        len -= 1;
        core::hint::black_box(());
    }
}

/// The same where both may overlap.
///
/// # Safety
/// As [`copy`].
#[inline(never)]
pub unsafe fn copy_overlapping(from: *const u8, to: *mut u8, mut len: usize) {
    if to.addr() <= from.addr() {
        // SAFETY: the same promise; from the front no byte is written before it is read.
        return unsafe { copy(from, to, len) };
    }
    while len != 0 {
        len -= 1;
        // SAFETY: below the length.
        unsafe { *to.add(len) = *from.add(len) };
        // Keeps the loop a loop, as above.
        core::hint::black_box(());
    }
}

/// Fills `count` things at `to` with zero bytes.
///
/// # Safety
/// `to` is NULL or writable for `count` things.
#[inline(always)]
pub unsafe fn clear<T>(to: *mut T, count: usize) {
    // SAFETY: the same promise.
    for byte in unsafe { bytes_mut(to.cast(), count * size_of::<T>()) } {
        *byte = 0;
        // Keeps the loop a loop: as a call of memset it would cost firmware that has none more than it saves.
        core::hint::black_box(());
    }
}
