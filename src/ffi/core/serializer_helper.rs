//! `memfault/core/serializer_helper.h` (spec 20 section 8): what all events have in common, for the modules that encode them.
//!
//! The modules of this library do the same without the C encoder: with [`FirmwareIdentity`], and with [`Storage`] as an
//! [`EventStore`].
#![allow(clippy::useless_conversion)] // whether an enum of C is a u8 or a u32 depends on the firmware's compiler

use super::build_id_private;
use super::event_storage::Storage;
use super::event_storage_implementation::sMemfaultEventStorageImpl;
use super::platform::device_info;
use super::platform::system_time::{self, sMemfaultCurrentTime};
use crate::config::Config;
use crate::events::envelope::{self, BUILD_ID_LEN, DeviceInfo, Identity, TraceInfo};
use crate::events::serializer::{self, DropCounter, DropLog, EventEncoder, EventWriter};
use crate::events::store::{EventKind, EventStore};
use crate::ffi::abi;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::raw;
use crate::ffi::util::cbor::{
    NonNull, memfault_cbor_encoder_deinit, memfault_cbor_encoder_init, memfault_cbor_encoder_size_only_init,
    sMemfaultCborEncoder, with_encoder,
};
use core::ffi::{c_char, c_void};

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/core/event_storage.h"
// | #include "memfault/core/platform/system_time.h"
// | #include "memfault/core/serializer_key_ids.h"
// | #include "memfault/util/cbor.h"

unsafe extern "C" {
    safe fn memfault_rs_log_event_storage_full();
    safe fn memfault_rs_log_event_saved_after_drops(drops: u32);
    fn memfault_rs_log_event_storage_too_small(capacity: usize, event_type: *const c_char, worst_case: usize);
}

/// The platform as the envelope of an event sees it.
pub struct FirmwareIdentity;

impl Identity for FirmwareIdentity {
    fn unix_time_secs(&self) -> Option<u64> {
        system_time::now()
    }

    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]> {
        build_id_private::get()
    }

    fn device_info(&self) -> DeviceInfo<'_> {
        let info = device_info::get();
        // SAFETY: the firmware's strings end with a NUL and live as long as the program; NULL is the empty string.
        unsafe {
            DeviceInfo {
                // Without the option nobody looks at it, so it is not measured either.
                device_serial: if Firmware::EVENT_INCLUDE_DEVICE_SERIAL { raw::text(info.device_serial) } else { &[] },
                software_type: raw::text(info.software_type),
                software_version: raw::text(info.software_version),
                hardware_version: raw::text(info.hardware_version),
            }
        }
    }
}

static DROPS: Global<DropCounter> = Global::new(DropCounter::new());

struct ShimLog;

impl DropLog for ShimLog {
    fn event_storage_full(&self) {
        memfault_rs_log_event_storage_full();
    }

    fn event_saved_after_drops(&self, drops: u32) {
        memfault_rs_log_event_saved_after_drops(drops);
    }
}

impl EventStore for Storage {
    type Writer = Self;

    fn capacity(self) -> usize {
        self.size()
    }

    fn store(self, encode: impl FnOnce(&mut EventEncoder<'_, Self>) -> bool) -> bool {
        serializer::encode_to_storage(&self, &DROPS, &ShimLog, encode)
    }

    fn warn_too_small(self, kind: EventKind, capacity: usize, worst_case: usize) {
        let kind = match kind {
            EventKind::Trace => c"trace",
            EventKind::Reboot => c"reboot",
            EventKind::Metrics => c"metrics",
        };
        // SAFETY: a log line of the shim, with a string that ends with a NUL.
        unsafe { memfault_rs_log_event_storage_too_small(capacity, kind.as_ptr(), worst_case) };
    }
}

/// Encodes the map head of an event and its pairs up to the date. The caller adds key 4, the event info.
///
/// `r#type` is an `eMemfaultEventType`; the date is there if `time` is not NULL and known. Calls
/// `memfault_platform_get_device_info`. False: it did not fit. Spec 20 section 7.1.
///
/// # Safety
/// `encoder` is NULL or initialised, `time` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_metadata_with_time(
    encoder: *mut sMemfaultCborEncoder,
    r#type: abi::eMemfaultEventType,
    time: *const sMemfaultCurrentTime,
) -> bool {
    // SAFETY: the caller's promise.
    let time = unsafe { time.as_ref() }.and_then(sMemfaultCurrentTime::unix_secs);
    // SAFETY: the caller's promise.
    unsafe {
        with_encoder(encoder, |e| {
            envelope::encode_metadata_with_time::<Firmware, _>(e, u32::from(r#type), time, &FirmwareIdentity)
        })
    }
}

/// The same with the time of now, asked of `memfault_platform_time_get_current`.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_metadata(
    encoder: *mut sMemfaultCborEncoder,
    r#type: abi::eMemfaultEventType,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe {
        with_encoder(encoder, |e| envelope::encode_metadata::<Firmware, _>(e, u32::from(r#type), &FirmwareIdentity))
    }
}

/// Encodes a key with an unsigned value. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_uint32_kv_pair(
    encoder: *mut sMemfaultCborEncoder,
    key: u32,
    value: u32,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| envelope::uint32_kv(e, key, value)) }
}

/// Encodes a key with a signed value. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_int32_kv_pair(
    encoder: *mut sMemfaultCborEncoder,
    key: u32,
    value: i32,
) -> bool {
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| envelope::int32_kv(e, key, value)) }
}

/// Encodes a key with a byte string of `buf_len` bytes, 0 allowed. False: it did not fit.
///
/// # Safety
/// `encoder` is NULL or initialised, `buf` is NULL or readable for `buf_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_byte_string_kv_pair(
    encoder: *mut sMemfaultCborEncoder,
    key: u32,
    buf: *const c_void,
    buf_len: usize,
) -> bool {
    use crate::ffi::util::cbor;
    // SAFETY: the caller's promise.
    unsafe {
        cbor::memfault_cbor_encode_unsigned_integer(encoder, key)
            && cbor::memfault_cbor_encode_byte_string(encoder, buf, buf_len)
    }
}

/// What a trace or reboot event starts with.
/// cbindgen:tag=MemfaultTraceEventHelperInfo
#[repr(C)]
pub struct sMemfaultTraceEventHelperInfo {
    /// `kMemfaultTraceInfoEventKey_UserReason` or `kMemfaultTraceInfoEventKey_Reason`.
    pub reason_key: abi::eMemfaultTraceInfoEventKey,
    /// The reason.
    pub reason_value: u32,
    /// Program counter; 0 is left out.
    pub pc: u32,
    /// Link register; 0 is left out.
    pub lr: u32,
    /// Pairs that the caller adds afterwards, exactly.
    pub extra_event_info_pairs: usize,
}

/// Encodes a trace event up to the link register; the caller adds `info->extra_event_info_pairs` pairs.
///
/// False: it did not fit, or a NULL argument. Spec 20 section 8.
///
/// # Safety
/// `encoder` is NULL or initialised, `info` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_trace_event(
    encoder: *mut sMemfaultCborEncoder,
    info: *const sMemfaultTraceEventHelperInfo,
) -> bool {
    // SAFETY: the caller's promise.
    let Some(info) = (unsafe { info.as_ref() }) else { return false };
    let info = TraceInfo {
        reason_key: u32::from(info.reason_key),
        reason_value: info.reason_value,
        pc: info.pc,
        lr: info.lr,
        extra_pairs: info.extra_event_info_pairs as u32,
    };
    // SAFETY: the caller's promise.
    unsafe { with_encoder(encoder, |e| envelope::encode_trace_event::<Firmware, _>(e, &info, &FirmwareIdentity)) }
}

/// Encodes one event with `encoder`. False: take back what was written.
pub type MemfaultSerializerHelperEncodeCallback =
    unsafe extern "C" fn(encoder: *mut sMemfaultCborEncoder, ctx: *mut c_void) -> bool;

/// Writes one event to a storage: opens a session, lets `encode_callback` write, finishes.
///
/// `encode_callback` is called once, also when there is no room. Returns what it returned; a failure counts as a lost event.
/// Each piece of CBOR is one append; the encoder is de-initialised in the end. A NULL argument stores nothing and is false.
/// Spec 20 section 8.1.
///
/// # Safety
/// `encoder` is NULL or valid, `storage_impl` is NULL or a storage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_encode_to_storage(
    encoder: *mut sMemfaultCborEncoder,
    storage_impl: *const sMemfaultEventStorageImpl,
    encode_callback: Option<NonNull<MemfaultSerializerHelperEncodeCallback>>,
    ctx: *mut c_void,
) -> bool {
    // SAFETY: the caller's promise.
    let (Some(storage), Some(encode)) = (unsafe { Storage::from_ptr(storage_impl) }, encode_callback) else {
        return false;
    };
    if encoder.is_null() {
        return false;
    }
    let session = storage.begin();
    let room = session.unwrap_or(0);
    // SAFETY: not NULL, hence valid.
    unsafe { memfault_cbor_encoder_init(encoder, Some(append_piece), storage_impl.cast_mut().cast(), room) };
    // SAFETY: the caller's callback with what it expects.
    let encoded = unsafe { encode(encoder, ctx) };
    // SAFETY: not NULL, hence valid.
    unsafe { memfault_cbor_encoder_deinit(encoder) };
    if session.is_some() {
        storage.finish(!encoded);
    }
    DROPS.record(encoded, &ShimLog);
    encoded
}

/// The sink of an event on its way to a storage, which `ctx` is.
unsafe extern "C" fn append_piece(ctx: *mut c_void, _: u32, buf: *const c_void, buf_len: usize) {
    // SAFETY: the function above, the only one that names this one, passes a storage.
    if let Some(storage) = unsafe { Storage::from_ptr(ctx.cast_const().cast()) } {
        // SAFETY: the encoder's piece.
        storage.append(unsafe { raw::bytes(buf, buf_len) });
    }
}

/// The bytes that `encode_callback` would write. It is called once and may call hooks. Spec 20 section 8.
///
/// # Safety
/// `encoder` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_compute_size(
    encoder: *mut sMemfaultCborEncoder,
    encode_callback: Option<NonNull<MemfaultSerializerHelperEncodeCallback>>,
    ctx: *mut c_void,
) -> usize {
    let Some(encode) = encode_callback else { return 0 };
    if encoder.is_null() {
        return 0;
    }
    // SAFETY: not NULL, hence valid; the caller's callback with what it expects.
    unsafe {
        memfault_cbor_encoder_size_only_init(encoder);
        encode(encoder, ctx);
        memfault_cbor_encoder_deinit(encoder)
    }
}

/// Is the storage as large as `compute_worst_case_size` says? If not, a warning with `event_type` is logged.
///
/// Equal is enough, although the storage takes 2 bytes for itself. Spec 20 section 8.
///
/// # Safety
/// `storage_impl` is NULL or a storage, `event_type` is a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_serializer_helper_check_storage_size(
    storage_impl: *const sMemfaultEventStorageImpl,
    compute_worst_case_size: Option<unsafe extern "C" fn() -> usize>,
    event_type: *const c_char,
) -> bool {
    // SAFETY: the caller's promise.
    let (Some(storage), Some(worst_case)) = (unsafe { Storage::from_ptr(storage_impl) }, compute_worst_case_size)
    else {
        return false;
    };
    let capacity = storage.size();
    // SAFETY: the caller's function.
    let worst_case = unsafe { worst_case() };
    // QUIRK (spec 20 section 7.3): the 2 bytes that the storage adds are left out.
    let fits = worst_case <= capacity;
    if !fits {
        // SAFETY: a log line of the shim; numbers, and a string by the caller's promise.
        unsafe { memfault_rs_log_event_storage_too_small(capacity, event_type, worst_case) };
    }
    fits
}

/// The events that were lost since the last call, of all kinds. No boot clears the count. Spec 20 section 8.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_serializer_helper_read_drop_count() -> u32 {
    DROPS.take()
}
