//! `memfault/core/platform/system_time.h` (spec 20 section 16.1): the time of events.

use crate::ffi::abi;

// C header:
// | #include <stdbool.h>
// | #include <stdint.h>

/// What a time is.
#[repr(C)]
pub enum eMemfaultCurrentTimeType {
    /// Not known.
    kMemfaultCurrentTimeType_Unknown = 0,
    /// Seconds since 1970-01-01 00:00 UTC.
    kMemfaultCurrentTimeType_UnixEpochTimeSec = 1,
}

/// The value of a time, by its type. Has no name in C.
/// cbindgen:ignore
#[repr(C)]
#[derive(Clone, Copy)]
pub union sMemfaultCurrentTimeInfo {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub unix_timestamp_secs: u64,
}

// C header:
// | /** A time. */
// | typedef struct {
// |   /** What `info` holds. */
// |   eMemfaultCurrentTimeType type;
// |   /** The value, by its type. */
// |   union {
// |     /** Seconds since 1970-01-01 00:00 UTC. */
// |     uint64_t unix_timestamp_secs;
// |   } info;
// | } sMemfaultCurrentTime;

/// A time.
/// cbindgen:ignore
#[repr(C)]
#[derive(Clone, Copy)]
pub struct sMemfaultCurrentTime {
    /// What `info` holds.
    pub r#type: abi::eMemfaultCurrentTimeType,
    /// The value.
    pub info: sMemfaultCurrentTimeInfo,
}

const _: () = assert!(core::mem::offset_of!(sMemfaultCurrentTime, info) == align_of::<u64>());

impl sMemfaultCurrentTime {
    /// The seconds, if this is a time since 1970.
    pub fn unix_secs(&self) -> Option<u64> {
        if self.r#type != eMemfaultCurrentTimeType::kMemfaultCurrentTimeType_UnixEpochTimeSec as _ {
            return None;
        }
        // SAFETY: the type says which member holds the value, and it is the only one.
        Some(unsafe { self.info.unix_timestamp_secs })
    }
}

unsafe extern "C" {
    /// Stores the time and returns true, or returns false when it is not known. Weak: always false.
    ///
    /// Called for every event and every stored log line, sometimes with the lock held; it must not log. With
    /// `MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME` set to 0 the firmware has to define it. Spec 20 section 16.1.
    pub fn memfault_platform_time_get_current(time: *mut sMemfaultCurrentTime) -> bool;
}

// Weak whatever the option MEMFAULT_EVENT_STORAGE_STUB_SYSTEM_TIME says: strength cannot depend on it.
weak_fn!("memfault_platform_time_get_current" = no_time);

extern "C" fn no_time(_: *mut sMemfaultCurrentTime) -> bool {
    false
}

fn ask() -> Option<sMemfaultCurrentTime> {
    let mut time = sMemfaultCurrentTime { r#type: 0, info: sMemfaultCurrentTimeInfo { unix_timestamp_secs: 0 } };
    // SAFETY: a hook with a valid output.
    if unsafe { memfault_platform_time_get_current(&raw mut time) } { Some(time) } else { None }
}

/// Asks the firmware for the time: seconds since 1970, if it knows.
pub fn now() -> Option<u64> {
    ask()?.unix_secs()
}

/// The low 32 bits of what the firmware says the time is, whatever type it says that is (QUIRK of the log, spec 30 section 4.4).
pub fn now_of_any_type() -> Option<u32> {
    // SAFETY: the only member, and set before the hook was called.
    Some(unsafe { ask()?.info.unix_timestamp_secs } as u32)
}
