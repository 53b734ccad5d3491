// Host: each vector runs in a process of its own.
#define _DEFAULT_SOURCE
#include "isolate.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "memory.h"
#include "step.h"

// A vector takes microseconds. Whatever runs this long hangs: the panic handler of the library
// loops for ever.
#define MAX_SECONDS 5
#define MAX_STEPS 65536
#define COMPLETE 42  // exit status of a process that carried out all of its steps

void end_vector(void) {
  fflush(stdout);
  _exit(0);
}

// Shared by the processes of a vector.
static void *persistent_memory(void) {
  static void *memory;
  if (memory == NULL) {
    memory = mmap(NULL, PERSISTENT_MEMORY_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                  -1, 0);
    if (memory == MAP_FAILED) {
      step_abort("no shared memory");
    }
  }
  return memory;
}

void *isolate_persistent_memory(size_t size) {
  if (size > PERSISTENT_MEMORY_SIZE) {
    step_abort("the vector needs too much persistent memory");
  }
  return persistent_memory();
}

static bool starts_boot(const char *line) {
  return strcmp(line, "next_boot") == 0 || strncmp(line, "next_boot ", 10) == 0;
}

// One process from power-up on. False: it did not come to the end of its steps.
static bool run_boot(char *first, char **steps, size_t count, void (*play)(char *line)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(MAX_SECONDS);
    play(first);
    for (size_t i = 0; i < count; i++) {
      play(steps[i]);
    }
    fflush(stdout);
    _exit(COMPLETE);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) {
    printf("!no process for a vector\n");
    return false;
  }
  if (WIFSIGNALED(status)) {
    printf("!the process died of signal %d%s\n", WTERMSIG(status),
           WTERMSIG(status) == 14 ? " (it hung)" : "");
    return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == COMPLETE;
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
  memset(persistent_memory(), 0, PERSISTENT_MEMORY_SIZE);
  char *line = first_line;
  for (size_t at = 0;;) {
    size_t end = at;
    while (end < count && !starts_boot(steps[end])) {
      end++;
    }
    if (!run_boot(line, &steps[at], end - at, play) || end == count) {
      break;
    }
    line = steps[end];
    at = end + 1;
  }
  arena_reset();
}
