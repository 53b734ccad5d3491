/* Counts checks. A test program ends with check_finish(), which prints "N passed, M failed" and ends the run. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHECK(condition) check_note((condition), #condition, __FILE__, __LINE__)
#define CHECK_EQ(got, wanted) \
  check_equal((long long)(got), (long long)(wanted), #got, __FILE__, __LINE__)
#define CHECK_BYTES(got, got_len, ...)                                                           \
  do {                                                                                           \
    const uint8_t wanted_[] = { __VA_ARGS__ };                                                   \
    check_bytes((got), (got_len), wanted_, sizeof(wanted_), #got, __FILE__, __LINE__);           \
  } while (0)

void check_note(bool ok, const char *what, const char *file, int line);
void check_equal(long long got, long long wanted, const char *what, const char *file, int line);
void check_bytes(const void *got, size_t got_len, const void *wanted, size_t wanted_len,
                 const char *what, const char *file, int line);
void check_finish(void) __attribute__((noreturn));

/* A small generator with a fixed seed: a failing run can be repeated. */
uint32_t check_random(uint32_t below);
