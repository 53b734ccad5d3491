/* The end of a failed SDK assertion, and what the library asks the processor (spec 20, 17.1 and 17.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/core/arch.h"
#include "memfault/core/compiler.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/sdk_assert.h"

#define LINE_START "ASSERT! LR: 0x"
#define LINE_START_LEN (sizeof(LINE_START) - 1)

static jmp_buf s_after_assert;
static char s_line[64];
static int s_level = -1;
static volatile int s_reached;

/* The linker sends the library's log lines here (-Wl,--wrap). */
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  vsnprintf(s_line, sizeof(s_line), fmt, args);
  va_end(args);
  s_level = (int)level;
}

void memfault_sdk_assert_func_noreturn(void) {
  longjmp(s_after_assert, 1);
}

/* Not inlined, not optimised: the address that is logged has to lie right behind the call in here. */
__attribute__((noinline)) static void fail_an_assertion(void) {
  memfault_sdk_assert_func();
  s_reached++;
}

static void test_assert_logs_where_it_failed(void) {
  if (setjmp(s_after_assert) == 0) {
    fail_an_assertion();
  }
  CHECK_EQ(s_reached, 0);
  CHECK_EQ(s_level, kMemfaultPlatformLogLevel_Error);

  const uint32_t lr = (uint32_t)strtoul(&s_line[LINE_START_LEN], NULL, 16);
  char line[sizeof(s_line)];
  snprintf(line, sizeof(line), LINE_START "%x", (unsigned int)lr);
  CHECK_EQ(strcmp(line, s_line), 0);
  const uint32_t start = (uint32_t)(uintptr_t)fail_an_assertion & ~1u;
  CHECK(lr > start && lr - start < 64);
}

static void test_assert_macro(void) {
  s_line[0] = '\0';
  MEMFAULT_SDK_ASSERT(1 + 1 == 2);
  CHECK_EQ(s_line[0], '\0');
  if (setjmp(s_after_assert) == 0) {
    MEMFAULT_SDK_ASSERT(1 + 1 == 3);
    CHECK(false);
  }
  CHECK_EQ(strncmp(s_line, LINE_START, LINE_START_LEN), 0);
}

static volatile bool s_inside;

static void ask_inside(void) {
  s_inside = memfault_arch_is_inside_isr();
}

static void test_arch(void) {
  CHECK(!memfault_arch_is_inside_isr());
  board_run_in_interrupt(ask_inside);
  CHECK(s_inside);
  CHECK(!memfault_arch_is_inside_isr());
  /* No debugger is attached. */
  memfault_platform_halt_if_debugging();

#if MEMFAULT_COMPILER_ARM_CORTEX_M
  /* Armv6-M has no configurable faults: there the bits stay 0. */
  volatile uint32_t *const shcsr = (volatile uint32_t *)0xE000ED24u;
  *shcsr |= 0x00070000u;
  memfault_arch_disable_configurable_faults();
  CHECK_EQ(*shcsr & 0x000F0000u, 0);
#endif
}

int main(void) {
  board_init();
  test_assert_logs_where_it_failed();
  test_assert_macro();
  test_arch();
  check_finish();
}
