/*
 * A working day of a door lock: this is where a product records its metrics. The numbers are made
 * up, the times are real.
 */
#include "lock.h"

#include <stdbool.h>
#include <stdint.h>

#include "board.h"
#include "memfault/core/event_storage.h"
#include "memfault/metrics/connectivity.h"
#include "memfault/metrics/metrics.h"
#include "memfault/metrics/platform/battery.h"
#include "memfault/metrics/platform/overrides.h"

#define STEPS_PER_TURN 25
#define TURNS_TO_OPEN 4

/* The battery: loses 0.3 percent per heartbeat and is never charged. */
static uint32_t s_charge_tenths = 1000;
static uint32_t s_battery_mv = 6012;

static void sleep_ms(uint32_t duration_ms) {
  const uint32_t start_ms = board_uptime_ms();
  while (board_uptime_ms() - start_ms < duration_ms) {
    board_wait_for_interrupt();
  }
}

/* Somebody types a code of four digits and the OK key. */
static void type_code(bool right) {
  MEMFAULT_METRIC_TIMER_START(display_on_ms);
  for (int key = 0; key < 5; key++) {
    MEMFAULT_METRIC_ADD(key_presses, 1);
    sleep_ms(2);
  }
  if (!right) {
    MEMFAULT_METRIC_ADD(wrong_codes, 1);
    MEMFAULT_METRIC_SET_STRING(last_problem, "wrong code at keypad"); /* 15 bytes of it are kept */
  }
  MEMFAULT_METRIC_TIMER_STOP(display_on_ms);
}

/* The job: opening the bolt. Everything between start and end is reported as one session. */
static int open_bolt(const char *opened_by) {
  MEMFAULT_METRICS_SESSION_START(unlock);
  MEMFAULT_METRIC_SESSION_SET_STRING(opened_by, unlock, opened_by);

  MEMFAULT_METRIC_SESSION_TIMER_START(motor_ms, unlock);
  for (int turn = 0; turn < TURNS_TO_OPEN; turn++) {
    sleep_ms(5);
    MEMFAULT_METRIC_SESSION_ADD(motor_steps, unlock, STEPS_PER_TURN);
  }
  MEMFAULT_METRIC_SESSION_TIMER_STOP(motor_ms, unlock);

  MEMFAULT_METRIC_SESSION_SET_SIGNED(bolt_force_n, unlock, -12);
  MEMFAULT_METRIC_SESSION_SET_UNSIGNED(supply_v, unlock, s_battery_mv - 240u);
  return MEMFAULT_METRICS_SESSION_END(unlock);
}

/* Talks to the hub, which does not always answer. */
static void sync_with_hub(bool hub_answers) {
  MEMFAULT_METRIC_TIMER_START(radio_on_ms);
  memfault_metrics_connectivity_connected_state_change(kMemfaultMetricsConnectivityState_Started);
  sleep_ms(10);
  if (hub_answers) {
    memfault_metrics_connectivity_connected_state_change(
      kMemfaultMetricsConnectivityState_Connected);
    MEMFAULT_METRIC_SET_SIGNED(rssi_dbm, -71);
    MEMFAULT_METRIC_SET_STRING(hub_name, "hallway");
    MEMFAULT_METRIC_ADD(clock_correction_ms, -35);
    sleep_ms(20);
    memfault_metrics_connectivity_record_sync_success();
  } else {
    MEMFAULT_METRIC_ADD(radio_retries, 3);
    MEMFAULT_METRIC_SET_STRING(last_problem, "hub silent");
    memfault_metrics_connectivity_record_sync_failure();
  }
  memfault_metrics_connectivity_connected_state_change(kMemfaultMetricsConnectivityState_Stopped);
  MEMFAULT_METRIC_TIMER_STOP(radio_on_ms);
}

void lock_begin_update(void) {
  MEMFAULT_METRICS_SESSION_START(update);
  MEMFAULT_METRIC_SESSION_SET_UNSIGNED(link_quality_pct, update, 88);
  MEMFAULT_METRIC_SESSION_ADD(bytes_received, update, 4096);
}

static int finish_update(void) {
  MEMFAULT_METRIC_SESSION_ADD(bytes_received, update, 61440);
  return MEMFAULT_METRICS_SESSION_END(update);
}

int lock_live_through(int round) {
  int rv = 0;
  switch (round) {
    case 0: /* a quiet one; only the door stays open */
      sync_with_hub(true);
      type_code(true);
      rv = open_bolt("keypad");
      MEMFAULT_METRIC_TIMER_START(door_open_ms);
      break;
    case 1: /* the door is closed again, an update comes in, and a stranger tries codes */
      sync_with_hub(true);
      lock_begin_update();
      MEMFAULT_METRIC_TIMER_STOP(door_open_ms);
      type_code(false);
      type_code(false);
      rv = open_bolt("phone app"); /* 8 bytes of it are kept */
      rv = (finish_update() == 0) ? rv : -1;
      break;
    default: /* nobody comes, and the hub is off */
      sync_with_hub(false);
      break;
  }
  return (rv == 0) ? 0 : -1;
}

/* Called by the SDK for its battery metrics, once per heartbeat. */
int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  soc->soc = s_charge_tenths; /* in percent * MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE */
  soc->discharging = true;
  s_charge_tenths -= 3;
  return 0;
}

/* Called by the SDK right before it makes a heartbeat: the place for what is measured, not
 * counted. */
void memfault_metrics_heartbeat_collect_data(void) {
  MEMFAULT_METRIC_SET_SIGNED(temperature_c, -45); /* tenths: the door leads outside */
  MEMFAULT_METRIC_SET_UNSIGNED(battery_v, s_battery_mv);
  MEMFAULT_METRIC_SET_UNSIGNED(storage_free_bytes, (uint32_t)memfault_event_storage_bytes_free());
  s_battery_mv -= 4;

  /* What the device calls its metrics. The receiver finds the same names in the ELF file. */
  memfault_metrics_heartbeat_debug_print();
}
