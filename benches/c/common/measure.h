/*
 * Counting instructions. One interface, two counters: the virtual clock of QEMU on Cortex-M4
 * (m4/measure_m4.c) and callgrind on the host (common/measure_host.c).
 */
#pragma once

typedef void (*bench_fn)(void);

/* Starts the counter. Call once, before the first bench_count(). */
void bench_counter_start(void);

/*
 * Runs `fn` once and reports the instructions from its call to its return under `id`. The number
 * still contains the cost of the measurement itself; the reader subtracts the count reported under
 * "empty" (bench_count_empty()).
 */
void bench_count(const char *id, bench_fn fn);

/*
 * The same for code that does not return to where it was called (Cortex-M4 only): counts from the
 * end of the first call to the beginning of the second.
 */
void bench_count_begin(void);
void bench_count_end(const char *id);

/* Reports the cost of measuring a function that only returns, under the id "empty". */
void bench_count_empty(void);
