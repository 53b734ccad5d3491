/* The hooks of coredumps, for tests that save none: no storage, no regions. Weak, like those in
 * platform.c.
 */
#include "memfault/components.h"

MEMFAULT_WEAK const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

MEMFAULT_WEAK void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  *info = (sMfltCoredumpStorageInfo){ 0 };
}

MEMFAULT_WEAK bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data,
                                                            size_t data_len) {
  (void)offset;
  (void)data;
  (void)data_len;
  return false;
}

MEMFAULT_WEAK bool memfault_platform_coredump_storage_read(uint32_t offset, void *data,
                                                           size_t read_len) {
  (void)offset;
  (void)data;
  (void)read_len;
  return false;
}

MEMFAULT_WEAK bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  (void)offset;
  (void)erase_size;
  return false;
}

MEMFAULT_WEAK void memfault_platform_coredump_storage_clear(void) {}
