//! The log as a message of the packetizer (spec 30 section 8): `g_memfault_log_data_source`, and the functions of
//! `memfault_log_data_source_private.h`.

use super::data_packetizer_source::{LOG_SOURCE, sMemfaultDataSourceImpl};
use super::log::LOG;
use super::platform::system_time;
use super::serializer_helper::FirmwareIdentity;
use crate::config::Config;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::logs::capture::LogCapture;
use core::ffi::c_void;

static CAPTURE: Global<LogCapture> = Global::new(LogCapture::new());

/// Lets the packetizer see the log.
pub(super) fn connect() {
    if Firmware::LOG_DATA_SOURCE_ENABLED {
        LOG_SOURCE.connect(sMemfaultDataSourceImpl {
            has_more_msgs_cb: Some(has_more),
            read_msg_cb: Some(read_message),
            mark_msg_read_cb: Some(mark_read),
        });
    }
}

/// Makes the lines that were not sent yet a message.
pub(super) fn trigger() {
    if Firmware::LOG_DATA_SOURCE_ENABLED {
        CAPTURE.trigger(&LOG, system_time::now);
    }
}

unsafe extern "C" fn has_more(total_size: *mut usize) -> bool {
    let Some(size) = CAPTURE.has_more(&LOG, &FirmwareIdentity) else { return false };
    if !total_size.is_null() {
        // SAFETY: not NULL, hence valid.
        unsafe { total_size.write(size) };
    }
    true
}

unsafe extern "C" fn read_message(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    CAPTURE.read(&LOG, &FirmwareIdentity, offset, unsafe { raw::bytes_mut(buf, buf_len) })
}

unsafe extern "C" fn mark_read() {
    CAPTURE.mark_read(&LOG);
}

/// Is a message on its way? No lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_data_source_has_been_triggered() -> bool {
    CAPTURE.is_triggered()
}

/// Forgets the message; its lines stay unsent. For tests.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_data_source_reset() {
    CAPTURE.reset();
}

/// Counts the lines that were not sent yet, under the lock.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_log_data_source_count_unsent_logs() -> usize {
    LOG.count_unsent().lines
}
