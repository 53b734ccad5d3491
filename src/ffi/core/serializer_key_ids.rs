//! `memfault/core/serializer_key_ids.h` (spec 20 section 6): the numbers of the CBOR keys in events. They are on the wire.

use crate::events::envelope::{self, event_type, trace_key};

// C header: only the items.

/// The value of `kMemfaultEventKey_CborSchemaVersion`.
pub const MEMFAULT_CBOR_SCHEMA_VERSION_V1: u32 = 1;
const _: () = assert!(MEMFAULT_CBOR_SCHEMA_VERSION_V1 == envelope::SCHEMA_VERSION);

/// Keys of the map that an event is.
#[repr(C)]
pub enum eMemfaultEventKey {
    /// Seconds since 1970.
    kMemfaultEventKey_CapturedDateUnixTimestamp = 1,
    /// An `eMemfaultEventType`.
    kMemfaultEventKey_Type = 2,
    /// Version of all of this.
    kMemfaultEventKey_CborSchemaVersion = 3,
    /// What belongs to the type.
    kMemfaultEventKey_EventInfo = 4,
    /// Not used.
    kMemfaultEventKey_UserInfo = 5,
    /// Text.
    kMemfaultEventKey_HardwareVersion = 6,
    /// Text; with `MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL`.
    kMemfaultEventKey_DeviceSerial = 7,
    /// Not used any more.
    kMemfaultEventKey_ReleaseVersionDeprecated = 8,
    /// Text.
    kMemfaultEventKey_SoftwareVersion = 9,
    /// Text.
    kMemfaultEventKey_SoftwareType = 10,
    /// Byte string, the first bytes; with `MEMFAULT_EVENT_INCLUDE_BUILD_ID`.
    kMemfaultEventKey_BuildId = 11,
}

/// Types of events; 3 is retired.
#[repr(C)]
pub enum eMemfaultEventType {
    /// Metrics of a heartbeat or a session.
    kMemfaultEventType_Heartbeat = 1,
    /// A trace event or a reboot.
    kMemfaultEventType_Trace = 2,
    /// Log lines without time.
    kMemfaultEventType_Logs = 4,
    /// A custom data recording.
    kMemfaultEventType_Cdr = 5,
    /// Log lines with time.
    kMemfaultEventType_LogsTimestamped = 6,
}

/// Keys inside the event info of a heartbeat or a session.
#[repr(C)]
pub enum eMemfaultHeartbeatInfoKey {
    /// An array of values.
    kMemfaultHeartbeatInfoKey_Metrics = 1,
    /// Index of the session.
    kMemfaultHeartbeatInfoKey_Session = 2,
}

/// Keys inside the event info of a trace event or a reboot.
#[repr(C)]
pub enum eMemfaultTraceInfoEventKey {
    /// Reboot reason.
    kMemfaultTraceInfoEventKey_Reason = 1,
    /// Left out when 0.
    kMemfaultTraceInfoEventKey_ProgramCounter = 2,
    /// Left out when 0.
    kMemfaultTraceInfoEventKey_LinkRegister = 3,
    /// The hardware's reset reason register, left out when 0.
    kMemfaultTraceInfoEventKey_McuReasonRegister = 4,
    /// 0 or 1.
    kMemfaultTraceInfoEventKey_CoredumpSaved = 5,
    /// Trace reason of the firmware.
    kMemfaultTraceInfoEventKey_UserReason = 6,
    /// A number of the firmware.
    kMemfaultTraceInfoEventKey_StatusCode = 7,
    /// Byte string.
    kMemfaultTraceInfoEventKey_Log = 8,
    /// An array.
    kMemfaultTraceInfoEventKey_CompactLog = 9,
}

/// Not used.
#[repr(C)]
pub enum eMemfaultLogErrorInfoKey {
    /// Not used.
    kMemfaultLogErrorInfoKey_Log = 1,
}

/// Keys inside the event info of a custom data recording.
#[repr(C)]
pub enum eMemfaultCdrInfoKey {
    /// Milliseconds.
    kMemfaultCdrInfoKey_DurationMs = 1,
    /// An array of texts.
    kMemfaultCdrInfoKey_Mimetypes = 2,
    /// Text.
    kMemfaultCdrInfoKey_Reason = 3,
    /// Byte string.
    kMemfaultCdrInfoKey_Data = 4,
}

// What C sees is what this library encodes.
const _: () = {
    use eMemfaultEventType::*;
    use eMemfaultTraceInfoEventKey::*;
    assert!(kMemfaultEventType_Heartbeat as u32 == event_type::HEARTBEAT);
    assert!(kMemfaultEventType_Trace as u32 == event_type::TRACE);
    assert!(kMemfaultEventType_Logs as u32 == event_type::LOGS);
    assert!(kMemfaultEventType_Cdr as u32 == event_type::CDR);
    assert!(kMemfaultEventType_LogsTimestamped as u32 == event_type::LOGS_TIMESTAMPED);
    assert!(kMemfaultTraceInfoEventKey_Reason as u32 == trace_key::REASON);
    assert!(kMemfaultTraceInfoEventKey_ProgramCounter as u32 == trace_key::PROGRAM_COUNTER);
    assert!(kMemfaultTraceInfoEventKey_LinkRegister as u32 == trace_key::LINK_REGISTER);
    assert!(kMemfaultTraceInfoEventKey_McuReasonRegister as u32 == trace_key::MCU_REASON_REGISTER);
    assert!(kMemfaultTraceInfoEventKey_CoredumpSaved as u32 == trace_key::COREDUMP_SAVED);
    assert!(kMemfaultTraceInfoEventKey_UserReason as u32 == trace_key::USER_REASON);
    assert!(kMemfaultTraceInfoEventKey_StatusCode as u32 == trace_key::STATUS_CODE);
    assert!(kMemfaultTraceInfoEventKey_Log as u32 == trace_key::LOG);
    assert!(kMemfaultTraceInfoEventKey_CompactLog as u32 == trace_key::COMPACT_LOG);
};
