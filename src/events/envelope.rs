//! The CBOR that all events share (spec 20 sections 6 and 7): the envelope, and the event info of trace and reboot events.
//!
//! One map of 6 to 9 pairs, in this order; all keys take one byte:
//!
//! | Key | Value | Present |
//! |---|---|---|
//! | 2 | event type | always |
//! | 3 | schema version, 1 | always |
//! | 7 | device serial, text | `EVENT_INCLUDE_DEVICE_SERIAL` |
//! | 10, 9, 6 | software type, software version, hardware version, text | always |
//! | 11 | first bytes of the build id, byte string | `EVENT_INCLUDE_BUILD_ID`, and there is a build id |
//! | 1 | seconds since the Unix epoch | the time is known |
//! | 4 | event info, per type | always; written by the caller |
//!
//! Event info of a trace or reboot event: a map of the reason (key 6 or 1), the program counter (2) and the link register (3) if
//! they are not 0, and the pairs that the caller adds.

use crate::config::Config;
use crate::util::cbor::{Encoder, Sink};

/// Keys of the envelope.
pub(crate) mod key {
    pub const CAPTURED_DATE: u32 = 1;
    pub const EVENT_TYPE: u32 = 2;
    pub const SCHEMA_VERSION: u32 = 3;
    pub const EVENT_INFO: u32 = 4;
    pub const HARDWARE_VERSION: u32 = 6;
    pub const DEVICE_SERIAL: u32 = 7;
    pub const SOFTWARE_VERSION: u32 = 9;
    pub const SOFTWARE_TYPE: u32 = 10;
    pub const BUILD_ID: u32 = 11;
}

/// Kinds of events (key 2).
pub mod event_type {
    /// Metrics of a heartbeat or a session.
    pub const HEARTBEAT: u32 = 1;
    /// A trace event or a reboot.
    pub const TRACE: u32 = 2;
    /// Log lines without time.
    pub const LOGS: u32 = 4;
    /// A custom data recording.
    pub const CDR: u32 = 5;
    /// Log lines with time.
    pub const LOGS_TIMESTAMPED: u32 = 6;
}

/// Keys in the event info of trace and reboot events.
pub mod trace_key {
    /// Reboot reason.
    pub const REASON: u32 = 1;
    /// Program counter.
    pub const PROGRAM_COUNTER: u32 = 2;
    /// Link register.
    pub const LINK_REGISTER: u32 = 3;
    /// Reset reason register of the MCU.
    pub const MCU_REASON_REGISTER: u32 = 4;
    /// Was a coredump saved: 0 or 1.
    pub const COREDUMP_SAVED: u32 = 5;
    /// Trace reason of the user.
    pub const USER_REASON: u32 = 6;
    /// Status code of the user.
    pub const STATUS_CODE: u32 = 7;
    /// Log text.
    pub const LOG: u32 = 8;
    /// Compact log.
    pub const COMPACT_LOG: u32 = 9;
}

/// Value of key 3; the cloud derives the format from it.
pub const SCHEMA_VERSION: u32 = 1;
/// Bytes of a build id.
pub const BUILD_ID_LEN: usize = 20;
/// Pairs that every envelope has.
const PAIRS: u32 = 6;

/// The four strings that name a device and its firmware.
#[derive(Clone, Copy, Default)]
pub struct DeviceInfo<'a> {
    /// Serial number; used only with `EVENT_INCLUDE_DEVICE_SERIAL`.
    pub device_serial: &'a [u8],
    /// What the firmware is for.
    pub software_type: &'a [u8],
    /// Its version.
    pub software_version: &'a [u8],
    /// The hardware it runs on.
    pub hardware_version: &'a [u8],
}

/// What the envelope asks the platform, each at most once per event and in this order (spec 20 section 7.1). Everything may be
/// asked in the middle of a write session, and the answers may come from code that uses the SDK again.
pub trait Identity {
    /// Seconds since the Unix epoch, if the time is known.
    fn unix_time_secs(&self) -> Option<u64>;
    /// The build id, if the firmware has one. Asked only with `EVENT_INCLUDE_BUILD_ID`.
    fn build_id(&self) -> Option<&[u8; BUILD_ID_LEN]>;
    /// The strings. Asked only after type and schema version found room.
    fn device_info(&self) -> DeviceInfo<'_>;
}

/// What a trace or reboot event starts with.
#[derive(Clone, Copy)]
pub struct TraceInfo {
    /// [`trace_key::USER_REASON`] or [`trace_key::REASON`].
    pub reason_key: u32,
    /// The reason.
    pub reason_value: u32,
    /// Program counter; 0 is left out.
    pub pc: u32,
    /// Link register; 0 is left out.
    pub lr: u32,
    /// Pairs that the caller adds afterwards, exactly.
    pub extra_pairs: u32,
}

/// The envelope up to key 1, with the time of now. Stops at the first item that does not fit; then false.
#[inline]
pub fn encode_metadata<C: Config, S: Sink>(
    encoder: &mut Encoder<S>,
    event_type: u32,
    identity: &impl Identity,
) -> bool {
    encode::<C, S>(encoder, event_type, Time::Now, identity)
}

/// The envelope up to key 1. `None`: the time is not known. Stops at the first item that does not fit; then false.
#[inline]
pub fn encode_metadata_with_time<C: Config, S: Sink>(
    encoder: &mut Encoder<S>,
    event_type: u32,
    unix_time_secs: Option<u64>,
    identity: &impl Identity,
) -> bool {
    // QUIRK (spec 20 section 7.1): only the low 32 bits of the seconds are sent.
    let time = unix_time_secs.map_or(Time::Unknown, |secs| Time::Secs(secs as u32));
    encode::<C, S>(encoder, event_type, time, identity)
}

/// The time in an envelope.
enum Time {
    /// The platform is asked.
    Now,
    Unknown,
    Secs(u32),
}

/// Once in the program for each kind of encoder, as events and the log are encoded with the same one; and in one function with the
/// question for the time, for the sake of the stack.
#[inline(never)]
fn encode<C: Config, S: Sink>(encoder: &mut Encoder<S>, event_type: u32, time: Time, identity: &impl Identity) -> bool {
    let unix_time_secs = match time {
        Time::Now => identity.unix_time_secs().map(|secs| secs as u32),
        Time::Unknown => None,
        Time::Secs(secs) => Some(secs),
    };
    let build_id = if C::EVENT_INCLUDE_BUILD_ID { identity.build_id() } else { None };
    let pairs = PAIRS
        + u32::from(C::EVENT_INCLUDE_DEVICE_SERIAL)
        + u32::from(build_id.is_some())
        + u32::from(unix_time_secs.is_some());
    if !(encoder.map(pairs)
        && encoder.unsigned_pair(key::EVENT_TYPE, event_type)
        && encoder.unsigned_pair(key::SCHEMA_VERSION, SCHEMA_VERSION))
    {
        return false;
    }
    // The hook may look at the storage; it finds there what was encoded so far.
    encoder.flush();
    let info = identity.device_info();
    (!C::EVENT_INCLUDE_DEVICE_SERIAL || encoder.text_pair(key::DEVICE_SERIAL, info.device_serial))
        && encoder.text_pair(key::SOFTWARE_TYPE, info.software_type)
        && encoder.text_pair(key::SOFTWARE_VERSION, info.software_version)
        && encoder.text_pair(key::HARDWARE_VERSION, info.hardware_version)
        && match build_id {
            Some(id) => {
                let start = id.get(..C::EVENT_INCLUDED_BUILD_ID_SIZE_BYTES).unwrap_or(id);
                encoder.byte_string_pair(key::BUILD_ID, start)
            }
            None => true,
        }
        && match unix_time_secs {
            Some(secs) => encoder.unsigned_pair(key::CAPTURED_DATE, secs),
            None => true,
        }
}

/// The envelope with the time of now, key 4, and the event info up to the link register. The caller adds
/// [`TraceInfo::extra_pairs`] pairs.
pub fn encode_trace_event<C: Config, S: Sink>(
    encoder: &mut Encoder<S>,
    info: &TraceInfo,
    identity: &impl Identity,
) -> bool {
    let pairs = 1 + u32::from(info.pc != 0) + u32::from(info.lr != 0);
    encode_metadata::<C, S>(encoder, event_type::TRACE, identity)
        && encoder.map_pair(key::EVENT_INFO, pairs.wrapping_add(info.extra_pairs))
        && encoder.unsigned_pair(info.reason_key, info.reason_value)
        && (info.pc == 0 || encoder.unsigned_pair(trace_key::PROGRAM_COUNTER, info.pc))
        && (info.lr == 0 || encoder.unsigned_pair(trace_key::LINK_REGISTER, info.lr))
}

/// A key with an unsigned value.
pub fn uint32_kv<S: Sink>(encoder: &mut Encoder<S>, key: u32, value: u32) -> bool {
    encoder.unsigned_pair(key, value)
}

/// A key with a signed value.
pub fn int32_kv<S: Sink>(encoder: &mut Encoder<S>, key: u32, value: i32) -> bool {
    encoder.signed_pair(key, value)
}

/// A key with a byte string.
pub fn byte_string_kv<S: Sink>(encoder: &mut Encoder<S>, key: u32, value: &[u8]) -> bool {
    encoder.byte_string_pair(key, value)
}

#[cfg(test)]
mod tests;
