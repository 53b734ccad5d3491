/*
 * QEMU side. With `-icount shift=7` one instruction lasts 128 ns of virtual time, and timer 0 of
 * the mps2-an386 counts down at 25 MHz, one tick per 40 ns: 3.2 ticks per instruction, so
 * instructions = round(ticks / 3.2). speed/counting.c proves it on loops of known length.
 */
#include "measure.h"
#include "report.h"

#include <stdint.h>

typedef struct {
  volatile uint32_t ctrl;
  volatile uint32_t value;
  volatile uint32_t reload;
} cmsdk_timer;

#define TIMER0 ((cmsdk_timer *)0x40000000u)
#define TIMER_CTRL_ENABLE 1u

void bench_counter_start(void) {
  TIMER0->ctrl = 0;
  TIMER0->reload = UINT32_MAX;
  TIMER0->value = UINT32_MAX;
  TIMER0->ctrl = TIMER_CTRL_ENABLE;
}

static void report_count(const char *id, uint32_t start, uint32_t end) {
  const uint64_t ticks = start - end;
  bench_report("count %s %lu", id, (unsigned long)((ticks * 5 + 8) / 16));
}

void bench_count(const char *id, bench_fn fn) {
  const uint32_t start = TIMER0->value;
  fn();
  const uint32_t end = TIMER0->value;
  report_count(id, start, end);
}

static uint32_t s_start;

void bench_count_begin(void) {
  s_start = TIMER0->value;
}

void bench_count_end(const char *id) {
  const uint32_t end = TIMER0->value;
  report_count(id, s_start, end);
}
