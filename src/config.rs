//! The options of the C SDK that the implemented parts read (spec 10 section 1, spec 20 section 1), with the reference defaults.
//!
//! Every option is an associated constant, so `if C::OPTION` is decided by the compiler and the other branch leaves no code.
//! The C build supplies one implementation, generated from the firmware's own configuration; tests and Rust firmware supply others.
#![forbid(unsafe_code)]

/// All options, named as in C without the prefix `MEMFAULT_`.
pub trait Config {
    /// Coredumps go out run-length encoded.
    const DATA_SOURCE_RLE_ENABLED: bool = true;
    /// Every message carries [`Config::PROJECT_KEY`].
    const MESSAGE_HEADER_CONTAINS_PROJECT_KEY: bool = false;
    /// The project key, without the final NUL that goes on the wire.
    const PROJECT_KEY: &'static str = "";
    /// Largest chunk on one text export line, in bytes.
    const DATA_EXPORT_CHUNK_MAX_LEN: usize = 80;
    /// The library supplies `memfault_crc16_compute`; off: the platform does.
    const CRC16_BUILTIN: bool = true;
    /// Accepted for compatibility: the results are the same and no table is used either way.
    const CRC16_LOOKUP_TABLE_ENABLE: bool = true;
    /// The library checks its own preconditions and calls `memfault_sdk_assert_func`.
    const SDK_ASSERT_ENABLED: bool = true;
    /// Every event carries the device serial (key 7).
    const EVENT_INCLUDE_DEVICE_SERIAL: bool = false;
    /// Every event carries a prefix of the build id (key 11) when there is one.
    const EVENT_INCLUDE_BUILD_ID: bool = true;
    /// Bytes of that prefix, 5 to 20.
    const EVENT_INCLUDED_BUILD_ID_SIZE_BYTES: usize = 6;
    /// One message may hold many events.
    const EVENT_STORAGE_READ_BATCHING_ENABLED: bool = false;
    /// Upper bound of the payload bytes of a batch.
    const EVENT_STORAGE_READ_BATCHING_MAX_BYTES: u32 = u32::MAX;
    /// Events may move to a non-volatile store of the platform.
    const EVENT_STORAGE_NV_SUPPORT_ENABLED: bool = false;
    /// The library supplies a weak `memfault_platform_time_get_current`.
    const EVENT_STORAGE_STUB_SYSTEM_TIME: bool = true;
    /// Event storage survives deep sleep with the platform's help.
    const EVENT_STORAGE_RESTORE_STATE: bool = false;
    /// A trace event from an interrupt keeps its log text.
    const TRACE_EVENT_WITH_LOG_FROM_ISR_ENABLED: bool = true;
    /// Bytes of the log of a trace event; with text logs one of them is the terminator.
    const TRACE_EVENT_MAX_LOG_LEN: usize = 80;
    /// Log macros and trace logs are compact.
    const COMPACT_LOG_ENABLE: bool = false;
    /// `eMemfaultRebootReason` has user reasons.
    const REBOOT_REASON_CUSTOM_ENABLE: bool = false;
    /// The build id is the linker's GNU note.
    const USE_GNU_BUILD_ID: bool = false;
    /// Bytes of the unique version string, terminator included.
    const UNIQUE_VERSION_MAX_LEN: usize = 32;
}

/// The reference defaults.
pub struct Defaults;
impl Config for Defaults {}
