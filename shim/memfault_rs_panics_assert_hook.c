//! The assert() of the C library ends in a coredump (spec 50, chapter 10).
//!
//! C, because the macro reads pc and return address, and because the name depends on the C library.
//! A file of its own, so that the library's function is replaced only where it is used.

#include "memfault/panics/assert.h"

/* The prototypes are here and not from <assert.h>, which says that the function does not return: then
 * the compiler would not save the return address, and a debugger could not find the caller. */
#if MEMFAULT_ASSERT_CSTDLIB_HOOK_ENABLED && !defined(__TI_ARM__)

#if defined(__ARMCC_VERSION) || defined(__ICCARM__)
void __aeabi_assert(const char *failed_expr, const char *file, int line);
void __aeabi_assert(const char *failed_expr, const char *file, int line) {
  (void)failed_expr;
  (void)file;
  (void)line;
  MEMFAULT_ASSERT(0);
}
#else
void __assert_func(const char *file, int line, const char *func, const char *failed_expr);
void __assert_func(const char *file, int line, const char *func, const char *failed_expr) {
  (void)file;
  (void)line;
  (void)func;
  (void)failed_expr;
  MEMFAULT_ASSERT(0);
}
#endif

#endif
