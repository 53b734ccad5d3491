/*
 * The self test: the report of a run, line by line, and the result of each test (spec 30 chapter
 * 13).
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../../include/private/memfault_self_test_private.h"
#include "board.h"
#include "check.h"
#include "coredump_storage.h"
#include "demo_platform.h"
#include "memfault/core/self_test.h"
#include "memfault/demo/cli.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"

#define RULE "[I] =============================\n"
#define TEST(title, lines) RULE "[I] " title "\n" RULE lines RULE "\n"

#define BOOTED(log, logging)                                                             \
  "[I] Component       | Booted?|\n[I] -----------------------------\n"                  \
  "[I] Event Storage   |     yes|\n" log " Logging         | " logging "|\n"             \
  "[I] Reboot Tracking |     yes|\n[I] Trace Event     |     yes|\n"

static char s_expected[2800];
static size_t s_expected_len;

static void expect(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void expect(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  const int len = vsnprintf(s_expected + s_expected_len, sizeof(s_expected) - s_expected_len, fmt,
                            args);
  va_end(args);
  CHECK(len >= 0 && (size_t)len < sizeof(s_expected) - s_expected_len);
  s_expected_len += strlen(s_expected + s_expected_len);
}

static void expect_regions(const char *group, const sMfltCoredumpRegion *regions, size_t count) {
  expect("[I] Coredump group: %s\n[I] -----------------------------\n", group);
  expect("[I]    Address|    Length|  Type|\n[I] -----------------------------\n");
  for (size_t i = 0; i < count; i++) {
    expect("[I] 0x%08lx|%10u|%6u|\n", (unsigned long)(uintptr_t)regions[i].region_start,
           (unsigned)regions[i].region_size, (unsigned)regions[i].type);
  }
  expect("[I] -----------------------------\n");
}

static void expect_default_run(void) {
  s_expected_len = 0;
  expect("%s", TEST("Device Info Test",
         "[E] One or more fields is invalid. Check for correct length and contents\n"
         "[E] Build ID invalid\n"));
  expect("%s", TEST("Component Boot Test", BOOTED("[I]", "    yes") "[I] All components booted\n"));
  expect("%s", RULE "[I] Coredump Regions Test\n" RULE);
  expect_regions("Platform Regions", g_demo.regions, g_demo.num_regions);
  size_t count = 0;
  const sMfltCoredumpRegion *regions = memfault_coredump_get_arch_regions(&count);
  expect_regions("Arch Regions", regions, count);
  regions = memfault_coredump_get_sdk_regions(&count);
  CHECK(count == 0 && regions == NULL); /* no task watchdog, so no region of its channels */
  expect_regions("SDK Regions", regions, count);
  expect("%s\n", RULE);
  expect("%s[I] Data Export Line Test\n%s", RULE, RULE);
  expect("[I] Printing 112 characters, confirm line ends with '1' and is not split\n[I] ");
  for (int i = 0; i < 111; i++) {
    expect("+");
  }
  expect("1\n%s\n", RULE);
  expect("%s", TEST("Time Test", "[I] Time since boot test succeeded\n"
         "[I] Verify received timestamp for accuracy. Timestamp received 1706486400\n"));
  size_t size = 0;
  size_t capacity = 0;
  memfault_coredump_size_and_storage_capacity(&size, &capacity);
  expect("%s[I] Coredump Storage Capacity Test\n%s", RULE, RULE);
  expect("[I] Total size required: %u bytes\n[I] Storage capacity: %u bytes\n%s\n", (unsigned)size,
         (unsigned)capacity, RULE);
}

static void test_report(void) {
  storage_reset(STORAGE_MAX);
  g_demo.has_time = true;
  g_demo.time = (sMemfaultCurrentTime){ .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
                                   .info = { .unix_timestamp_secs = 1706486400 } };
  expect_default_run();
  TYPE("self_test", s_expected);
  CHECK_EQ(memfault_demo_cli_cmd_self_test(0, NULL), 1); /* there is no build id */
  CHECK_EQ(memfault_self_test_run(0), 0);
  CHECK_EQ(memfault_self_test_run(0xFFFFFE00u), 0);
  CHECK_EQ(memfault_self_test_run(kMemfaultSelfTestFlag_Default &
                                  ~(unsigned)kMemfaultSelfTestFlag_DeviceInfo), 0);
  CHECK(strncmp(transcript_type("self_test reboots"),
                "[W] No test type found for arg: reboots. Default tests selected\n" RULE, 80) == 0);
}

static void test_time(void) {
  g_demo.clock_ms = 0;
  g_demo.has_time = false;
  CHECK_EQ(memfault_self_test_time_test(), 1 | 4);
  g_demo.clock_ms = 0x100000005u;
  g_demo.delay_works = false;
  g_demo.has_time = true;
  g_demo.time.type = kMemfaultCurrentTimeType_Unknown;
  CHECK_EQ(memfault_self_test_time_test(), 2 | 8);
  g_demo.delay_works = true;
  g_demo.time.type = kMemfaultCurrentTimeType_UnixEpochTimeSec;
  g_demo.time.info.unix_timestamp_secs = 1706486399;
  CHECK_EQ(memfault_self_test_time_test(), 16);
}

static void test_coredump(void) {
  g_demo.num_regions = 0;
  CHECK_EQ(memfault_self_test_coredump_regions_test(), 1);
  g_demo.num_regions = 2;
  g_demo.no_list = true;
  CHECK_EQ(memfault_self_test_coredump_regions_test(), 1);
  g_demo.no_list = false;
  CHECK_EQ(memfault_self_test_coredump_regions_test(), 0);

  storage_reset(STORAGE_MAX);
  TYPE("self_test coredump_storage",
       TEST("Coredump Storage Test", "[I] Coredump Storage Verification Passed\n"));
  g_demo.irqs_go_on = false;
  TYPE("self_test coredump_storage",
       TEST("Coredump Storage Test", "[W] Failed to enable interrupts after test completed\n"
                                     "[I] Coredump Storage Verification Passed\n"));
  g_demo.irqs_go_on = true;
  g_demo.irqs_go_off = false;
  TYPE("self_test coredump_storage",
       TEST("Coredump Storage Test", "[E] Aborting test, could not disable interrupts\n"));
  CHECK_EQ(memfault_self_test_coredump_storage_test(), 2);
  g_demo.irqs_go_off = true;
  g_storage.fail_erase = true;
  CHECK_EQ(memfault_self_test_coredump_storage_test(), 4);
  storage_reset(64);
  CHECK_EQ(memfault_self_test_coredump_storage_capacity_test(), 1);
  storage_reset(STORAGE_MAX);
  CHECK_EQ(memfault_self_test_coredump_storage_capacity_test(), 0);
}

static void test_reboot(void) {
  TYPE("self_test reboot_verify",
       TEST("Reboot Reason Test",
            "[E] Reboot reason test failed:\n"
            "[E] get_reboot_reason result: 0, prior_stored_reason: 0x00000000\n"));
  TYPE_AND_LEAVE("self_test reboot",
                 TEST("Reboot Reason Test",
                      "[I] This test will now reboot the device to test reboot reason tracking\n"
                      "[I] After the device reboots, please run with reboot_verify argument\n")
                 "<reboot>");
  demo_restart();
  TYPE("self_test reboot_verify",
       TEST("Reboot Reason Test", "[I] Reboot reason test successful\n"));
  CHECK_EQ(memfault_self_test_run(kMemfaultSelfTestFlag_RebootReasonVerify), 0);
  /* An earlier failure is not forgotten. */
  CHECK_EQ(memfault_self_test_run(kMemfaultSelfTestFlag_DeviceInfo |
                                  kMemfaultSelfTestFlag_RebootReasonVerify), 1);
}

static void test_validators(void) {
  CHECK_EQ(memfault_strnlen("abc", 2), 2);
  CHECK_EQ(memfault_strnlen("abc", 9), 3);
  CHECK_EQ(memfault_strnlen(NULL, 0), 0);
  for (unsigned c = 1; c < 256; c++) {
    const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool serial = alphanumeric || c == '_' || c == '-';
    CHECK_EQ(memfault_self_test_valid_device_serial((unsigned char)c), serial);
    CHECK_EQ(memfault_self_test_valid_hw_version_sw_type((unsigned char)c),
             serial || c == '.' || c == '+' || c == ':');
    CHECK_EQ(memfault_self_test_valid_sw_version((unsigned char)c), c >= 0x20 && c < 0x7f);
  }
}

static void test_nothing_booted(void) {
  CHECK(strstr(transcript_type("self_test"),
               "[E] Event Storage   |      no|\n[E] Logging         |      no|\n"
               "[E] Reboot Tracking |      no|\n[E] Trace Event     |      no|\n" RULE) != NULL);
  CHECK_EQ(memfault_self_test_component_boot_test(), 15);
}

int main(void) {
  board_init();
  demo_begin();
  test_nothing_booted();
  demo_boot();
  test_report();
  test_time();
  test_coredump();
  test_reboot();
  test_validators();
  check_finish();
}
