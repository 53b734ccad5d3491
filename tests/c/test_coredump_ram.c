/*
 * The storage in RAM: limits of its functions, its list of regions, and a coredump that is saved,
 * sent and cleared.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "memfault/config.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"

#define SIZE ((size_t)MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE)

static size_t s_readable;
static void *s_asked_at;
static size_t s_asked_len;

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  s_asked_at = start_addr;
  s_asked_len = desired_size;
  return s_readable < desired_size ? s_readable : desired_size;
}

static void test_limits(void) {
  uint8_t byte = 0x5a;
  uint8_t all[MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE];
  sMfltCoredumpStorageInfo info = { 1, 1 };
  memfault_platform_coredump_storage_get_info(&info);
  CHECK_EQ(info.size, SIZE);
  CHECK_EQ(info.sector_size, 0);

  CHECK(memfault_platform_coredump_storage_erase(0, SIZE));
  CHECK(memfault_platform_coredump_storage_write(SIZE - 1, &byte, 1));
  CHECK(memfault_platform_coredump_storage_write(SIZE, &byte, 0));
  CHECK(!memfault_platform_coredump_storage_write(SIZE, &byte, 1));
  CHECK(!memfault_platform_coredump_storage_write(SIZE + 1, &byte, 0));
  CHECK(!memfault_platform_coredump_storage_write(0xffffffffu, &byte, 1));
  CHECK(!memfault_platform_coredump_storage_write(1, all, (size_t)-1)); /* the sum is 0 */
  CHECK(!memfault_platform_coredump_storage_read(1, all, SIZE));
  CHECK(!memfault_platform_coredump_storage_read(0xffffff00u, all, 0x200));
  CHECK(!memfault_platform_coredump_storage_erase(0xfffffff0u, 0x20));
  CHECK(!memfault_platform_coredump_storage_erase(1, SIZE));

  CHECK(memfault_platform_coredump_storage_read(0, all, SIZE));
  for (size_t i = 0; i < SIZE; i++) {
    CHECK_EQ(all[i], i == SIZE - 1 ? 0x5a : 0);
  }
  CHECK(memfault_platform_coredump_storage_erase(SIZE - 1, 1));
  CHECK(memfault_platform_coredump_storage_read(SIZE - 1, &byte, 1));
  CHECK_EQ(byte, 0);
}

static void test_regions(void) {
  uint8_t stack[8];
  const sCoredumpCrashInfo crash = { .stack_address = stack };
  for (size_t readable = 0; readable <= 2 * MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT;
       readable += 16) {
    size_t count = 0;
    s_readable = readable;
    const sMfltCoredumpRegion *regions = memfault_platform_coredump_get_regions(&crash, &count);
    CHECK_EQ(count, 1);
    CHECK_EQ(regions[0].type, kMfltCoredumpRegionType_Memory);
    CHECK(regions[0].region_start == stack && s_asked_at == stack);
    CHECK_EQ(s_asked_len, MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT);
    CHECK_EQ(regions[0].region_size, readable < s_asked_len ? readable : s_asked_len);
  }
}

static void test_save_send_and_clear(void) {
  uint8_t stack[MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT];
  uint8_t all[MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE];
  const sCoredumpCrashInfo crash = { .stack_address = stack };
  memset(stack, 0x77, sizeof(stack));
  for (int round = 0; round < 3; round++) {
    sMemfaultCoredumpSaveInfo info = { .trace_reason = kMfltRebootReason_SoftwareWatchdog };
    s_readable = round == 0 ? 0 : 16u * (unsigned)round; /* also without any memory */
    info.regions = memfault_platform_coredump_get_regions(&crash, &info.num_regions);
    CHECK(memfault_coredump_save(&info));
    CHECK(!memfault_coredump_save(&info));
    CHECK(memfault_coredump_read(0, all, SIZE));
    CHECK(coredump_is_well_formed(all, SIZE));
    CHECK_EQ(coredump_open(all, SIZE).len, memfault_coredump_get_save_size(&info));

    uint8_t chunk[100];
    size_t len = sizeof(chunk);
    unsigned chunks = 0;
    while (memfault_packetizer_get_chunk(chunk, &len)) {
      chunks++;
      len = sizeof(chunk);
    }
    CHECK(chunks > 0);
    CHECK(!memfault_coredump_has_valid_coredump(NULL));
  }
}

static void test_the_storage_test(void) {
  CHECK(memfault_coredump_storage_debug_test_begin());
  CHECK(memfault_coredump_storage_debug_test_finish());
}

static void test_size_at_boot(void) {
  size_t needed = 0;
  size_t capacity = 0;
  s_readable = 64;
  memfault_coredump_size_and_storage_capacity(&needed, &capacity);
  CHECK_EQ(capacity, SIZE);
  CHECK(needed > 64 && needed <= SIZE);
  CHECK(memfault_coredump_storage_check_size());
}

int main(void) {
  board_init();
  test_limits();
  test_regions();
  test_save_send_and_clear();
  test_the_storage_test();
  test_size_at_boot();
  check_finish();
}
