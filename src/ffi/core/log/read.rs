//! Reading lines and printing them.
use super::super::sdk_assert::sdk_assert;
use super::{LOG, MSG_LEN, eMemfaultLogRecordType, memfault_log_export_msg, sMemfaultLog};
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::ffi::util::base64::memfault_base64_encode;
use crate::logs::export;
use crate::logs::read::DropNotice;
use core::mem::MaybeUninit;

// C header: a part of log.h.

const PREFORMATTED: abi::eMemfaultLogRecordType = eMemfaultLogRecordType::kMemfaultLogRecordType_Preformatted as _;
const COMPACT: abi::eMemfaultLogRecordType = eMemfaultLogRecordType::kMemfaultLogRecordType_Compact as _;

static NOTICE: Global<DropNotice> = Global::new(DropNotice::new());

/// Reads the next line that was not read yet, oldest first; it stays in the buffer.
///
/// When lines were dropped since it was told last, a line (a warning) that says how many were since the start comes first. False:
/// there is none, or NULL. Takes the lock once. Spec 30 section 6.1.
///
/// # Safety
/// `log` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_read(log: *mut sMemfaultLog) -> bool {
    if log.is_null() {
        return false;
    }
    // SAFETY: not NULL, and writable by the caller's promise.
    let msg = unsafe { raw::bytes_mut((&raw mut (*log).msg).cast(), MSG_LEN) };
    let Some(line) = LOG.read_line(&NOTICE, msg) else { return false };
    // SAFETY: as above; the message is not touched.
    unsafe {
        (*log).level = line.level.into();
        (*log).r#type = if line.is_compact { COMPACT } else { PREFORMATTED };
        (*log).msg_len = line.len as u32;
        (*log).timestamp = [line.unix_time_secs; Firmware::LOG_TIMESTAMPS_ENABLE as usize];
    }
    true
}

/// Prints one line with `memfault_log_export_msg`, a compact one as base64 in pieces of `MEMFAULT_LOG_EXPORT_CHUNK_MAX_LEN`
/// bytes. NULL is an SDK assert. Spec 30 section 6.2.
///
/// # Safety
/// `log` is NULL or a line as `memfault_log_read` returns it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_log_export_log(log: *mut sMemfaultLog) {
    if !sdk_assert(!log.is_null()) {
        return;
    }
    // SAFETY: not NULL, and valid by the caller's promise.
    let (level, kind, len, msg) =
        unsafe { ((*log).level, (*log).r#type, (*log).msg_len as usize, &raw const (*log).msg) };
    if kind == PREFORMATTED {
        // SAFETY: the line's text, which is terminated.
        return unsafe { memfault_log_export_msg(level, msg.cast(), len) };
    }
    if kind == COMPACT {
        // SAFETY: not more than there is.
        let cbor = unsafe { raw::bytes(msg.cast(), len.min(MSG_LEN)) };
        for piece in cbor.chunks(Firmware::LOG_EXPORT_CHUNK_MAX_LEN) {
            // SAFETY: a level that firmware gave.
            unsafe { export_piece(level, piece) };
        }
    }
}

/// Like [`export::write_line`], with the base64 function that firmware calls: in small firmware there shall be one.
///
/// # Safety
/// Of `memfault_log_export_msg`. The piece is not longer than the option says.
unsafe fn export_piece(level: abi::eMemfaultPlatformLogLevel, piece: &[u8]) {
    let mut line = MaybeUninit::<[u8; export::line_len(Firmware::LOG_EXPORT_CHUNK_MAX_LEN)]>::uninit();
    let start: *mut u8 = line.as_mut_ptr().cast();
    let len = export::line_len(piece.len()) - 1;
    // SAFETY: there is room for the line and its terminator.
    unsafe {
        start.cast::<[u8; 3]>().write(*export::PREFIX);
        memfault_base64_encode(piece.as_ptr().cast(), piece.len(), start.add(export::PREFIX.len()).cast());
        let end = start.add(len);
        end.write(0);
        end.sub(export::SUFFIX.len()).cast::<[u8; 1]>().write(*export::SUFFIX);
        memfault_log_export_msg(level, start.cast(), len);
    }
}

/// Prints all lines that were not read yet. Spec 30 section 6.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_export_logs() {
    let mut log = MaybeUninit::<sMemfaultLog>::uninit();
    // SAFETY: writable.
    while unsafe { memfault_log_read(log.as_mut_ptr()) } {
        // SAFETY: a line that was just read.
        unsafe { memfault_log_export_log(log.as_mut_ptr()) };
    }
}
