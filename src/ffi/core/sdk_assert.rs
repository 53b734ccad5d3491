//! `memfault/core/sdk_assert.h` (spec 20 §17.1): the library's own assertions.
//!
//! The functions are C (`shim/memfault_rs_sdk_assert.c`): the log line goes through the firmware's log macros, and only a C
//! compiler knows the address to which a function returns on every architecture.

use crate::config::Config;
use crate::ffi::config::Firmware;

unsafe extern "C" {
    /// A failed assertion: logs the caller's address as an error, halts in a debugger if one is attached, and ends in
    /// `memfault_sdk_assert_func_noreturn`.
    fn memfault_sdk_assert_func();
}

/// Asserts `condition`, as `MEMFAULT_SDK_ASSERT` does in C. True when it holds; a replacement of the C functions may
/// return, so the caller must be able to go on with false.
#[inline(always)]
pub fn sdk_assert(condition: bool) -> bool {
    if Firmware::SDK_ASSERT_ENABLED && !condition {
        // SAFETY: takes nothing and may be called anywhere.
        unsafe { memfault_sdk_assert_func() };
    }
    condition
}
