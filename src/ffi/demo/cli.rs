//! `memfault/demo/cli.h` (spec 70 chapter 12): commands to try the SDK out, for a shell of the firmware or the one in
//! memfault/demo/shell.h.
//!
//! argv is not looked at beyond argc, so (0, NULL) will do; argv[0] is the command. Most return 0, or -1 on error.
//!
//! Lines, crashes and what notes its own place in the code are C: `shim/memfault_rs_demo_*.c`.
#![allow(unused_variables)] // the names of arguments are for the header

use crate::config::Config;
use crate::demo::number;
use crate::ffi::config::Firmware;
use crate::ffi::core::data_export::memfault_data_export_dump_chunks;
use crate::ffi::core::data_packetizer::memfault_packetizer_get_chunk;
use crate::ffi::core::device_info::memfault_device_info_dump;
use crate::ffi::core::log::memfault_log_trigger_collection;
use crate::ffi::core::self_test::{memfault_self_test_arg_to_flag, memfault_self_test_run};
use crate::ffi::raw;
use core::ffi::{c_char, c_int, c_void};

#[cfg(feature = "panics")]
mod coredump;
#[cfg(feature = "panics")]
pub use coredump::*;
#[cfg(thumb)]
mod cortex_m;
#[cfg(thumb)]
pub use cortex_m::*;
#[cfg(all(target_arch = "arm", not(thumb)))]
mod v7_a_r;
#[cfg(all(target_arch = "arm", not(thumb)))]
pub use v7_a_r::*;
mod watchdog;
pub use watchdog::*;

#[cfg(feature = "metrics")]
use crate::ffi::metrics::metrics::{
    memfault_metrics_all_sessions_debug_print, memfault_metrics_heartbeat_debug_print,
    memfault_metrics_heartbeat_debug_trigger,
};

#[cfg(not(feature = "metrics"))]
use super::no_metrics::{
    memfault_metrics_all_sessions_debug_print, memfault_metrics_heartbeat_debug_print,
    memfault_metrics_heartbeat_debug_trigger,
};

#[cfg(not(feature = "panics"))]
pub use super::no_panics::{
    memfault_demo_cli_cmd_clear_core, memfault_demo_cli_cmd_coredump_size, memfault_demo_cli_cmd_get_core,
};

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/core/compiler.h"

unsafe extern "C" {
    safe fn memfault_rs_log_demo_triggering();
    safe fn memfault_rs_log_demo_which_metrics();
    safe fn memfault_rs_log_demo_unknown_metrics();
    safe fn memfault_rs_log_demo_loadaddr_usage();
    safe fn memfault_rs_demo_load(address: usize);
}

/// The argument at `index`, if there is one.
///
/// # Safety
/// `argv` has as many strings as `argc` says.
unsafe fn argument<'a>(argc: c_int, argv: *mut *mut c_char, index: u8) -> Option<&'a [u8]> {
    if argc <= c_int::from(index) || argv.is_null() {
        return None;
    }
    // SAFETY: there are more than `index`.
    let argument = unsafe { *argv.wrapping_add(usize::from(index)) };
    // SAFETY: a string, by the caller's promise.
    Some(unsafe { raw::text(argument) })
}

/// The number at the start of a text, for the commands in C.
///
/// # Safety
/// `text` is NULL or a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_rs_demo_number(text: *const c_char) -> i32 {
    // SAFETY: the caller's promise.
    number::decimal(unsafe { raw::text(text) })
}

#[allow(dead_code)] // the table of the shell does not have all
unsafe extern "C" {
    /// Crashes: 0 (the default) assert, 1 call of an address without code, 2 unaligned store, 3 assert six calls deep, 4 assert of
    /// the software watchdog. Comes back, with -1, for another argument only.
    pub fn memfault_demo_cli_cmd_crash(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

// C header:
// | #if MEMFAULT_COMPILER_ARM_CORTEX_M
// | /**
// |  * Provoke the fault of their names. The first turns the configurable faults off, so that an unaligned
// |  * store becomes a hard fault.
// |  */
// | int memfault_demo_cli_cmd_hardfault(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_busfault(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_memmanage(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_usagefault(int argc, char *argv[]);
// | #endif

/// Reads the word at the address that is the argument (decimal, `0x` or `0`), and logs it. -1 without an argument.
///
/// # Safety
/// `argv` has as many strings as `argc` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_demo_cli_loadaddr(argc: c_int, argv: *mut *mut c_char) -> c_int {
    // SAFETY: the caller's promise.
    let Some(address) = (unsafe { argument(argc, argv, 1) }) else {
        memfault_rs_log_demo_loadaddr_usage();
        return -1;
    };
    memfault_rs_demo_load(number::any_base(address));
    0
}

// C header:
// | #if MEMFAULT_COMPILER_ARM_V7_A_R
// | /** Provoke the abort of their names. */
// | int memfault_demo_cli_cmd_dataabort(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_prefetchabort(int argc, char *argv[]);
// | #endif

unsafe extern "C" {
    /// Fails an SDK assert; a number as argument is kept with it.
    pub fn memfault_demo_cli_cmd_assert(argc: c_int, argv: *mut *mut c_char) -> c_int;

    /// Fails an assert of the C library. -1 where that does nothing; with `MEMFAULT_DEMO_DISABLE_CASSERT` it is not there.
    pub fn memfault_demo_cli_cmd_cassert(argc: c_int, argv: *mut *mut c_char) -> c_int;

    /// Captures a trace event with a text, the argument or one of its own.
    pub fn memfault_demo_cli_cmd_trace_event_capture(argc: c_int, argv: *mut *mut c_char) -> c_int;

    /// Logs one line of each level.
    pub fn memfault_demo_cli_cmd_test_log(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

/// Makes the stored logs a message.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_trigger_logs(argc: c_int, argv: *mut *mut c_char) -> c_int {
    memfault_rs_log_demo_triggering();
    memfault_log_trigger_collection();
    0
}

// C header:
// | /** Is there a coredump? Logs its bytes. */
// | int memfault_demo_cli_cmd_get_core(int argc, char *argv[]);
// |
// | /** Sends what the packetizer has, over HTTP. Needs the component http. */
// | int memfault_demo_cli_cmd_post_core(int argc, char *argv[]);
// |
// | /** Drops the coredump. */
// | int memfault_demo_cli_cmd_clear_core(int argc, char *argv[]);
// |
// | /** Logs the bytes of a coredump as of now, and of its storage. */
// | int memfault_demo_cli_cmd_coredump_size(int argc, char *argv[]);

/// Logs the device info.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_get_device_info(argc: c_int, argv: *mut *mut c_char) -> c_int {
    memfault_device_info_dump();
    0
}

unsafe extern "C" {
    /// Reboots, and marks the reset as wanted by the user.
    pub fn memfault_demo_cli_cmd_system_reboot(argc: c_int, argv: *mut *mut c_char) -> c_int;
}

/// Drains the packetizer into `user_transport_send_chunk_data`, in chunks of at most `MEMFAULT_DEMO_CLI_USER_CHUNK_SIZE` bytes.
/// The buffer for one is on the stack.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_drain_chunk_data(argc: c_int, argv: *mut *mut c_char) -> c_int {
    let mut chunk = [0u8; Firmware::DEMO_CLI_USER_CHUNK_SIZE];
    loop {
        let mut len = chunk.len();
        // SAFETY: the buffer is writable for its length.
        if !unsafe { memfault_packetizer_get_chunk(chunk.as_mut_ptr().cast(), &raw mut len) } {
            return 0;
        }
        // SAFETY: the packetizer filled `len` bytes of the buffer.
        unsafe { user_transport_send_chunk_data(chunk.as_mut_ptr().cast(), len) };
    }
}

unsafe extern "C" {
    /// Sends one chunk. Weak, does nothing; debugger scripts set a breakpoint here and read the arguments.
    fn user_transport_send_chunk_data(chunk_data: *mut c_void, chunk_data_len: usize);
}

/// Drains the packetizer as lines of text.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_export(argc: c_int, argv: *mut *mut c_char) -> c_int {
    memfault_data_export_dump_chunks();
    0
}

// C header:
// | /** Declared for completeness: neither the SDK nor this library has it. */
// | int memfault_demo_cli_cmd_heartbeat_dump(int argc, char *argv[]);

/// Makes a heartbeat now.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_demo_cli_cmd_heartbeat(argc: c_int, argv: *mut *mut c_char) -> c_int {
    memfault_metrics_heartbeat_debug_trigger();
    0
}

/// Runs the self test, or the test that the argument names. 0 if it passed, else 1.
///
/// The shell has it with `MEMFAULT_DEMO_CLI_SELF_TEST`.
///
/// # Safety
/// `argv` has as many strings as `argc` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_demo_cli_cmd_self_test(argc: c_int, argv: *mut *mut c_char) -> c_int {
    // SAFETY: the caller's promise.
    let flags = match unsafe { argument(argc, argv, 1) } {
        // SAFETY: a string, which its bytes begin.
        Some(name) => unsafe { memfault_self_test_arg_to_flag(name.as_ptr().cast()) },
        None => crate::diagnostics::self_test::Tests::DEFAULT.0,
    };
    memfault_self_test_run(flags)
}

// C header:
// | /** Control the port's software watchdog, with MEMFAULT_DEMO_CLI_WATCHDOG. */
// | int memfault_demo_cli_cmd_software_watchdog_enable(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_software_watchdog_disable(int argc, char *argv[]);
// | int memfault_demo_cli_cmd_software_watchdog_update_timeout(int argc, char *argv[]);

/// The shell's command for metrics.
/// cbindgen:ignore
///
/// # Safety
/// `argv` has as many strings as `argc` says.
pub(super) unsafe extern "C" fn metrics_dump(argc: c_int, argv: *mut *mut c_char) -> c_int {
    // SAFETY: the caller's promise.
    match unsafe { argument(argc, argv, 1) } {
        None => memfault_rs_log_demo_which_metrics(),
        Some(b"heartbeat") => memfault_metrics_heartbeat_debug_print(),
        Some(b"sessions") => memfault_metrics_all_sessions_debug_print(),
        Some(_) => memfault_rs_log_demo_unknown_metrics(),
    }
    0
}
