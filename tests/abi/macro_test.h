/* Checks and recorded calls of the macro tests. The functions behind the macros are replaced by
 * recorders in macro_stubs.c, so that a test sees what a macro passes on.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *function;
  int calls;
  unsigned number;
  int value;
  const void *pc;
  const void *lr;
  char text[160];
} sCall;

/* The latest call of a recorder, and all of them counted. */
extern sCall g_last;
/* The latest line that was printed, and all of them counted. */
extern sCall g_printed;
/* Where a function that must not return goes. */
extern jmp_buf g_escape;

void forget_calls(void);
/* Counts and, on failure, prints. */
void check(bool ok, const char *what, int line);
/* Prints the summary; the exit status of the program. */
int summary(void);

#define CHECK(condition) check((condition), #condition, __LINE__)

#ifdef __cplusplus
}
#endif
