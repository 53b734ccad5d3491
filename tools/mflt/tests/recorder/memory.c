/* What may be read for a coredump: the board's RAM. */
#include <stdint.h>

#include "memfault/core/math.h"
#include "memfault/panics/platform/coredump.h"

/* From the board's linker script. */
extern char board_ram_start[], board_ram_end[];

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  const uintptr_t ram_end = (uintptr_t)board_ram_end;
  if (start < (uintptr_t)board_ram_start || start >= ram_end) {
    return 0;
  }
  return MEMFAULT_MIN(desired_size, ram_end - start);
}
