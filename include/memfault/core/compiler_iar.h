/* Compiler macros for IAR (spec 30, 14.2). Included by memfault/core/compiler.h. */
#pragma once

#include "intrinsics.h"

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_PACKED __packed
#define MEMFAULT_PACKED_STRUCT MEMFAULT_PACKED struct
#define MEMFAULT_NORETURN __noreturn
#define MEMFAULT_NAKED_FUNC
#define MEMFAULT_UNREACHABLE while (1)
#define MEMFAULT_NO_OPT _Pragma("optimize=none")
#define MEMFAULT_ALIGNED(x) _Pragma(MEMFAULT_QUOTE(data_alignment = x))
#define MEMFAULT_UNUSED
#define MEMFAULT_USED __root
#define MEMFAULT_WEAK __weak
#define MEMFAULT_PRINTF_LIKE_FUNC(a, b)
#define MEMFAULT_CLZ(a) __iar_builtin_CLZ(a)
/* The object exists in the ELF file only. */
#define MEMFAULT_NO_ALLOC __no_alloc
#define MEMFAULT_GET_LR(_a) __asm volatile("mov %0, lr" : "=r"(_a))
#define MEMFAULT_GET_PC(_a) __asm volatile("mov %0, pc" : "=r"(_a))
#define MEMFAULT_PUT_IN_SECTION(x) _Pragma(MEMFAULT_QUOTE(location = x))
#define MEMFAULT_BREAKPOINT(val) __asm volatile("bkpt #0 + " #val)
#define MEMFAULT_STATIC_ASSERT(cond, msg) static_assert(cond, msg)
#define MEMFAULT_DISABLE_WARNING(warning)
#define MEMFAULT_ENABLE_WARNING(warning)

#ifdef __cplusplus
}
#endif
