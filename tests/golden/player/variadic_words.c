#include "variadic_words.h"

#include <stddef.h>
#include <string.h>

#include "step.h"

static const size_t kMaxWords = sizeof(((variadic_words *)0)->word) / sizeof(intptr_t);

static void add_word(variadic_words *w, size_t *count, intptr_t word) {
  if (*count == kMaxWords) {
    step_abort("too many arguments");
  }
  w->word[(*count)++] = word;
}

static void add_64_bits(variadic_words *w, size_t *count, size_t fixed_words, uint64_t value) {
#if defined(__arm__)
  *count += (*count + fixed_words) % 2;
  add_word(w, count, (intptr_t)(uint32_t)value);
  add_word(w, count, (intptr_t)(uint32_t)(value >> 32));
#else
  (void)fixed_words;
  add_word(w, count, (intptr_t)value);
#endif
}

static void add_number(variadic_words *w, size_t *words, size_t *numbers, size_t fixed_words,
                       uint64_t bits) {
#if defined(__arm__)
  (void)numbers;
  add_64_bits(w, words, fixed_words, bits);
#else
  (void)words;
  (void)fixed_words;
  if (*numbers == sizeof(w->number) / sizeof(w->number[0])) {
    step_abort("too many floating-point arguments");
  }
  memcpy(&w->number[(*numbers)++], &bits, sizeof(bits));
#endif
}

variadic_words variadic_words_from_text(const char *text) {
  return (variadic_words){ .word = { (intptr_t)text } };
}

variadic_words variadic_words_from_plain_args(const char *list) {
  variadic_words w = { 0 };
  size_t count = 0;
  for (size_t i = 0; i < arg_count(list); i++) {
    if (arg_given(item_key(list, i, "text"))) {
      add_word(&w, &count, (intptr_t)arg_text(item_key(list, i, "text")));
    } else {
      add_word(&w, &count, (intptr_t)arg_int(item_key(list, i, "number")));
    }
  }
  return w;
}

variadic_words variadic_words_from_typed_args(const char *list, size_t fixed_words) {
  variadic_words w = { 0 };
  size_t words = 0;
  size_t numbers = 0;
  for (size_t i = 0; i < arg_count(list); i++) {
    if (arg_given(item_key(list, i, "i32"))) {
      add_word(&w, &words, (intptr_t)arg_int(item_key(list, i, "i32")));
    } else if (arg_given(item_key(list, i, "i64"))) {
      add_64_bits(&w, &words, fixed_words, arg_uint(item_key(list, i, "i64")));
    } else if (arg_given(item_key(list, i, "f64"))) {
      add_number(&w, &words, &numbers, fixed_words, arg_uint(item_key(list, i, "f64")));
    } else {
      add_word(&w, &words, (intptr_t)arg_text(item_key(list, i, "str")));
    }
  }
  return w;
}
