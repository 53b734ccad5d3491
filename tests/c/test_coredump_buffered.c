/*
 * The buffered writer with pages of WRITE_SIZE bytes: what reaches the storage is what was written,
 * each page once, page 0 at the end; also after saves that failed or were given up.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "memfault/panics/coredump.h"

#define MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE WRITE_SIZE
/* The hook below sees every write first. */
#define memfault_platform_coredump_storage_write write_through_pages
#include "memfault/ports/buffered_coredump_storage.h"
#undef memfault_platform_coredump_storage_write

#define STORAGE_SIZE (1280 / WRITE_SIZE * WRITE_SIZE)
#define NUM_PAGES (STORAGE_SIZE / WRITE_SIZE)
#define HEADER_LEN 12u

static uint8_t s_plain[1280]; /* what was written, without pages */
static uint8_t s_storage[1280];
static bool s_page_written[NUM_PAGES];
static unsigned s_num_pages;
static uint32_t s_last_page;
static unsigned s_num_misuses; /* pages that are none, or were written before */
static unsigned s_fail_at; /* the driver's write that fails, counted from 1; 0 for none */
static size_t s_size;

bool memfault_platform_coredump_storage_buffered_write(sCoredumpWorkingBuffer *blk) {
  const uint32_t page = blk->write_offset / WRITE_SIZE;
  if (blk->write_offset % WRITE_SIZE != 0 || page >= NUM_PAGES || s_page_written[page]) {
    s_num_misuses++;
    return false;
  }
  if (++s_num_pages == s_fail_at) {
    return false;
  }
  s_page_written[page] = true;
  s_last_page = page;
  memcpy(&s_storage[blk->write_offset], blk->data, sizeof(blk->data));
  return true;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  if (offset <= sizeof(s_plain) && data_len <= sizeof(s_plain) - offset) {
    memcpy(&s_plain[offset], data, data_len);
  }
  return write_through_pages(offset, data, data_len);
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  if (offset > s_size || read_len > s_size - offset) {
    return false;
  }
  memcpy(data, &s_storage[offset], read_len);
  return true;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  memset(s_plain, 0, sizeof(s_plain));
  memset(&s_storage[offset], 0xff, erase_size);
  memset(s_page_written, 0, sizeof(s_page_written));
  s_num_pages = 0;
  return true;
}

void memfault_platform_coredump_storage_clear(void) {
  s_storage[0] = 0;
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  info->size = s_size;
  info->sector_size = 256;
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

static const uint8_t s_memory[300] = "The memory of the device that crashed.";

static bool save(size_t region_len) {
  const sMfltCoredumpRegion region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(s_memory, region_len);
  const uint32_t regs[19] = { 1, 2, 3 };
  const sMemfaultCoredumpSaveInfo info = {
    .regs = regs,
    .regs_size = sizeof(regs),
    .trace_reason = kMfltRebootReason_HardFault,
    .regions = &region,
    .num_regions = 1,
  };
  return memfault_coredump_save(&info);
}

/* The storage holds what was written, and zeros up to the end of the page. */
static bool is_stored(uint32_t len) {
  const uint32_t whole = (len + WRITE_SIZE - 1) / WRITE_SIZE * WRITE_SIZE;
  return memcmp(s_storage, s_plain, whole) == 0 && s_num_pages == whole / WRITE_SIZE &&
         s_last_page == 0;
}

static void start(void) {
  s_fail_at = 0;
  s_size = STORAGE_SIZE;
  (void)memfault_platform_coredump_storage_erase(0, STORAGE_SIZE);
}

static void test_coredumps_of_every_length(void) {
  start();
  for (size_t len = 0; len < 2 * WRITE_SIZE + 3 && len <= sizeof(s_memory); len++) {
    size_t size = 0;
    CHECK(save(len));
    CHECK(memfault_coredump_has_valid_coredump(&size));
    CHECK(is_stored((uint32_t)size));
    CHECK(coredump_is_well_formed(s_storage, STORAGE_SIZE));
    memfault_platform_coredump_storage_clear();
  }
}

static void test_each_page_fails(void) {
  start();
  CHECK(save(90));
  const unsigned pages = s_num_pages;
  for (unsigned failing = 1; failing <= pages; failing++) {
    start();
    s_fail_at = failing;
    CHECK(!save(90));
    CHECK(!memfault_coredump_has_valid_coredump(NULL));
    s_fail_at = 0;
    size_t size = 0;
    CHECK(save(61)); /* in the same boot, with the page that failed still in the buffer */
    CHECK(memfault_coredump_has_valid_coredump(&size));
    CHECK(is_stored((uint32_t)size));
    memfault_platform_coredump_storage_clear();
    CHECK(save(90));
    CHECK(memfault_coredump_has_valid_coredump(&size));
    CHECK(is_stored((uint32_t)size));
  }
}

static void test_a_save_that_is_given_up(void) {
  uint8_t bytes[250];
  memset(bytes, 0xa5, sizeof(bytes));
  for (size_t len = 1; len < sizeof(bytes); len++) {
    size_t size = 0;
    start();
    CHECK(memfault_platform_coredump_storage_write(HEADER_LEN, bytes, len));
    CHECK(save(77));
    CHECK(memfault_coredump_has_valid_coredump(&size));
    CHECK(is_stored((uint32_t)size));
  }
}

/* A coredump that ends in the page of its header. */
static void test_less_than_a_page(void) {
  uint8_t bytes[40];
  memset(bytes, 0xc3, sizeof(bytes));
  for (uint32_t len = 1; len < sizeof(bytes); len++) {
    start();
    CHECK(memfault_platform_coredump_storage_write(HEADER_LEN, bytes, len));
    CHECK(memfault_platform_coredump_storage_write(0, bytes, HEADER_LEN));
    CHECK(is_stored(HEADER_LEN + len));
  }
}

/* Pieces of any length, from the start or with the header at the end. */
static void test_pieces(void) {
  uint8_t bytes[WRITE_SIZE * 4 + 64];
  const uint32_t total = sizeof(bytes) / WRITE_SIZE * WRITE_SIZE;
  for (size_t i = 0; i < sizeof(bytes); i++) {
    bytes[i] = (uint8_t)(i * 7 + 1);
  }
  for (int round = 0; round < 200; round++) {
    const bool header_last = round % 2 == 0;
    start();
    for (uint32_t at = header_last ? HEADER_LEN : 0; at < total;) {
      uint32_t len = check_random(WRITE_SIZE + 20);
      len = len < total - at ? len : total - at;
      CHECK(memfault_platform_coredump_storage_write(at, &bytes[at], len));
      at += len;
    }
    if (header_last) {
      CHECK(!s_page_written[0]);
      CHECK(memfault_platform_coredump_storage_write(0, bytes, HEADER_LEN));
      CHECK_EQ(s_last_page, 0);
    }
    CHECK_EQ(s_num_pages, total / WRITE_SIZE);
    CHECK(memcmp(s_storage, bytes, total) == 0);
  }
}

static void test_limits(void) {
  const uint8_t byte = 1;
  start();
  CHECK(!memfault_platform_coredump_storage_write(STORAGE_SIZE, &byte, 1));
  CHECK(!memfault_platform_coredump_storage_write(0xffffffffu, &byte, 1));
  CHECK(!write_through_pages(4, &byte, (size_t)-4));
  CHECK(memfault_platform_coredump_storage_write(STORAGE_SIZE, &byte, 0));
  if (WRITE_SIZE > 1) {
    s_size = STORAGE_SIZE - 1; /* no multiple of the page */
    CHECK(!memfault_platform_coredump_storage_write(HEADER_LEN, &byte, 1));
  }
  s_size = 0;
  CHECK(!memfault_platform_coredump_storage_write(0, &byte, 0));
  CHECK(!save(10));
  CHECK_EQ(s_num_pages, 0);
}

static void test_the_storage_test(void) {
  start();
  CHECK(memfault_coredump_storage_debug_test_begin());
  CHECK(memfault_coredump_storage_debug_test_finish());
  CHECK_EQ(s_num_pages, NUM_PAGES);
  for (unsigned failing = 1; failing <= NUM_PAGES; failing += 1 + NUM_PAGES / 20) {
    start();
    s_fail_at = failing;
    CHECK(!memfault_coredump_storage_debug_test_begin());
    s_fail_at = 0;
    CHECK(memfault_coredump_storage_debug_test_begin());
  }
}

/* A driver or its test may do this. */
static void test_buffers_can_be_emptied(void) {
  const uint8_t bytes[20] = { 1 };
  start();
  CHECK(memfault_platform_coredump_storage_write(HEADER_LEN, bytes, sizeof(bytes)));
  memset(&s_working_buffer_header, 0, sizeof(s_working_buffer_header));
  memset(&s_working_buffer, 0, sizeof(s_working_buffer));
  CHECK_EQ(s_working_buffer_header.bytes_written, 0);
  size_t size = 0;
  CHECK(save(50));
  CHECK(memfault_coredump_has_valid_coredump(&size));
  CHECK(is_stored((uint32_t)size));
}

int main(void) {
  board_init();
  test_coredumps_of_every_length();
  test_each_page_fails();
  test_a_save_that_is_given_up();
  test_less_than_a_page();
  test_pieces();
  test_limits();
  test_the_storage_test();
  test_buffers_can_be_emptied();
  CHECK_EQ(s_num_misuses, 0);
  check_finish();
}
