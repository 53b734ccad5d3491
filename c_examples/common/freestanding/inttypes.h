/* For compilers without a C library: the formats that <stdio.h> of this folder knows. */
#pragma once

#include <stdint.h>

#define PRId8 "d"
#define PRIi8 "i"
#define PRIu8 "u"
#define PRIx8 "x"
#define PRIX8 "X"
#define PRId16 "d"
#define PRIi16 "i"
#define PRIu16 "u"
#define PRIx16 "x"
#define PRIX16 "X"
#if defined(__riscv) && __riscv_xlen == 32
  #define FREESTANDING_32_ "l"
  #define FREESTANDING_64_ "ll"
#else
  #define FREESTANDING_32_ ""
  #define FREESTANDING_64_ "l"
#endif
#define PRId32 FREESTANDING_32_ "d"
#define PRIi32 FREESTANDING_32_ "i"
#define PRIu32 FREESTANDING_32_ "u"
#define PRIx32 FREESTANDING_32_ "x"
#define PRIX32 FREESTANDING_32_ "X"
#define PRId64 FREESTANDING_64_ "d"
#define PRIi64 FREESTANDING_64_ "i"
#define PRIu64 FREESTANDING_64_ "u"
#define PRIx64 FREESTANDING_64_ "x"
#define PRIX64 FREESTANDING_64_ "X"
