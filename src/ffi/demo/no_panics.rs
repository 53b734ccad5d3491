//! Commands that need the component panics, where it is not built: they say so and return -1 (spec 70 chapter 11).
//!
//! IMPROVE (spec 70 chapter 11): all of them have a stand-in. They are weak, as those of the original are.

use core::ffi::{c_char, c_int};

unsafe extern "C" {
    safe fn memfault_rs_log_demo_panics_disabled();

    /// Is there a coredump?
    pub fn memfault_demo_cli_cmd_get_core(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Drops the coredump.
    pub fn memfault_demo_cli_cmd_clear_core(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// How large would a coredump be?
    pub fn memfault_demo_cli_cmd_coredump_size(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

extern "C" fn needs_panics(_argc: c_int, _argv: *mut *mut c_char) -> c_int {
    memfault_rs_log_demo_panics_disabled();
    -1
}

weak_fn!("memfault_demo_cli_cmd_get_core" = needs_panics);
weak_fn!("memfault_demo_cli_cmd_clear_core" = needs_panics);
weak_fn!("memfault_demo_cli_cmd_coredump_size" = needs_panics);
weak_fn!("memfault_demo_cli_cmd_crash" = needs_panics);
weak_fn!("memfault_demo_cli_cmd_assert" = needs_panics);
weak_fn!("memfault_demo_cli_cmd_cassert" = needs_panics);

#[cfg(thumb)]
mod cortex_m {
    use super::needs_panics;
    weak_fn!("memfault_demo_cli_cmd_busfault" = needs_panics);
    weak_fn!("memfault_demo_cli_cmd_hardfault" = needs_panics);
    weak_fn!("memfault_demo_cli_cmd_memmanage" = needs_panics);
    weak_fn!("memfault_demo_cli_cmd_usagefault" = needs_panics);
}

#[cfg(all(target_arch = "arm", not(thumb)))]
mod v7_a_r {
    use super::needs_panics;
    weak_fn!("memfault_demo_cli_cmd_dataabort" = needs_panics);
    weak_fn!("memfault_demo_cli_cmd_prefetchabort" = needs_panics);
}
