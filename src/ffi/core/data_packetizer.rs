//! `memfault/core/data_packetizer.h` (spec 10 section 8): cuts what the SDK has to send into chunks.

use super::data_packetizer_source::{Source, sMemfaultDataSourceImpl};
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::transport::packetizer::{MASK_ALL, MessageType, Next, Packetizer, Platform};
use core::ffi::c_void;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>

/// The smallest buffer that the packetizer can fill, in bytes.
pub const MEMFAULT_PACKETIZER_MIN_BUF_LEN: u32 = 9;

/// What `memfault_packetizer_get_next` did.
#[repr(C)]
pub enum eMemfaultPacketizerStatus {
    /// There is no message: `memfault_packetizer_begin` was not called or returned false. Also the answer to bad arguments.
    kMemfaultPacketizerStatus_NoMoreData = 0,
    /// The buffer holds a chunk, or its last part. Whether the message is complete is not said.
    kMemfaultPacketizerStatus_EndOfChunk = 1,
    /// The buffer holds a part of a chunk that the next call continues; only with `enable_multi_packet_chunk`.
    kMemfaultPacketizerStatus_MoreDataForChunk = 2,
}

/// How a message is cut.
#[repr(C)]
pub struct sMemfaultPacketizerConfig {
    /// One chunk per message, spread over as many calls of `memfault_packetizer_get_next` as it takes.
    pub enable_multi_packet_chunk: bool,
}

/// What is known about a message before it is sent.
#[repr(C)]
pub struct sMemfaultPacketizerMetadata {
    /// Part of the message has been handed out already. On a new connection call `memfault_packetizer_abort` first.
    pub send_in_progress: bool,
    /// Length of the whole message as one chunk, in bytes: with `enable_multi_packet_chunk` the sum of all parts.
    pub single_chunk_message_length: u32,
}

// C header:
// | /** Names of these types in older versions of the SDK and in its guide. */
// | typedef sMemfaultPacketizerConfig sPacketizerConfig;
// | typedef sMemfaultPacketizerMetadata sPacketizerMetadata;

/// The kinds of data for `memfault_packetizer_set_active_sources`; each bit is 1 << message type.
#[repr(C)]
pub enum eMfltDataSourceMask {
    /// Nothing.
    kMfltDataSourceMask_None = 1,
    /// Coredumps.
    kMfltDataSourceMask_Coredump = 2,
    /// Events: reboots, traces, heartbeats.
    kMfltDataSourceMask_Event = 4,
    /// Log lines.
    kMfltDataSourceMask_Log = 8,
    /// Custom data recordings.
    kMfltDataSourceMask_Cdr = 16,
    /// Everything; the setting at start.
    kMfltDataSourceMask_All = 30,
}

const _: () = assert!(eMfltDataSourceMask::kMfltDataSourceMask_All as u32 == MASK_ALL as u32);
const _: () = assert!(MEMFAULT_PACKETIZER_MIN_BUF_LEN as usize == crate::transport::chunk::MIN_BUF_LEN);

/// The sources and services around the packetizer, by the names that firmware may replace.
struct FirmwarePlatform;

unsafe extern "C" {
    static g_memfault_coredump_data_source: sMemfaultDataSourceImpl;
    static g_memfault_event_data_source: sMemfaultDataSourceImpl;
    static g_memfault_log_data_source: sMemfaultDataSourceImpl;
    static g_memfault_cdr_source: sMemfaultDataSourceImpl;
    static g_memfault_data_rle_source: sMemfaultDataSourceImpl;

    fn memfault_data_source_rle_encoder_set_active(active_source: *const sMemfaultDataSourceImpl) -> bool;

    fn memfault_rs_log_packetizer_read_failed(offset: u32, len: u32, message_type: u32);
    fn memfault_rs_log_packetizer_bad_argument();
    fn memfault_rs_log_packetizer_buffer_too_small(len: u32);
    fn memfault_rs_log_packetizer_no_chunk(status: u32);
}

/// The sources in the order of [`MessageType`].
struct Sources([Source; 4]);

// SAFETY: only the addresses of tables that live for ever.
unsafe impl Sync for Sources {}

static SOURCES: Sources = Sources([
    Source::of(&raw const g_memfault_coredump_data_source),
    Source::of(&raw const g_memfault_event_data_source),
    Source::of(&raw const g_memfault_log_data_source),
    Source::of(&raw const g_memfault_cdr_source),
]);

impl Platform for FirmwarePlatform {
    type Source = Source;

    fn source(&self, kind: MessageType) -> Source {
        let [coredump, event, log, cdr] = SOURCES.0;
        match kind {
            MessageType::Coredump => coredump,
            MessageType::Event => event,
            MessageType::Log => log,
            MessageType::Cdr => cdr,
        }
    }

    fn rle_begin(&self, source: Source) -> Option<Source> {
        // SAFETY: a function of the library or of the firmware; the table lives for ever.
        let active = unsafe { memfault_data_source_rle_encoder_set_active(source.as_ptr()) };
        active.then_some(Source::of(&raw const g_memfault_data_rle_source))
    }

    fn rle_end(&self) {
        // SAFETY: as in `rle_begin`; NULL is allowed.
        unsafe { memfault_data_source_rle_encoder_set_active(core::ptr::null()) };
    }

    fn crc16(&self, crc: u16, data: &[u8]) -> u16 {
        crate::ffi::util::crc16::compute(crc, data)
    }

    fn read_failed(&self, offset: u32, len: usize, kind: u8) {
        // SAFETY: a log line of the shim, plain numbers.
        unsafe { memfault_rs_log_packetizer_read_failed(offset, len as u32, u32::from(kind)) }
    }
}

// Exported, though nobody is to use it: of a private static, LLVM makes a variable per field, and code loads the address of each.
#[unsafe(export_name = "memfault_rs_packetizer")]
static PACKETIZER: Global<Packetizer<Firmware, FirmwarePlatform>> = Global::new(Packetizer::new());

/// Fills `buf` with the next chunk; the simple way to drain.
///
/// `*buf_len` holds the length of `buf` in bytes, at least 9, and receives the length of the chunk. Each true is one complete
/// chunk that has to be delivered as one unit, in order. False: nothing to send (`buf` and `*buf_len` are unchanged), or bad
/// arguments (logged). Not for interrupts. Spec 10 section 8.
///
/// # Safety
/// `buf` is NULL or writable for `*buf_len` bytes, `buf_len` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_packetizer_get_chunk(buf: *mut c_void, buf_len: *mut usize) -> bool {
    if !PACKETIZER.start(&FirmwarePlatform, false) {
        return false;
    }
    // SAFETY: the caller's promise is the one of the function called.
    let status = unsafe { get_next(buf, buf_len) };
    if status != eMemfaultPacketizerStatus::kMemfaultPacketizerStatus_EndOfChunk as _ {
        #[allow(clippy::useless_conversion)] // as wide as the firmware's enums
        // SAFETY: a log line of the shim.
        unsafe {
            memfault_rs_log_packetizer_no_chunk(u32::from(status))
        };
        return false;
    }
    true
}

/// Is there anything to send? True: `memfault_packetizer_begin` and `memfault_packetizer_get_chunk` will find a message.
///
/// May read a whole coredump to find its encoded size. Not for interrupts. Spec 10 section 8.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_packetizer_data_available() -> bool {
    PACKETIZER.data_available(&FirmwarePlatform)
}

/// Takes the next message, or tells about the one in flight.
///
/// True: `*metadata_out` is filled in and `memfault_packetizer_get_next` may be called until the message is done. False:
/// nothing to send (`*metadata_out` is zeroed), or a NULL argument (logged). While a message is in flight `cfg` is ignored.
/// Not for interrupts. Spec 10 section 8.3.
///
/// # Safety
/// Both pointers are NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_packetizer_begin(
    cfg: *const sMemfaultPacketizerConfig,
    metadata_out: *mut sMemfaultPacketizerMetadata,
) -> bool {
    if cfg.is_null() || metadata_out.is_null() {
        // SAFETY: a log line of the shim.
        unsafe { memfault_rs_log_packetizer_bad_argument() };
        return false;
    }
    // SAFETY: not NULL, hence valid.
    let multi_call = unsafe { (*cfg).enable_multi_packet_chunk };
    let found = PACKETIZER.begin(&FirmwarePlatform, multi_call);
    let metadata = found.unwrap_or_default();
    // SAFETY: not NULL, hence valid.
    unsafe {
        metadata_out.write(sMemfaultPacketizerMetadata {
            send_in_progress: metadata.send_in_progress,
            single_chunk_message_length: metadata.single_chunk_message_length,
        });
    }
    found.is_some()
}

/// Fills `buf` with the next chunk of the message that `memfault_packetizer_begin` took, or with the next part of its chunk.
///
/// `*buf_len` holds the length of `buf` in bytes, at least 9, and receives how many were produced. The length may change from
/// call to call. A buffer below 9 bytes is logged and gives `kMemfaultPacketizerStatus_NoMoreData` with `*buf_len` 0; the
/// message stays. The source drops the message when its last bytes are handed out here. Not for interrupts. Spec 10 section 8.4.
///
/// # Safety
/// `buf` is NULL or writable for `*buf_len` bytes, `buf_len` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_packetizer_get_next(
    buf: *mut c_void,
    buf_len: *mut usize,
) -> abi::eMemfaultPacketizerStatus {
    // SAFETY: the caller's promise is the one of the function called.
    unsafe { get_next(buf, buf_len) }
}

/// The body of both functions that produce.
///
/// # Safety
/// `buf` is NULL or writable for `*buf_len` bytes, `buf_len` is NULL or valid.
unsafe fn get_next(buf: *mut c_void, buf_len: *mut usize) -> abi::eMemfaultPacketizerStatus {
    use eMemfaultPacketizerStatus as Status;
    if buf.is_null() || buf_len.is_null() {
        // SAFETY: a log line of the shim.
        unsafe { memfault_rs_log_packetizer_bad_argument() };
        return Status::kMemfaultPacketizerStatus_NoMoreData as _;
    }
    // SAFETY: not NULL, hence valid, and the caller's promise about the buffer.
    let (offered, bytes) = unsafe { (*buf_len, raw::bytes_mut(buf, *buf_len)) };
    let (status, len) = match PACKETIZER.get_next(&FirmwarePlatform, bytes) {
        Next::NoMoreData => return Status::kMemfaultPacketizerStatus_NoMoreData as _,
        Next::BufferTooSmall => {
            // SAFETY: a log line of the shim.
            unsafe { memfault_rs_log_packetizer_buffer_too_small(offered as u32) };
            (Status::kMemfaultPacketizerStatus_NoMoreData, 0)
        }
        Next::EndOfChunk(len) => (Status::kMemfaultPacketizerStatus_EndOfChunk, len),
        Next::MoreDataForChunk(len) => (Status::kMemfaultPacketizerStatus_MoreDataForChunk, len),
    };
    // SAFETY: not NULL, hence valid.
    unsafe { buf_len.write(len) };
    status as _
}

/// Drops the message in flight. Its source keeps it: it will be sent again from its first byte.
///
/// For a transport that failed, or a new connection. Does not bring back a message whose last bytes were handed out. Not for
/// interrupts. Spec 10 section 8.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_packetizer_abort() {
    PACKETIZER.abort(&FirmwarePlatform);
}

/// Restricts what is sent to the kinds of data in `mask`, an or of `eMfltDataSourceMask` values; aborts the message in flight.
///
/// Holds until the next call. Not for interrupts. Spec 10 section 8.3.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_packetizer_set_active_sources(mask: u32) {
    PACKETIZER.set_active_sources(&FirmwarePlatform, mask);
}
