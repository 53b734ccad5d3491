/* The hooks, in the shape in which firmware has them that started from the example of the SDK. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "FreeRTOS.h"
#include "memfault/components.h"
#include "memfault/panics/arch/arm/cortex_m.h"
#include "memfault/ports/freertos.h"
#include "memfault/ports/freertos_coredump.h"
#include "memfault/ports/freertos/metrics.h"
#include "memfault/ports/freertos/thread_metrics.h"
#include "memfault/ports/reboot_reason.h"
#include "task.h"

extern uint32_t ram_start[], ram_end[];
extern uint32_t __memfault_capture_bss_start[], __memfault_capture_bss_end[];

#if !defined(MEMFAULT_COMPONENT_metrics_)
  #error "the makefile tells which components there are"
#endif

/* So that the application would link without the component metrics as well. */

MEMFAULT_WEAK int memfault_metrics_session_start(eMfltMetricsSessionIndex session_key) {
  (void)session_key;
  exit(91);
}

MEMFAULT_WEAK int memfault_metrics_session_end(eMfltMetricsSessionIndex session_key) {
  (void)session_key;
  exit(92);
}

MEMFAULT_WEAK int memfault_metrics_heartbeat_set_string(MemfaultMetricId key, const char *value) {
  (void)key;
  (void)value;
  exit(93);
}

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "widget-0042",
    .software_type = "app",
    .software_version = "2.7.1",
    .hardware_version = "revc",
  };
}

static void print(const char *fmt, va_list args) {
  vprintf(fmt, args);
  printf("\n");
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  printf("[%d] ", (int)level);
  print(fmt, args);
  va_end(args);
}

void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print(fmt, args);
  va_end(args);
}

void memfault_data_export_base64_encoded_chunk(const char *base64_chunk) {
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN];
  snprintf(line, sizeof(line), "%s", base64_chunk);
  printf("%s\n", line);
}

MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  fflush(stdout);
  *(volatile uint32_t *)0xE000ED0C = 0x05FA0004;
  while (1) {
  }
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime){
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = 1700000000 },
  };
  return true;
}

void memfault_platform_fault_handler(MEMFAULT_UNUSED const sMfltRegState *regs,
                                     MEMFAULT_UNUSED eMemfaultRebootReason reason) {
  printf("crashed: 0x%04x\n", (unsigned)reason);
}

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  if (start < (uintptr_t)ram_start || start >= (uintptr_t)ram_end) {
    return 0;
  }
  return MEMFAULT_MIN(desired_size, (uintptr_t)ram_end - start);
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_regions[MEMFAULT_PLATFORM_MAX_TASK_REGIONS + 2 + 2];
  size_t count = 0;
  s_regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(
    crash_info->stack_address,
    memfault_platform_sanitize_address_range(crash_info->stack_address,
                                             MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT));
  const bool in_task = (crash_info->exception_reg_state->exc_return & (1 << 2)) != 0;
  (void)in_task;
  const size_t bss =
    (size_t)((uintptr_t)__memfault_capture_bss_end - (uintptr_t)__memfault_capture_bss_start);
  s_regions[count++] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(__memfault_capture_bss_start, bss);
  count += memfault_freertos_get_task_regions(&s_regions[count],
                                              MEMFAULT_ARRAY_SIZE(s_regions) - count);
  *num_regions = count;
  return s_regions;
}

MEMFAULT_PUT_IN_SECTION(".noinit.mflt_reboot_info")
static uint8_t s_reboot_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

void memfault_reboot_reason_get(sResetBootupInfo *info) {
  *info = (sResetBootupInfo){
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_Unknown,
  };
}

void memfault_platform_reboot_tracking_boot(void) {
  sResetBootupInfo reset_info = { 0 };
  memfault_reboot_reason_get(&reset_info);
  memfault_reboot_tracking_boot(s_reboot_tracking, &reset_info);
}

MEMFAULT_METRICS_DEFINE_THREAD_METRICS(
  {
    .thread_name = "app",
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_app_pct_max),
  },
  {
    .thread_name = "IDLE",
    .stack_usage_metric_key = MEMFAULT_METRICS_KEY(memory_idle_pct_max),
  });

void memfault_metrics_heartbeat_collect_data(void) {
  MEMFAULT_METRIC_SET_UNSIGNED(widgets_made, 3);
  memfault_freertos_port_task_runtime_metrics();
}

int memfault_platform_boot(void) {
  puts(MEMFAULT_BANNER_COLORIZED);
  memfault_freertos_port_boot();
  memfault_platform_reboot_tracking_boot();
  static uint8_t s_event_storage[1024];
  const sMemfaultEventStorageImpl *evt_storage =
    memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  memfault_trace_event_boot(evt_storage);
  memfault_reboot_tracking_collect_reset_info(evt_storage);
  sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = memfault_reboot_tracking_get_crash_count(),
  };
  memfault_metrics_boot(evt_storage, &boot_info);
  static uint8_t s_log_buf_storage[512];
  memfault_log_boot(s_log_buf_storage, sizeof(s_log_buf_storage));
  memfault_build_info_dump();
  memfault_device_info_dump();
  MEMFAULT_LOG_INFO("Memfault Initialized!");
  return 0;
}
