#define _DEFAULT_SOURCE
#include "fixed_memory.h"

#include <stdbool.h>
#include <string.h>

#include "step.h"

#define START 0x20000000u
#define SIZE 0x100000u

#if defined(__arm__)

// Nothing else lies there (board.ld).
static void map(void) { }

#else

  #include <sys/mman.h>

static void map(void) {
  static bool mapped;
  if (mapped) {
    return;
  }
  void *const wanted = (void *)(uintptr_t)START;
  const int access = PROT_READ | PROT_WRITE;
  if (mmap(wanted, SIZE, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != wanted) {
    step_abort("the addresses of the vectors cannot be had");
  }
  mapped = true;
}

#endif

uint8_t *fixed_memory(uint32_t address, size_t len) {
  map();
  if (address < START || address - START > SIZE || len > SIZE - (address - START)) {
    step_abort("an address outside of the memory for vectors");
  }
  return (uint8_t *)(uintptr_t)address;
}

void fixed_memory_reset(void) {
  memset(fixed_memory(START, SIZE), 0, SIZE);
}
