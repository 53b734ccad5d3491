/* Compiler macros for GCC, clang and compatible compilers (spec 30, 14.2 and 14.3).
 * Included by memfault/core/compiler.h.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

#define MEMFAULT_PACKED __attribute__((packed))
#define MEMFAULT_PACKED_STRUCT struct MEMFAULT_PACKED

/* May be predefined, to nothing for example by host tests in which a reboot hook returns. */
#ifndef MEMFAULT_NORETURN
  #define MEMFAULT_NORETURN __attribute__((noreturn))
#endif

#define MEMFAULT_NAKED_FUNC __attribute__((naked))
#define MEMFAULT_UNREACHABLE __builtin_unreachable()

#if defined(__clang__)
  #define MEMFAULT_NO_OPT __attribute__((optnone))
#else
  /* Without "var-tracking": GCC warns about that where no debug information is asked for. */
  #define MEMFAULT_NO_OPT __attribute__((optimize("O0")))
#endif

#define MEMFAULT_ALIGNED(x) __attribute__((aligned(x)))
#define MEMFAULT_UNUSED __attribute__((unused))
#define MEMFAULT_USED __attribute__((used))
#define MEMFAULT_WEAK __attribute__((weak))

/* The format is parameter a, the first checked argument b (0: a va_list). Spelled with underscores,
 * so that firmware may define a macro named printf.
 */
#define MEMFAULT_PRINTF_LIKE_FUNC(a, b) __attribute__((format(__printf__, a, b)))

#define MEMFAULT_ALIGNOF(x) (__alignof__(x))

/* Leading zero bits of a 32-bit value; 32 for 0, which the builtin does not define. */
#define MEMFAULT_CLZ(a) (((a) == 0) ? 32UL : (uint32_t)__builtin_clz(a))

/* Only IAR has a notation for "not loaded". */
#define MEMFAULT_NO_ALLOC

#if defined(__APPLE__) && defined(MEMFAULT_UNITTEST)
  #define MEMFAULT_PUT_IN_SECTION(x) /* Mach-O wants "segment,section" */
#else
  #define MEMFAULT_PUT_IN_SECTION(x) __attribute__((section(x)))
#endif

/* MEMFAULT_GET_PC(v) and MEMFAULT_GET_LR(v) assign the current program counter and the return
 * address of the current function to the pointer v. MEMFAULT_BREAKPOINT(n) stops in a debugger; n
 * may be left out.
 *
 * Where no instruction reads the pc, the address of a local label does.
 */
#define MEMFAULT_LOCAL_LABEL_PC_(_a) \
  _a = __extension__({               \
    __label__ memfault_here;         \
  memfault_here:                     \
    (void *)&&memfault_here;         \
  });

#if defined(__arm__)
  #define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
  #define MEMFAULT_GET_PC(_a) __asm__ __volatile__("mov %0, pc" : "=r"(_a))
  #define MEMFAULT_BREAKPOINT(val) __asm__ __volatile__("bkpt " #val)
#elif defined(__aarch64__)
  #define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
  #define MEMFAULT_GET_PC(_a) __asm__ __volatile__("adr %0, ." : "=r"(_a))
  #define MEMFAULT_BREAKPOINT(val) __asm__ __volatile__("brk #(0 + " #val ")")
#elif defined(__XTENSA__)
  #define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
  #define MEMFAULT_GET_PC(_a) MEMFAULT_LOCAL_LABEL_PC_(_a)
  #define MEMFAULT_BREAKPOINT(val) __asm__("break 0,0")
#elif defined(__riscv)
  #define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
  #define MEMFAULT_GET_PC(_a) MEMFAULT_LOCAL_LABEL_PC_(_a)
  #define MEMFAULT_BREAKPOINT(val) __asm__ __volatile__("ebreak")
#elif defined(MEMFAULT_UNITTEST) || defined(__APPLE__)
  /* Host tests compare events byte by byte, so addresses have to be the same everywhere. */
  #define MEMFAULT_GET_LR(_a) _a = 0
  #define MEMFAULT_GET_PC(_a) _a = 0
  #define MEMFAULT_BREAKPOINT(val) (void)0
#else
  #define MEMFAULT_GET_LR(_a) _a = __builtin_return_address(0)
  #define MEMFAULT_GET_PC(_a) MEMFAULT_LOCAL_LABEL_PC_(_a)
  #define MEMFAULT_BREAKPOINT(val) (void)0
#endif

#if defined(__clang__)
  #define MEMFAULT_PRAGMA_PREFIX clang
#else
  #define MEMFAULT_PRAGMA_PREFIX GCC
#endif

#define MEMFAULT_PRAGMA_TEXT_(text) _Pragma(#text)
#define MEMFAULT_PRAGMA_(text) MEMFAULT_PRAGMA_TEXT_(text)

/* Between the two, the named warning (a string literal such as "-Wunused-macros") is off. */
#define MEMFAULT_DISABLE_WARNING(warning)                  \
  MEMFAULT_PRAGMA_(MEMFAULT_PRAGMA_PREFIX diagnostic push) \
  MEMFAULT_PRAGMA_(MEMFAULT_PRAGMA_PREFIX diagnostic ignored warning)
#define MEMFAULT_ENABLE_WARNING(warning) MEMFAULT_PRAGMA_(MEMFAULT_PRAGMA_PREFIX diagnostic pop)

/* Compile-time check, at file scope or inside a block. The rest keeps -std=c99 -Wpedantic quiet. */
#if defined(__cplusplus)
  #define MEMFAULT_STATIC_ASSERT(cond, msg) static_assert(cond, msg)
#elif defined(__clang__)
  /* Older versions do not know the second warning, and would warn about that. */
  #if defined(__has_warning)
    #if __has_warning("-Wpre-c11-compat")
      #define MEMFAULT_IGNORE_PRE_C11_COMPAT_ \
        _Pragma("clang diagnostic ignored \"-Wpre-c11-compat\"")
    #endif
  #endif
  #ifndef MEMFAULT_IGNORE_PRE_C11_COMPAT_
    #define MEMFAULT_IGNORE_PRE_C11_COMPAT_
  #endif
  #define MEMFAULT_STATIC_ASSERT(cond, msg)                                                   \
    _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wc11-extensions\"") \
      MEMFAULT_IGNORE_PRE_C11_COMPAT_ _Static_assert(cond, msg) _Pragma("clang diagnostic pop")
#else
  #define MEMFAULT_STATIC_ASSERT(cond, msg) __extension__ _Static_assert(cond, msg)
#endif

#ifdef __cplusplus
}
#endif
