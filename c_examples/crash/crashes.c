/*
 * Mistakes that firmware makes, each in a function of its own. They are real: the processor finds
 * them, nobody calls the fault handler. The test reads the comments CRASH SITE, which say in which
 * line the program counter has to be.
 */
#include "crashes.h"

#include <assert.h>
#include <string.h>

#include "board.h"
#include "board_faults.h"
#include "cpu.h"
#include "memfault/core/compiler.h"
#include "memfault/core/math.h"
#include "memfault/panics/assert.h"

#define NEVER_INLINE __attribute__((noinline))

crash_notes_t g_crash_notes;

/* The compiler must believe that these could be anything. */
static void *volatile s_nothing;
static void (*volatile s_no_function)(void);
static volatile int s_zero;
static volatile int s_sink;

/* `word` is on the stack of the caller, which is going to crash. */
CPU_INLINE void take_notes(volatile uint32_t *word) {
  *word = g_crash_notes.word;
  g_crash_notes.word_address = (uintptr_t)word;
  g_crash_notes.fpu_in_use = cpu_use_fpu();
  g_crash_notes.sp = cpu_stack_pointer();
}

NEVER_INLINE static void fail_assertion(void) {
  volatile uint32_t word;
  take_notes(&word);
  MEMFAULT_ASSERT(s_zero == 1); /* CRASH SITE assert */
}

NEVER_INLINE static void fail_c_assertion(void) {
  volatile uint32_t word;
  take_notes(&word);
  assert(s_zero == 1); /* CRASH SITE c_assert */
}

NEVER_INLINE static void read_null(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_sink = *(volatile int *)s_nothing; /* CRASH SITE null_read */
}

NEVER_INLINE static void call_null(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_no_function(); /* CRASH SITE null_call */
  s_sink = 1;      /* so that it is a call and not a jump */
}

NEVER_INLINE static void read_misaligned(void) {
  volatile uint32_t word;
  take_notes(&word);
  CPU_ALIGNED_LOAD(g_crash_notes.word_address + 1u); /* CRASH SITE unaligned */
}

NEVER_INLINE static void read_no_device(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_sink = *(volatile int *)BOARD_NO_DEVICE_ADDRESS; /* CRASH SITE bus_fault */
}

NEVER_INLINE static void run_undefined_instruction(void) {
  volatile uint32_t word;
  take_notes(&word);
  CPU_UNDEFINED_INSTRUCTION(); /* CRASH SITE undefined_instruction */
  MEMFAULT_UNREACHABLE;
}

NEVER_INLINE static void divide_by_zero(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_sink = s_sink / s_zero; /* CRASH SITE divide_by_zero */
}

/* Calls itself until the stack of the task is used up. */
NEVER_INLINE static int use_up_stack(int depth) { /* CRASH SITE stack_overflow */
  volatile uint32_t frame[24];
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(frame); i++) {
    frame[i] = g_crash_notes.word;
  }
  take_notes(frame);
  while (g_crash_notes.sp < board_task_stack().guard_end - 64u) {
    /* Still alive: this core only looks at the guard once per tick. */
  }
  return (s_zero == 0) ? use_up_stack(depth + 1) + (int)frame[0] : 0;
}

static void use_up_stack_of_task(void) {
  s_sink = use_up_stack(0);
}

static void overflow_stack(void) {
  board_run_in_task(use_up_stack_of_task);
}

NEVER_INLINE static void read_no_device_in_interrupt(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_sink = *(volatile int *)BOARD_NO_DEVICE_ADDRESS; /* CRASH SITE fault_in_isr */
}

static void crash_in_interrupt(void) {
  board_run_in_interrupt(read_no_device_in_interrupt);
}

NEVER_INLINE static void read_no_device_in_task(void) {
  volatile uint32_t word;
  take_notes(&word);
  s_sink = *(volatile int *)BOARD_NO_DEVICE_ADDRESS; /* CRASH SITE fault_in_task */
}

static void crash_in_task(void) {
  board_run_in_task(read_no_device_in_task);
}

NEVER_INLINE static void wait_forever(void) {
  volatile uint32_t word;
  take_notes(&word);
  while (s_zero == 0) { /* CRASH SITE watchdog */
  }
}

static void hang(void) {
  board_start_watchdog(20);
  for (int work = 0; work < 30; work++) { /* longer than the watchdog waits */
    board_wait_for_interrupt();
    board_feed_watchdog();
  }
  wait_forever();
  s_sink = 1;
}

static const struct {
  const char *name;
  void (*mistake)(void);
} s_crashes[] = {
  { "assert", fail_assertion },
  { "c_assert", fail_c_assertion },
  { "null_read", read_null },
  { "null_call", call_null },
  { "unaligned", read_misaligned },
  { "bus_fault", read_no_device },
  { "undefined_instruction", run_undefined_instruction },
  { "divide_by_zero", divide_by_zero },
  { "stack_overflow", overflow_stack },
  { "fault_in_isr", crash_in_interrupt },
  { "fault_in_task", crash_in_task },
  { "watchdog", hang },
};

size_t crash_count(void) {
  return MEMFAULT_ARRAY_SIZE(s_crashes);
}

const char *crash_name(size_t index) {
  return s_crashes[index].name;
}

void crash_now(size_t index) {
  g_crash_notes = (crash_notes_t){
    .boot = board_boot_count(),
    .word = 0xFA110000u + board_boot_count(),
  };
  memcpy(g_crash_notes.kind, s_crashes[index].name, strlen(s_crashes[index].name));
  s_crashes[index].mistake();
  s_sink = 0; /* so that it is a call and not a jump */
}
