#include "memfault/core/reboot_tracking.h"

#include <string.h>

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

// Private functions of the SDK (spec 20 section 12.3), which its own fault handling and tests use.
typedef struct {
  eMemfaultRebootReason reason;
  uint32_t pc;
  uint32_t lr;
  uint32_t reset_reason_reg0;
  bool coredump_saved;
} reset_reason_info;
bool memfault_reboot_tracking_read_reset_info(reset_reason_info *info);
void memfault_reboot_tracking_clear_reset_info(void);
void memfault_reboot_tracking_clear_reboot_reason(void);

static struct {
  uint8_t *region;
  watched_memory watched;
  const sMemfaultEventStorageImpl *storage;
  uint8_t saved[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];
  bool use_store;
} s_state;

void module_reset(void) {
  environment_reset();
  memset(&s_state, 0, sizeof(s_state));
}

// --- hooks ---

void memfault_reboot_tracking_load(sMemfaultRebootTrackingStorage *dst) {
  list_bool(call_begin("load"), s_state.use_store);
  call_end();
  if (s_state.use_store) {
    memcpy(dst, s_state.saved, sizeof(s_state.saved));
  }
}

void memfault_reboot_tracking_save(const sMemfaultRebootTrackingStorage *src) {
  memcpy(s_state.saved, src, sizeof(s_state.saved));
  list_bytes(call_begin("save"), s_state.saved, sizeof(s_state.saved));
  call_end();
}

// --- operations ---

static void init(void) {
  size_t len;
  const uint8_t *region = arg_bytes("region", &len);
  if (len != MEMFAULT_REBOOT_TRACKING_REGION_SIZE) {
    step_abort("the region has another size");
  }
  s_state.region = guarded_buffer(len, 0);
  memcpy(s_state.region, region, len);
  s_state.watched = watch_from_now(s_state.region, len);
  const size_t storage_len = (size_t)arg_uint("event_storage");
  s_state.storage = memfault_events_storage_boot(guarded_buffer(storage_len, 0xA5), storage_len);
}

static void boot(void) {
  if (!arg_given("info.reset_reason")) {
    memfault_reboot_tracking_boot(s_state.region, NULL);
    return;
  }
  const sResetBootupInfo info = {
    .reset_reason_reg = (uint32_t)arg_uint("info.reset_reason_reg"),
    .reset_reason = (eMemfaultRebootReason)arg_uint("info.reset_reason"),
  };
  memfault_reboot_tracking_boot(s_state.region, &info);
}

static void mark_reset_imminent(void) {
  const eMemfaultRebootReason reason = (eMemfaultRebootReason)arg_uint("reason");
  if (!arg_given("reg.pc")) {
    memfault_reboot_tracking_mark_reset_imminent(reason, NULL);
    return;
  }
  const sMfltRebootTrackingRegInfo registers = {
    .pc = (uint32_t)arg_uint("reg.pc"),
    .lr = (uint32_t)arg_uint("reg.lr"),
  };
  memfault_reboot_tracking_mark_reset_imminent(reason, &registers);
}

static void get_reboot_reason(void) {
  sMfltRebootReason reason;
  memset(&reason, 0x5A, sizeof(reason));
  sMfltRebootReason untouched;
  memset(&untouched, 0x5A, sizeof(untouched));
  const int ret = memfault_reboot_tracking_get_reboot_reason(&reason);
  out_int("ret", ret);
  if (ret == 0) {
    out_uint("reg", reason.reboot_reg_reason);
    out_uint("prior", reason.prior_stored_reason);
  } else if (memcmp(&reason, &untouched, sizeof(reason)) != 0) {
    out_bool("output_changed_on_failure", true);
  }
}

static void get_unexpected_reboot_occurred(void) {
  union {
    bool unexpected;
    uint8_t byte;
  } out = { .byte = 0x5A };
  const int ret = memfault_reboot_tracking_get_unexpected_reboot_occurred(&out.unexpected);
  out_int("ret", ret);
  if (ret == 0) {
    out_bool("v", out.unexpected);
  } else if (out.byte != 0x5A) {
    out_bool("output_changed_on_failure", true);
  }
}

static void read_reset_info(void) {
  reset_reason_info info;
  memset(&info, 0x5A, sizeof(info));
  reset_reason_info untouched;
  memset(&untouched, 0x5A, sizeof(untouched));
  const bool ret = memfault_reboot_tracking_read_reset_info(&info);
  out_bool("ret", ret);
  if (ret) {
    out_uint("reason", info.reason);
    out_uint("pc", info.pc);
    out_uint("lr", info.lr);
    out_uint("reg", info.reset_reason_reg0);
    out_bool("coredump_saved", info.coredump_saved);
  } else if (memcmp(&info, &untouched, sizeof(info)) != 0) {
    out_bool("output_changed_on_failure", true);
  }
}

static void corrupt(void) {
  size_t len;
  const uint8_t *bytes = arg_bytes("bytes", &len);
  memcpy(s_state.region, bytes, len < 4 ? len : 4);
}

static bool storage_step(void) {
  if (step_is("boot")) {
    boot();
  } else if (step_is("boot_null_region")) {
    memfault_reboot_tracking_boot(NULL, NULL);
  } else if (step_is("mark_reset_imminent")) {
    mark_reset_imminent();
  } else if (step_is("mark_coredump_saved")) {
    memfault_reboot_tracking_mark_coredump_saved();
  } else if (step_is("reset_crash_count")) {
    memfault_reboot_tracking_reset_crash_count();
  } else if (step_is("clear_reset_info")) {
    memfault_reboot_tracking_clear_reset_info();
  } else if (step_is("clear_reboot_reason")) {
    memfault_reboot_tracking_clear_reboot_reason();
  } else if (step_is("metrics_session")) {
    memfault_reboot_tracking_metrics_session(arg_bool("active"), (uint32_t)arg_uint("index"));
  } else if (step_is("clear_metrics_sessions")) {
    memfault_reboot_tracking_clear_metrics_sessions();
  } else if (step_is("corrupt")) {
    corrupt();
  } else if (step_is("use_store")) {
    s_state.use_store = arg_bool("v");
  } else {
    return false;
  }
  return true;
}

static void query_step(void) {
  if (step_is("collect_reset_info")) {
    out_int("ret", memfault_reboot_tracking_collect_reset_info(s_state.storage));
  } else if (step_is("get_reboot_reason")) {
    get_reboot_reason();
  } else if (step_is("get_unexpected_reboot_occurred")) {
    get_unexpected_reboot_occurred();
  } else if (step_is("get_crash_count")) {
    out_uint("ret", memfault_reboot_tracking_get_crash_count());
  } else if (step_is("session_was_active")) {
    const uint32_t index = (uint32_t)arg_uint("index");
    out_bool("ret", memfault_reboot_tracking_metrics_session_was_active(index));
  } else if (step_is("booted")) {
    out_bool("ret", memfault_reboot_tracking_booted());
  } else if (step_is("read_reset_info")) {
    read_reset_info();
  } else if (step_is("worst_case")) {
    out_uint("ret", memfault_reboot_tracking_compute_worst_case_storage_size());
  } else {
    step_abort("unknown operation");
  }
}

void module_step(void) {
  if (step_is("init")) {
    init();
    return;
  }
  if (!environment_step() && !storage_step()) {
    query_step();
  }
  size_t at;
  size_t len;
  if (s_state.region != NULL && watch_changes(&s_state.watched, &at, &len)) {
    out_bytes("region", s_state.region, MEMFAULT_REBOOT_TRACKING_REGION_SIZE);
  }
}
