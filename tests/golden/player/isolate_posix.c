// Host: each vector runs in a process of its own.
#define _POSIX_C_SOURCE 200809L
#include "isolate.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "step.h"

// A vector takes microseconds. Whatever runs this long hangs: the panic handler of the library
// loops for ever.
#define MAX_SECONDS 5
#define MAX_STEPS 65536

void end_vector(void) {
  fflush(stdout);
  _exit(0);
}

void isolate_vector(char *first_line, char *(*next_line)(void), void (*play)(char *line)) {
  static char *steps[MAX_STEPS];
  size_t count = 0;
  for (char *line = next_line(); line != NULL && strcmp(line, "end") != 0; line = next_line()) {
    if (count == MAX_STEPS) {
      step_abort("too many steps");
    }
    steps[count++] = line;
  }
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(MAX_SECONDS);
    play(first_line);
    for (size_t i = 0; i < count; i++) {
      play(steps[i]);
    }
    end_vector();
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    printf("!no process for a vector\n");
  } else if (WIFSIGNALED(status)) {
    printf("!the process died of signal %d%s\n", WTERMSIG(status),
           WTERMSIG(status) == 14 ? " (it hung)" : "");
  }
  arena_reset();
}
