//! The log as a message of the packetizer (spec 30 section 8): `g_memfault_log_data_source`, and the functions of
//! `memfault_log_data_source_private.h`.

use super::data_packetizer_source::{LOG_SOURCE, sMemfaultDataSourceImpl};
use super::event_storage::Storage;
use super::event_storage_implementation::sMemfaultEventStorageImpl;
use super::log::LOG;
use super::platform::system_time;
use super::serializer_helper::FirmwareIdentity;
use crate::config::Config;
use crate::events::envelope;
use crate::events::serializer::EventSink;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::logs::capture::{Envelope, LogCapture, Window};
use crate::util::cbor::Encoder;
use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;

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

/// The envelope by the encoder of events, whose code is there already. That one writes to an event storage, so this is one too.
struct SharedEnvelope;

impl Envelope for SharedEnvelope {
    fn encode<C: Config>(&self, event_type: u32, unix_time_secs: Option<u64>, window: &mut Window<'_>) {
        // The hooks that are asked meanwhile may read a message as well.
        let outer = WINDOW.replace(ptr::from_mut(window).cast());
        // SAFETY: a table that lives forever.
        let storage = unsafe { Storage::from_ptr(&raw const WINDOW_STORAGE) };
        let mut encoder = Encoder::new(EventSink::new(storage.as_ref()), usize::MAX);
        envelope::encode_metadata_with_time::<Firmware, _>(&mut encoder, event_type, unix_time_secs, &FirmwareIdentity);
        WINDOW.set(outer);
    }
}

/// The window of the call of [`SharedEnvelope::encode`] that is running.
static WINDOW: Global<Cell<*mut Window<'static>>> = Global::new(Cell::new(ptr::null_mut()));

static WINDOW_STORAGE: sMemfaultEventStorageImpl = sMemfaultEventStorageImpl {
    begin_write_cb: None,
    append_data_cb: Some(append_to_window),
    finish_write_cb: None,
    get_storage_size_cb: None,
};

unsafe extern "C" fn append_to_window(bytes: *const c_void, num_bytes: usize) -> bool {
    // SAFETY: NULL, or set for as long as the encoder runs, which alone has this function.
    let Some(window) = (unsafe { WINDOW.get().as_mut() }) else { return false };
    // SAFETY: the encoder's bytes.
    window.bytes(unsafe { raw::bytes(bytes, num_bytes) });
    true
}

unsafe extern "C" fn has_more(total_size: *mut usize) -> bool {
    let Some(size) = CAPTURE.has_more(&LOG, &SharedEnvelope) else { return false };
    if !total_size.is_null() {
        // SAFETY: not NULL, hence valid.
        unsafe { total_size.write(size) };
    }
    true
}

unsafe extern "C" fn read_message(offset: u32, buf: *mut c_void, buf_len: usize) -> bool {
    // SAFETY: the caller's promise.
    CAPTURE.read(&LOG, &SharedEnvelope, offset, unsafe { raw::bytes_mut(buf, buf_len) })
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
