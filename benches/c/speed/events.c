/*
 * Event rows: what it costs to record a reboot or a trace event and to drain it, and the utilities
 * on the way out.
 *
 * Run by `cargo xtask bench speed`; prints a count per operation and, for everything that leaves
 * the packetizer with a buffer of 1500 bytes, a `message <id> chunks=.. bytes=.. crc32=..` line
 * and its first chunk as `bytes <id> <hex>`.
 */
#include "hooks.h"
#include "measure.h"
#include "memfault/core/data_export.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/core/trace_event.h"
#include "memfault/util/base64.h"
#include "memfault/util/crc16.h"
#include "outlet.h"
#include "payload.h"
#include "report.h"

#include <stdbool.h>
#include <string.h>

#define PC ((void *)0x08001234)
#define LR ((void *)0x08005678)
#define CAPTURES_PER_DRAIN 10
#define EXPORT_LEN 80

static const char s_format[] __attribute__((aligned(8))) = "sensor %d read %u cnt err=%s t=%u";
static const char s_error_name[] __attribute__((aligned(8))) = "none";

__attribute__((aligned(8))) static uint8_t s_event_storage[2048];
__attribute__((aligned(8))) static uint8_t s_reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

static const sMemfaultEventStorageImpl *s_storage;

/* What an operation returned; the operations themselves run inside a void function. */
static int s_result;

static void expect_success(const char *id) {
  if (s_result != 0) {
    bench_fail("%s returned %d", id, s_result);
  }
}

/* --- reboots --- */

static void collect_reset_info(void) {
  s_result = memfault_reboot_tracking_collect_reset_info(s_storage);
}

static void run_reboots(void) {
  const sResetBootupInfo power_on = {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_PowerOnReset,
  };
  const sResetBootupInfo pin_reset = {
    .reset_reason_reg = 4,
    .reset_reason = kMfltRebootReason_PinReset,
  };
  const sMfltRebootTrackingRegInfo crash_site = {
    .pc = (uint32_t)(uintptr_t)PC,
    .lr = (uint32_t)(uintptr_t)LR,
  };

  g_time_since_boot_ms = 1000;
  s_storage = memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  memfault_reboot_tracking_boot(s_reboot_region, &power_on);
  s_result = memfault_trace_event_boot(s_storage);
  expect_success("memfault_trace_event_boot");
  bench_count("reboot_collect_poweron", collect_reset_info);
  expect_success("reboot_collect_poweron");
  outlet_drain_and_report("reboot_poweron");

  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_Assert, &crash_site);
  memfault_reboot_tracking_mark_coredump_saved();
  memfault_reboot_tracking_boot(s_reboot_region, &pin_reset);
  bench_count("reboot_collect_crash", collect_reset_info);
  expect_success("reboot_collect_crash");
  outlet_drain_and_report("reboot_crash");
}

/* --- trace events --- */

static void capture(void) {
  s_result = memfault_trace_event_capture(MEMFAULT_TRACE_REASON(bench_reason), PC, LR);
}

static void capture_with_status(void) {
  s_result =
    memfault_trace_event_with_status_capture(MEMFAULT_TRACE_REASON(bench_reason), PC, LR, -77);
}

static void capture_with_log(void) {
  s_result = memfault_trace_event_with_log_capture(MEMFAULT_TRACE_REASON(bench_reason), PC, LR,
                                                   s_format, 7, 12345u, s_error_name, 98765u);
}

static void capture_ten(void) {
  for (int i = 0; i < CAPTURES_PER_DRAIN; i++) {
    capture();
    expect_success("one of ten captures");
  }
}

static void run_traces(void) {
  bench_count("trace#1", capture);
  expect_success("trace#1");
  outlet_drain_and_report("trace");
  bench_count("trace_status", capture_with_status);
  expect_success("trace_status");
  outlet_drain_and_report("trace_status");
  bench_count("trace_log40", capture_with_log);
  expect_success("trace_log40");
  outlet_drain_and_report("trace_log40");
  bench_count("trace#2", capture);
  expect_success("trace#2");
  outlet_drain_and_report("trace#2");

  capture_ten();
  outlet_count_drain("drain_10_traces_mtu64", 64);
  capture_ten();
  outlet_count_drain("drain_10_traces_mtu244", 244);
  capture_ten();
  outlet_drain_and_report("10traces");
  capture();
  outlet_count_drain("drain_1_trace_mtu244", 244);
}

/* --- utilities --- */

static size_t s_crc_len;
static uint16_t s_crc;
static char s_base64[MEMFAULT_BASE64_ENCODE_LEN(EXPORT_LEN) + 1];
static const char *s_exported;

/* The bits of the definition, one by one: slow, and an independent opinion on the result. */
static uint16_t crc16_by_definition(const uint8_t *data, size_t len) {
  uint32_t crc = 0;
  for (size_t i = 0; i < len; i++) {
    crc ^= (uint32_t)data[i] << 8;
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc << 1) ^ ((crc & 0x8000u) != 0 ? 0x11021u : 0);
    }
  }
  return (uint16_t)crc;
}

static void compute_crc(void) {
  s_crc = memfault_crc16_compute(MEMFAULT_CRC16_INITIAL_VALUE, g_payload, s_crc_len);
}

static void run_crc(const char *id, size_t len) {
  s_crc_len = len;
  bench_count(id, compute_crc);
  if (s_crc != crc16_by_definition(g_payload, len)) {
    bench_fail("%s: wrong CRC %04x", id, s_crc);
  }
}

static void encode_base64(void) {
  memfault_base64_encode(g_payload, EXPORT_LEN, s_base64);
}

static void export_chunk(void) {
  memfault_data_export_chunk(g_payload, EXPORT_LEN);
}

/* Replaces the SDK's default, which logs the line. */
void memfault_data_export_base64_encoded_chunk(const char *chunk_str) {
  s_exported = chunk_str;
}

static bool is_base64_of_payload(const char *text) {
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < EXPORT_LEN / 3 * 3; i += 3) {
    const uint32_t bits =
      (uint32_t)g_payload[i] << 16 | (uint32_t)g_payload[i + 1] << 8 | g_payload[i + 2];
    for (size_t k = 0; k < 4; k++) {
      if (*text++ != alphabet[(bits >> (18 - 6 * k)) & 63]) {
        return false;
      }
    }
  }
  return true;
}

static void run_utilities(void) {
  payload_fill(kPayload_Random);
  run_crc("crc16_64k", PAYLOAD_LEN);
  run_crc("crc16_1500", 1500);
  run_crc("crc16_64", 64);
  bench_count("base64_80", encode_base64);
  if (!is_base64_of_payload(s_base64)) {
    bench_fail("base64_80: wrong text %s", s_base64);
  }
  bench_count("export_chunk_80", export_chunk);
  if (s_exported == NULL) {
    bench_fail("export_chunk_80: the output hook was not called");
  }
}

int main(void) {
  bench_counter_start();
  bench_count_empty();
  run_reboots();
  run_traces();
  run_utilities();
  bench_done();
  return 0;
}
