/* Commands to try the SDK out, for a shell of the firmware or the one in memfault/demo/shell.h
 * (spec 70, chapter 12).
 * Interface only: the library functions of this header arrive with the demo component.
 *
 * argv is not looked at beyond argc; argv[0] is the command. Most return 0, or -1 on error.
 */
#pragma once

#include <stddef.h>

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Crashes in one of several ways: the argument is 0 (assert) to 4. */
int memfault_demo_cli_cmd_crash(int argc, char *argv[]);

#if MEMFAULT_COMPILER_ARM_CORTEX_M
/** Provoke the fault of their names. */
int memfault_demo_cli_cmd_hardfault(int argc, char *argv[]);
int memfault_demo_cli_cmd_busfault(int argc, char *argv[]);
int memfault_demo_cli_cmd_memmanage(int argc, char *argv[]);
int memfault_demo_cli_cmd_usagefault(int argc, char *argv[]);
#endif

/** Reads the word at the address given as argument. */
int memfault_demo_cli_loadaddr(int argc, char *argv[]);

#if MEMFAULT_COMPILER_ARM_V7_A_R
/** Provoke the abort of their names. */
int memfault_demo_cli_cmd_dataabort(int argc, char *argv[]);
int memfault_demo_cli_cmd_prefetchabort(int argc, char *argv[]);
#endif

/** Fails an SDK assert, and one of the C library. */
int memfault_demo_cli_cmd_assert(int argc, char *argv[]);
int memfault_demo_cli_cmd_cassert(int argc, char *argv[]);

/** Captures a trace event with a text. */
int memfault_demo_cli_cmd_trace_event_capture(int argc, char *argv[]);

/** Logs one line of each level. */
int memfault_demo_cli_cmd_test_log(int argc, char *argv[]);

/** Makes the stored logs a message. */
int memfault_demo_cli_cmd_trigger_logs(int argc, char *argv[]);

/** Is there a coredump? */
int memfault_demo_cli_cmd_get_core(int argc, char *argv[]);

/** Sends what the packetizer has, over HTTP. */
int memfault_demo_cli_cmd_post_core(int argc, char *argv[]);

/** Drops the coredump. */
int memfault_demo_cli_cmd_clear_core(int argc, char *argv[]);

/** Prints the bytes of a coredump and of its storage. */
int memfault_demo_cli_cmd_coredump_size(int argc, char *argv[]);

/** Prints the device info. */
int memfault_demo_cli_cmd_get_device_info(int argc, char *argv[]);

/** Reboots, and marks the reset as wanted by the user. */
int memfault_demo_cli_cmd_system_reboot(int argc, char *argv[]);

/** Drains the packetizer into user_transport_send_chunk_data(). */
int memfault_demo_drain_chunk_data(int argc, char *argv[]);

/**
 * Sends one chunk. Weak, does nothing; debugger scripts set a breakpoint here and read the
 * arguments.
 */
void user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len);

/** Drains the packetizer as lines of text. */
int memfault_demo_cli_cmd_export(int argc, char *argv[]);

/** Declared for completeness: neither the SDK nor this library has it. */
int memfault_demo_cli_cmd_heartbeat_dump(int argc, char *argv[]);

/** Makes a heartbeat now. */
int memfault_demo_cli_cmd_heartbeat(int argc, char *argv[]);

/** Runs the self test, with MEMFAULT_DEMO_CLI_SELF_TEST. */
int memfault_demo_cli_cmd_self_test(int argc, char *argv[]);

/** Control the port's software watchdog, with MEMFAULT_DEMO_CLI_WATCHDOG. */
int memfault_demo_cli_cmd_software_watchdog_enable(int argc, char *argv[]);
int memfault_demo_cli_cmd_software_watchdog_disable(int argc, char *argv[]);
int memfault_demo_cli_cmd_software_watchdog_update_timeout(int argc, char *argv[]);

#ifdef __cplusplus
}
#endif
