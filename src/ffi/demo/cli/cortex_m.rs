//! The faults of a Cortex-M (`shim/memfault_rs_demo_panics.c`, or the stand-ins).

use core::ffi::{c_char, c_int};

unsafe extern "C" {
    /// Bus fault.
    pub fn memfault_demo_cli_cmd_busfault(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Hard fault.
    pub fn memfault_demo_cli_cmd_hardfault(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Memory management fault.
    pub fn memfault_demo_cli_cmd_memmanage(argc: c_int, argv: *mut *mut c_char) -> c_int;
    /// Usage fault.
    pub fn memfault_demo_cli_cmd_usagefault(argc: c_int, argv: *mut *mut c_char) -> c_int;
}
