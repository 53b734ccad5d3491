#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/log.h"

#include "environment.h"
#include "log_steps.h"
#include "memory.h"
#include "module.h"
#include "step.h"

// Private function of the library (spec 30 section 8.1).
bool memfault_log_data_source_has_been_triggered(void);

void module_reset(void) {
  log_steps_reset();
}

static void has_more(void) {
  size_t size = arg_given("prefill") ? (size_t)arg_uint("prefill") : 0;
  out_bool("ret", g_memfault_log_data_source.has_more_msgs_cb(&size));
  out_uint("size", size);
}

static void read_message(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *buffer = guarded_buffer(len, 0x5A);
  const bool ret = g_memfault_log_data_source.read_msg_cb((uint32_t)arg_uint("offset"), buffer, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", buffer, len);
  }
}

static void unsent_count(void) {
  const sMfltLogUnsentCount count = memfault_log_get_unsent_count();
  out_uint("num_logs", count.num_logs);
  out_uint("bytes", count.bytes);
}

void module_step(void) {
  if (log_step()) {
  } else if (step_is("trigger")) {
    memfault_log_trigger_collection();
    out_bool("triggered", memfault_log_data_source_has_been_triggered());
  } else if (step_is("has_more")) {
    has_more();
  } else if (step_is("read_msg")) {
    read_message();
  } else if (step_is("mark_read")) {
    g_memfault_log_data_source.mark_msg_read_cb();
  } else if (step_is("unsent_count")) {
    unsent_count();
  } else if (!environment_step()) {
    step_abort("unknown operation");
  }
  log_out_changes();
}
