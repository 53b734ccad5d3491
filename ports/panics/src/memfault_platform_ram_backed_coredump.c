//! Coredump storage in RAM that keeps its contents over a reset (spec 50, 13.1).
//!
//! Needs no driver. Start-up code must not clear the section of the buffer, nor a boot loader the
//! memory. A coredump is lost with the power.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/panics/platform/coredump.h"

#if MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_RAM && MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_FLASH
  #error "coredumps go to flash or to RAM: set only one of MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_*"
#endif

#if MEMFAULT_PLATFORM_COREDUMP_STORAGE_USE_RAM

  #define STORAGE_SIZE (MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE)

  #if MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_CUSTOM
    #define STORAGE ((uint8_t *)(MEMFAULT_PLATFORM_COREDUMP_RAM_START_ADDR))
  #else
    #if STORAGE_SIZE % 4 != 0
      #error "MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE must be a multiple of 4"
    #endif
MEMFAULT_PUT_IN_SECTION(MEMFAULT_PLATFORM_COREDUMP_NOINIT_SECTION_NAME)
static uint32_t s_coredump_storage[STORAGE_SIZE / sizeof(uint32_t)];
    #define STORAGE ((uint8_t *)s_coredump_storage)
  #endif

  #if !MEMFAULT_PLATFORM_COREDUMP_STORAGE_REGIONS_CUSTOM
//! The stack that was in use. If none of it can be read, the region is empty and a coredump has no
//! memory.
MEMFAULT_WEAK const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_stack;
  void *const stack = crash_info->stack_address;
  s_stack = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(
    stack, (uint32_t)memfault_platform_sanitize_address_range(
             stack, MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT));
  *num_regions = 1;
  return &s_stack;
}
  #endif

//! Reads `len` bytes at `offset` into `to`; without `to`, writes those of `from`, or zeroes without
//! that. False when not all of them are in the storage. One loop, and no memcpy and memset, saves
//! 500 bytes of flash where nothing else needs those two.
static bool prv_transfer(uint32_t offset, uint8_t *to, size_t len, const uint8_t *from) {
  // Not offset + len, which may wrap.
  if (offset > STORAGE_SIZE || len > STORAGE_SIZE - offset) {
    return false;
  }
  // Volatile, or the compiler makes calls of memcpy and memset again.
  volatile uint8_t *const at = &STORAGE[offset];
  for (size_t i = 0; i < len; i++) {
    if (to != NULL) {
      to[i] = at[i];
    } else {
      at[i] = (from != NULL) ? from[i] : 0;
    }
  }
  return true;
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  *info = (sMfltCoredumpStorageInfo) {
    .size = STORAGE_SIZE,
    .sector_size = 0, // anything can be overwritten
  };
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  return prv_transfer(offset, data, read_len, NULL);
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  return prv_transfer(offset, NULL, data_len, data);
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  return prv_transfer(offset, NULL, erase_size, NULL);
}

void memfault_platform_coredump_storage_clear(void) {
  if (STORAGE_SIZE != 0) {
    STORAGE[0] = 0; // no magic, no coredump
  }
}

#endif
