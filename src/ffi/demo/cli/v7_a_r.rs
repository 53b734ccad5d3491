//! The aborts of Armv7-A/R (`shim/memfault_rs_demo_panics.c`, or the stand-ins).

use core::ffi::{c_char, c_int};

unsafe extern "C" {
    /// Data abort.
    pub fn memfault_demo_cli_cmd_dataabort(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Prefetch abort.
    pub fn memfault_demo_cli_cmd_prefetchabort(argc: c_int, argv: *mut *mut c_char) -> c_int;
}
