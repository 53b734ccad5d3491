/*
 * Coredumps: what is saved into storages of every size and how, hooks that fail at each call, what
 * is left alone, cached and other special regions, and the test of the storage.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "coredump_storage.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"

static unsigned s_log_lines;

void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
  s_log_lines++;
}

static const uint32_t s_regs[19] = { 0x11111111, 0x22222222, 0x33333333, 0x44444444 };
static uint8_t s_memory[131];
static uint32_t s_words[6] = { 1, 2, 3, 4, 5, 6 };

static const sMfltCoredumpRegion s_regions[] = {
  { kMfltCoredumpRegionType_Memory, s_memory, sizeof(s_memory) },
  { kMfltCoredumpRegionType_Memory, s_memory, 0 },
  { kMfltCoredumpRegionType_Memory, NULL, 100 },
  { kMfltCoredumpRegionType_MemoryWordAccessOnly, s_words, sizeof(s_words) },
  { kMfltCoredumpRegionType_ImageIdentifier, &s_memory[1], 5 },
};
#define NUM_REGIONS (sizeof(s_regions) / sizeof(s_regions[0]))

static sMemfaultCoredumpSaveInfo s_info = {
  .regs = s_regs,
  .regs_size = sizeof(s_regs),
  .trace_reason = kMfltRebootReason_HardFault,
  .regions = s_regions,
  .num_regions = NUM_REGIONS,
};

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  CHECK(crash_info->stack_address != NULL);
  *num_regions = NUM_REGIONS;
  return s_regions;
}

static coredump_block_t block(uint32_t type, unsigned index) {
  return coredump_find(g_storage.bytes, g_storage.size, type, index);
}

static bool well_formed(void) {
  return coredump_is_well_formed(g_storage.bytes, g_storage.size) && storage_kept_its_limits() &&
         !g_storage.out_of_order;
}

/* The block of a region of the caller: the ones of the architecture come first. */
static coredump_block_t region_block(const void *start) {
  coredump_image_t image = coredump_open(g_storage.bytes, g_storage.size);
  coredump_block_t found;
  while (coredump_next(&image, &found)) {
    if (found.address == (uint32_t)(uintptr_t)start) {
      return found;
    }
  }
  return (coredump_block_t) { .payload = NULL };
}

static void check_text(uint32_t type, const char *text) {
  const coredump_block_t found = block(type, 0);
  CHECK_EQ(found.len, strlen(text));
  CHECK(found.payload != NULL && memcmp(found.payload, text, strlen(text)) == 0);
}

static void test_content(void) {
  sMemfaultDeviceInfo device;
  size_t size = 0;
  memfault_platform_get_device_info(&device);
  storage_reset(STORAGE_MAX);
  CHECK(memfault_coredump_save(&s_info));
  CHECK(well_formed());
  CHECK(memfault_coredump_has_valid_coredump(&size));
  CHECK_EQ(size, coredump_open(g_storage.bytes, STORAGE_MAX).len);
  CHECK_EQ(size, memfault_coredump_get_save_size(&s_info));
  CHECK(!coredump_open(g_storage.bytes, STORAGE_MAX).truncated);

  const coredump_block_t regs = block(kMfltCoredumpBlockType_CurrentRegisters, 0);
  CHECK_EQ(regs.len, sizeof(s_regs));
  CHECK(regs.payload == &g_storage.bytes[24] && memcmp(regs.payload, s_regs, sizeof(s_regs)) == 0);
  CHECK(block(kMfltCoredumpBlockType_CurrentRegisters, 1).payload == NULL);
  CHECK_EQ(block(kMfltCoredumpRegionType_BuildId, 0).len % 20, 0);
  CHECK(block(kMfltCoredumpRegionType_DeviceSerial, 0).payload == NULL);
  check_text(kMfltCoredumpRegionType_SoftwareVersion, device.software_version);
  check_text(kMfltCoredumpRegionType_SoftwareType, device.software_type);
  check_text(kMfltCoredumpRegionType_HardwareVersion, device.hardware_version);
  const coredump_block_t reason = block(kMfltCoredumpRegionType_TraceReason, 0);
  CHECK_BYTES(reason.payload, reason.len, 0x00, 0x94, 0x00, 0x00);
#if defined(__arm__)
  const coredump_block_t machine = block(kMfltCoredumpRegionType_MachineType, 0);
  CHECK_BYTES(machine.payload, machine.len, 40, 0, 0, 0);
#endif

  const coredump_block_t memory = region_block(s_memory);
  CHECK_EQ(memory.len, sizeof(s_memory));
  CHECK(memory.payload != NULL && memcmp(memory.payload, s_memory, sizeof(s_memory)) == 0);
  const coredump_block_t words = region_block(s_words);
  CHECK_EQ(words.len, sizeof(s_words));
  CHECK(words.payload != NULL && memcmp(words.payload, s_words, sizeof(s_words)) == 0);
  CHECK_EQ(region_block(&s_memory[1]).len, 5);
}

/* Regions are cut to what fits; everything in front of them and the footer have to fit. */
static void test_every_storage_size(void) {
  storage_reset(STORAGE_MAX);
  CHECK(memfault_coredump_save(&s_info));
  const uint32_t full = coredump_open(g_storage.bytes, STORAGE_MAX).len;
  const coredump_block_t reason = block(kMfltCoredumpRegionType_TraceReason, 0);
  const size_t smallest = (size_t)(reason.payload - g_storage.bytes) + reason.len + 16;
  for (size_t size = 0; size < full + 3; size++) {
    storage_reset(size);
    const bool saved = memfault_coredump_save(&s_info);
    CHECK_EQ(saved, size >= smallest);
    CHECK(storage_kept_its_limits());
    CHECK_EQ(memfault_coredump_has_valid_coredump(NULL), saved);
    if (saved) {
      const coredump_image_t image = coredump_open(g_storage.bytes, size);
      CHECK(well_formed());
      CHECK_EQ(image.truncated, size < full);
      CHECK(image.len == full || size - image.len < 12 + 4 + 3);
    }
  }
}

static void test_hook_calls(void) {
  storage_reset(STORAGE_MAX);
  s_log_lines = 0;
  CHECK(memfault_coredump_save(&s_info));
  CHECK_EQ(g_storage.infos, 1);
  CHECK_EQ(g_storage.begins, 2);
  CHECK_EQ(g_storage.reads, 1);
  CHECK_EQ(g_storage.erases, 1);
  CHECK_EQ(g_storage.next_offset, 0); /* the header was last */
  CHECK_EQ(g_storage.clears, 0);
  CHECK_EQ(s_log_lines, 0);

  storage_forget();
  (void)memfault_coredump_get_save_size(&s_info);
  CHECK_EQ(g_storage.infos + g_storage.begins + g_storage.reads + g_storage.writes +
             g_storage.erases, 0);
}

static void test_nothing_to_save(void) {
  sMemfaultCoredumpSaveInfo info = s_info;
  storage_reset(STORAGE_MAX);
  info.num_regions = 0;
  CHECK(!memfault_coredump_save(&info));
  CHECK_EQ(memfault_coredump_get_save_size(&info), 0);
  info = s_info;
  info.regions = NULL;
  CHECK(!memfault_coredump_save(&info));
  CHECK_EQ(memfault_coredump_get_save_size(&info), 0);
  CHECK(!memfault_coredump_save(NULL));
  CHECK_EQ(memfault_coredump_get_save_size(NULL), 0);
  CHECK_EQ(g_storage.begins + g_storage.infos + g_storage.reads + g_storage.erases, 0);

  info = s_info;
  info.regs = NULL;
  CHECK(memfault_coredump_save(&info));
  CHECK(well_formed());
  CHECK(block(kMfltCoredumpBlockType_CurrentRegisters, 0).payload == NULL);
  CHECK_EQ(coredump_open(g_storage.bytes, STORAGE_MAX).len, memfault_coredump_get_save_size(&info));
}

static void test_every_failure(void) {
  storage_reset(STORAGE_MAX);
  CHECK(memfault_coredump_save(&s_info));
  const unsigned writes = g_storage.writes;
  for (unsigned failing = 1; failing <= writes; failing++) {
    storage_reset(STORAGE_MAX);
    g_storage.fail_write = failing;
    CHECK(!memfault_coredump_save(&s_info));
    CHECK(!memfault_coredump_has_valid_coredump(NULL));
    CHECK_EQ(g_storage.after_failure, 0);
    storage_forget();
    CHECK(memfault_coredump_save(&s_info));
    CHECK(well_formed());
  }

  storage_reset(STORAGE_MAX);
  g_storage.fail_read = 1;
  CHECK(!memfault_coredump_save(&s_info));
  CHECK_EQ(g_storage.erases, 0);

  storage_reset(STORAGE_MAX);
  g_storage.fail_erase = true;
  CHECK(!memfault_coredump_save(&s_info));
  CHECK_EQ(g_storage.writes, 0);

  storage_reset(STORAGE_MAX);
  g_storage.fail_port_begin = true;
  CHECK(!memfault_coredump_save(&s_info));
  CHECK_EQ(g_storage.begins, 1);
  storage_forget();
  g_storage.fail_platform_begin = true;
  CHECK(!memfault_coredump_save(&s_info));
  CHECK_EQ(g_storage.begins, 2);
  CHECK_EQ(g_storage.infos + g_storage.reads + g_storage.erases + g_storage.writes, 0);
}

static void test_an_unread_one_is_kept(void) {
  storage_reset(STORAGE_MAX);
  CHECK(memfault_coredump_save(&s_info));
  const uint32_t len = coredump_open(g_storage.bytes, STORAGE_MAX).len;
  sMemfaultCoredumpSaveInfo other = s_info;
  other.trace_reason = kMfltRebootReason_SoftwareWatchdog;
  storage_forget();
  CHECK(!memfault_coredump_save(&other));
  CHECK_EQ(g_storage.erases + g_storage.writes, 0);
  CHECK_EQ(coredump_open(g_storage.bytes, STORAGE_MAX).len, len);
  memfault_platform_coredump_storage_clear();
  CHECK(!memfault_coredump_has_valid_coredump(NULL));
  CHECK(memfault_coredump_save(&other));
  const coredump_block_t reason = block(kMfltCoredumpRegionType_TraceReason, 0);
  CHECK_BYTES(reason.payload, reason.len, 0x06, 0x80, 0x00, 0x00);
}

/* What a loss of power in the header leaves is no coredump, and does not block the storage. */
static void test_impossible_sizes(void) {
  const uint32_t sizes[] = { 0, 12, 27, STORAGE_MAX + 1, 0x80000000u, 0xffffffffu };
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    size_t size = 4711;
    storage_reset(STORAGE_MAX);
    memcpy(g_storage.bytes, "CORE\2\0\0\0", 8);
    memcpy(&g_storage.bytes[8], &sizes[i], 4);
    CHECK(!memfault_coredump_has_valid_coredump(&size));
    CHECK_EQ(size, 4711);
    CHECK(memfault_coredump_save(&s_info));
    CHECK(well_formed());
  }
  const uint32_t possible[] = { 28, STORAGE_MAX };
  for (size_t i = 0; i < sizeof(possible) / sizeof(possible[0]); i++) {
    size_t size = 0;
    storage_reset(STORAGE_MAX);
    memcpy(g_storage.bytes, "CORE\2\0\0\0", 8);
    memcpy(&g_storage.bytes[8], &possible[i], 4);
    CHECK(memfault_coredump_has_valid_coredump(&size));
    CHECK_EQ(size, possible[i]);
    CHECK(memfault_coredump_has_valid_coredump(NULL));
    CHECK(!memfault_coredump_save(&s_info));
  }
}

static void test_cached_regions(void) {
  uint32_t words[MEMFAULT_CACHE_BLOCK_SIZE_WORDS(8)];
  sMfltCachedBlock *cached = (sMfltCachedBlock *)(void *)words;
  const sMfltCoredumpRegion regions[] = {
    { kMfltCoredumpRegionType_CachedMemory, NULL, 40 },
    { kMfltCoredumpRegionType_CachedMemory, cached, 999 },
    { kMfltCoredumpRegionType_Memory, s_words, 4 },
  };
  sMemfaultCoredumpSaveInfo info = s_info;
  info.regions = regions;
  info.num_regions = 3;
  for (uint32_t valid = 0; valid < 2; valid++) {
    *cached = (sMfltCachedBlock) {
      .valid_cache = valid, .cached_address = 0xe000ed24u, .blk_size = 8
    };
    memcpy(&words[3], "8 bytes.", 8);
    storage_reset(STORAGE_MAX);
    CHECK(memfault_coredump_save(&info));
    CHECK(well_formed());
    coredump_image_t image = coredump_open(g_storage.bytes, STORAGE_MAX);
    coredump_block_t found;
    unsigned hits = 0;
    CHECK(!image.truncated);
    while (coredump_next(&image, &found)) {
      hits += found.address == 0xe000ed24u && found.len == 8 &&
              memcmp(found.payload, "8 bytes.", 8) == 0;
    }
    CHECK_EQ(hits, valid);
    CHECK_EQ(region_block(s_words).len, 4);
  }
}

/* A region that wraps around the address space is cut like any other. */
static void test_huge_region(void) {
  static const uint8_t s_start[700] = { 1 };
  const sMfltCoredumpRegion region = { kMfltCoredumpRegionType_Memory, s_start, 0xfffffffcu };
  sMemfaultCoredumpSaveInfo info = s_info;
  info.regions = &region;
  info.num_regions = 1;
  storage_reset(700);
  CHECK(memfault_coredump_save(&info));
  CHECK(storage_kept_its_limits());
  CHECK(coredump_open(g_storage.bytes, 700).truncated);
}

static void test_the_storage_test(void) {
  const size_t sizes[] = { 12, 13, 47, 64, STORAGE_MAX };
  for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
    storage_reset(sizes[i]);
    s_log_lines = 0;
    CHECK(memfault_coredump_storage_debug_test_begin());
    CHECK_EQ(s_log_lines, 0);
    CHECK(!memfault_coredump_has_valid_coredump(NULL));
    CHECK(memfault_coredump_storage_debug_test_finish());
    CHECK_EQ(s_log_lines, 1);
    CHECK_EQ(g_storage.clears, 1);
    CHECK(storage_kept_its_limits());
    const unsigned writes = g_storage.writes;
    const unsigned reads = g_storage.reads - 2; /* without those of the two calls above */
    for (unsigned failing = 1; failing <= writes + reads; failing++) {
      storage_reset(sizes[i]);
      g_storage.fail_write = failing <= writes ? failing : 0;
      g_storage.fail_read = failing <= writes ? 0 : failing - writes;
      CHECK(!memfault_coredump_storage_debug_test_begin());
      const unsigned calls = g_storage.reads + g_storage.writes;
      CHECK(!memfault_coredump_storage_debug_test_finish());
      CHECK_EQ(g_storage.clears, 0);
      CHECK_EQ(g_storage.reads + g_storage.writes, calls);
    }
  }
  storage_reset(0);
  CHECK(!memfault_coredump_storage_debug_test_begin());
  CHECK_EQ(g_storage.erases, 0);
  storage_reset(64);
  g_storage.fail_erase = true;
  CHECK(!memfault_coredump_storage_debug_test_begin());
  CHECK(!memfault_coredump_storage_debug_test_finish());
}

static void test_size_at_boot(void) {
  size_t needed = 0;
  size_t capacity = 0;
  storage_reset(STORAGE_MAX);
  memfault_coredump_size_and_storage_capacity(&needed, &capacity);
  CHECK_EQ(capacity, STORAGE_MAX);
  CHECK_EQ(needed, memfault_coredump_storage_compute_size_required());
  storage_reset(needed);
  s_log_lines = 0;
  CHECK(memfault_coredump_storage_check_size());
  CHECK_EQ(s_log_lines, 0);
  storage_reset(needed - 1);
  CHECK(!memfault_coredump_storage_check_size());
  CHECK_EQ(s_log_lines, 1);
  CHECK_EQ(g_storage.reads + g_storage.writes + g_storage.erases, 0);
}

int main(void) {
  board_init();
  for (size_t i = 0; i < sizeof(s_memory); i++) {
    s_memory[i] = (uint8_t)(i * 3);
  }
  test_content();
  test_every_storage_size();
  test_hook_calls();
  test_nothing_to_save();
  test_every_failure();
  test_an_unread_one_is_kept();
  test_impossible_sizes();
  test_cached_regions();
  test_huge_region();
  test_the_storage_test();
  test_size_at_boot();
  check_finish();
}
