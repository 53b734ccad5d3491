#include "memfault/metrics/metrics.h"

#include <string.h>

#include "memfault/core/log.h"
#include "memfault/core/reboot_tracking.h"
#include "memfault/metrics/battery.h"
#include "memfault/metrics/connectivity.h"
#include "memfault/metrics/platform/battery.h"
#include "memfault/metrics/platform/connectivity.h"
#include "memfault/metrics/platform/overrides.h"
#include "memfault/metrics/platform/timer.h"
#include "memfault/metrics/serializer.h"
#include "memfault/metrics/utils.h"

#include "environment.h"
#include "log_context.h"
#include "memory.h"
#include "metric_types.h"
#include "module.h"
#include "recorder.h"
#include "session_callbacks.h"
#include "step.h"

#define UNSIGNED_PREFILL 0xAAAAAAAAu
#define SIGNED_PREFILL (-0x55)

// A metric with the value that a hook sets.
typedef struct {
  int metric;
  metric_value value;
} assignment;

static struct {
  const sMemfaultEventStorageImpl *storage;
  uint8_t *region;
  assignment *on_collect;
  size_t on_collect_count;
  assignment *in_start_callback;
  bool timer_ok;
  MemfaultPlatformTimerCallback *timer_callback;
  bool restore;
  uint8_t *saved_state;
  log_context *log;
  int soc_result;
  sMfltPlatformBatterySoc soc;
} s_state;

void module_reset(void) {
  environment_reset();
  environment_hide_calls();
  memset(&s_state, 0, sizeof(s_state));
  s_state.soc = (sMfltPlatformBatterySoc){ .soc = 80, .discharging = true };
}

static MemfaultMetricId metric(void) {
  return (MemfaultMetricId){ ._impl = (int)arg_int("m") };
}

static eMfltMetricsSessionIndex session(void) {
  return (eMfltMetricsSessionIndex)arg_int("s");
}

// --- hooks ---

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  json_list *call = call_begin("timer_boot");
  list_uint(call, period_sec);
  list_bool(call, s_state.timer_ok);
  call_end();
  s_state.timer_callback = callback;
  return s_state.timer_ok;
}

#if MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT
void memfault_platform_metrics_connectivity_boot(void) {
  (void)call_begin("connectivity_boot");
  call_end();
}
#endif

#if MEMFAULT_METRICS_RESTORE_STATE
bool memfault_metrics_restore_state(void *state) {
  list_bool(call_begin("restore_state"), s_state.restore);
  call_end();
  if (s_state.restore) {
    if (s_state.saved_state == NULL) {
      step_abort("no state was saved");
    }
    memcpy(state, s_state.saved_state, MEMFAULT_METRICS_CONTEXT_SIZE_BYTES);
  }
  return s_state.restore;
}
#endif

#if MEMFAULT_METRICS_BATTERY_ENABLE
int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) {
  (void)call_begin("get_stateofcharge");
  call_end();
  *soc = s_state.soc;
  return s_state.soc_result;
}
#endif

void memfault_metrics_heartbeat_collect_sdk_data(void) {
  (void)call_begin("collect_sdk_data");
  call_end();
}

void memfault_metrics_heartbeat_collect_data(void) {
  (void)call_begin("collect_data");
  call_end();
  for (size_t i = 0; i < s_state.on_collect_count; i++) {
    (void)metric_set(s_state.on_collect[i].metric, &s_state.on_collect[i].value);
  }
}

static void session_started(int index) {
  list_int(call_begin("session_start_cb"), index);
  call_end();
  if (s_state.in_start_callback != NULL) {
    (void)metric_set(s_state.in_start_callback->metric, &s_state.in_start_callback->value);
  }
}

static void session_ends(int index) {
  list_int(call_begin("session_end_cb"), index);
  call_end();
}

// --- the start of a vector ---

static void event_storage_boot(size_t len) {
  s_state.storage = memfault_events_storage_boot(guarded_buffer(len, 0xA5), len);
}

static void init(void) {
  recorder_set_clock(arg_uint("clock"));
  event_storage_boot((size_t)arg_uint("event_storage"));
  s_state.on_collect_count = arg_count("on_collect");
  s_state.on_collect = arena_alloc(s_state.on_collect_count * sizeof(assignment));
  for (size_t i = 0; i < s_state.on_collect_count; i++) {
    s_state.on_collect[i].metric = (int)arg_int(item_key("on_collect", i, "m"));
    s_state.on_collect[i].value = metric_value_arg(item_key("on_collect", i, "v"));
  }
  if (arg_given("in_start_cb.m")) {
    s_state.in_start_callback = arena_alloc(sizeof(assignment));
    s_state.in_start_callback->metric = (int)arg_int("in_start_cb.m");
    s_state.in_start_callback->value = metric_value_arg("in_start_cb.v");
  }
}

// --- operations ---

static void reboot_tracking_boot(void) {
  size_t len;
  const uint8_t *region = arg_bytes("region", &len);
  if (len != MEMFAULT_REBOOT_TRACKING_REGION_SIZE) {
    step_abort("the region has another size");
  }
  s_state.region = guarded_buffer(len, 0);
  memcpy(s_state.region, region, len);
  if (arg_given("info.reset_reason")) {
    const sResetBootupInfo info = {
      .reset_reason_reg = (uint32_t)arg_uint("info.reset_reason_reg"),
      .reset_reason = (eMemfaultRebootReason)arg_uint("info.reset_reason"),
    };
    memfault_reboot_tracking_boot(s_state.region, &info);
  } else {
    memfault_reboot_tracking_boot(s_state.region, NULL);
  }
  out_bytes("region_after", s_state.region, len);
}

static void boot(void) {
  const sMemfaultMetricBootInfo info = {
    .unexpected_reboot_count = (uint32_t)arg_uint("unexpected_reboot_count"),
  };
  s_state.timer_ok = !arg_given("timer_ok") || arg_bool("timer_ok");
  s_state.restore = arg_given("restore") && arg_bool("restore");
  out_int("ret", memfault_metrics_boot(s_state.storage, &info));
}

static void boot_null(void) {
  const sMemfaultMetricBootInfo info = { 0 };
  const bool no_storage = strcmp(arg_text("arg"), "storage") == 0;
  out_int("ret", memfault_metrics_boot(no_storage ? NULL : s_state.storage,
                                       no_storage ? &info : NULL));
}

static void read_string(void) {
  const size_t len = (size_t)arg_uint("len");
  char *buffer = (char *)guarded_buffer(len, 0x5A);
  out_int("ret", memfault_metrics_heartbeat_read_string(metric(), buffer, len));
  out_bytes("buf", buffer, len);
}

static void read_number(const char *as) {
  uint32_t number = UNSIGNED_PREFILL;
  if (strcmp(as, "signed") == 0) {
    int32_t signed_number = SIGNED_PREFILL;
    out_int("ret", memfault_metrics_heartbeat_read_signed(metric(), &signed_number));
    out_int("v", signed_number);
    return;
  }
  if (strcmp(as, "timer") == 0) {
    out_int("ret", memfault_metrics_heartbeat_timer_read(metric(), &number));
  } else {
    out_int("ret", memfault_metrics_heartbeat_read_unsigned(metric(), &number));
  }
  out_uint("v", number);
}

static bool value_step(void) {
  if (step_is("set")) {
    const metric_value value = metric_value_arg("v");
    out_int("ret", metric_set(metric()._impl, &value));
  } else if (step_is("set_unsigned")) {
    out_int("ret", memfault_metrics_heartbeat_set_unsigned(metric(), (uint32_t)arg_uint("v")));
  } else if (step_is("set_signed")) {
    out_int("ret", memfault_metrics_heartbeat_set_signed(metric(), (int32_t)arg_int("v")));
  } else if (step_is("set_string")) {
    out_int("ret", memfault_metrics_heartbeat_set_string(metric(), arg_text("v")));
  } else if (step_is("add")) {
    out_int("ret", memfault_metrics_heartbeat_add(metric(), (int32_t)arg_int("v")));
  } else if (step_is("timer_start")) {
    out_int("ret", memfault_metrics_heartbeat_timer_start(metric()));
  } else if (step_is("timer_stop")) {
    out_int("ret", memfault_metrics_heartbeat_timer_stop(metric()));
  } else if (step_is("read")) {
    const char *as = arg_text("as");
    if (strcmp(as, "string") == 0) {
      read_string();
    } else {
      read_number(as);
    }
  } else {
    return false;
  }
  return true;
}

static bool session_step(void) {
  if (step_is("session_start")) {
    out_int("ret", memfault_metrics_session_start(session()));
  } else if (step_is("session_end")) {
    out_int("ret", memfault_metrics_session_end(session()));
  } else if (step_is("session_reset")) {
    memfault_metrics_session_reset(session());
  } else if (step_is("register_cb")) {
    const int index = (int)arg_int("s");
    session_callbacks_register(index, arg_bool("start") ? session_started : NULL,
                               arg_bool("end") ? session_ends : NULL);
  } else {
    return false;
  }
  return true;
}

static bool cycle_step(void) {
  if (step_is("boot")) {
    boot();
  } else if (step_is("boot_null")) {
    boot_null();
  } else if (step_is("event_storage_boot")) {
    event_storage_boot((size_t)arg_uint("len"));
  } else if (step_is("reboot_tracking_boot")) {
    reboot_tracking_boot();
  } else if (step_is("timer_callback")) {
    s_state.timer_callback();
  } else if (step_is("heartbeat")) {
    memfault_metrics_heartbeat_debug_trigger();
  } else if (step_is("collect")) {
    memfault_metrics_heartbeat_collect();
#if MEMFAULT_METRICS_RESTORE_STATE
  } else if (step_is("save_state")) {
    s_state.saved_state = arena_alloc(MEMFAULT_METRICS_CONTEXT_SIZE_BYTES);
    memcpy(s_state.saved_state, memfault_metrics_get_state(), MEMFAULT_METRICS_CONTEXT_SIZE_BYTES);
    out_uint("size", MEMFAULT_METRICS_CONTEXT_SIZE_BYTES);
#endif
  } else {
    return false;
  }
  return true;
}

// The counters are those of the log buffer. It stores no lines of its own here.
static void set_log_counts(void) {
  static uint8_t s_storage[16];
  if (s_state.log == NULL) {
    (void)memfault_log_boot(s_storage, sizeof(s_storage));
    memfault_log_set_min_save_level((eMemfaultPlatformLogLevel)0xFF);
    s_state.log = log_context_find();
    if (s_state.log == NULL) {
      step_abort("the context of the log buffer has another size");
    }
  }
  s_state.log->dropped_msg_count = (uint32_t)arg_uint("dropped");
  s_state.log->recorded_msg_count = (uint32_t)arg_uint("recorded");
}

static bool world_step(void) {
  if (step_is("clock")) {
    recorder_set_clock(arg_uint("ms"));
  } else if (step_is("check_region")) {
    out_bytes("region", s_state.region, MEMFAULT_REBOOT_TRACKING_REGION_SIZE);
  } else if (step_is("log_counts")) {
    set_log_counts();
  } else if (step_is("soc")) {
    s_state.soc_result = (int)arg_int("rv");
    s_state.soc.soc = (uint32_t)arg_uint("soc");
    s_state.soc.discharging = arg_bool("discharging");
#if MEMFAULT_METRICS_BATTERY_ENABLE
  } else if (step_is("battery_boot")) {
    memfault_metrics_battery_boot();
  } else if (step_is("stopped_discharging")) {
    memfault_metrics_battery_stopped_discharging();
#endif
#if MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME
  } else if (step_is("connectivity_state")) {
    memfault_metrics_connectivity_connected_state_change(
      (eMemfaultMetricsConnectivityState)arg_int("state"));
#endif
#if MEMFAULT_METRICS_SYNC_SUCCESS
  } else if (step_is("sync_success")) {
    memfault_metrics_connectivity_record_sync_success();
  } else if (step_is("sync_failure")) {
    memfault_metrics_connectivity_record_sync_failure();
#endif
#if MEMFAULT_METRICS_MEMFAULT_SYNC_SUCCESS
  } else if (step_is("memfault_sync_success")) {
    memfault_metrics_connectivity_record_memfault_sync_success();
  } else if (step_is("memfault_sync_failure")) {
    memfault_metrics_connectivity_record_memfault_sync_failure();
#endif
  } else {
    return false;
  }
  return true;
}

typedef struct {
  json_list items;
  int64_t stop_after;
  int64_t count;
} iteration;

static bool show_metric(void *ctx, const sMemfaultMetricInfo *info) {
  iteration *state = ctx;
  json_list *items = &state->items;
  const bool integer =
    info->type == kMemfaultMetricType_Unsigned || info->type == kMemfaultMetricType_Signed;
  list_open(items);
  list_int(items, info->key._impl);
  list_uint(items, info->type);
  if (integer) {
    list_bool(items, info->is_set);
  } else if (info->is_set) {
    list_string(items, "only integers are set");
  } else {
    list_null(items);
  }
  if (info->type == kMemfaultMetricType_String) {
    list_string(items, info->val.ptr);
  } else if (info->type == kMemfaultMetricType_Signed) {
    list_int(items, info->val.i32);
  } else {
    list_uint(items, info->val.u32);
  }
  list_uint(items, info->session_key);
  list_close(items);
  return ++state->count != state->stop_after;
}

// One number for each session, the heartbeat last.
static void out_for_each_session(const char *key, size_t (*function)(eMfltMetricsSessionIndex)) {
  json_list sizes = { 0 };
  for (int i = 0; i < kMfltMetricsSessionKey_COUNT; i++) {
    list_uint(&sizes, function((eMfltMetricsSessionIndex)i));
  }
  out_list(key, &sizes);
}

static void query_step(void) {
  if (step_is("iterate")) {
    iteration state = { .stop_after = arg_int("stop_after") };
    memfault_metrics_heartbeat_iterate(show_metric, &state);
    out_list("items", &state.items);
  } else if (step_is("num_metrics")) {
    out_uint("heartbeat", memfault_metrics_heartbeat_get_num_metrics());
    out_for_each_session("sessions", memfault_metrics_session_get_num_metrics);
  } else if (step_is("worst_case")) {
    out_for_each_session("sizes", memfault_metrics_session_compute_worst_case_storage_size);
  } else if (step_is("debug_print")) {
    memfault_metrics_heartbeat_debug_print();
  } else if (step_is("session_debug_print")) {
    memfault_metrics_session_debug_print(session());
  } else if (step_is("all_sessions_debug_print")) {
    memfault_metrics_all_sessions_debug_print();
  } else {
    step_abort("unknown operation");
  }
}

void module_step(void) {
  if (step_is("init")) {
    init();
    return;
  }
  if (!environment_step() && !value_step() && !session_step() && !cycle_step() && !world_step()) {
    query_step();
  }
  if (arg_given("drain")) {
    environment_drain_events(false);
  }
}
