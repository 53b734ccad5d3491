//! The built-in table (spec 70 chapter 11).

use super::{CStr, Config, Firmware, Global, Handler, cli, memfault_shell_help_handler, sMemfaultShellCommand};

/// A row of the table, and whether this firmware has it.
struct Row(bool, &'static CStr, Handler, &'static CStr);

const ALWAYS: bool = true;

/// In the order in which `help` lists them.
const ROWS: &[Row] = &[
    Row(ALWAYS, c"clear_core", cli::memfault_demo_cli_cmd_clear_core, c"Clear an existing coredump"),
    Row(
        ALWAYS,
        c"drain_chunks",
        cli::memfault_demo_drain_chunk_data,
        c"Flushes queued Memfault data. To upload data see https://mflt.io/posting-chunks-with-gdb",
    ),
    Row(
        ALWAYS,
        c"export",
        cli::memfault_demo_cli_cmd_export,
        c"Export base64-encoded chunks. To upload data see https://mflt.io/chunk-data-export",
    ),
    Row(ALWAYS, c"get_core", cli::memfault_demo_cli_cmd_get_core, c"Get coredump info"),
    Row(ALWAYS, c"get_device_info", cli::memfault_demo_cli_cmd_get_device_info, c"Get device info"),
    Row(ALWAYS, c"coredump_size", cli::memfault_demo_cli_cmd_coredump_size, c"Print the coredump storage capacity"),
    Row(ALWAYS, c"heartbeat", cli::memfault_demo_cli_cmd_heartbeat, c"Trigger a heartbeat"),
    Row(ALWAYS, c"metrics_dump", cli::metrics_dump, c"Dump current heartbeat or session metrics"),
    Row(ALWAYS, c"test_assert", cli::memfault_demo_cli_cmd_assert, c"Trigger memfault assert"),
    Row(ALWAYS, c"test_cassert", cli::memfault_demo_cli_cmd_cassert, c"Trigger C assert"),
    #[cfg(thumb)]
    Row(ALWAYS, c"test_busfault", cli::memfault_demo_cli_cmd_busfault, c"Trigger a busfault"),
    #[cfg(thumb)]
    Row(ALWAYS, c"test_hardfault", cli::memfault_demo_cli_cmd_hardfault, c"Trigger a hardfault"),
    #[cfg(thumb)]
    Row(ALWAYS, c"test_memmanage", cli::memfault_demo_cli_cmd_memmanage, c"Trigger a memory management fault"),
    #[cfg(thumb)]
    Row(ALWAYS, c"test_usagefault", cli::memfault_demo_cli_cmd_usagefault, c"Trigger a usage fault"),
    #[cfg(all(target_arch = "arm", not(thumb)))]
    Row(ALWAYS, c"test_dataabort", cli::memfault_demo_cli_cmd_dataabort, c"Trigger a data abort"),
    #[cfg(all(target_arch = "arm", not(thumb)))]
    Row(ALWAYS, c"test_prefetchabort", cli::memfault_demo_cli_cmd_prefetchabort, c"Trigger a prefetch abort"),
    Row(ALWAYS, c"test_log", cli::memfault_demo_cli_cmd_test_log, c"Writes test logs to log buffer"),
    Row(
        ALWAYS,
        c"test_log_capture",
        cli::memfault_demo_cli_cmd_trigger_logs,
        c"Trigger capture of current log buffer contents",
    ),
    Row(
        ALWAYS,
        c"test_reboot",
        cli::memfault_demo_cli_cmd_system_reboot,
        c"Force system reset and track it with a trace event",
    ),
    Row(ALWAYS, c"test_trace", cli::memfault_demo_cli_cmd_trace_event_capture, c"Capture an example trace event"),
    Row(
        Firmware::DEMO_CLI_SELF_TEST,
        c"self_test",
        cli::memfault_demo_cli_cmd_self_test,
        c"Run a self test to check integration with the SDK",
    ),
    Row(
        Firmware::DEMO_CLI_WATCHDOG,
        c"wdog_enable",
        cli::memfault_demo_cli_cmd_software_watchdog_enable,
        c"Enable the software watchdog",
    ),
    Row(
        Firmware::DEMO_CLI_WATCHDOG,
        c"wdog_disable",
        cli::memfault_demo_cli_cmd_software_watchdog_disable,
        c"Disable the software watchdog",
    ),
    Row(
        Firmware::DEMO_CLI_WATCHDOG,
        c"wdog_update",
        cli::memfault_demo_cli_cmd_software_watchdog_update_timeout,
        c"Update the software watchdog timeout",
    ),
    Row(ALWAYS, c"help", memfault_shell_help_handler, c"Lists all commands"),
];

/// Rows that this firmware has.
pub const LEN: usize = {
    let (mut len, mut row) = (0, 0);
    while row < ROWS.len() {
        len += ROWS[row].0 as usize;
        row += 1;
    }
    len
};

/// Only what is in here is linked.
pub static COMMANDS: Global<[sMemfaultShellCommand; LEN]> = {
    const NONE: sMemfaultShellCommand =
        sMemfaultShellCommand { command: core::ptr::null(), handler: None, help: core::ptr::null() };
    let mut commands = [NONE; LEN];
    let (mut at, mut row) = (0, 0);
    while row < ROWS.len() {
        let Row(is_there, command, handler, help) = &ROWS[row];
        if *is_there {
            commands[at] =
                sMemfaultShellCommand { command: command.as_ptr(), handler: Some(*handler), help: help.as_ptr() };
            at += 1;
        }
        row += 1;
    }
    Global::new(commands)
};
