// The whole library: devices that record, crash, start again and send.
#include <string.h>

#include "memfault/components.h"
#include "memfault/metrics/platform/timer.h"

#include "coredump_storage.h"
#include "environment.h"
#include "fixed_memory.h"
#include "isolate.h"
#include "memory.h"
#include "metric_types.h"
#include "module.h"
#include "recorder.h"
#include "regions.h"
#include "step.h"

#define MAX_COREDUMP_STORAGE (PERSISTENT_MEMORY_SIZE / 2)

// What a reset does not touch.
typedef struct {
  uint8_t reboot_region[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  uint32_t coredump_size;
  uint8_t coredump[MAX_COREDUMP_STORAGE];
} persistent;

static struct {
  persistent *kept;
  bool recording_offered;
  sMemfaultCdrMetadata recording;
  const uint8_t *recording_data;
} s_state;

void module_reset(void) {
  environment_reset();
  environment_hide_calls();
  fixed_memory_reset();
  memset(&s_state, 0, sizeof(s_state));
  s_state.kept = isolate_persistent_memory(sizeof(persistent));
}

// --- hooks ---

bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  return true;
}

// Only a fault calls this, and the crashes of these vectors call what a fault handler does.
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  (void)num_regions;
  step_abort("a fault");
}

// --- the source of recordings ---

static bool has_recording(sMemfaultCdrMetadata *metadata) {
  *metadata = s_state.recording;
  return s_state.recording_offered;
}

static bool read_recording(uint32_t offset, void *data, size_t data_len) {
  if (offset > s_state.recording.data_size_bytes ||
      data_len > s_state.recording.data_size_bytes - offset) {
    return false;
  }
  memcpy(data, s_state.recording_data + offset, data_len);
  return true;
}

static void mark_recording(void) {
  s_state.recording_offered = false;
}

static void offer_recording(void) {
  static const char *const kBinary[] = { MEMFAULT_CDR_BINARY };
  sMemfaultCurrentTime now;
  if (!memfault_platform_time_get_current(&now)) {
    now.type = kMemfaultCurrentTimeType_Unknown;
  }
  size_t len;
  s_state.recording_data = arg_bytes("data", &len);
  s_state.recording = (sMemfaultCdrMetadata){
    .start_time = now,
    .mimetypes = (const char **)(uintptr_t)kBinary,
    .num_mimetypes = 1,
    .data_size_bytes = (uint32_t)len,
    .duration_ms = (uint32_t)arg_uint("duration_ms"),
    .collection_reason = arg_text("reason"),
  };
  s_state.recording_offered = true;
}

// --- a boot ---

static void device(void) {
  size_t len;
  const uint8_t *region = arg_bytes("reboot_region", &len);
  if (len != sizeof(s_state.kept->reboot_region)) {
    step_abort("the region has another size");
  }
  memcpy(s_state.kept->reboot_region, region, len);
  s_state.kept->coredump_size = (uint32_t)arg_uint("coredump_storage");
  if (s_state.kept->coredump_size > MAX_COREDUMP_STORAGE) {
    step_abort("the storage of coredumps is larger than the player has");
  }
  memset(s_state.kept->coredump, 0xFF, s_state.kept->coredump_size);
}

static void set_clock(const char *clock, const char *unix_time) {
  recorder_set_clock(arg_uint(clock));
  if (arg_is_null(unix_time)) {
    environment_set_time(false, 0, 0);
  } else {
    environment_set_time(true, kMemfaultCurrentTimeType_UnixEpochTimeSec, arg_uint(unix_time));
  }
}

static void boot(void) {
  environment_configure();
  set_clock("env.clock", "env.unix_time");
  coredump_storage_attach(s_state.kept->coredump, s_state.kept->coredump_size);
  coredump_storage_hide_calls();

  const sResetBootupInfo reset = {
    .reset_reason_reg = (uint32_t)arg_uint("bootup_info.reset_reason_reg"),
    .reset_reason = (eMemfaultRebootReason)arg_uint("bootup_info.reset_reason"),
  };
  memfault_reboot_tracking_boot(s_state.kept->reboot_region, &reset);
  const size_t event_len = (size_t)arg_uint("event_storage");
  const sMemfaultEventStorageImpl *events =
    memfault_events_storage_boot(guarded_buffer(event_len, 0xA5), event_len);
  const size_t log_len = (size_t)arg_uint("log_storage");
  memfault_log_boot(guarded_buffer(log_len, 0xA5), log_len);
  memfault_trace_event_boot(events);
  out_int("collect_ret", memfault_reboot_tracking_collect_reset_info(events));
  const size_t crash_count = memfault_reboot_tracking_get_crash_count();
  out_uint("crash_count", crash_count);
  const sMemfaultMetricBootInfo metrics = { .unexpected_reboot_count = (uint32_t)crash_count };
  if (memfault_metrics_boot(events, &metrics) != 0) {
    step_abort("metrics do not start");
  }
  static const sMemfaultCdrSourceImpl kSource = {
    .has_cdr_cb = has_recording,
    .read_data_cb = read_recording,
    .mark_cdr_read_cb = mark_recording,
  };
  if (!memfault_cdr_register_source(&kSource)) {
    step_abort("the source of recordings is refused");
  }
}

static void crash(void) {
  const sMfltRebootTrackingRegInfo registers = {
    .pc = (uint32_t)arg_uint("pc"),
    .lr = (uint32_t)arg_uint("lr"),
  };
  const eMemfaultRebootReason reason = (eMemfaultRebootReason)arg_uint("reason");
  memfault_reboot_tracking_mark_reset_imminent(reason, &registers);
  region_list regions = { 0 };
  regions_append(&regions, "regions");
  sMemfaultCoredumpSaveInfo info = {
    .trace_reason = reason,
    .regions = regions.regions,
    .num_regions = regions.count,
  };
  info.regs = arg_bytes("regs", &info.regs_size);
  const bool saved = memfault_coredump_save(&info);
  out_bool("saved", saved);
  if (saved) {
    memfault_reboot_tracking_mark_coredump_saved();
  }
}

static void end_of_boot(void) {
  const char *how = arg_text("how");
  if (strcmp(how, "crash") == 0) {
    crash();
  } else if (strcmp(how, "marked_reset") == 0) {
    const eMemfaultRebootReason reason = (eMemfaultRebootReason)arg_uint("reason");
    memfault_reboot_tracking_mark_reset_imminent(reason, NULL);
  } else if (strcmp(how, "reset") != 0 && strcmp(how, "end") != 0) {
    step_abort("unknown end of a boot");
  }
  out_bytes("reboot_region", s_state.kept->reboot_region, sizeof(s_state.kept->reboot_region));
}

static void get_chunks(void) {
  const size_t capacity = (size_t)arg_uint("L");
  json_list chunks = { 0 };
  for (uint64_t left = arg_uint("max"); left > 0; left--) {
    uint8_t *buffer = guarded_buffer(capacity, 0x5A);
    size_t len = capacity;
    if (!memfault_packetizer_get_chunk(buffer, &len) || len > capacity) {
      break;
    }
    list_bytes(&chunks, buffer, len);
  }
  out_list("chunks", &chunks);
}

// --- operations ---

static eMfltTraceReasonUser trace_reason(void) {
  return (eMfltTraceReasonUser)arg_uint("reason");
}

static MemfaultMetricId metric(void) {
  return (MemfaultMetricId){ ._impl = (int)arg_int("m") };
}

static bool recording_step(void) {
  if (step_is("trace")) {
    void *pc = (void *)(uintptr_t)arg_uint("pc");
    void *lr = (void *)(uintptr_t)arg_uint("lr");
    out_int("ret", memfault_trace_event_capture(trace_reason(), pc, lr));
  } else if (step_is("trace_status")) {
    const int32_t status = (int32_t)arg_int("status");
    out_int("ret", memfault_trace_event_with_status_capture(trace_reason(), NULL, NULL, status));
  } else if (step_is("trace_log")) {
    const char *text = arg_text("text");
    out_int("ret", memfault_trace_event_with_log_capture(trace_reason(), NULL, NULL, "%s", text));
  } else if (step_is("log")) {
    memfault_log_save((eMemfaultPlatformLogLevel)arg_uint("level"), "%s", arg_text("text"));
  } else if (step_is("set")) {
    const metric_value value = metric_value_arg("v");
    // The vectors do not tell the result; some of them set what is in no running session.
    (void)metric_set(metric()._impl, &value);
  } else if (step_is("timer_start")) {
    out_int("ret", memfault_metrics_heartbeat_timer_start(metric()));
  } else if (step_is("timer_stop")) {
    out_int("ret", memfault_metrics_heartbeat_timer_stop(metric()));
  } else if (step_is("session_start")) {
    out_int("ret", memfault_metrics_session_start((eMfltMetricsSessionIndex)arg_int("s")));
  } else if (step_is("session_end")) {
    out_int("ret", memfault_metrics_session_end((eMfltMetricsSessionIndex)arg_int("s")));
  } else if (step_is("heartbeat")) {
    memfault_metrics_heartbeat_debug_trigger();
  } else if (step_is("offer_cdr")) {
    offer_recording();
  } else {
    return false;
  }
  return true;
}

void module_step(void) {
  if (step_is("device")) {
    device();
  } else if (step_is("next_boot")) {
    boot();
  } else if (step_is("end")) {
    end_of_boot();
  } else if (step_is("get_chunks")) {
    get_chunks();
  } else if (step_is("final_drain")) {
    if (arg_bool("collect")) {
      memfault_log_trigger_collection();
    }
    get_chunks();
  } else if (step_is("data_available")) {
    out_bool("ret", memfault_packetizer_data_available());
  } else if (step_is("abort")) {
    memfault_packetizer_abort();
  } else if (step_is("log_trigger")) {
    memfault_log_trigger_collection();
  } else if (step_is("advance")) {
    set_clock("clock", "unix_time");
  } else if (!step_is("nop") && !recording_step()) {
    step_abort("unknown operation");
  }
}
