#include "slow_flash.h"

#include <string.h>

#include "board.h"

/* A command takes 2 ms, and each further 256 bytes 1 ms: about a small serial flash. */
#define LATENCY_MS 2u
#define BYTES_PER_MS 256u

/* The start-up code leaves this section alone, as a reset leaves a flash. */
__attribute__((section(".noinit.slow_flash"))) static uint8_t s_cells[SLOW_FLASH_SIZE];

static struct {
  uint8_t *destination;
  uint32_t offset;
  size_t len;
  uint32_t ticks_left;
  void (*on_done)(void);
} s_read;

static void on_tick(void) {
  s_read.ticks_left--;
  if (s_read.ticks_left == 0) {
    memcpy(s_read.destination, &s_cells[s_read.offset], s_read.len);
    board_set_tick_hook(NULL);
    s_read.on_done();
  }
}

static bool in_range(uint32_t offset, size_t len) {
  return offset <= SLOW_FLASH_SIZE && len <= SLOW_FLASH_SIZE - offset;
}

void slow_flash_erase(void) {
  memset(s_cells, 0xFF, sizeof(s_cells));
}

bool slow_flash_program(uint32_t offset, const void *data, size_t data_len) {
  if (!in_range(offset, data_len)) {
    return false;
  }
  const uint8_t *bytes = data;
  bool ok = true;
  for (size_t i = 0; i < data_len; i++) {
    s_cells[offset + i] &= bytes[i];
    ok = ok && s_cells[offset + i] == bytes[i];
  }
  return ok;
}

bool slow_flash_read_now(uint32_t offset, void *destination, size_t len) {
  if (!in_range(offset, len)) {
    return false;
  }
  memcpy(destination, &s_cells[offset], len);
  return true;
}

bool slow_flash_read(uint32_t offset, void *destination, size_t len, void (*on_done)(void)) {
  if (s_read.ticks_left != 0 || !in_range(offset, len)) {
    return false;
  }
  memset(destination, 0xEE, len); /* whoever does not wait sends this, and a test sees it */
  s_read.destination = destination;
  s_read.offset = offset;
  s_read.len = len;
  s_read.on_done = on_done;
  s_read.ticks_left = LATENCY_MS + (uint32_t)len / BYTES_PER_MS;
  board_set_tick_hook(on_tick);
  return true;
}
