//! `memfault_self_test_private.h` (spec 30 §13.3 to §13.9): the tests of the self test, one function each.
//!
//! All are weak, and called through their symbols: unit tests of firmware bring their own. The one that needs a buffer of the
//! firmware's size, `memfault_self_test_data_export_test`, is C, as are all lines (`shim/memfault_rs_self_test.c`).
#![allow(clippy::useless_conversion)] // how wide an enum of C is depends on the firmware's compiler

use super::build_info::memfault_build_id_get_string;
use super::event_storage::memfault_event_storage_booted;
use super::log::memfault_log_booted;
use super::platform::core::{memfault_platform_reboot, time_since_boot_ms};
use super::platform::device_info;
use super::platform::system_time::{self, sMemfaultCurrentTime, sMemfaultCurrentTimeInfo};
use super::reboot_tracking::{
    memfault_reboot_tracking_booted, memfault_reboot_tracking_get_reboot_reason, sMfltRebootReason,
};
use super::self_test::memfault_self_test_platform_delay;
use super::trace_event::memfault_trace_event_booted;
use crate::diagnostics::self_test::{
    EARLIEST_TIME_S, Field, NO_BUILD_ID, Problem, is_serial_character, is_type_character, is_version_character,
};
use crate::events::envelope::BUILD_ID_LEN;
use crate::events::reboot::reason;
use crate::ffi::abi;
use crate::ffi::raw::{self, TextBytes};
use core::ffi::{c_char, c_int};
use core::mem::MaybeUninit;

#[cfg(feature = "panics")]
mod coredump;
#[cfg(not(feature = "panics"))]
mod no_coredump;

unsafe extern "C" {
    pub(super) safe fn memfault_self_test_device_info_test() -> u32;
    pub(super) safe fn memfault_self_test_component_boot_test() -> u32;
    pub(super) safe fn memfault_self_test_coredump_regions_test() -> u32;
    pub(super) safe fn memfault_self_test_data_export_test();
    pub(super) safe fn memfault_self_test_reboot_reason_test();
    pub(super) safe fn memfault_self_test_reboot_reason_test_verify() -> u32;
    pub(super) safe fn memfault_self_test_time_test() -> u32;
    pub(super) safe fn memfault_self_test_coredump_storage_test() -> u32;
    pub(super) safe fn memfault_self_test_coredump_storage_capacity_test() -> u32;

    safe fn memfault_rs_self_test_begin(title: u32);
    safe fn memfault_rs_self_test_end();
    safe fn memfault_rs_self_test_max_field_len() -> usize;
    safe fn memfault_rs_log_self_test_field_length(field: u32, len: usize);
    fn memfault_rs_log_self_test_field_character(character: u8, text: *const c_char);
    safe fn memfault_rs_log_self_test_fields(problems: u32);
    safe fn memfault_rs_log_self_test_boot_heading();
    safe fn memfault_rs_log_self_test_booted(component: u32, booted: bool);
    safe fn memfault_rs_log_self_test_all_booted();
    safe fn memfault_rs_self_test_mark_reboot();
    safe fn memfault_rs_log_self_test_reboot(result: c_int, reason: u32, passed: bool);
    safe fn memfault_rs_log_self_test_clock(problem: u32, start_ms: u32, end_ms: u32);
    safe fn memfault_rs_log_self_test_time(problem: u32, time: u32);
}

/// As in `shim/memfault_rs_self_test.c`.
#[allow(dead_code)] // C has some, and some are for coredumps
enum Title {
    DeviceInfo = 0,
    ComponentBoot = 1,
    CoredumpRegions = 2,
    DataExport = 3,
    RebootReason = 4,
    Time = 5,
    CoredumpStorage = 6,
    CoredumpStorageCapacity = 7,
}

/// The lines around a test.
fn titled(title: Title, test: impl FnOnce() -> u32) -> u32 {
    memfault_rs_self_test_begin(title as u32);
    let result = test();
    memfault_rs_self_test_end();
    result
}

weak_fn!("memfault_self_test_device_info_test" = device_info_test);
weak_fn!("memfault_self_test_component_boot_test" = component_boot_test);
weak_fn!("memfault_self_test_reboot_reason_test" = reboot_reason_test);
weak_fn!("memfault_self_test_reboot_reason_test_verify" = reboot_reason_test_verify);
weak_fn!("memfault_self_test_time_test" = time_test);

/// Spec 30 §13.3. The bits of what is wrong.
extern "C" fn device_info_test() -> u32 {
    titled(Title::DeviceInfo, || {
        let mut problems = 0;
        let mut hex = MaybeUninit::<[c_char; 2 * BUILD_ID_LEN + 1]>::uninit();
        // SAFETY: a buffer of this length.
        if !unsafe { memfault_build_id_get_string(hex.as_mut_ptr().cast(), size_of_val(&hex)) } {
            problems |= NO_BUILD_ID;
        }
        let info = device_info::get();
        let fields = [
            (Field::Serial, info.device_serial),
            (Field::HardwareVersion, info.hardware_version),
            (Field::SoftwareVersion, info.software_version),
            (Field::SoftwareType, info.software_type),
        ];
        for (field, text) in fields {
            // SAFETY: strings of the firmware, or NULL.
            if !unsafe { check_field(field, text) } {
                problems |= field.bit();
            }
        }
        memfault_rs_log_self_test_fields(problems);
        problems
    })
}

/// # Safety
/// `text` is NULL or a string.
unsafe fn check_field(field: Field, text: *const c_char) -> bool {
    if text.is_null() {
        return false;
    }
    let max_len = memfault_rs_self_test_max_field_len();
    // SAFETY: the caller's promise.
    let len = unsafe { memfault_strnlen(text, max_len.saturating_add(1)) };
    // SAFETY: so many bytes of the string were just read.
    match field.check(unsafe { raw::bytes(text.cast(), len) }, max_len) {
        Ok(()) => return true,
        Err(Problem::Length) => memfault_rs_log_self_test_field_length(field as u32, len),
        // SAFETY: a log line of the shim with a string.
        Err(Problem::Character(character)) => unsafe { memfault_rs_log_self_test_field_character(character, text) },
    }
    false
}

/// Spec 30 §13.4. The bits of what was not booted.
extern "C" fn component_boot_test() -> u32 {
    const COMPONENTS: [extern "C" fn() -> bool; 4] = [
        memfault_event_storage_booted,
        memfault_log_booted,
        memfault_reboot_tracking_booted,
        memfault_trace_event_booted,
    ];
    titled(Title::ComponentBoot, || {
        memfault_rs_log_self_test_boot_heading();
        let mut missing = 0;
        for (component, is_booted) in (0..).zip(COMPONENTS) {
            let booted = is_booted();
            memfault_rs_log_self_test_booted(component, booted);
            missing |= u32::from(!booted) << component;
        }
        if missing == 0 {
            memfault_rs_log_self_test_all_booted();
        }
        missing
    })
}

/// Spec 30 §13.7. The mark is C, as it needs a place in the code. The reset is not: link-time optimization of C would ask firmware
/// for `memfault_platform_reboot` that never runs a test.
extern "C" fn reboot_reason_test() {
    memfault_rs_self_test_mark_reboot();
    // SAFETY: may be called anywhere.
    unsafe { memfault_platform_reboot() }
}

/// Spec 30 §13.7.
extern "C" fn reboot_reason_test_verify() -> u32 {
    let unknown = reason::UNKNOWN as abi::eMemfaultRebootReason;
    let mut reboot = sMfltRebootReason { reboot_reg_reason: unknown, prior_stored_reason: unknown };
    // SAFETY: a valid output.
    let result = unsafe { memfault_reboot_tracking_get_reboot_reason(&raw mut reboot) };
    let found = u32::from(reboot.prior_stored_reason);
    let passed = result == 0 && found == reason::SELF_TEST;
    titled(Title::RebootReason, || {
        memfault_rs_log_self_test_reboot(result, found, passed);
        u32::from(!passed)
    })
}

const CLOCK_IS_ZERO: u32 = 1 << 0;
const CLOCK_STANDS: u32 = 1 << 1;
const NO_TIME: u32 = 1 << 2;
const NO_UNIX_TIME: u32 = 1 << 3;
const TIME_TOO_EARLY: u32 = 1 << 4;

/// Spec 30 §13.8. The bits of what is wrong.
extern "C" fn time_test() -> u32 {
    titled(Title::Time, || check_clock() | check_time())
}

fn check_clock() -> u32 {
    const DELAY_MS: u32 = 100;
    let start = time_since_boot_ms();
    if start == 0 {
        memfault_rs_log_self_test_clock(CLOCK_IS_ZERO, 0, 0);
        return CLOCK_IS_ZERO;
    }
    memfault_self_test_platform_delay(DELAY_MS);
    let end = time_since_boot_ms();
    let problem = if end > start { 0 } else { CLOCK_STANDS };
    // QUIRK (spec 30 §13.8): the low 32 bits are printed.
    memfault_rs_log_self_test_clock(problem, start as u32, end as u32);
    problem
}

fn check_time() -> u32 {
    let mut time = sMemfaultCurrentTime { r#type: 0, info: sMemfaultCurrentTimeInfo { unix_timestamp_secs: 0 } };
    // SAFETY: a hook with a valid output.
    let known = unsafe { system_time::memfault_platform_time_get_current(&raw mut time) };
    let (problem, printed) = match time.unix_secs() {
        _ if !known => (NO_TIME, 0),
        None => (NO_UNIX_TIME, u32::from(time.r#type)),
        Some(seconds) if seconds < EARLIEST_TIME_S => (TIME_TOO_EARLY, seconds as u32),
        Some(seconds) => (0, seconds as u32),
    };
    memfault_rs_log_self_test_time(problem, printed);
    problem
}

/// Bytes before the first NUL, at most `n`; no more are read.
///
/// # Safety
/// `str` is a string, or readable for `n` bytes. With `n` 0 it is not looked at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_strnlen(str: *const c_char, n: usize) -> usize {
    // SAFETY: the caller's promise; it is read up to its terminator or `n` bytes.
    unsafe { TextBytes::new(str) }.take(n).count()
}

/// May a device serial have this character?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_self_test_valid_device_serial(c: u8) -> bool {
    is_serial_character(c)
}

/// May a hardware version or a software type have this character?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_self_test_valid_hw_version_sw_type(c: u8) -> bool {
    is_type_character(c)
}

/// May a software version have this character?
#[unsafe(no_mangle)]
pub extern "C" fn memfault_self_test_valid_sw_version(c: u8) -> bool {
    is_version_character(c)
}
