/*
 * Text output of the benchmark programs: one line per fact, `kind id value...`, read by `cargo
 * xtask bench`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define BENCH_PRINTF_LIKE __attribute__((format(printf, 1, 2)))
#else
#define BENCH_PRINTF_LIKE
#endif

/* Prints one line of at most 255 characters; the line end is added. */
void bench_report(const char *fmt, ...) BENCH_PRINTF_LIKE;

/* Prints `bytes <id> <hex>`. */
void bench_report_bytes(const char *id, const uint8_t *bytes, size_t len);

/* Prints `error <text>` and ends the program with a failure. */
void bench_fail(const char *fmt, ...) BENCH_PRINTF_LIKE;

/* Prints `end`, so that the reader knows the run is complete, and ends the program with success. */
void bench_done(void);

/* Where the lines go and how the program ends: semihosting under QEMU, stdout on the host. */
void bench_platform_write(const char *text);
void bench_platform_exit(int status);
