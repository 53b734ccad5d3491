/* The strictest alignment of the target (spec 10, chapter 16). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/core/math.h"
#include "memfault/core/sdk_assert.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A union as strictly aligned as any object of the C language; C99 has no max_align_t. */
typedef union {
  long long thelonglong;
  long double thelongdouble;
  uintmax_t theuintmax_t;
  size_t thesize_t;
  uintptr_t theuintptr_t;
  void *thepvoid;
  void (*thepfunc)(void);
} uMemfaultMaxAlignType;

#ifndef MEMFAULT_ALIGNOF
  #error "the header of this compiler has no MEMFAULT_ALIGNOF"
#endif

/* Its alignment in bytes. */
#ifndef MEMFAULT_MAX_ALIGN_SIZE
  #define MEMFAULT_MAX_ALIGN_SIZE MEMFAULT_ALIGNOF(uMemfaultMaxAlignType)
#endif

#ifdef __cplusplus
}
#endif
