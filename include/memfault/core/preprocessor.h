/* Counting macro arguments (spec 30, chapter 15). Needs the GNU form of variadic macros:
 * -std=gnu99, gnu11, gnu++11 or later.
 */
#pragma once

#include "memfault/core/compiler.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
  /* `, ##__VA_ARGS__` is the documented way; -Wpedantic would warn in every log statement, so there
   * is no pop.
   */
  #pragma clang diagnostic ignored "-Wgnu-zero-variadic-macro-arguments"
#endif

/* Number of arguments, 0 to 32, as one integer token that can be stringified. */
#define MEMFAULT_ARG_COUNT_UP_TO_32(...)                                                          \
  _MEMFAULT_ARG_COUNT_UP_TO_32_IMPL(dummy, ##__VA_ARGS__, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, \
                                    22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7,  \
                                    6, 5, 4, 3, 2, 1, 0, dummy)

/* The arguments push the list of numbers to the right; `count` is what arrives at the fixed place.
 */
#define _MEMFAULT_ARG_COUNT_UP_TO_32_IMPL(                                                         \
  dummy, _32, _31, _30, _29, _28, _27, _26, _25, _24, _23, _22, _21, _20, _19, _18, _17, _16, _15, \
  _14, _13, _12, _11, _10, _09, _08, _07, _06, _05, _04, _03, _02, _01, count, ...)                \
  count

MEMFAULT_STATIC_ASSERT(MEMFAULT_ARG_COUNT_UP_TO_32() == 0,
                       "## operator not supported, enable gnu extensions on your compiler");

#ifdef __cplusplus
}
#endif
