//! The demo commands that crash the device, each in its own way (spec 70, chapter 12).
//!
//! C, because an assertion notes its own place, and because it is C code that crashes: the
//! backtraces are those of firmware.

#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/arch.h"
#include "memfault/core/compiler.h"
#include "memfault/core/debug_log.h"
#include "memfault/demo/cli.h"
#include "memfault/panics/assert.h"

// IMPROVE (spec 60, chapter 3): 0 is as good as not defined.
#if !defined(MEMFAULT_DEMO_DISABLE_CASSERT)
  #define MEMFAULT_DEMO_DISABLE_CASSERT 0
#endif
// A compiler without a C library has no assert().
#if defined(__has_include)
  #if !__has_include(<assert.h>)
    #undef MEMFAULT_DEMO_DISABLE_CASSERT
    #define MEMFAULT_DEMO_DISABLE_CASSERT 1
  #endif
#endif
#if !MEMFAULT_DEMO_DISABLE_CASSERT
  #include <assert.h>
#endif

//! In the library. Not for firmware.
int32_t memfault_rs_demo_number(const char *text);

// Global and not constant, so that no compiler knows what happens.
extern void *g_memfault_unaligned_buffer;
extern void (*g_bad_func_call)(void);

MEMFAULT_ALIGNED(4) static uint8_t s_buffer[16];
void *g_memfault_unaligned_buffer = &s_buffer[1];
void (*g_bad_func_call)(void) = (void (*)(void))0x0BADCAFE;

// Of the stores of a Cortex-M that of two words faults at an odd address, others only where the
// firmware wants it.
static void prv_store_unaligned(void) {
#if defined(__GNUC__) && defined(__thumb2__)
  const uint32_t value = 0xBADCAFE;
  __asm volatile("strd %1, %1, [%0]" ::"r"(g_memfault_unaligned_buffer), "r"(value) : "memory");
#else
  *(volatile uint64_t *)g_memfault_unaligned_buffer = 0xBADCAFE0000ULL;
#endif
}

// Six functions, each with a frame: not optimised, or they would become one.
MEMFAULT_NO_OPT static void prv_assert_depth_6(void) {
  MEMFAULT_ASSERT(0);
}

MEMFAULT_NO_OPT static void prv_assert_depth_5(void) {
  prv_assert_depth_6();
}

MEMFAULT_NO_OPT static void prv_assert_depth_4(void) {
  prv_assert_depth_5();
}

MEMFAULT_NO_OPT static void prv_assert_depth_3(void) {
  prv_assert_depth_4();
}

MEMFAULT_NO_OPT static void prv_assert_depth_2(void) {
  prv_assert_depth_3();
}

MEMFAULT_NO_OPT static void prv_assert_depth_1(void) {
  prv_assert_depth_2();
}

enum {
  kCrash_Assert = 0,
  kCrash_BadCall = 1,
  kCrash_UnalignedStore = 2,
  kCrash_DeepAssert = 3,
  kCrash_Watchdog = 4,
};

int memfault_demo_cli_cmd_crash(int argc, char *argv[]) {
  const int kind = (argc < 2) ? kCrash_Assert : (int)memfault_rs_demo_number(argv[1]);
  switch (kind) {
    case kCrash_Assert:
      MEMFAULT_ASSERT(0);
      break;
    case kCrash_BadCall:
      g_bad_func_call();
      break;
    case kCrash_UnalignedStore:
      prv_store_unaligned();
      break;
    case kCrash_DeepAssert:
      prv_assert_depth_1();
      break;
    case kCrash_Watchdog:
      MEMFAULT_SOFTWARE_WATCHDOG();
      break;
    default:
      MEMFAULT_LOG_ERROR("Usage: \"crash\" or \"crash <n>\" where n is 0..4");
      return -1;
  }
  // The processor did not mind.
  MEMFAULT_ASSERT_RECORD(kind);
  return -1;
}

int memfault_demo_cli_cmd_assert(int argc, char *argv[]) {
  if (argc < 2) {
    MEMFAULT_ASSERT(0);
  } else {
    MEMFAULT_ASSERT_RECORD(memfault_rs_demo_number(argv[1]));
  }
  return -1;
}

int memfault_demo_cli_cmd_cassert(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
#if MEMFAULT_DEMO_DISABLE_CASSERT
  MEMFAULT_LOG_ERROR("C assert demo disabled");
#else
  assert(0);
#endif
  return -1;
}

#if MEMFAULT_COMPILER_ARM_CORTEX_M

int memfault_demo_cli_cmd_hardfault(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  memfault_arch_disable_configurable_faults();
  prv_store_unaligned();
  return -1;
}

int memfault_demo_cli_cmd_usagefault(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  prv_store_unaligned();
  return -1;
}

int memfault_demo_cli_cmd_memmanage(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  // Code is never executed from there (ExecuteNever).
  void (*volatile const function)(void) = (void (*)(void))0xEEEEDEAD;
  function();
  return -1;
}

int memfault_demo_cli_cmd_busfault(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  // Where an external RAM would be.
  void (*volatile const function)(void) = (void (*)(void))0x60000001;
  function();
  return -1;
}

#endif

#if MEMFAULT_COMPILER_ARM_V7_A_R

int memfault_demo_cli_cmd_dataabort(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  const uint32_t value = *(const volatile uint32_t *)0xFFFFFFFF;
  return (int)(value | 1u);
}

int memfault_demo_cli_cmd_prefetchabort(int argc, char *argv[]) {
  (void)argc;
  (void)argv;
  void (*volatile const function)(void) = (void (*)(void))0xEEEEDEAD;
  function();
  return -1;
}

#endif
