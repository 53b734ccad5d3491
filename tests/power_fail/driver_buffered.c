/*
 * Pages of WRITE_SIZE bytes, through the buffered writer, on three kinds of flash:
 *
 * KIND_ECC    takes whole pages, which can be overwritten with zeros: so a coredump becomes
 *             invalid. A page that was interrupted cannot be read.
 * KIND_WORDS  takes words of 4 bytes, which can be overwritten with zeros; any bits of a word that
 *             was interrupted are left. Page 0 is written from its end to its start, so that the
 *             magic is last.
 * KIND_MARK   takes whole pages, once, and any bits of one that was interrupted are left. A page in
 *             a sector of its own says that the coredump is complete. It is written after
 *             everything else and erased before anything else.
 */
#include <string.h>

#include "driver.h"

#define MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE WRITE_SIZE
#include "memfault/ports/buffered_coredump_storage.h"

#define SECTOR_SIZE 256u
#define STORAGE_SIZE 768u
#define STRING_(x) #x
#define STRING(x) STRING_(x)

#if defined(KIND_ECC)
  #define UNIT WRITE_SIZE
  #define KIND ", checksums"
#elif defined(KIND_WORDS)
  #define UNIT 4
  #define KIND " in words"
#else
  #define UNIT WRITE_SIZE
  #define KIND ", mark"
#endif

const char g_driver_name[] = "pages of " STRING(WRITE_SIZE) " bytes" KIND;
const flash_geometry_t g_driver_geometry = {
  .sector_size = SECTOR_SIZE,
  .unit = UNIT,
#if defined(KIND_MARK)
  .size = STORAGE_SIZE + SECTOR_SIZE,
#else
  .size = STORAGE_SIZE,
  .zeros_always = true,
#endif
#if defined(KIND_ECC)
  .ecc = true,
#endif
};
const uint32_t g_driver_storage_size = STORAGE_SIZE;

#if !defined(KIND_MARK)

/* A page that cannot be read was interrupted, so it is not part of a coredump. If reading
 * failed, nothing could be saved any more: the library looks into the storage first. */
bool driver_read(uint32_t offset, void *data, size_t len) {
  if (offset > STORAGE_SIZE || len > STORAGE_SIZE - offset) {
    return false;
  }
  const flash_status_t status = flash_read(g_flash, offset, data, len);
  if (status == kFlash_Unreadable) {
    memset(data, 0, len);
  }
  return status != kFlash_Failed;
}

bool memfault_platform_coredump_storage_buffered_write(sCoredumpWorkingBuffer *blk) {
  for (uint32_t at = WRITE_SIZE; at > 0; at -= UNIT) {
    const uint32_t unit = at - UNIT;
    if (flash_program(g_flash, blk->write_offset + unit, &blk->data[unit], UNIT) != kFlash_Ok) {
      return false;
    }
  }
  return true;
}

static bool invalidate(void) {
  const uint8_t zeros[UNIT] = { 0 };
  return flash_program(g_flash, 0, zeros, sizeof(zeros)) == kFlash_Ok;
}

void driver_clear(void) {
  (void)invalidate();
}

/* An erase that is interrupted may leave the header and not the rest of its sector. Only the
 * storage test erases a coredump that is valid. */
bool driver_erase(void) {
  return invalidate() && flash_erase(g_flash, 0, STORAGE_SIZE) == kFlash_Ok;
}

#else

  #define MARK_ADDRESS STORAGE_SIZE
  #define MARK 0x36u

static bool is_complete(bool *failed) {
  uint8_t mark[WRITE_SIZE];
  *failed = flash_read(g_flash, MARK_ADDRESS, mark, sizeof(mark)) != kFlash_Ok;
  for (size_t i = 0; !*failed && i < sizeof(mark); i++) {
    if (mark[i] != MARK) {
      return false;
    }
  }
  return !*failed;
}

bool driver_read(uint32_t offset, void *data, size_t len) {
  bool failed = false;
  if (offset > STORAGE_SIZE || len > STORAGE_SIZE - offset) {
    return false;
  }
  const bool complete = is_complete(&failed);
  if (failed || flash_read(g_flash, offset, data, len) != kFlash_Ok) {
    return false;
  }
  if (!complete && offset == 0) {
    memset(data, 0, len < 4 ? len : 4); /* no magic, no coredump */
  }
  return true;
}

bool memfault_platform_coredump_storage_buffered_write(sCoredumpWorkingBuffer *blk) {
  if (flash_program(g_flash, blk->write_offset, blk->data, sizeof(blk->data)) != kFlash_Ok) {
    return false;
  }
  if (blk->write_offset != 0) {
    return true;
  }
  uint8_t mark[WRITE_SIZE];
  memset(mark, MARK, sizeof(mark));
  return flash_program(g_flash, MARK_ADDRESS, mark, sizeof(mark)) == kFlash_Ok;
}

void driver_clear(void) {
  (void)flash_erase(g_flash, MARK_ADDRESS, SECTOR_SIZE);
}

bool driver_erase(void) {
  return flash_erase(g_flash, MARK_ADDRESS, SECTOR_SIZE) == kFlash_Ok &&
         flash_erase(g_flash, 0, STORAGE_SIZE) == kFlash_Ok;
}

#endif
