/*
 * Flash that takes single bytes, as serial NOR does: writes go straight there. The size of a
 * coredump is written last and from its low byte to its high one, so that a header that was
 * interrupted claims more bytes than the storage has. That holds for storages up to 16 MiB.
 */
#include "driver.h"
#include "memfault/panics/platform/coredump.h"

#define STORAGE_SIZE 768u

const char g_driver_name[] = "direct, units of 1 byte";
const flash_geometry_t g_driver_geometry = {
  .size = STORAGE_SIZE,
  .sector_size = 256,
  .unit = 1,
  .zeros_always = true,
};
const uint32_t g_driver_storage_size = STORAGE_SIZE;

static bool inside(uint32_t offset, size_t len) {
  return offset <= STORAGE_SIZE && len <= STORAGE_SIZE - offset;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  return inside(offset, data_len) && flash_program(g_flash, offset, data, data_len) == kFlash_Ok;
}

bool driver_read(uint32_t offset, void *data, size_t len) {
  return inside(offset, len) && flash_read(g_flash, offset, data, len) == kFlash_Ok;
}

static bool invalidate(void) {
  const uint8_t no_magic = 0;
  return flash_program(g_flash, 0, &no_magic, sizeof(no_magic)) == kFlash_Ok;
}

void driver_clear(void) {
  (void)invalidate();
}

/* An erase that is interrupted may leave the header and not the rest of its sector. Only the
 * storage test erases a coredump that is valid. */
bool driver_erase(void) {
  return invalidate() && flash_erase(g_flash, 0, STORAGE_SIZE) == kFlash_Ok;
}
