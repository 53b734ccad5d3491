/*
 * Stack rows: how far below the caller's stack pointer a call of the SDK reaches, hooks and C
 * library included (depth.h).
 *
 * Run by `cargo xtask bench stack`; prints `stack <id> <bytes>`.
 */
#include "depth.h"
#include "hooks.h"
#include "memfault/core/data_export.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"
#include "mock_source.h"
#include "payload.h"
#include "report.h"

#include <stdbool.h>
#include <string.h>

#define PC ((void *)0x08001234)
#define LR ((void *)0x08005678)

__attribute__((aligned(8))) static uint8_t s_chunk[1504];
__attribute__((aligned(8))) static uint8_t s_event_storage[2048];
__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
static const sMemfaultEventStorageImpl *s_storage;

static uint32_t larger(uint32_t a, uint32_t b) {
  return a > b ? a : b;
}

/* --- packetizer --- */

static void drain_basic(void) {
  bool more;
  do {
    size_t len = 244;
    NOTE_CALL_SP();
    more = memfault_packetizer_get_chunk(s_chunk, &len);
  } while (more);
}

static void drain_multi_call(void) {
  const sMemfaultPacketizerConfig config = { .enable_multi_packet_chunk = true };
  sMemfaultPacketizerMetadata metadata;
  NOTE_CALL_SP();
  while (memfault_packetizer_begin(&config, &metadata)) {
    eMemfaultPacketizerStatus status;
    do {
      size_t len = 244;
      status = memfault_packetizer_get_next(s_chunk, &len);
    } while (status != kMemfaultPacketizerStatus_EndOfChunk);
  }
}

static uint32_t depth_of_drain(payload_kind kind, void (*drain)(void)) {
  payload_fill(kind);
  memfault_packetizer_abort();
  mock_source_set_message();
  return depth_of(drain);
}

static void run_packetizer(void) {
  bench_report("stack get_chunk_zero_random %lu",
               (unsigned long)larger(depth_of_drain(kPayload_Zero, drain_basic),
                                     depth_of_drain(kPayload_Random, drain_basic)));
  bench_report("stack get_chunk_mix_words %lu",
               (unsigned long)larger(depth_of_drain(kPayload_Mix, drain_basic),
                                     depth_of_drain(kPayload_Words, drain_basic)));
  bench_report("stack advanced_mix %lu",
               (unsigned long)depth_of_drain(kPayload_Mix, drain_multi_call));
}

/* --- events --- */

static int s_result;

static void collect_reset_info(void) {
  NOTE_CALL_SP();
  s_result = memfault_reboot_tracking_collect_reset_info(s_storage);
}

static void capture(void) {
  NOTE_CALL_SP();
  s_result = memfault_trace_event_capture(MEMFAULT_TRACE_REASON(bench_reason), PC, LR);
}

static void capture_with_log(void) {
  NOTE_CALL_SP();
  s_result = memfault_trace_event_with_log_capture(MEMFAULT_TRACE_REASON(bench_reason), PC, LR,
                                                   "sensor %d read %u cnt err=%s t=%u", 7,
                                                   12345u, "none", 98765u);
}

static void run_event(const char *id, void (*fn)(void)) {
  const uint32_t depth = depth_of(fn);
  if (s_result != 0) {
    bench_fail("%s returned %d", id, s_result);
  }
  bench_report("stack %s %lu", id, (unsigned long)depth);
}

static void export_chunk(void) {
  NOTE_CALL_SP();
  memfault_data_export_chunk(s_chunk, 80);
}

void memfault_data_export_base64_encoded_chunk(const char *chunk_str) {
  (void)chunk_str;
}

static void run_events(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  g_time_since_boot_ms = 1000;
  s_storage = memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  s_result = memfault_trace_event_boot(s_storage);
  run_event("collect_reset_info", collect_reset_info);
  run_event("trace_capture", capture);
  run_event("trace_with_log_capture", capture_with_log);
  bench_report("stack get_chunk_events %lu", (unsigned long)depth_of(drain_basic));
  bench_report("stack export_chunk_80 %lu", (unsigned long)depth_of(export_chunk));
}

int main(void) {
  run_packetizer();
  run_events();
  bench_done();
  return 0;
}
