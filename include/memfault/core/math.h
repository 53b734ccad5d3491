/* Small arithmetic macros (spec 10, chapter 16). Usable in constant expressions; an argument may be
 * evaluated twice, so give them no side effects.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Elements of an array, as a size_t. */
#define MEMFAULT_ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]))

/* The smaller and the larger of two values; b when they are equal. */
#define MEMFAULT_MIN(a, b) (((a) < (b)) ? (a) : (b))
#define MEMFAULT_MAX(a, b) (((a) > (b)) ? (a) : (b))

/* a rounded to a multiple of align, towards 0 as C divides. */
#define MEMFAULT_FLOOR(a, align) (((a) / (align)) * (align))

/* Absolute value. The most negative number of a type has none. */
#define MEMFAULT_ABS(a) (((a) < 0) ? -(a) : (a))

/* x / y rounded up, for positive numbers. */
#define MEMFAULT_CEIL_DIV(x, y) (((x) + (y)-1) / (y))

#ifdef __cplusplus
}
#endif
