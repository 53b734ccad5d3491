/* What the options of metrics change, seen through the public interface.
 *
 * Compiled and linked once per configuration by tests/config/run.py; prints one line "name value"
 * for each observation. The device crashed inside of a session, boots at 500 ms and makes a
 * heartbeat an hour later.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "memfault/components.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/metrics/platform/connectivity.h"

/* The hooks that this firmware looks at; tests/stubs has the others */

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo){
    .device_serial = "1",
    .software_type = "app",
    .software_version = "2.0",
    .hardware_version = "hw1",
  };
}

static char s_last_log[128];

void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  va_list args;
  va_start(args, fmt);
  vsnprintf(s_last_log, sizeof(s_last_log), fmt, args);
  va_end(args);
}

static uint64_t s_clock_ms;

uint64_t memfault_platform_get_time_since_boot_ms(void) {
  return s_clock_ms;
}

static uint32_t s_interval_s;
static MemfaultPlatformTimerCallback *s_heartbeat;

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  s_interval_s = period_sec;
  s_heartbeat = callback;
  return true;
}

/* The interval may come from a function of the firmware */

uint32_t settings_interval_s(void);
uint32_t settings_interval_s(void) {
  return 77;
}

/* A build id, as the configuration asks for it */

extern const unsigned char first_build_id_note[];
const unsigned char first_build_id_note[36] = { 4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U' };

/* Hooks of single options. Without its option none of them is there, and the program links. */

#if MEMFAULT_METRICS_BATTERY_ENABLE
static uint32_t s_soc = 800;

int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  *soc = (sMfltPlatformBatterySoc){ .soc = s_soc, .discharging = true };
  return 0;
}
#endif

static unsigned int s_connectivity_boots;

#if MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT
void memfault_platform_metrics_connectivity_boot(void) {
  s_connectivity_boots++;
}
#endif

#if MEMFAULT_METRICS_RESTORE_STATE
static uint8_t s_saved[MEMFAULT_METRICS_CONTEXT_SIZE_BYTES];
static bool s_has_saved;

bool memfault_metrics_restore_state(void *state) {
  if (s_has_saved) {
    memcpy(state, s_saved, sizeof(s_saved));
  }
  return s_has_saved;
}
#endif

/* Observations */

/* The next event from its event info on; "-" when there is none. */
static void print_event(const char *name) {
  static const uint8_t kEventInfo[] = { 0x04, 0xa2, 0x02 };
  const sMemfaultDataSourceImpl *source = &g_memfault_event_data_source;
  uint8_t event[256];
  size_t len = 0;
  printf("%s ", name);
  if (!source->has_more_msgs_cb(&len) || len > sizeof(event) ||
      !source->read_msg_cb(0, event, len)) {
    printf("-\n");
    return;
  }
  source->mark_msg_read_cb();
  size_t at = 0;
  while (at < len && memcmp(event + at, kEventInfo, sizeof(kEventInfo)) != 0) {
    at++;
  }
  for (; at < len; at++) {
    printf("%02x", event[at]);
  }
  printf("\n");
}

static uint8_t s_storage[1024];

static int boot_metrics(uint32_t reboots) {
  const sMemfaultMetricBootInfo info = { .unexpected_reboot_count = reboots };
  return memfault_metrics_boot(memfault_events_storage_boot(s_storage, sizeof(s_storage)), &info);
}

static void an_hour(void) {
  (void)MEMFAULT_METRIC_ADD(jobs, 5);
#if MEMFAULT_METRICS_SYNC_SUCCESS
  memfault_metrics_connectivity_record_sync_success();
#endif
#if MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS
  memfault_metrics_connectivity_record_memfault_sync_failure();
#endif
#if MEMFAULT_METRICS_BATTERY_ENABLE
  memfault_metrics_battery_boot();
  s_soc = 793;
#endif
  s_clock_ms = 1000;
#if MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME
  memfault_metrics_connectivity_connected_state_change(kMemfaultMetricsConnectivityState_Connected);
#endif
  s_clock_ms = 3601000;
}

static void print_battery_log(void) {
#if MEMFAULT_METRICS_BATTERY_ENABLE
  s_soc = 806;
  memfault_metrics_battery_collect_data();
  printf("battery_log %s\n", s_last_log);
#else
  printf("battery_log -\n");
#endif
}

static void print_restored(void) {
#if MEMFAULT_METRICS_RESTORE_STATE
  uint32_t jobs = 0;
  (void)MEMFAULT_METRIC_SET_UNSIGNED(jobs, 8);
  memcpy(s_saved, memfault_metrics_get_state(), sizeof(s_saved));
  (void)MEMFAULT_METRIC_SET_UNSIGNED(jobs, 9);
  s_has_saved = true;
  (void)boot_metrics(0);
  (void)memfault_metrics_heartbeat_read_unsigned(MEMFAULT_METRICS_KEY(jobs), &jobs);
  printf("restored %u\n", (unsigned int)jobs);
#else
  printf("restored -\n");
#endif
}

/* 30 lines of 3 bytes into a buffer that holds 28 of them: the 2 oldest are dropped. */
static void log_lines(void) {
  static uint8_t buffer[28 * 3];
  memfault_log_boot(buffer, sizeof(buffer));
  memfault_log_set_min_save_level(kMemfaultPlatformLogLevel_Error);
  for (int i = 0; i < 30; i++) {
    memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Error, "x", 1);
  }
}

int main(void) {
  static uint8_t region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  const sResetBootupInfo reset = { .reset_reason = kMfltRebootReason_HardFault };
  memfault_reboot_tracking_boot(region, &reset);
  memfault_reboot_tracking_metrics_session(true, kMfltMetricsSessionKey_job);
  s_clock_ms = 500;
  printf("boot %d\n", boot_metrics(3));
  printf("interval %u\n", (unsigned int)s_interval_s);
  printf("connectivity_boots %u\n", s_connectivity_boots);
  print_event("crashed_session");
  printf("session_still_active %d\n",
         memfault_reboot_tracking_metrics_session_was_active(kMfltMetricsSessionKey_job));
  log_lines();
  an_hour();
  s_heartbeat();
  print_event("heartbeat");
  (void)MEMFAULT_METRICS_SESSION_START(job);
  s_clock_ms += 1000;
  printf("session_end %d\n", MEMFAULT_METRICS_SESSION_END(job));
  print_event("session");
  print_battery_log();
  print_restored();
  return 0;
}
