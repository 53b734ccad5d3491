/* Compile-time checks of compact logs (spec 30, 7.4). Empty unless MEMFAULT_COMPACT_LOG_ENABLE is
 * 1.
 */
#pragma once

#include "memfault/config.h"

#include <stdbool.h>

#if MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault/core/compiler.h"
  #include "memfault/core/preprocessor.h"

  #ifdef __cplusplus
extern "C" {
  #endif

  /* Most arguments of a compact log, the format not counted. */
  #define MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS 15

/* Never called: it lets the compiler compare format and arguments. */
MEMFAULT_UNUSED MEMFAULT_USED MEMFAULT_PRINTF_LIKE_FUNC(1, 2)
static void run_printf_like_func_check_(const char *format, ...) {
  (void)format;
}

  /* A statement that does nothing at run time. */
  #define MEMFAULT_LOGGING_RUN_COMPILE_TIME_CHECKS(format, ...)                                    \
    do {                                                                                           \
      MEMFAULT_STATIC_ASSERT(                                                                      \
        MEMFAULT_ARG_COUNT_UP_TO_32(__VA_ARGS__) <= MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS,           \
        MEMFAULT_EXPAND_AND_QUOTE(MEMFAULT_ARG_COUNT_UP_TO_32(                                     \
          __VA_ARGS__)) " args > MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS (" MEMFAULT_EXPAND_AND_QUOTE( \
          MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS) ")!");                                              \
      if (false) {                                                                                 \
        run_printf_like_func_check_(format, ##__VA_ARGS__);                                        \
      }                                                                                            \
    } while (0)

  #ifdef __cplusplus
}
  #endif

#endif
