// Calls a variadic function with arguments that are known at run time only.
//
// They are passed as machine words, and always all of them. On x86-64 each integer and each
// pointer takes one word, and floating-point numbers are counted apart (the first eight travel in
// registers of their own). On 32-bit Arm everything is one sequence of words, the fixed
// arguments in front, in which 64-bit values start at an even word.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct {
  intptr_t word[16];
#if !defined(__arm__)
  double number[8];
#endif
} variadic_words;

#define VARIADIC_WORDS_INTEGERS(w)                                                              \
  (w).word[0], (w).word[1], (w).word[2], (w).word[3], (w).word[4], (w).word[5], (w).word[6],    \
    (w).word[7], (w).word[8], (w).word[9], (w).word[10], (w).word[11], (w).word[12],            \
    (w).word[13], (w).word[14], (w).word[15]
#if defined(__arm__)
#define VARIADIC_WORDS(w) VARIADIC_WORDS_INTEGERS(w)
#else
#define VARIADIC_WORDS(w)                                                                       \
  VARIADIC_WORDS_INTEGERS(w), (w).number[0], (w).number[1], (w).number[2], (w).number[3],       \
    (w).number[4], (w).number[5], (w).number[6], (w).number[7]
#endif

variadic_words variadic_words_from_text(const char *text);

// A list of 32-bit integers and texts.
variadic_words variadic_words_from_plain_args(const char *list);

// A list of `{"i32": ..}`, `{"i64": ..}`, `{"f64": bits}`, `{"str": ..}`. `fixed_words`: how many
// words the fixed arguments take on Arm.
variadic_words variadic_words_from_typed_args(const char *list, size_t fixed_words);
