/* Compiler macros for the TI Arm compiler (spec 30, 14.2). Included by memfault/core/compiler.h. */
#pragma once

#include <inttypes.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_PACKED __attribute__((packed))
#define MEMFAULT_PACKED_STRUCT struct MEMFAULT_PACKED
#define MEMFAULT_NORETURN __attribute__((noreturn))
#define MEMFAULT_NAKED_FUNC __attribute__((naked))
#define MEMFAULT_UNREACHABLE while (1)
#define MEMFAULT_NO_OPT
#define MEMFAULT_PUT_IN_SECTION(x) __attribute__((section(x)))
#define MEMFAULT_ALIGNED(x) __attribute__((aligned(x)))
#define MEMFAULT_UNUSED __attribute__((unused))
#define MEMFAULT_USED __attribute__((used))
#define MEMFAULT_WEAK __attribute__((weak))
#define MEMFAULT_PRINTF_LIKE_FUNC(a, b) __attribute__((format(__printf__, a, b)))
#define MEMFAULT_CLZ(a) (((a) == 0) ? 32UL : (uint32_t)__clz(a))
#define MEMFAULT_NO_ALLOC

/* Naked functions have no return statement for the compiler to see. */
#pragma diag_push
#pragma diag_suppress 994

/* Address behind the call of this function: the caller's pc. */
MEMFAULT_NAKED_FUNC __attribute__((noinline)) static void *memfault_get_pc(void) {
  __asm(" mov r0, lr\n"
        " bx lr");
}

/* Process stack pointer, for the fault handlers. */
MEMFAULT_NAKED_FUNC __attribute__((noinline)) static uint32_t __get_PSP(void) {
  __asm(" mrs r0, psp\n"
        " bx lr");
}

#pragma diag_pop

/* This compiler answers 0 here. */
#define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
#define MEMFAULT_GET_PC(_a) _a = memfault_get_pc();
#define MEMFAULT_BREAKPOINT(val) __asm(" bkpt #" #val)

#if defined(__cplusplus)
  #define MEMFAULT_STATIC_ASSERT(cond, msg) static_assert(cond, msg)
#else
  #define MEMFAULT_STATIC_ASSERT(cond, msg) _Static_assert(cond, msg)
#endif

#define MEMFAULT_DISABLE_WARNING(warning)
#define MEMFAULT_ENABLE_WARNING(warning)

#ifdef __cplusplus
}
#endif
