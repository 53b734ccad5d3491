//! The report of the self test (spec 30, chapter 13).
//!
//! The lines are compiled with the firmware, so that its log configuration holds for them, and so
//! are the two tests that are about the firmware's own compilation: how long an exported line is,
//! and which place of the code marks a reset. The library has the other tests and calls one
//! function per place, so that the linker drops what is not used. Where the macros expand to
//! nothing, the arguments go unused.

#include "../include/private/memfault_self_test_private.h"

#include "memfault/core/data_export.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/reboot_tracking.h"

#ifndef MEMFAULT_SELF_TEST_COREDUMP_STORAGE_DISABLE_MSG
  #define MEMFAULT_SELF_TEST_COREDUMP_STORAGE_DISABLE_MSG \
    "Set MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE in memfault_platform_config.h"
#endif

#define OUTPUT MEMFAULT_SELF_TEST_OUTPUT_LOG
#define RULE "-----------------------------"

//! Called by the library. Not for firmware.
void memfault_rs_self_test_begin(uint32_t title);
void memfault_rs_self_test_end(void);
size_t memfault_rs_self_test_max_field_len(void);
void memfault_rs_log_self_test_storage_off(void);
void memfault_rs_log_self_test_unknown(const char *arg);
void memfault_rs_log_self_test_no_delay(void);
void memfault_rs_log_self_test_no_disable_irqs(void);
void memfault_rs_log_self_test_no_enable_irqs(void);
void memfault_rs_log_self_test_field_length(uint32_t field, size_t len);
void memfault_rs_log_self_test_field_character(uint8_t character, const char *text);
void memfault_rs_log_self_test_fields(uint32_t problems);
void memfault_rs_log_self_test_boot_heading(void);
void memfault_rs_log_self_test_booted(uint32_t component, bool booted);
void memfault_rs_log_self_test_all_booted(void);
void memfault_rs_self_test_mark_reboot(void);
void memfault_rs_log_self_test_reboot(int result, uint32_t reason, bool passed);
void memfault_rs_log_self_test_clock(uint32_t problem, uint32_t start_ms, uint32_t end_ms);
void memfault_rs_log_self_test_time(uint32_t problem, uint32_t time);
void memfault_rs_log_self_test_no_panics(void);
void memfault_rs_log_self_test_no_regions(uint32_t problem);
void memfault_rs_log_self_test_group(uint32_t group);
void memfault_rs_log_self_test_region(const void *start, uint32_t size, uint32_t kind);
void memfault_rs_log_self_test_rule(void);
void memfault_rs_log_self_test_storage(uint32_t problem);
void memfault_rs_log_self_test_capacity(size_t total, size_t capacity);

//! As in src/ffi/core/self_test_private.rs.
enum { kTitle_DataExport = 3, kTitle_RebootReason = 4 };

// Lines without numbers share two places that log: each place of its own costs two calls.

static void prv_info(const char *text) {
  (void)text;
  OUTPUT("%s", text);
}

static void prv_error(const char *text) {
  (void)text;
  MEMFAULT_LOG_ERROR("%s", text);
}

void memfault_rs_self_test_begin(uint32_t title) {
  static const char *const titles[] = {
    "Device Info Test",     "Component Boot Test", "Coredump Regions Test",
    "Data Export Line Test", "Reboot Reason Test",  "Time Test",
    "Coredump Storage Test", "Coredump Storage Capacity Test",
  };
  prv_info(MEMFAULT_SELF_TEST_BEGIN_OUTPUT);
  prv_info(titles[title]);
  prv_info(MEMFAULT_SELF_TEST_BEGIN_OUTPUT);
}

void memfault_rs_self_test_end(void) {
  prv_info(MEMFAULT_SELF_TEST_END_OUTPUT);
}

void memfault_rs_log_self_test_storage_off(void) {
  prv_error("Coredump storage test not enabled");
  prv_error(MEMFAULT_SELF_TEST_COREDUMP_STORAGE_DISABLE_MSG);
}

void memfault_rs_log_self_test_unknown(const char *arg) {
  (void)arg;
  MEMFAULT_LOG_WARN("No test type found for arg: %s. Default tests selected", arg);
}

// The hooks of the platform

static void prv_not_implemented(const char *name) {
  (void)name;
  MEMFAULT_LOG_ERROR("%s not implemented for this platform", name);
}

void memfault_rs_log_self_test_no_delay(void) {
  prv_not_implemented("memfault_self_test_platform_delay");
}

void memfault_rs_log_self_test_no_disable_irqs(void) {
  prv_not_implemented("memfault_self_test_platform_disable_irqs");
}

void memfault_rs_log_self_test_no_enable_irqs(void) {
  prv_not_implemented("memfault_self_test_platform_enable_irqs");
}

// Device info: serial, software type, software version, hardware version, build id, bits 0 to 4

static const char *const s_fields[] = { "Device Serial", "Software Type", "Software Version",
                                        "Hardware Version", "Build ID" };
#define FIELD_COUNT (sizeof(s_fields) / sizeof(s_fields[0]))

size_t memfault_rs_self_test_max_field_len(void) {
  return MEMFAULT_DEVICE_INFO_MAX_STRING_SIZE;
}

void memfault_rs_log_self_test_field_length(uint32_t field, size_t len) {
  const char *const name = s_fields[field];
  (void)name, (void)len;
  MEMFAULT_LOG_ERROR("Invalid length %u for %s", (unsigned int)len, name);
}

void memfault_rs_log_self_test_field_character(uint8_t character, const char *text) {
  (void)character, (void)text;
  MEMFAULT_LOG_ERROR("Invalid char %c, found in %s", (char)character, text);
}

void memfault_rs_log_self_test_fields(uint32_t problems) {
  if (problems == 0) {
    prv_info("All fields valid");
    return;
  }
  prv_error("One or more fields is invalid. Check for correct length and contents");
  for (uint32_t field = 0; field < FIELD_COUNT; field++) {
    if ((problems & (1u << field)) != 0) {
      const char *const name = s_fields[field];
      (void)name;
      MEMFAULT_LOG_ERROR("%s invalid", name);
    }
  }
}

// Components

// A line of the table of components.
static void prv_row(const char *name, const char *booted) {
  (void)name, (void)booted;
  OUTPUT("%-16s|%8s|", name, booted);
}

void memfault_rs_log_self_test_boot_heading(void) {
  prv_row("Component", "Booted?");
  prv_info(RULE);
}

void memfault_rs_log_self_test_booted(uint32_t component, bool booted) {
  static const char *const components[] = { "Event Storage", "Logging", "Reboot Tracking",
                                            "Trace Event" };
  const char *const name = components[component];
  if (booted) {
    prv_row(name, "yes");
  } else {
    MEMFAULT_LOG_ERROR("%-16s|%8s|", name, "no");
  }
}

void memfault_rs_log_self_test_all_booted(void) {
  prv_info("All components booted");
}

// The longest line of an export

MEMFAULT_WEAK void memfault_self_test_data_export_test(void) {
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN];
  const size_t len = sizeof(line) - 1;
  // Volatile, so that this stays a loop: as a call of memset it could cost more than it saves.
  for (volatile char *at = line; at < &line[len - 1]; at++) {
    *at = '+';
  }
  line[len - 1] = '1';
  line[len] = '\0';

  memfault_rs_self_test_begin(kTitle_DataExport);
  OUTPUT("Printing %u characters, confirm line ends with '1' and is not split", (unsigned int)len);
  prv_info(line);
  memfault_rs_self_test_end();
}

// Reboot

void memfault_rs_self_test_mark_reboot(void) {
  memfault_rs_self_test_begin(kTitle_RebootReason);
  prv_info("This test will now reboot the device to test reboot reason tracking");
  prv_info("After the device reboots, please run with reboot_verify argument");
  memfault_rs_self_test_end();
  MEMFAULT_REBOOT_MARK_RESET_IMMINENT(kMfltRebootReason_SelfTest);
}

void memfault_rs_log_self_test_reboot(int result, uint32_t reason, bool passed) {
  if (passed) {
    prv_info("Reboot reason test successful");
    return;
  }
  (void)result, (void)reason;
  prv_error("Reboot reason test failed:");
  MEMFAULT_LOG_ERROR("get_reboot_reason result: %d, prior_stored_reason: 0x%08x", result,
                     (unsigned int)reason);
}

// Clock and time: the bits of the result

enum { kClock_IsZero = 1 << 0, kClock_Stands = 1 << 1 };
enum { kTime_Unknown = 1 << 2, kTime_NotUnix = 1 << 3, kTime_TooEarly = 1 << 4 };

void memfault_rs_log_self_test_clock(uint32_t problem, uint32_t start_ms, uint32_t end_ms) {
  (void)start_ms, (void)end_ms;
  if (problem == kClock_IsZero) {
    prv_error("Time since boot reported as 0");
  } else if (problem == kClock_Stands) {
    MEMFAULT_LOG_ERROR("Time since boot not monotonically increasing: start[%u] vs end[%u]",
                       (unsigned int)start_ms, (unsigned int)end_ms);
  } else {
    prv_info("Time since boot test succeeded");
  }
}

void memfault_rs_log_self_test_time(uint32_t problem, uint32_t time) {
  (void)time;
  if (problem == kTime_Unknown) {
    prv_error("Current timestamp could not be recovered");
  } else if (problem == kTime_NotUnix) {
    MEMFAULT_LOG_ERROR("Invalid time type returned: %u", (unsigned int)time);
  } else if (problem == kTime_TooEarly) {
    MEMFAULT_LOG_ERROR("Timestamp too far in the past: %u", (unsigned int)time);
  } else {
    OUTPUT("Verify received timestamp for accuracy. Timestamp received %u", (unsigned int)time);
  }
}

// Coredumps

void memfault_rs_log_self_test_no_panics(void) {
  prv_info("Disabled. panics component integration required");
}

void memfault_rs_log_self_test_no_regions(uint32_t problem) {
  prv_error((problem == 0) ? "Number of platform regions = 0" : "Platform regions was NULL");
}

void memfault_rs_log_self_test_group(uint32_t group) {
  static const char *const groups[] = { "Platform Regions", "Arch Regions", "SDK Regions" };
  const char *const name = groups[group];
  (void)name;
  OUTPUT("Coredump group: %s", name);
  prv_info(RULE);
  prv_info("   Address|    Length|  Type|");
  prv_info(RULE);
}

void memfault_rs_log_self_test_region(const void *start, uint32_t size, uint32_t kind) {
  (void)start, (void)size, (void)kind;
  OUTPUT("0x%08lx|%10u|%6u|", (unsigned long)(uintptr_t)start, (unsigned int)size,
         (unsigned int)kind);
}

void memfault_rs_log_self_test_rule(void) {
  prv_info(RULE);
}

void memfault_rs_log_self_test_storage(uint32_t problem) {
  if (problem == 1) {
    prv_error("Aborting test, valid coredump present");
  } else if (problem == 2) {
    prv_error("Aborting test, could not disable interrupts");
  } else {
    MEMFAULT_LOG_WARN("Failed to enable interrupts after test completed");
  }
}

void memfault_rs_log_self_test_capacity(size_t total, size_t capacity) {
  (void)total, (void)capacity;
  OUTPUT("Total size required: %u bytes", (unsigned int)total);
  OUTPUT("Storage capacity: %u bytes", (unsigned int)capacity);
}
