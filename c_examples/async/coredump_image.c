/*
 * A coredump in the format of spec 50 section 3: header, a few blocks, footer. It is put together
 * by hand and shows one region of RAM, because this example is about getting data out of slow
 * storage; nothing crashes in it.
 */
#include "coredump_image.h"

#include <stddef.h>

#include "memfault/core/reboot_reason_types.h"
#include "slow_flash.h"

#define IMAGE_VERSION 2u
#define MACHINE_CORTEX_M 40u
#define REGION_SIZE 600u /* not a multiple of any packet size */

enum block_type {
  BLOCK_MEMORY = 1,
  BLOCK_TRACE_REASON = 5,
  BLOCK_MACHINE = 7,
};

struct block_header {
  uint32_t type; /* one byte and three reserved ones */
  uint32_t address;
  uint32_t length;
};

static uint8_t s_region[REGION_SIZE];

/* Appends to the flash; an offset of 0 stands for "did not fit" and stays 0. */
static uint32_t append(uint32_t offset, const void *data, size_t data_len) {
  const bool ok = offset != 0 && slow_flash_program(offset, data, data_len);
  return ok ? offset + (uint32_t)data_len : 0;
}

static uint32_t append_block(uint32_t offset, enum block_type type, uint32_t address,
                             const void *data, uint32_t length) {
  const struct block_header header = { .type = type, .address = address, .length = length };
  return append(append(offset, &header, sizeof(header)), data, length);
}

uint32_t coredump_image_program(void) {
  for (size_t i = 0; i < sizeof(s_region); i++) {
    s_region[i] = (uint8_t)(i ^ (i >> 8)); /* no long runs, and no two equal halves */
  }
  const uint32_t machine = MACHINE_CORTEX_M;
  const uint32_t reason = kMfltRebootReason_UnknownError;
  const uint32_t footer[4] = { 0x504D5544u /* "DUMP" */ };

  slow_flash_erase();
  uint32_t end = 3 * sizeof(uint32_t); /* the header comes last, as it holds the size */
  end = append_block(end, BLOCK_MACHINE, 0, &machine, sizeof(machine));
  end = append_block(end, BLOCK_TRACE_REASON, 0, &reason, sizeof(reason));
  end = append_block(end, BLOCK_MEMORY, (uint32_t)(uintptr_t)s_region, s_region,
                     sizeof(s_region));
  end = append(end, footer, sizeof(footer));

  const uint32_t header[3] = { 0x45524F43u /* "CORE" */, IMAGE_VERSION, end };
  return (end != 0 && slow_flash_program(0, header, sizeof(header))) ? end : 0;
}
