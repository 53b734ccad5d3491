//! The log lines of coredumps (spec 50, chapters 6 and 11).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per place, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/debug_log.h"
#include "memfault/core/inttypes_compat.h"

//! Compilers without a C library have no formats.
#if !defined(PRIx32)
  #if __SIZEOF_LONG__ == 4
    #define PRIx32 "lx"
  #else
    #define PRIx32 "x"
  #endif
#endif

//! The buffer of the storage test: no more is compared, so no more is printed.
#define MAX_BYTES 16

//! As in src/coredump/storage_test.rs.
typedef struct {
  size_t len;
  uint32_t offset;
  uint8_t actual[MAX_BYTES];
  uint8_t operation;
  uint8_t problem;
  uint8_t expected;
} sMemfaultRsStorageTest;

enum { kOperation_Write = 2, kOperation_Count = 5 };
enum { kProblem_Compare = 3, kProblem_Count = 4 };
enum { kExpected_Erased = 0 };

//! Called by the library. Not for firmware.
void memfault_rs_log_coredump_storage_too_small(size_t size, size_t needed);
void memfault_rs_log_storage_test_passed(void);
void memfault_rs_log_storage_test_failed(const sMemfaultRsStorageTest *result,
                                         const uint8_t *expected);

void memfault_rs_log_coredump_storage_too_small(size_t size, size_t needed) {
  (void)size, (void)needed;
  MEMFAULT_LOG_WARN("Coredump storage is %dB but need %dB", (int)size, (int)needed);
}

void memfault_rs_log_storage_test_passed(void) {
  MEMFAULT_LOG_INFO("Coredump Storage Verification Passed");
}

static void prv_log_bytes(const char *name, const uint8_t *bytes, size_t len) {
  static const char digits[] = "0123456789abcdef";
  char hex[2 * MAX_BYTES + 1];
  size_t at = 0;
  for (; at < 2 * len; at++) {
    const uint8_t byte = bytes[at / 2];
    hex[at] = digits[(at % 2 == 0) ? byte >> 4 : byte & 15];
  }
  hex[at] = '\0';
  (void)name, (void)hex;
  MEMFAULT_LOG_ERROR("%s: %s", name, hex);
}

void memfault_rs_log_storage_test_failed(const sMemfaultRsStorageTest *result,
                                         const uint8_t *expected) {
  static const char *const operations[kOperation_Count] = { "prepare", "erase", "write", "clear",
                                                            "get info" };
  static const char *const problems[kProblem_Count] = {
    "",
    "Api call failed during",
    "Call to memfault_platform_coredump_storage_read() failed during",
    "Read pattern mismatch during",
  };
  const char *const operation = operations[result->operation];
  const char *const problem = problems[result->problem];
  (void)operation, (void)problem;

  MEMFAULT_LOG_ERROR("Coredump Storage Verification Failed");
  MEMFAULT_LOG_ERROR("%s memfault_platform_coredump_storage_%s() test", problem, operation);
  MEMFAULT_LOG_ERROR("Storage offset: 0x%08" PRIx32 ", %s size: %d", result->offset, operation,
                     (int)result->len);
  if (result->problem != kProblem_Compare) {
    return;
  }
  if (result->expected != kExpected_Erased) {
    prv_log_bytes("Expected", expected, result->len);
  } else if (result->operation != kOperation_Write) {
    MEMFAULT_LOG_ERROR("expected erase pattern is 0xff or 0x00");
  }
  prv_log_bytes("Actual  ", result->actual, result->len);
}
