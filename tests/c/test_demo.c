/*
 * The demo component with everything: each command typed into the shell, and all that it prints and
 * does compared (spec 70 chapters 10 to 12).
 */
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_storage.h"
#include "demo_platform.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/log.h"
#include "memfault/demo/cli.h"
#include "memfault/demo/shell.h"
#include "memfault/demo/shell_commands.h"
#include "memfault/panics/coredump.h"

/* --- the shell --- */

#define HELP_FIRST                                                                            \
  "clear_core: Clear an existing coredump\r\n"                                                \
  "drain_chunks: Flushes queued Memfault data. To upload data see "                           \
  "https://mflt.io/posting-chunks-with-gdb\r\n"                                               \
  "export: Export base64-encoded chunks. To upload data see "                                 \
  "https://mflt.io/chunk-data-export\r\n"                                                     \
  "get_core: Get coredump info\r\n"                                                           \
  "get_device_info: Get device info\r\n"                                                      \
  "coredump_size: Print the coredump storage capacity\r\n"                                    \
  "heartbeat: Trigger a heartbeat\r\n"                                                        \
  "metrics_dump: Dump current heartbeat or session metrics\r\n"                               \
  "test_assert: Trigger memfault assert\r\n"                                                  \
  "test_cassert: Trigger C assert\r\n"
#if defined(__arm__)
#define HELP_FAULTS                                          \
  "test_busfault: Trigger a busfault\r\n"                    \
  "test_hardfault: Trigger a hardfault\r\n"                  \
  "test_memmanage: Trigger a memory management fault\r\n"    \
  "test_usagefault: Trigger a usage fault\r\n"
#else
#define HELP_FAULTS ""
#endif
#define HELP_LAST                                                       \
  "test_log: Writes test logs to log buffer\r\n"                        \
  "test_log_capture: Trigger capture of current log buffer contents\r\n" \
  "test_reboot: Force system reset and track it with a trace event\r\n" \
  "test_trace: Capture an example trace event\r\n"                      \
  "self_test: Run a self test to check integration with the SDK\r\n"    \
  "wdog_enable: Enable the software watchdog\r\n"                       \
  "wdog_disable: Disable the software watchdog\r\n"                     \
  "wdog_update: Update the software watchdog timeout\r\n"               \
  "help: Lists all commands\r\n"

static int count_arguments(int argc, char *argv[]) {
  transcript_note("%d:", argc);
  for (int i = 1; i < 16; i++) {
    CHECK((argv[i] != NULL) == (i < argc));
    if (argv[i] != NULL) {
      transcript_note("<%s>", argv[i]);
    }
  }
  return -7; /* nobody looks at it */
}

static int shadowed(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  transcript_note("the built-in one comes first");
  return 0;
}

static void test_shell(void) {
  TYPE("help", HELP_FIRST HELP_FAULTS HELP_LAST);
  TYPE("bogus cmd", "Unknown command: bogus\r\nType 'help' to list all commands\r\n");
  TYPE("HELP", "Unknown command: HELP\r\nType 'help' to list all commands\r\n");
  TYPE("", "");
  TYPE("own", "Unknown command: own\r\nType 'help' to list all commands\r\n");

  const sMemfaultShellCommand own[] = {
    { .command = "own", .handler = count_arguments, .help = "A command of the firmware" },
    { .command = "export", .handler = shadowed, .help = "Never called" },
  };
  memfault_shell_command_set_extensions(own, 2);
  TYPE("own a  bc ", "3:<a><bc>");
  TYPE("own", "1:");
  TYPE("own 1 2 3 4 5 6 7 8 9 a b c d e f g h",
       "16:<1><2><3><4><5><6><7><8><9><a><b><c><d><e><f>");
  TYPE("export", "");
  TYPE("help", HELP_FIRST HELP_FAULTS HELP_LAST
       "own: A command of the firmware\r\nexport: Never called\r\n");
  memfault_shell_command_set_extensions(NULL, 5);
  TYPE("own", "Unknown command: own\r\nType 'help' to list all commands\r\n");
  memfault_shell_command_set_extensions(NULL, 0);

  memfault_demo_shell_boot(NULL);
  memfault_demo_shell_receive_char('x');
  transcript_boot();
}

/* --- commands --- */

static void test_coredump_commands(void) {
  char expected[64];
  storage_reset(STORAGE_MAX);
  TYPE("get_core", "[I] No coredump present!\n");
  size_t size = 0;
  size_t capacity = 0;
  memfault_coredump_size_and_storage_capacity(&size, &capacity);
  CHECK(size > 0);
  snprintf(expected, sizeof(expected), "[I] Coredump size: %d, capacity: %d\n", (int)size,
           (int)capacity);
  TYPE("coredump_size", expected);

  const uint32_t regs[4] = { 1, 2, 3, 4 };
  const sMemfaultCoredumpSaveInfo info = {
    .regs = regs,
    .regs_size = sizeof(regs),
    .trace_reason = kMfltRebootReason_Assert,
    .regions = g_demo.regions,
    .num_regions = g_demo.num_regions,
  };
  CHECK(memfault_coredump_save(&info));
  CHECK(memfault_coredump_has_valid_coredump(&size));
  snprintf(expected, sizeof(expected), "[I] Has coredump with size: %d\n", (int)size);
  TYPE("get_core", expected);
  TYPE("self_test coredump_storage",
       "[I] =============================\n[I] Coredump Storage Test\n"
       "[I] =============================\n[E] Aborting test, valid coredump present\n"
       "[I] =============================\n\n");
  const unsigned clears = g_storage.clears;
  TYPE("clear_core", "[I] Invalidating coredump\n");
  CHECK_EQ(g_storage.clears, clears + 1);
  TYPE("get_core", "[I] No coredump present!\n");
}

static void test_metrics_commands(void) {
  TYPE("metrics_dump", "Enter 'heartbeat' or 'sessions'\n");
  TYPE("metrics_dump Heartbeat", "Unknown option. Enter 'heartbeat' or 'sessions'\n");
  TYPE("metrics_dump heartbeats", "Unknown option. Enter 'heartbeat' or 'sessions'\n");
  TYPE("metrics_dump heartbeat",
       "[I] Metrics keys/values:\n"
       "[I]   MemfaultSdkMetric_IntervalMs: 10\n"
       "[I]   MemfaultSdkMetric_UnexpectedRebootCount: 0\n"
       "[I]   operational_hours: null\n"
       "[I]   operational_crashfree_hours: null\n"
       "[I]   MemfaultSDKMetric_log_dropped_lines: null\n"
       "[I]   MemfaultSDKMetric_log_recorded_lines: null\n"
       "[I]   uptime_s: null\n"
       "[I]   widget_spins: null\n");
  TYPE("metrics_dump sessions", "[I] Metrics keys/values:\n");
  const size_t used = memfault_event_storage_bytes_used();
  transcript_type("heartbeat");
  CHECK(memfault_event_storage_bytes_used() > used);
}

static void test_device_and_logs(void) {
  TYPE("get_device_info",
       "[I] S/N: DEMO-1\n[I] SW type: app\n[I] SW version: 2.7.1\n[I] HW version: revc\n");
  const uint32_t recorded = memfault_log_get_recorded_count();
  TYPE("test_log", "Raw log!\n[D] Debug log!\n[I] Info log!\n[W] Warning log!\n[E] Error log!\n");
  CHECK_EQ(memfault_log_get_recorded_count(), recorded + 3); /* debug lines are not stored */
  TYPE("test_log_capture", "Triggering log collection\n");
  g_demo.chunks = 0;
  TYPE("drain_chunks", "");
  CHECK(g_demo.chunks > 3);
}

static void test_events(void) {
  TYPE("export", "");
#if defined(__arm__)
  TYPE("test_trace hello-world", "");
  CHECK(strncmp(transcript_type("export"), "[I] MC:CA", 9) == 0); /* has pc and lr */
#else
  TYPE("test_trace hello-world", "");
  TYPE("export", "[I] MC:CAKmAgIDAQpjYXBwCWUyLjcuMQZkcmV2YwSiBgIIS2hlbGxvLXdvcmxko0Q=:\n");
  TYPE("test_trace", "");
  TYPE("export",
       "[I] "
       "MC:CAKmAgIDAQpjYXBwCWUyLjcuMQZkcmV2YwSiBgIIWB9FeGFtcGxlIFRyYWNlIEV2ZW50LiBOdW0gQXJncyAxR"
       "+A=:\n");
#endif
  CHECK_EQ(memfault_demo_cli_cmd_trace_event_capture(0, NULL), 0);
  CHECK_EQ(memfault_demo_drain_chunk_data(0, NULL), 0);
}

/* Global in the SDK, and in no header. */
extern void *g_memfault_unaligned_buffer;
extern void (*g_bad_func_call)(void);

static void return_at_once(void) {}

static void test_crash_commands(void) {
  TYPE_AND_LEAVE("test_assert", "<assert>");
  TYPE_AND_LEAVE("test_assert 42", "<assert 42, reason 0x8001>");
  TYPE_AND_LEAVE("test_assert -3x", "<assert -3, reason 0x8001>");
  TYPE_AND_LEAVE("test_assert x", "<assert 0, reason 0x8001>");
  TYPE_AND_LEAVE("test_assert -99999999999", "<assert -2147483648, reason 0x8001>");
#if defined(NDEBUG)
  TYPE("test_cassert", "");
#elif defined(__arm__) /* glibc's is not ours */
  TYPE_AND_LEAVE("test_cassert", "<assert>");
#endif
  static const sMemfaultShellCommand s_crash = { "crash", memfault_demo_cli_cmd_crash, "" };
  memfault_shell_command_set_extensions(&s_crash, 1);
  TYPE_AND_LEAVE("crash", "<assert>");
  TYPE_AND_LEAVE("crash 0", "<assert>");
  TYPE_AND_LEAVE("crash 3", "<assert>");
  TYPE_AND_LEAVE("crash 4", "<assert 0, reason 0x8006>");
  /* What the processor survives ends all the same. */
  static uint64_t s_aligned;
  g_memfault_unaligned_buffer = &s_aligned;
  g_bad_func_call = return_at_once;
  TYPE_AND_LEAVE("crash 1", "<assert 1, reason 0x8001>");
  TYPE_AND_LEAVE("crash 2", "<assert 2, reason 0x8001>");
  CHECK(s_aligned != 0);
  TYPE("crash 5", "[E] Usage: \"crash\" or \"crash <n>\" where n is 0..4\n");
  memfault_shell_command_set_extensions(NULL, 0);
  TYPE_AND_LEAVE("test_reboot", "<reboot>");
}

static void test_loadaddr(void) {
  static const uint32_t s_word = 0x600DF00D;
  static const sMemfaultShellCommand s_loadaddr = { "loadaddr", memfault_demo_cli_loadaddr, "" };
  memfault_shell_command_set_extensions(&s_loadaddr, 1);
  char line[40];
  char expected[64];
  snprintf(line, sizeof(line), "loadaddr 0x%lx", (unsigned long)(uintptr_t)&s_word);
  snprintf(expected, sizeof(expected), "[I] Read 0x600df00d from 0x%08lx\n",
           (unsigned long)(uintptr_t)&s_word);
  TYPE(line, expected);
  snprintf(line, sizeof(line), "loadaddr %lu", (unsigned long)(uintptr_t)&s_word);
  TYPE(line, expected);
  TYPE("loadaddr", "[E] Usage: loadaddr <addr>\n");
  CHECK_EQ(memfault_demo_cli_loadaddr(0, NULL), -1);
  memfault_shell_command_set_extensions(NULL, 0);
}

static void test_watchdog(void) {
  TYPE("wdog_enable", "<enable>");
  TYPE("wdog_disable", "<disable>");
  TYPE("wdog_update 1500", "<update 1500>Software watchdog timeout updated to 1500 ms\n");
  TYPE("wdog_update", "Usage: wdog_update <timeout_ms>\n");
  TYPE("wdog_update 0", "Invalid timeout value: 0\n");
  TYPE("wdog_update -5", "Invalid timeout value: -5\n");
  TYPE("wdog_update soon", "Invalid timeout value: 0\n");
  /* Not one millisecond, which is what is left of it in 32 bits. */
  TYPE("wdog_update 4294967297",
       "<update 2147483647>Software watchdog timeout updated to 2147483647 ms\n");
  g_demo.watchdog_rv = -9;
  TYPE("wdog_enable", "<enable>Failed to enable software watchdog: -9\n");
  TYPE("wdog_disable", "<disable>Failed to disable software watchdog: -9\n");
  TYPE("wdog_update 7", "<update 7>Failed to update software watchdog timeout: -9\n");
  CHECK_EQ(memfault_demo_cli_cmd_software_watchdog_enable(0, NULL), -1);
  g_demo.watchdog_rv = 0;
  CHECK_EQ(memfault_demo_cli_cmd_software_watchdog_disable(0, NULL), 0);
}

int main(void) {
  board_init();
  demo_begin();
  demo_boot();
  test_shell();
  test_metrics_commands();
  test_coredump_commands();
  test_device_and_logs();
  test_events();
  test_crash_commands();
  test_loadaddr();
  test_watchdog();
  check_finish();
}
