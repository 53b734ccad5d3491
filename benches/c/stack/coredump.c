/*
 * Stack rows of the panics component: saving a coredump of 32 KiB, computing its size, draining it,
 * and a fault up to the reset. Printing comes after each call, so it does not count.
 *
 * Run by `cargo xtask bench stack`; prints `stack <id> <bytes>`.
 */
#include "coredump_store.h"
#include "depth.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/coredump.h"
#include "report.h"

__attribute__((aligned(8))) static uint8_t s_chunk[1504];
__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
static bool s_ok;

static void save(void) {
  NOTE_CALL_SP();
  s_ok = memfault_coredump_save(&g_coredump_save_info);
}

static void compute_size_required(void) {
  NOTE_CALL_SP();
  s_ok = memfault_coredump_storage_compute_size_required() != 0;
}

static void drain(void) {
  s_ok = false;
  bool more;
  do {
    size_t len = 244;
    NOTE_CALL_SP();
    more = memfault_packetizer_get_chunk(s_chunk, &len);
    s_ok = s_ok || more;
  } while (more);
}

static void run(const char *id, void (*fn)(void)) {
  const uint32_t depth = depth_of(fn);
  if (!s_ok) {
    bench_fail("%s failed", id);
  }
  bench_report("stack %s %lu", id, (unsigned long)depth);
}

void memfault_platform_reboot(void) {
  const uint32_t depth = depth_reached();
  if (!memfault_coredump_has_valid_coredump(NULL)) {
    bench_fail("fault: no coredump was saved");
  }
  bench_report("stack fault %lu", (unsigned long)depth);
  bench_done();
  for (;;) {
  }
}

/* The frame that the processor stacks is part of the row. */
static void fault(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  coredump_store_reset(kStore_Copies);
  depth_paint();
  NOTE_CALL_SP();
  __asm__ volatile("udf #0");
  bench_fail("udf did not fault");
}

int main(void) {
  coredump_store_prepare();
  coredump_store_reset(kStore_Copies);
  run("coredump_save", save);
  run("get_chunk_coredump", drain);
  run("coredump_compute_size_required", compute_size_required);
  fault();
  return 0;
}
