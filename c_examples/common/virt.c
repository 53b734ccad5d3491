/*
 * QEMU's boards "virt", whatever their processor: uptime, tick hook, the watchdog that the tick
 * counts down, and work in an interrupt.
 */
#include "virt.h"

#include <stddef.h>

#include "board.h"
#include "board_faults.h"

static volatile uint32_t s_uptime_ms;
static void (*volatile s_tick_hook)(void);
static void (*volatile s_interrupt_work)(void);
static volatile uint32_t s_watchdog_timeout_ms, s_watchdog_left_ms;

uint32_t board_uptime_ms(void) {
  return s_uptime_ms;
}

void board_set_tick_hook(void (*hook)(void)) {
  s_tick_hook = hook;
}

void virt_tick(const sMfltRegState *regs) {
  s_uptime_ms++;
  if (s_watchdog_left_ms != 0 && --s_watchdog_left_ms == 0) {
    memfault_fault_handler(regs, kMfltRebootReason_SoftwareWatchdog);
  }
  void (*const hook)(void) = s_tick_hook;
  if (hook != NULL) {
    hook();
  }
}

void virt_do_interrupt_work(void) {
  void (*const work)(void) = s_interrupt_work;
  s_interrupt_work = NULL;
  if (work != NULL) {
    work();
  }
}

void board_run_in_interrupt(void (*work)(void)) {
  s_interrupt_work = work;
  virt_pend_work_interrupt();
  while (s_interrupt_work != NULL) { /* it comes some instructions later */
  }
}

void board_start_watchdog(uint32_t timeout_ms) {
  s_watchdog_timeout_ms = timeout_ms;
  s_watchdog_left_ms = timeout_ms;
}

void board_feed_watchdog(void) {
  s_watchdog_left_ms = s_watchdog_timeout_ms;
}
