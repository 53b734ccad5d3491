//! Storing lines.
use super::super::log_data_source;
use super::super::platform::system_time;
use super::{LOG, memfault_log_handle_saved_callback};
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::logs::buffer::Platform;
use core::ffi::c_char;

// C header: a part of log.h.

/// What saving needs of the firmware.
struct Hooks;

impl Platform for Hooks {
    fn unix_time_secs(&self) -> Option<u32> {
        system_time::now_of_any_type()
    }

    fn is_frozen(&self) -> bool {
        log_data_source::memfault_log_data_source_has_been_triggered()
    }

    fn saved(&self) {
        memfault_log_handle_saved_callback();
    }
}

/// Stores a finished text: its first `MEMFAULT_LOG_MAX_LINE_SAVE_LEN` bytes, whatever they are. It needs no terminator.
///
/// Old lines give way; what finds no room at all is counted as dropped. NULL with a length is ignored. Takes the lock once and
/// asks the clock once. Spec 30 section 4.3.
///
/// # Safety
/// `log` is NULL or readable for `log_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_save_preformatted(
    level: abi::eMemfaultPlatformLogLevel,
    log: *const c_char,
    log_len: usize,
) {
    // SAFETY: the caller's promise.
    unsafe { save_text(level, log, log_len, true) }
}

/// The same without `memfault_lock`, for callers that hold it or run where nothing else can.
///
/// # Safety
/// `log` is NULL or readable for `log_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_save_preformatted_nolock(
    level: abi::eMemfaultPlatformLogLevel,
    log: *const c_char,
    log_len: usize,
) {
    // SAFETY: the caller's promise.
    unsafe { save_text(level, log, log_len, false) }
}

/// # Safety
/// `log` is NULL or readable for `log_len` bytes.
#[inline(always)]
unsafe fn save_text(level: abi::eMemfaultPlatformLogLevel, log: *const c_char, log_len: usize, takes_lock: bool) {
    if LOG.accepts(level) && !(log.is_null() && log_len != 0) {
        // SAFETY: the caller's promise.
        let text = unsafe { raw::bytes(log.cast(), log_len.min(Firmware::LOG_MAX_LINE_SAVE_LEN)) };
        LOG.save_text(level, text, takes_lock, &Hooks);
    }
}

/// Would a line of this level be stored? For the functions that format.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_rs_log_accepts(level: abi::eMemfaultPlatformLogLevel) -> bool {
    LOG.accepts(level)
}

/// Stores the CBOR of a compact log.
pub(in crate::ffi::core) fn save_compact(level: abi::eMemfaultPlatformLogLevel, cbor: &[u8]) {
    LOG.save_compact(level, cbor, &Hooks);
}
