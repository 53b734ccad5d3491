/* The hooks that the port leaves to the firmware. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "board.h"
#include "memfault/components.h"
#include "memfault/ports/freertos.h"
#include "memfault/ports/freertos/metrics.h"
#include "memfault/ports/freertos_coredump.h"
#include "timers.h"

uint32_t g_app_phase;
uint32_t g_app_timer_heartbeats;
uint32_t g_app_timer_ticks;
char g_app_last_error[64];

/* A line at a time, whichever task prints. */
static void print_line(const char *prefix, const char *fmt, va_list args) {
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN + 16];
  const size_t len = (size_t)snprintf(line, sizeof(line), "%s", prefix);
  vsnprintf(&line[len], sizeof(line) - len, fmt, args);
  const bool in_isr = memfault_arch_is_inside_isr();
  if (!in_isr) {
    taskENTER_CRITICAL();
  }
  for (const char *c = line; *c != '\0'; c++) {
    board_uart_putc(*c);
  }
  board_uart_putc('\n');
  if (!in_isr) {
    taskEXIT_CRITICAL();
  }
}

void app_print(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print_line("", fmt, args);
  va_end(args);
}

void app_check(bool holds, const char *what, long long value) {
  if (holds) {
    app_print("ok %s", what);
  } else {
    app_print("FAIL %s: %ld", what, (long)value);
  }
}

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  va_list args;
  if (level == kMemfaultPlatformLogLevel_Error) {
    va_start(args, fmt);
    vsnprintf(g_app_last_error, sizeof(g_app_last_error), fmt, args);
    va_end(args);
  }
  va_start(args, fmt);
  print_line("[log] ", fmt, args);
  va_end(args);
}

void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  print_line("", fmt, args);
  va_end(args);
}

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "KERNEL-0001",
    .software_type = "app",
    .software_version = "1.0.0",
    .hardware_version = "mps2",
  };
}

MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  board_reset();
}

/* From sections.ld. */
extern char board_ram_start[], board_ram_end[];

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  const uintptr_t start = (uintptr_t)start_addr;
  const uintptr_t ram_start = (uintptr_t)board_ram_start;
  const uintptr_t ram_end = (uintptr_t)board_ram_end;
  return (start >= ram_start && start < ram_end) ? MEMFAULT_MIN(desired_size, ram_end - start) : 0;
}

static sMfltCoredumpRegion stack_region(void *sp) {
  const size_t size = memfault_platform_sanitize_address_range(
    sp, MEMFAULT_PLATFORM_ACTIVE_STACK_SIZE_TO_COLLECT);
  return MEMFAULT_COREDUMP_MEMORY_REGION_INIT(sp, (uint32_t)size);
}

/* The kernel's pointer to the task that runs. */
extern void *volatile pxCurrentTCB;

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_regions[3 + MEMFAULT_PLATFORM_MAX_TASK_REGIONS + 2];
  size_t count = 0;
  s_regions[count++] = stack_region(crash_info->stack_address);
  /* After a crash in an interrupt: the stack of the task that was interrupted. */
  void *psp;
  __asm volatile("mrs %0, psp" : "=r"(psp));
  if (psp != crash_info->stack_address) {
    s_regions[count++] = stack_region(psp);
  }
  s_regions[count++] =
    MEMFAULT_COREDUMP_MEMORY_REGION_INIT((void *)&pxCurrentTCB, sizeof(pxCurrentTCB));
  count += memfault_freertos_get_task_regions(&s_regions[count],
                                              MEMFAULT_ARRAY_SIZE(s_regions) - count);
  *num_regions = count;
  return s_regions;
}

/* What the metrics of the port should say, by another function of the kernel than the port uses. */
static void print_stack(const char *metric, TaskHandle_t task) {
  TaskStatus_t status;
  vTaskGetInfo(task, &status, pdTRUE, eReady);
  const uint32_t size =
    (uint32_t)((status.pxEndOfStack - status.pxStackBase + 1) * (ptrdiff_t)sizeof(StackType_t));
  const uint32_t unused = (uint32_t)(status.usStackHighWaterMark * sizeof(StackType_t));
  app_print("stack %s %u of %u", metric, (unsigned)(size - unused), (unsigned)size);
}

void memfault_metrics_heartbeat_collect_data(void) {
  const TaskHandle_t timer_task = xTimerGetTimerDaemonTaskHandle();
  if (xTaskGetCurrentTaskHandle() == timer_task) {
    static TickType_t s_last;
    const TickType_t now = xTaskGetTickCount();
    g_app_timer_ticks = now - s_last;
    s_last = now;
    g_app_timer_heartbeats++;
  }
  MEMFAULT_METRIC_SET_UNSIGNED(phase, g_app_phase);
  print_stack("memory_idle_pct_max", xTaskGetIdleTaskHandle());
  print_stack("memory_tmr_svc_pct_max", timer_task);
  memfault_freertos_port_task_runtime_metrics();
}

MEMFAULT_PUT_IN_SECTION(".noinit.mflt_reboot_info")
static uint8_t s_reboot_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

void memfault_platform_reboot_tracking_boot(void) {
  const sResetBootupInfo info = { 0 };
  memfault_reboot_tracking_boot(s_reboot_tracking, &info);
}

int memfault_platform_boot(void) {
  memfault_freertos_port_boot();
  memfault_platform_reboot_tracking_boot();
  static uint8_t s_events[4096];
  const sMemfaultEventStorageImpl *const storage =
    memfault_events_storage_boot(s_events, sizeof(s_events));
  memfault_reboot_tracking_collect_reset_info(storage);
  if (memfault_trace_event_boot(storage) != 0) {
    return -1;
  }
  const sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = memfault_reboot_tracking_get_crash_count(),
  };
  return memfault_metrics_boot(storage, &boot_info);
}
