/* For compilers without a C library: assert() as newlib has it, with a function that the SDK
 * replaces (spec 50, chapter 10). */
#pragma once

void __assert_func(const char *file, int line, const char *function, const char *expression)
  __attribute__((noreturn));

#define assert(expression) \
  ((expression) ? (void)0 : __assert_func(__FILE__, __LINE__, __func__, #expression))
