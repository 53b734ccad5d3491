/* Compiler macros for Arm Compiler 5 (spec 30, 14.2). Included by memfault/core/compiler.h. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_PACKED __packed
#define MEMFAULT_PACKED_STRUCT MEMFAULT_PACKED struct
#define MEMFAULT_NORETURN __declspec(noreturn)
/* The body of such a function is assembler as a whole. */
#define MEMFAULT_NAKED_FUNC __asm
#define MEMFAULT_UNREACHABLE while (1)
#define MEMFAULT_NO_OPT
#define MEMFAULT_ALIGNED(x) __attribute__((aligned(x)))
#define MEMFAULT_UNUSED __attribute__((unused))
#define MEMFAULT_USED __attribute__((used))
#define MEMFAULT_WEAK __attribute__((weak))
#define MEMFAULT_PRINTF_LIKE_FUNC(a, b)
#define MEMFAULT_CLZ(a) __clz(a)
#define MEMFAULT_NO_ALLOC
#define MEMFAULT_GET_LR(_a) _a = ((void *)__return_address())
#define MEMFAULT_GET_PC(_a) _a = (void *)__current_pc()
/* zero_init makes the section occupy no space in the image, as no-init RAM needs it. */
#define MEMFAULT_PUT_IN_SECTION(x) __attribute__((section(x), zero_init))
#define MEMFAULT_BREAKPOINT(val) __breakpoint(val)

/* This compiler has no static assert: an array of negative length stops it. The message is lost,
 * and two checks must not stand on one line of the same scope.
 */
#define MEMFAULT_STATIC_ASSERT(expr, msg) \
  enum { MEMFAULT_CONCAT(MEMFAULT_ASSERTION_AT_, __LINE__) = sizeof(char[(expr) ? 1 : -1]) }

#define MEMFAULT_DISABLE_WARNING(warning)
#define MEMFAULT_ENABLE_WARNING(warning)

#ifdef __cplusplus
}
#endif
