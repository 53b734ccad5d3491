//! Integer aliases for the C enums that cross the ABI, of the width that the firmware's compiler gives them (spec 20 section 2).
//!
//! The Rust enum of the same name, next to the functions that use it, exists for the generated header; a value from C may be
//! anything, so it arrives as an integer. A header generator sees only the last path segment, hence the same name here.

/// Unsigned enums whose values fit in one byte.
#[cfg(short_enums)]
type Small = u8;
#[cfg(not(short_enums))]
type Small = u32;

/// Enums with values up to 0xFFFF.
#[cfg(short_enums)]
type Medium = u16;
#[cfg(not(short_enums))]
type Medium = u32;

/// Result of `memfault_packetizer_get_next`.
pub type eMemfaultPacketizerStatus = Small;
/// Why the device was reset.
pub type eMemfaultRebootReason = Medium;
/// What a time stamp is.
pub type eMemfaultCurrentTimeType = Small;
/// The kind of an event.
pub type eMemfaultEventType = Small;
/// The key of a trace reason.
pub type eMemfaultTraceInfoEventKey = Small;
/// The severity of a log line.
pub type eMemfaultPlatformLogLevel = Small;
/// What the message of a stored log line is.
pub type eMemfaultLogRecordType = Small;
/// What the run-length encoder is in.
pub type eMemfaultRleState = Small;
/// Type of a metric.
pub type eMemfaultMetricType = Small;
/// A session of metrics. The C unit of the metrics makes sure that there are no more than 255.
pub type eMfltMetricsSessionIndex = Small;
/// How a coredump reads a region.
pub type eMfltCoredumpRegionType = Small;
/// What the connection does.
pub type eMemfaultMetricsConnectivityState = Small;
/// Why an HTTP response is none.
pub type eMfltHttpParseStatus = Small;
/// Where the reader of an HTTP response is.
pub type eMfltHttpParsePhase = Small;
/// How to talk to the host of a URL.
pub type eMemfaultUriScheme = Small;
/// A channel of the task watchdog: only ever an argument, like the next one.
pub type eMemfaultTaskWatchdogChannel = u32;
/// A trace reason of the user. It only ever comes as an argument, which a short-enum caller extends to a whole register
/// (AAPCS, RISC-V), so its width in memory, 1 or 2 bytes, does not matter.
pub type eMfltTraceReasonUser = u32;
