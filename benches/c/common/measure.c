/*
 * The cost of measuring nothing. A file of its own, so that the compiler cannot inline the counter
 * into it.
 */
#include "measure.h"

static void empty_function(void) {}

void bench_count_empty(void) {
  bench_count("empty", empty_function);
}
