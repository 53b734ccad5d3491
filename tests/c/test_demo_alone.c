/*
 * The demo component with nothing but the core: commands that need another component say so (spec
 * 70 chapter 11), and the self test leaves coredumps out.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/self_test.h"
#include "memfault/demo/cli.h"
#include "memfault/demo/shell_commands.h"
#include "transcript.h"

#define NO_PANICS "Disabled. panics component integration required\n"
#define NO_METRICS "Disabled. metrics component integration required\n"
#define RULE "[I] =============================\n"

#if defined(__arm__)
#define COMMANDS 20
#else
#define COMMANDS 16
#endif

static void test_stand_ins(void) {
  static const char *const panics_commands[] = {
    "get_core",     "clear_core",    "coredump_size",
    "test_assert",  "test_cassert",
#if defined(__arm__)
    "test_hardfault", "test_busfault", "test_memmanage", "test_usagefault",
#endif
  };
  for (size_t i = 0; i < sizeof(panics_commands) / sizeof(panics_commands[0]); i++) {
    TYPE(panics_commands[i], NO_PANICS);
  }
  CHECK_EQ(memfault_demo_cli_cmd_crash(0, NULL), -1);
  CHECK_EQ(memfault_demo_cli_cmd_get_core(0, NULL), -1);
  CHECK_EQ(memfault_demo_cli_cmd_clear_core(0, NULL), -1);
  CHECK_EQ(memfault_demo_cli_cmd_coredump_size(0, NULL), -1);
  CHECK_EQ(memfault_demo_cli_cmd_assert(0, NULL), -1);

  TYPE("heartbeat", NO_METRICS);
  TYPE("metrics_dump heartbeat", NO_METRICS);
  TYPE("metrics_dump sessions", NO_METRICS);
}

static void test_self_test_without_panics(void) {
  const char *const report = transcript_type("self_test");
  CHECK(strstr(report, RULE "[I] Coredump Regions Test\n" RULE
                       "[I] Disabled. panics component integration required\n" RULE) != NULL);
  CHECK(strstr(report, RULE "[I] Coredump Storage Capacity Test\n" RULE
                       "[I] Disabled. panics component integration required\n" RULE) != NULL);
  CHECK_EQ(memfault_self_test_run(kMemfaultSelfTestFlag_CoredumpRegions |
                                  kMemfaultSelfTestFlag_CoredumpStorageCapacity), 0);
  TYPE("self_test coredump_storage",
       "[E] Coredump storage test not enabled\n"
       "[E] Set MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE in memfault_platform_config.h\n");
  CHECK_EQ(memfault_self_test_run(kMemfaultSelfTestFlag_CoredumpStorage), 1);
  /* The hooks that nobody defined. */
  memfault_self_test_platform_delay(1);
  CHECK(!memfault_self_test_platform_disable_irqs());
  CHECK(!memfault_self_test_platform_enable_irqs());
}

static void test_short_line(void) {
  /* MEMFAULT_DEMO_SHELL_RX_BUFFER_SIZE is 32. */
  CHECK(strcmp(transcript_type("0123456789012345678901234567890"),
               "\r\nUnknown command: 0123456789012345678901234567890\r\n"
               "Type 'help' to list all commands\r\n") == 0);
}

int main(void) {
  board_init();
  transcript_boot();
  CHECK(strstr(transcript_type("help"), "self_test: Run a self test") != NULL);
  CHECK(strstr(transcript_type("help"), "wdog_enable") == NULL);
  CHECK_EQ(g_memfault_num_shell_commands, COMMANDS);
  test_stand_ins();
  test_self_test_without_panics();
  test_short_line();
  check_finish();
}
