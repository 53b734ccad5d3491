/* Firmware the way it exists, with the paths of the SDK: two lives with a crash in between.
 *
 * Prints: what happens, and at the end of each life what was recorded, as "MC:<base64>:" lines.
 */
#include <stdio.h>
#include <stdlib.h>

#include "FreeRTOS.h"
#include "memfault/components.h"
#include "task.h"

void compact_log_cpp_example(void);

/* A clock that always moves. */
uint32_t app_run_time(void) {
  static uint32_t s_time;
  s_time += 100;
  return s_time;
}

static void first_life(void) {
  MEMFAULT_LOG_INFO("widget %d of %s, %d pct", 7, "batch 12", 55);
  compact_log_cpp_example();
  MEMFAULT_TRACE_EVENT_WITH_STATUS(widget_jam, -7);
  MEMFAULT_METRICS_SESSION_START(cli);
  MEMFAULT_METRIC_SESSION_SET_STRING(command, cli, "spin");
  MEMFAULT_METRICS_SESSION_END(cli);
  memfault_data_export_dump_chunks();
  configASSERT(memfault_event_storage_bytes_used() != 0); /* which is wrong by now */
}

#if defined(MEMFAULT_COMPONENT_demo_)
static int send_char(char c) {
  putchar(c);
  return 0;
}

/* Somebody types into the shell. */
static void use_shell(void) {
  static const sMemfaultShellImpl s_shell = { .send_char = send_char };
  memfault_demo_shell_boot(&s_shell);
  for (const char *key = "get_device_info\n"; *key != '\0'; key++) {
    memfault_demo_shell_receive_char(*key);
  }
}
#endif

#if defined(MEMFAULT_COMPONENT_http_)
sMfltHttpClientConfig g_mflt_http_client_config = { .api_key = "0123456789abcdef0123456789abcdef" };

static void show_url(void) {
  char url[MEMFAULT_HTTP_URL_BUFFER_SIZE];
  if (memfault_http_build_url(url, MEMFAULT_HTTP_CHUNKS_API_SUBPATH)) {
    printf("url: %s\n", url);
  }
}
#endif

static void second_life(void) {
#if defined(MEMFAULT_COMPONENT_demo_)
  use_shell();
#endif
#if defined(MEMFAULT_COMPONENT_http_)
  show_url();
#endif
  memfault_metrics_heartbeat_debug_trigger();
  MEMFAULT_LOG_INFO("sent after %d crash", (int)memfault_reboot_tracking_get_crash_count());
  memfault_log_trigger_collection();
  memfault_data_export_dump_chunks();
  exit(0);
}

static void app_task(void *parameters) {
  (void)parameters;
  sMfltRebootReason reason = { 0 };
  memfault_reboot_tracking_get_reboot_reason(&reason);
  printf("prior reason: 0x%04x\n", (unsigned)reason.prior_stored_reason);
  void *const block = pvPortMalloc(44);
  if (reason.prior_stored_reason == kMfltRebootReason_Assert) {
    second_life();
  }
  first_life();
  vPortFree(block);
  exit(1);
}

int main(void) {
  memfault_platform_boot();
  xTaskCreate(app_task, "app", 1024, NULL, 1, NULL);
  vTaskStartScheduler();
  return 2;
}
