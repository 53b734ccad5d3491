#include "environment.h"

#include <string.h>

#include "memfault/core/arch.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/data_packetizer_source.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/core/platform/system_time.h"

#include "board.h"
#include "build_id.h"
#include "memory.h"
#include "recorder.h"
#include "step.h"

static struct {
  sMemfaultDeviceInfo device;
  bool time_known;
  sMemfaultCurrentTime time;
  bool inside_isr;
  bool calls_hidden;
} s_platform;

void environment_reset(void) {
  memset(&s_platform, 0, sizeof(s_platform));
}

void environment_hide_calls(void) {
  s_platform.calls_hidden = true;
}

void environment_set_time(bool known, uint32_t type, uint64_t secs) {
  s_platform.time_known = known;
  s_platform.time.type = (eMemfaultCurrentTimeType)type;
  s_platform.time.info.unix_timestamp_secs = secs;
}

// --- hooks ---

void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  if (!s_platform.calls_hidden) {
    (void)call_begin("get_device_info");
    call_end();
  }
  *info = s_platform.device;
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  if (!s_platform.calls_hidden) {
    list_bool(call_begin("time_get_current"), s_platform.time_known);
    call_end();
  }
  if (s_platform.time_known) {
    *time = s_platform.time;
  }
  return s_platform.time_known;
}

#if defined(__arm__)

// The library reads the interrupt state from a register, so it has to be true.
void environment_run(void (*function)(void)) {
  if (s_platform.inside_isr) {
    board_run_in_exception(function);
  } else {
    function();
  }
}

#else

bool memfault_arch_is_inside_isr(void) {
  if (!s_platform.calls_hidden) {
    list_bool(call_begin("is_inside_isr"), s_platform.inside_isr);
    call_end();
  }
  return s_platform.inside_isr;
}

void environment_run(void (*function)(void)) {
  function();
}

#endif

// --- steps ---

void environment_configure(void) {
  s_platform.device = (sMemfaultDeviceInfo){
    .device_serial = arg_text("serial"),
    .software_type = arg_text("software_type"),
    .software_version = arg_text("software_version"),
    .hardware_version = arg_text("hardware_version"),
  };
  if (arg_given("time.type")) {
    environment_set_time(true, (uint32_t)arg_uint("time.type"), arg_uint("time.secs"));
  } else {
    environment_set_time(false, 0, 0);
  }
  size_t len;
  const uint8_t *build_id = arg_bytes("build_id", &len);
  if (build_id != NULL && len != BUILD_ID_LEN) {
    step_abort("a build id has 20 bytes");
  }
  set_build_id(build_id);
}

// Buffer lengths come from the vector; the last one is offered until the packetizer has nothing
// more.
#define MAX_CHUNKS 2000  // ends a library that hands out chunks for ever

static void drain_chunks(void) {
  const size_t given = arg_count("lengths");
  size_t capacity = 256;
  json_list chunks = { 0 };
  trace_calls(false);
  for (size_t i = 0; i < given + MAX_CHUNKS; i++) {
    if (i < given) {
      capacity = (size_t)arg_uint(item_key("lengths", i, NULL));
    }
    uint8_t *buffer = guarded_buffer(capacity, 0x5A);
    size_t len = capacity;
    if (!memfault_packetizer_get_chunk(buffer, &len) || len > capacity) {
      break;
    }
    list_open(&chunks);
    list_uint(&chunks, capacity);
    list_bytes(&chunks, buffer, len);
    list_close(&chunks);
  }
  trace_calls(true);
  out_list("chunks", &chunks);
}

void environment_drain_events(bool even_if_none) {
  const sMemfaultDataSourceImpl *source = &g_memfault_event_data_source;
  json_list events = { 0 };
  size_t size = 0;
  trace_calls(false);
  while (source->has_more_msgs_cb(&size)) {
    uint8_t *event = guarded_buffer(size, 0x5A);
    if (!source->read_msg_cb(0, event, size)) {
      list_string(&events, "the read failed");
      break;
    }
    list_bytes(&events, event, size);
    source->mark_msg_read_cb();
  }
  trace_calls(true);
  if (even_if_none || events.len > 0) {
    out_list("events", &events);
  }
}

bool environment_step(void) {
  if (step_is("env")) {
    environment_configure();
  } else if (step_is("set_env")) {
    environment_configure();
    s_platform.inside_isr = false;
  } else if (step_is("set_isr")) {
    s_platform.inside_isr = arg_bool("v");
  } else if (step_is("drain_chunks")) {
    drain_chunks();
  } else if (step_is("drain_events")) {
    environment_drain_events(true);
  } else {
    return false;
  }
  return true;
}
