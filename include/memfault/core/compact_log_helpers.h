/* Building blocks of compact logs (spec 30, chapter 7). Empty unless MEMFAULT_COMPACT_LOG_ENABLE is
 * 1.
 *
 * The format string of a log goes into the ELF section log_fmt, which the linker script does not
 * load. What the device stores is the string's address and the arguments; a word with two bits per
 * argument tells how to read them. Needs gnu11 or gnu++11.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "memfault/config.h"

#if MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault/core/compiler.h"
  #include "memfault/core/preprocessor.h"

  /* How an argument arrives in a variadic function. */
  #define MEMFAULT_LOG_ARG_PROMOTED_TO_INT32 0
  #define MEMFAULT_LOG_ARG_PROMOTED_TO_INT64 1
  #define MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE 2
  #define MEMFAULT_LOG_ARG_PROMOTED_TO_STR 3

  #if defined(__cplusplus)

    #include <type_traits>

/* Anything larger than 4 bytes is a 64-bit integer; 4 bytes and less are promoted to int. */
template<typename T, bool = sizeof(T) <= 4>
struct MemfaultLogArgPromotionType
    : std::integral_constant<int, MEMFAULT_LOG_ARG_PROMOTED_TO_INT64> {};
template<typename T>
struct MemfaultLogArgPromotionType<T, true>
    : std::integral_constant<int, MEMFAULT_LOG_ARG_PROMOTED_TO_INT32> {};

    #define MEMFAULT_LOG_ARG_IS_(type, code)                        \
      template<>                                                    \
      struct MemfaultLogArgPromotionType<type, (sizeof(type) <= 4)> \
          : std::integral_constant<int, code> {};

MEMFAULT_LOG_ARG_IS_(float, MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE)
MEMFAULT_LOG_ARG_IS_(double, MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE)
MEMFAULT_LOG_ARG_IS_(long double, MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE)
MEMFAULT_LOG_ARG_IS_(char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
MEMFAULT_LOG_ARG_IS_(const char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
MEMFAULT_LOG_ARG_IS_(signed char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
MEMFAULT_LOG_ARG_IS_(const signed char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
MEMFAULT_LOG_ARG_IS_(unsigned char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
MEMFAULT_LOG_ARG_IS_(const unsigned char *, MEMFAULT_LOG_ARG_PROMOTED_TO_STR)
    #undef MEMFAULT_LOG_ARG_IS_

    /* `+ 0` turns arrays into pointers and bit-fields into plain integers. */
    #define _MEMFAULT_LOG_ARG_PROMOTION_TYPE(arg) \
      MemfaultLogArgPromotionType<decltype((arg) + 0)>::value

  #else

    #if defined(__clang__)
      /* These come from the way the type is found, in every log statement, so there is no pop. */
      #pragma clang diagnostic ignored "-Wsizeof-array-decay"
      #if defined(__has_warning)
        #if __has_warning("-Wpre-c11-compat")
          #pragma clang diagnostic ignored "-Wpre-c11-compat"
        #endif
      #endif
    #endif

    /* `+ 0` turns arrays into pointers and bit-fields into plain integers. */
    #define _MEMFAULT_LOG_ARG_PROMOTION_TYPE(arg)                                      \
      _Generic((arg) + 0,                                                              \
        float: MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE,                                    \
        double: MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE,                                   \
        long double: MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE,                              \
        char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                                      \
        const char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                                \
        signed char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                               \
        const signed char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                         \
        unsigned char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                             \
        const unsigned char *: MEMFAULT_LOG_ARG_PROMOTED_TO_STR,                       \
        default: sizeof((arg) + 0) <= sizeof(int) ? MEMFAULT_LOG_ARG_PROMOTED_TO_INT32 \
                                                  : MEMFAULT_LOG_ARG_PROMOTED_TO_INT64)

  #endif

  #ifdef __cplusplus
extern "C" {
  #endif

  /* One helper per number of arguments: the last argument has shift 0, the one before it 2, and so
   * on.
   */
  #define _MF_FMT_0(fmt_op) 0
  #define _MF_FMT_1(fmt_op, X) fmt_op(X, 0)
  #define _MF_FMT_2(fmt_op, X, ...) fmt_op(X, 2) | _MF_FMT_1(fmt_op, __VA_ARGS__)
  #define _MF_FMT_3(fmt_op, X, ...) fmt_op(X, 4) | _MF_FMT_2(fmt_op, __VA_ARGS__)
  #define _MF_FMT_4(fmt_op, X, ...) fmt_op(X, 6) | _MF_FMT_3(fmt_op, __VA_ARGS__)
  #define _MF_FMT_5(fmt_op, X, ...) fmt_op(X, 8) | _MF_FMT_4(fmt_op, __VA_ARGS__)
  #define _MF_FMT_6(fmt_op, X, ...) fmt_op(X, 10) | _MF_FMT_5(fmt_op, __VA_ARGS__)
  #define _MF_FMT_7(fmt_op, X, ...) fmt_op(X, 12) | _MF_FMT_6(fmt_op, __VA_ARGS__)
  #define _MF_FMT_8(fmt_op, X, ...) fmt_op(X, 14) | _MF_FMT_7(fmt_op, __VA_ARGS__)
  #define _MF_FMT_9(fmt_op, X, ...) fmt_op(X, 16) | _MF_FMT_8(fmt_op, __VA_ARGS__)
  #define _MF_FMT_10(fmt_op, X, ...) fmt_op(X, 18) | _MF_FMT_9(fmt_op, __VA_ARGS__)
  #define _MF_FMT_11(fmt_op, X, ...) fmt_op(X, 20) | _MF_FMT_10(fmt_op, __VA_ARGS__)
  #define _MF_FMT_12(fmt_op, X, ...) fmt_op(X, 22) | _MF_FMT_11(fmt_op, __VA_ARGS__)
  #define _MF_FMT_13(fmt_op, X, ...) fmt_op(X, 24) | _MF_FMT_12(fmt_op, __VA_ARGS__)
  #define _MF_FMT_14(fmt_op, X, ...) fmt_op(X, 26) | _MF_FMT_13(fmt_op, __VA_ARGS__)
  #define _MF_FMT_15(fmt_op, X, ...) fmt_op(X, 28) | _MF_FMT_14(fmt_op, __VA_ARGS__)

  /* The helpers' names, pushed to the right by the arguments, and the one that arrives at the fixed
   * place.
   */
  #define _MF_GET_MACRO(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, \
                        NAME, ...)                                                            \
    NAME
  #define _MF_FOR_EACH(action, ...)                                                        \
    _MF_GET_MACRO(dummy, ##__VA_ARGS__, _MF_FMT_15, _MF_FMT_14, _MF_FMT_13, _MF_FMT_12,    \
                  _MF_FMT_11, _MF_FMT_10, _MF_FMT_9, _MF_FMT_8, _MF_FMT_7, _MF_FMT_6,      \
                  _MF_FMT_5, _MF_FMT_4, _MF_FMT_3, _MF_FMT_2, _MF_FMT_1, _MF_FMT_0, dummy) \
    (action, ##__VA_ARGS__)

  #define MEMFAULT_FMT_ENCODE_OP(_arg, _shift) (_MEMFAULT_LOG_ARG_PROMOTION_TYPE(_arg) << (_shift))

  /* The types of up to 15 arguments: a 1 bit, then two bits each, the first argument in the highest
   * ones.
   */
  #define MFLT_GET_COMPRESSED_LOG_FMT(...)                   \
    ((_MF_FOR_EACH(MEMFAULT_FMT_ENCODE_OP, ##__VA_ARGS__)) | \
     (1 << (2 * MEMFAULT_ARG_COUNT_UP_TO_32(__VA_ARGS__))))

  #define MEMFAULT_LOG_FMT_ELF_SECTION MEMFAULT_PUT_IN_SECTION("log_fmt")

  /* Declares the entry of a log in that section: "<number of arguments>;<file>;<line>;<format>". */
  #define MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY(format, ...)                                      \
    MEMFAULT_NO_ALLOC MEMFAULT_LOG_FMT_ELF_SECTION static const char _memfault_log_fmt_ptr[] = \
      MEMFAULT_EXPAND_AND_QUOTE(MEMFAULT_ARG_COUNT_UP_TO_32(__VA_ARGS__)) ";" __FILE__         \
      ";" MEMFAULT_EXPAND_AND_QUOTE(__LINE__) ";" format

  /* The id of that log. */
  #define MEMFAULT_LOG_FMT_ELF_SECTION_ENTRY_PTR ((uint32_t)(uintptr_t)&_memfault_log_fmt_ptr[0])

/* The first 8 bytes of the section, by which a decoder recognises it. */
typedef struct MemfaultLogFmtElfSectionHeader {
  /* 0x66474F4C, "LOGf" in little endian. */
  uint32_t magic;
  uint8_t version;
  uint8_t rsvd[3];
} sMemfaultLogFmtElfSectionHeader;

extern const sMemfaultLogFmtElfSectionHeader g_memfault_log_fmt_elf_section_hdr;

  #ifdef __cplusplus
}
  #endif

#endif
