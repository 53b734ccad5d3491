#include "memfault/core/serializer_helper.h"

#include <string.h>

#include "memfault/core/event_storage_implementation.h"

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static struct {
  sMemfaultTraceEventHelperInfo info;
  size_t space;
  size_t capacity;
} s_state;

void module_reset(void) {
  environment_reset();
  memset(&s_state, 0, sizeof(s_state));
}

// --- fake storage ---

static size_t begin_write(void) {
  list_uint(call_begin("begin_write"), s_state.space);
  call_end();
  return s_state.space;
}

static bool append_data(const void *bytes, size_t num_bytes) {
  list_bytes(call_begin("append"), bytes, num_bytes);
  call_end();
  return true;
}

static void finish_write(bool rollback) {
  list_bool(call_begin("finish_write"), rollback);
  call_end();
}

static size_t get_storage_size(void) {
  list_uint(call_begin("get_storage_size"), s_state.capacity);
  call_end();
  return s_state.capacity;
}

static const sMemfaultEventStorageImpl s_storage = {
  .begin_write_cb = begin_write,
  .append_data_cb = append_data,
  .finish_write_cb = finish_write,
  .get_storage_size_cb = get_storage_size,
};

// --- operations ---

static bool encode_info(sMemfaultCborEncoder *encoder, void *ctx) {
  return memfault_serializer_helper_encode_trace_event(encoder, ctx);
}

static size_t worst_case_size(void) {
  sMemfaultCborEncoder encoder;
  return memfault_serializer_helper_compute_size(&encoder, encode_info, &s_state.info);
}

static void read_info(void) {
  s_state.info = (sMemfaultTraceEventHelperInfo){
    .reason_key = (eMemfaultTraceInfoEventKey)arg_int("info.reason_key"),
    .reason_value = (uint32_t)arg_uint("info.reason_value"),
    .pc = (uint32_t)arg_uint("info.pc"),
    .lr = (uint32_t)arg_uint("info.lr"),
    .extra_event_info_pairs = (size_t)arg_uint("info.extra_pairs"),
  };
}

static void encode_metadata(bool with_time) {
  const size_t buf_len = (size_t)arg_uint("buf_len");
  const eMemfaultEventType type = (eMemfaultEventType)arg_int("type");
  uint8_t *buffer = guarded_buffer(buf_len, 0x5A);
  sMemfaultCborEncoder encoder;
  memfault_cbor_encoder_init(&encoder, memfault_cbor_encoder_memcpy_write, buffer, buf_len);
  if (!with_time) {
    out_bool("ret", memfault_serializer_helper_encode_metadata(&encoder, type));
  } else if (arg_given("time.type")) {
    const sMemfaultCurrentTime time = {
      .type = (eMemfaultCurrentTimeType)arg_int("time.type"),
      .info = { .unix_timestamp_secs = arg_uint("time.secs") },
    };
    out_bool("ret", memfault_serializer_helper_encode_metadata_with_time(&encoder, type, &time));
  } else {
    out_bool("ret", memfault_serializer_helper_encode_metadata_with_time(&encoder, type, NULL));
  }
  out_bytes("out", buffer, memfault_cbor_encoder_deinit(&encoder));
}

void module_step(void) {
  if (environment_step()) {
    return;
  }
  if (step_is("encode_metadata")) {
    encode_metadata(false);
  } else if (step_is("encode_metadata_with_time")) {
    encode_metadata(true);
  } else if (step_is("compute_size")) {
    read_info();
    out_uint("ret", worst_case_size());
  } else if (step_is("check_storage_size")) {
    read_info();
    s_state.capacity = (size_t)arg_uint("capacity");
    out_bool("ret", memfault_serializer_helper_check_storage_size(&s_storage, worst_case_size,
                                                                  "trial"));
  } else if (step_is("encode_to_storage")) {
    read_info();
    s_state.space = (size_t)arg_uint("space");
    sMemfaultCborEncoder encoder;
    out_bool("ret", memfault_serializer_helper_encode_to_storage(&encoder, &s_storage, encode_info,
                                                                 &s_state.info));
  } else if (step_is("read_drop_count")) {
    out_uint("ret", memfault_serializer_helper_read_drop_count());
  } else {
    step_abort("unknown operation");
  }
}
