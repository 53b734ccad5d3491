// Emulated board: one program plays all vectors, and puts the library's memory back between them.
#include "isolate.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "memory.h"
#include "step.h"

// From the linker script.
extern uint8_t board_library_state_start[];
extern uint8_t board_library_state_end[];

static uint8_t s_power_up[64 * 1024];
static jmp_buf s_end;

static uint8_t s_persistent[PERSISTENT_MEMORY_SIZE] __attribute__((aligned(8), section(".psram")));

void end_vector(void) {
  longjmp(s_end, 1);
}

void *isolate_persistent_memory(size_t size) {
  if (size > sizeof(s_persistent)) {
    step_abort("the vector needs too much persistent memory");
  }
  return s_persistent;
}

void isolate_vector(char *first_line, char *(*next_line)(void), void (*play)(char *line)) {
  static bool saved;
  static volatile bool aborted;
  aborted = setjmp(s_end) != 0;
  const size_t len = (size_t)(board_library_state_end - board_library_state_start);
  if (len > sizeof(s_power_up)) {
    step_abort("the library remembers more than the player can put back");
  }
  if (!saved) {
    saved = true;
    memcpy(s_power_up, board_library_state_start, len);
  }
  if (!aborted) {
    memset(s_persistent, 0, sizeof(s_persistent));
    play(first_line);
  }
  // After an abort the steps that are left are read over.
  for (char *line = next_line(); line != NULL && strcmp(line, "end") != 0; line = next_line()) {
    if (!aborted) {
      if (strncmp(line, "next_boot", 9) == 0) {
        memcpy(board_library_state_start, s_power_up, len);
      }
      play(line);
    }
  }
  memcpy(board_library_state_start, s_power_up, len);
  arena_reset();
}
