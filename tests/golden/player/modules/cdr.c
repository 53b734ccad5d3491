#include "memfault/core/custom_data_recording.h"

#include "memfault/core/data_packetizer_source.h"

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "recordings.h"
#include "step.h"

void module_reset(void) {
  environment_reset();
  recordings_reset();
}

#define KEY(field) item_key(item_key("sources", source, NULL), number, field)

static void add_recording(size_t source, size_t number) {
  sMemfaultCdrMetadata metadata = {
    .start_time = { .type = kMemfaultCurrentTimeType_Unknown },
    .num_mimetypes = arg_count(KEY("mimetypes")),
    .duration_ms = (uint32_t)arg_uint(KEY("duration_ms")),
    .collection_reason = arg_text(KEY("reason")),
  };
  if (!arg_is_null(KEY("start_time"))) {
    metadata.start_time.type = kMemfaultCurrentTimeType_UnixEpochTimeSec;
    metadata.start_time.info.unix_timestamp_secs = arg_uint(KEY("start_time"));
  }
  metadata.mimetypes = arena_alloc((metadata.num_mimetypes + 1) * sizeof(const char *));
  for (size_t i = 0; i < metadata.num_mimetypes; i++) {
    metadata.mimetypes[i] = arg_text(item_key(KEY("mimetypes"), i, NULL));
  }
  size_t len;
  const uint8_t *data = arg_bytes(KEY("data"), &len);
  metadata.data_size_bytes = (uint32_t)len;
  recordings_add(source, &metadata, data);
}

static void init(void) {
  for (size_t source = 0; source < arg_count("sources"); source++) {
    for (size_t i = 0; i < arg_count(item_key("sources", source, NULL)); i++) {
      add_recording(source, i);
    }
  }
}

static void has_more(void) {
  size_t size = arg_given("prefill") ? (size_t)arg_uint("prefill") : 0;
  out_bool("ret", g_memfault_cdr_source.has_more_msgs_cb(&size));
  out_uint("size", size);
}

static void read_message(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *buffer = guarded_buffer(len, 0x5A);
  const bool ret = g_memfault_cdr_source.read_msg_cb((uint32_t)arg_uint("offset"), buffer, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", buffer, len);
  }
}

void module_step(void) {
  if (step_is("init")) {
    init();
  } else if (step_is("register")) {
    const size_t source = (size_t)arg_uint("source");
    out_bool("ret", memfault_cdr_register_source(recordings_source(source)));
  } else if (step_is("has_more")) {
    has_more();
  } else if (step_is("read")) {
    read_message();
  } else if (step_is("mark_read")) {
    g_memfault_cdr_source.mark_msg_read_cb();
  } else if (step_is("fail_reads")) {
    recordings_fail_reads((size_t)arg_uint("source"), arg_bool("v"));
  } else if (!environment_step()) {
    step_abort("unknown operation");
  }
}
