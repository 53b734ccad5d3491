/*
 * Host side: callgrind counts between the two toggles and writes one part of its output file per
 * dump, named after the id. Without callgrind the client requests do nothing, so the program can
 * also be run (and debugged) alone.
 */
#include "measure.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

void bench_counter_start(void) {}

void bench_count(const char *id, bench_fn fn) {
  CALLGRIND_TOGGLE_COLLECT;
  fn();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(id);
}

void bench_platform_write(const char *text) {
  fputs(text, stdout);
}

void bench_platform_exit(int status) {
  fflush(stdout);
  exit(status);
}
