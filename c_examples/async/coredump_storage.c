#include "coredump_storage.h"

#include <string.h>

#include "memfault/core/math.h"
#include "memfault/panics/platform/coredump.h"
#include "slow_flash.h"

/* The SDK looks at this many bytes to see whether there is a coredump (spec 50 section 3.1). */
#define COREDUMP_HEADER_LEN 12u

#define MAX_LOGGED_READS 4u

/* The part of the flash that is in RAM. */
static struct {
  uint8_t bytes[COREDUMP_HEADER_LEN + COREDUMP_STORAGE_MAX_CHUNK];
  uint32_t start;
  uint32_t len;
  volatile bool loading;
} s_staged;

/* Where the SDK goes on reading. */
static uint32_t s_next_offset;

static coredump_storage_read_t s_reads[MAX_LOGGED_READS];
static size_t s_num_reads;

/* ---- saving, in the fault handler: interrupts are off, so these wait for the flash ----------- */

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  *info = (sMfltCoredumpStorageInfo){ .size = SLOW_FLASH_SIZE, .sector_size = SLOW_FLASH_SIZE };
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  return slow_flash_read_now(offset, data, read_len);
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  if (offset != 0 || erase_size != SLOW_FLASH_SIZE) {
    return false;
  }
  slow_flash_erase();
  return true;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data,
                                              size_t data_len) {
  return slow_flash_program(offset, data, data_len);
}

/* ---- sending, in the running firmware -------------------------------------------------------- */

static void on_flash_read_done(void) {
  s_staged.loading = false;
}

bool coredump_storage_prefetch(size_t next_chunk_size) {
  if (s_staged.loading) {
    return true;
  }
  /* Before it takes a coredump, the packetizer may ask for the header any number of times. So the
   * header stays here until the read position is behind it. */
  const bool at_header = s_next_offset <= COREDUMP_HEADER_LEN;
  const uint32_t start = at_header ? 0 : s_next_offset;
  const uint32_t chunk_size = MEMFAULT_MIN((uint32_t)next_chunk_size, COREDUMP_STORAGE_MAX_CHUNK);
  const uint32_t end = MEMFAULT_MIN(
    (at_header ? COREDUMP_HEADER_LEN : s_next_offset) + chunk_size, SLOW_FLASH_SIZE);
  if (start >= end || (start >= s_staged.start && end <= s_staged.start + s_staged.len)) {
    return false; /* all there */
  }
  s_staged.start = start;
  s_staged.len = end - start;
  s_staged.loading = true;
  if (!slow_flash_read(start, s_staged.bytes, s_staged.len, on_flash_read_done)) {
    s_staged.loading = false;
    s_staged.len = 0;
    return false;
  }
  return true;
}

/*
 * The packetizer reads coredumps through this hook, and saving does not: so the two can differ. It
 * takes the place of the SDK's own, which would call memfault_platform_coredump_storage_read().
 *
 * A false while the packetizer looks for a coredump means "none at the moment". Within a coredump
 * it would mean lost bytes, which is why coredump_storage_prefetch() comes before each chunk.
 */
bool memfault_coredump_read(uint32_t offset, void *buf, size_t buf_len) {
  if (s_num_reads < MAX_LOGGED_READS) {
    s_reads[s_num_reads] = (coredump_storage_read_t){ .offset = offset, .len = buf_len };
  }
  s_num_reads++;
  const uint32_t staged_end = s_staged.start + s_staged.len;
  if (s_staged.loading || offset < s_staged.start || offset > staged_end ||
      buf_len > staged_end - offset) {
    s_next_offset = offset; /* the next prefetch brings it */
    return false;
  }
  memcpy(buf, &s_staged.bytes[offset - s_staged.start], buf_len);
  s_next_offset = offset + (uint32_t)buf_len;
  return true;
}

/* The coredump was sent. A NOR flash can make a zero out of anything, so this needs no erase. */
void memfault_platform_coredump_storage_clear(void) {
  const uint8_t spoiled = 0;
  slow_flash_program(0, &spoiled, sizeof(spoiled));
  s_staged.len = 0;
  s_next_offset = 0;
}

size_t coredump_storage_take_reads(coredump_storage_read_t *reads, size_t max_reads) {
  const size_t num_reads = s_num_reads;
  memcpy(reads, s_reads, MEMFAULT_MIN(num_reads, max_reads) * sizeof(*reads));
  s_num_reads = 0;
  return num_reads;
}
