// Plays golden vectors of one module against the library that it is linked with.
//
// Run: player FILE. The file is made by the package `golden`: per vector one line `vector ID`, one
// line per step, and `end`. Prints per vector `>ID` and one line of results per step (see step.h).
#include <stdio.h>
#include <string.h>

#include "isolate.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static FILE *s_input;

static char *next_line(void) {
  size_t capacity = 4096;
  size_t len = 0;
  char *line = arena_alloc(capacity);
  while (fgets(line + len, (int)(capacity - len), s_input) != NULL) {
    len += strlen(line + len);
    if (len > 0 && line[len - 1] == '\n') {
      line[len - 1] = '\0';
      return line;
    }
    char *longer = arena_alloc(2 * capacity);
    memcpy(longer, line, len);
    line = longer;
    capacity *= 2;
  }
  return NULL;
}

static void play(char *line) {
  step_begin(line);
  if (step_is("vector")) {
    recorder_reset();
    module_reset();
    return;
  }
  if (step_is("next_boot")) {
    recorder_reset();
    module_reset();
  }
  module_step();
  step_end();
}

int main(int argc, char **argv) {
  s_input = argc > 1 ? fopen(argv[1], "r") : NULL;
  if (s_input == NULL) {
    printf("!cannot open the file of steps\n");
    return 1;
  }
  for (char *line = next_line(); line != NULL; line = next_line()) {
    if (strncmp(line, "vector ", 7) != 0) {
      printf("!expected a vector, got: %.40s\n", line);
      return 1;
    }
    printf(">%s\n", line + 7);
    line[6] = '\0';  // the id is no argument
    isolate_vector(line, next_line, play);
  }
  printf("<\n");
  fflush(stdout);
  return 0;
}
