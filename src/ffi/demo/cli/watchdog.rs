//! The commands for the software watchdog of the port (`shim/memfault_rs_demo_watchdog.c`).

use core::ffi::{c_char, c_int};

unsafe extern "C" {
    /// Starts it.
    pub fn memfault_demo_cli_cmd_software_watchdog_enable(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Stops it.
    pub fn memfault_demo_cli_cmd_software_watchdog_disable(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Sets its time, in milliseconds.
    pub fn memfault_demo_cli_cmd_software_watchdog_update_timeout(argc: c_int, argv: *mut *mut c_char) -> c_int;
}
