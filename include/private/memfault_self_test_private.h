/* The tests of the self test, one by one (spec 30, 13.2). All are weak. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a line of the report is printed that is no problem: a macro like MEMFAULT_LOG_INFO(). */
#ifndef MEMFAULT_SELF_TEST_OUTPUT_LOG
  #define MEMFAULT_SELF_TEST_OUTPUT_LOG MEMFAULT_LOG_INFO
#endif

/* The lines in front of a test and behind it. */
#define MEMFAULT_SELF_TEST_BEGIN_OUTPUT "============================="
#define MEMFAULT_SELF_TEST_END_OUTPUT "=============================\n"
#define MEMFAULT_SELF_TEST_PRINT_HEADER(test_name)                  \
  do {                                                              \
    MEMFAULT_SELF_TEST_OUTPUT_LOG(MEMFAULT_SELF_TEST_BEGIN_OUTPUT); \
    MEMFAULT_SELF_TEST_OUTPUT_LOG(test_name);                       \
    MEMFAULT_SELF_TEST_OUTPUT_LOG(MEMFAULT_SELF_TEST_BEGIN_OUTPUT); \
  } while (0)

/** Bits of what is wrong: serial, software type, software version, hardware version, build id. */
uint32_t memfault_self_test_device_info_test(void);

/** Bits of what was not booted: event storage, log, reboot tracking, trace events. */
uint32_t memfault_self_test_component_boot_test(void);

/** 1: the platform has no regions for a coredump. */
uint32_t memfault_self_test_coredump_regions_test(void);

/** Prints a line as long as the longest one of an export. */
void memfault_self_test_data_export_test(void);

/** Marks a reset and resets the device. */
MEMFAULT_NORETURN void memfault_self_test_reboot_reason_test(void);

/** After that reset. 1: its reason is not known. */
uint32_t memfault_self_test_reboot_reason_test_verify(void);

/**
 * Bits of what is wrong: the clock is 0, it stands, no time, no time since 1970, a time before
 * 2024.
 */
uint32_t memfault_self_test_time_test(void);

/** 1: there is a coredump. 2: interrupts stay on. 4: the storage does not work. */
uint32_t memfault_self_test_coredump_storage_test(void);

/** 1: the storage is too small. */
uint32_t memfault_self_test_coredump_storage_capacity_test(void);

/** May a device serial, a hardware version or software type, a software version have this one? */
bool memfault_self_test_valid_device_serial(unsigned char c);
bool memfault_self_test_valid_hw_version_sw_type(unsigned char c);
bool memfault_self_test_valid_sw_version(unsigned char c);

/** Bytes in front of the first NUL, at most n; no more are read. */
size_t memfault_strnlen(const char *str, size_t n);

#ifdef __cplusplus
}
#endif
