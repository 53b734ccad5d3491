/*
 * Coredump rows: what it costs to save a coredump of 32 KiB, to look for it, to compute its size
 * and to drain it; on Cortex-M4 also the whole way from a fault to the reset.
 *
 * Run by `cargo xtask bench speed`; prints a count per operation, `coredump saved bytes=..
 * writes=.. reads=.. erases=..` for one save, and `coredump drained bytes=..` for what left the
 * packetizer and was compared with the store.
 */
#include "coredump_store.h"
#include "crc32.h"
#include "hooks.h"
#include "measure.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"
#include "outlet.h"
#include "payload.h"
#include "report.h"
#include "unchunk.h"

#include <string.h>

#define HEADER_LEN 12u
#define FOOTER_LEN 16u

static size_t s_size;
static bool s_ok;

static void count_success(const char *id, bench_fn operation) {
  s_ok = false;
  bench_count(id, operation);
  if (!s_ok) {
    bench_fail("%s failed", id);
  }
}

static uint32_t word_at(size_t offset) {
  uint32_t word;
  memcpy(&word, &g_coredump_store[offset], sizeof(word));
  return word;
}

/* --- saving --- */

static void save(void) {
  s_ok = memfault_coredump_save(&g_coredump_save_info);
}

/* The store holds a whole coredump, and the region is its last block. */
static void expect_coredump(const char *id) {
  const uint32_t size = word_at(8);
  const size_t region = size - FOOTER_LEN - COREDUMP_REGION_LEN;
  if (memcmp(g_coredump_store, "CORE", 4) != 0 || word_at(4) != 2 || size > COREDUMP_STORE_LEN ||
      size < HEADER_LEN + COREDUMP_REGION_LEN + FOOTER_LEN) {
    bench_fail("%s: no coredump in the store", id);
  }
  if (memcmp(&g_coredump_store[size - FOOTER_LEN], "DUMP\0\0\0\0", 8) != 0 ||
      word_at(region - 4) != COREDUMP_REGION_LEN ||
      memcmp(&g_coredump_store[region], g_payload, COREDUMP_REGION_LEN) != 0) {
    bench_fail("%s: the coredump is not the one that was saved", id);
  }
}

static void run_saves(void) {
  coredump_store_reset(kStore_Discards);
  count_success("coredump_save_null", save);

  coredump_store_reset(kStore_Counts);
  save();
  expect_coredump("counted save");
  bench_report("coredump saved bytes=%lu writes=%lu reads=%lu erases=%lu",
               (unsigned long)g_coredump_store_totals.write_bytes,
               (unsigned long)g_coredump_store_totals.writes,
               (unsigned long)g_coredump_store_totals.reads,
               (unsigned long)g_coredump_store_totals.erases);

  coredump_store_reset(kStore_Copies);
  count_success("coredump_save_ram", save);
  expect_coredump("coredump_save_ram");
}

/* --- looking and sending --- */

static void has_valid(void) {
  s_ok = memfault_coredump_has_valid_coredump(&s_size);
}

static void get_save_size(void) {
  s_size = memfault_coredump_get_save_size(&g_coredump_save_info);
}

static void expect_size(const char *id) {
  if (s_size != word_at(8)) {
    bench_fail("%s: %lu bytes", id, (unsigned long)s_size);
  }
  s_size = 0;
}

static void run_queries(void) {
  count_success("coredump_has_valid", has_valid);
  expect_size("coredump_has_valid");
  bench_count("coredump_get_save_size", get_save_size);
  expect_size("coredump_get_save_size");
}

static void run_drain(void) {
  outlet_count_drain("drain_coredump_mtu244", 244);
  if (memfault_coredump_has_valid_coredump(&s_size)) {
    bench_fail("drain_coredump_mtu244: the coredump was not cleared");
  }
  g_coredump_store[0] = 'C';
  const size_t drained = unchunk_and_compare(244, g_coredump_store, word_at(8));
  bench_report("coredump drained bytes=%lu", (unsigned long)drained);
}

/* --- Cortex-M: with the registers of the processor, and from a fault to the reset --- */

#if defined(__arm__)
static void compute_size_required(void) {
  s_size = memfault_coredump_storage_compute_size_required();
}

static void run_compute_size_required(void) {
  bench_count("coredump_compute_size_required", compute_size_required);
  expect_size("coredump_compute_size_required");
}

__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

void memfault_platform_reboot(void) {
  bench_count_end("fault_path_total");
  expect_coredump("fault_path_total");
  sMfltRebootReason reason;
  if (memfault_reboot_tracking_get_reboot_reason(&reason) != 0) {
    bench_fail("fault_path_total: no reboot reason");
  }
  bench_done();
  for (;;) {
  }
}

static void run_fault(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  coredump_store_reset(kStore_Copies);
  bench_count_begin();
  __asm__ volatile("udf #0");
  bench_fail("udf did not fault");
}
#endif

int main(void) {
  bench_counter_start();
  bench_count_empty();
  coredump_store_prepare();
  run_saves();
  run_queries();
  run_drain();
#if defined(__arm__)
  run_compute_size_required();
  run_fault();
#endif
  bench_done();
  return 0;
}
