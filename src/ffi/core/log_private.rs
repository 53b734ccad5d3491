//! `memfault_log_private.h` (spec 30 section 6.5): a walk over the records of the log buffer.

use super::log::LOG;
use super::platform::overrides::PlatformLock;
use crate::events::storage::Lock;
use core::ffi::{c_char, c_void};

/// The head of a record; the bytes behind it are in the ring.
#[repr(C)]
pub struct sMfltRamLogEntry {
    hdr: u8,
    len: u8,
}

/// Where a walk is.
#[repr(C)]
pub struct sMfltLogIterator {
    /// Offset of the record from the oldest byte in the ring.
    read_offset: u32,
    /// For the callback.
    user_ctx: *mut c_void,
    /// The record.
    entry: sMfltRamLogEntry,
}

/// False ends the walk.
pub type MemfaultLogIteratorCallback = unsafe extern "C" fn(iter: *mut sMfltLogIterator) -> bool;
/// Gets a part of a record; false ends it.
pub type MemfaultLogMsgCopyCallback =
    unsafe extern "C" fn(iter: *mut sMfltLogIterator, offset: usize, buf: *const c_char, buf_len: usize) -> bool;

/// Calls `callback` for each record from `iter->read_offset` on, under the lock.
///
/// # Safety
/// `iter` is NULL or valid, `callback` is NULL or takes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_iterate(
    callback: Option<MemfaultLogIteratorCallback>,
    iter: *mut sMfltLogIterator,
) {
    PlatformLock.lock();
    // SAFETY: the caller's promise.
    unsafe { memfault_log_iterate_locked(callback, iter) };
    PlatformLock.unlock();
}

/// The same for those who hold the lock.
///
/// # Safety
/// As `memfault_log_iterate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_iterate_locked(
    callback: Option<MemfaultLogIteratorCallback>,
    iter: *mut sMfltLogIterator,
) {
    let (Some(callback), false) = (callback, iter.is_null()) else { return };
    loop {
        // SAFETY: not NULL, and valid by the caller's promise.
        let Some(record) = LOG.record_at(unsafe { (*iter).read_offset } as usize) else { return };
        // SAFETY: as above.
        unsafe { (*iter).entry = sMfltRamLogEntry { hdr: record.header, len: record.len } };
        // SAFETY: a callback of the caller, which gets its own argument.
        let goes_on = unsafe { callback(iter) };
        // The callback may have changed both.
        // SAFETY: as above.
        unsafe { (*iter).read_offset = (*iter).read_offset.wrapping_add(2 + u32::from((*iter).entry.len)) };
        if !goes_on {
            return;
        }
    }
}

/// Writes the head in `iter` back to the record. Only in a callback of a walk.
///
/// # Safety
/// `iter` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_iter_update_entry(iter: *mut sMfltLogIterator) -> bool {
    // SAFETY: the caller's promise.
    unsafe { iter.as_ref() }.is_some_and(|iter| LOG.set_head(iter.read_offset as usize, iter.entry.hdr, iter.entry.len))
}

/// Hands what follows the head of the record to `callback`, in one or two parts. Only in a callback of a walk.
///
/// # Safety
/// `iter` is NULL or valid, `callback` is NULL or takes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_iter_copy_msg(
    iter: *mut sMfltLogIterator,
    callback: Option<MemfaultLogMsgCopyCallback>,
) -> bool {
    let (Some(callback), false) = (callback, iter.is_null()) else { return false };
    // SAFETY: not NULL, and valid by the caller's promise.
    let (offset, len) = unsafe { ((*iter).read_offset as usize, usize::from((*iter).entry.len)) };
    let Some(spans) = LOG.payload_spans(offset, len) else { return false };
    let storage: *const c_char = LOG.memory().0.get().cast();
    for (at, from, len) in [(0, spans.start, spans.first), (spans.first, 0, spans.second)] {
        // SAFETY: a callback of the caller; the ring holds that many bytes there.
        if len != 0 && !unsafe { callback(iter, at, storage.wrapping_add(from), len) } {
            return false;
        }
    }
    true
}
