#include "coredump_store.h"

#include "crc32.h"
#include "memfault/panics/platform/coredump.h"
#include "payload.h"
#include "report.h"

#include <string.h>

#define REGION_CRC32 0xDCB24159u

__attribute__((aligned(8))) uint8_t g_coredump_store[COREDUMP_STORE_LEN];
coredump_store_totals g_coredump_store_totals;
static coredump_store_mode s_mode;

static const uint32_t s_registers[19] = {
  0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111,
  0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111,
  0x11111111, 0x11111111, 0x11111111, 0x11111111, 0x11111111,
};

static const sMfltCoredumpRegion s_region = {
  .type = kMfltCoredumpRegionType_Memory,
  .region_start = g_payload,
  .region_size = COREDUMP_REGION_LEN,
};

const sMemfaultCoredumpSaveInfo g_coredump_save_info = {
  .regs = s_registers,
  .regs_size = sizeof(s_registers),
  .trace_reason = kMfltRebootReason_HardFault,
  .regions = &s_region,
  .num_regions = 1,
};

void coredump_store_prepare(void) {
  payload_fill(kPayload_Mix);
  const uint32_t crc32 = bench_crc32(0, g_payload, COREDUMP_REGION_LEN);
  if (crc32 != REGION_CRC32) {
    bench_fail("the region has the CRC-32 %08lx", (unsigned long)crc32);
  }
}

void coredump_store_reset(coredump_store_mode mode) {
  s_mode = mode;
  memset(g_coredump_store, 0, sizeof(g_coredump_store));
  memset(&g_coredump_store_totals, 0, sizeof(g_coredump_store_totals));
}

/* --- hooks --- */

static bool is_in_store(uint32_t offset, size_t len) {
  return offset <= COREDUMP_STORE_LEN && len <= COREDUMP_STORE_LEN - offset;
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 1;
  return &s_region;
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  info->size = COREDUMP_STORE_LEN;
  info->sector_size = COREDUMP_STORE_LEN;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data,
                                              size_t data_len) {
  if (s_mode != kStore_Copies) {
    if (s_mode == kStore_Discards) {
      return true;
    }
    g_coredump_store_totals.writes++;
    g_coredump_store_totals.write_bytes += (uint32_t)data_len;
  }
  if (!is_in_store(offset, data_len)) {
    return false;
  }
  memcpy(&g_coredump_store[offset], data, data_len);
  return true;
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  g_coredump_store_totals.reads++;
  if (!is_in_store(offset, read_len)) {
    return false;
  }
  memcpy(data, &g_coredump_store[offset], read_len);
  return true;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  g_coredump_store_totals.erases++;
  if (s_mode == kStore_Discards) {
    return true;
  }
  if (!is_in_store(offset, erase_size)) {
    return false;
  }
  memset(&g_coredump_store[offset], 0, erase_size);
  return true;
}

void memfault_platform_coredump_storage_clear(void) {
  g_coredump_store[0] = 0;
}
