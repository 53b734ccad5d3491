#include "memfault/core/data_packetizer.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "scripted_sources.h"
#include "step.h"

static uint8_t s_fill;

void module_reset(void) {
  sources_reset();
  s_fill = 0;
}

static void init(void) {
  static const char *const kSources[] = { "coredump", "event", "log", "cdr" };
  s_fill = (uint8_t)arg_uint("fill");
  for (size_t s = 0; s < sizeof(kSources) / sizeof(kSources[0]); s++) {
    const char *list = item_key("sources", s, NULL);
    for (size_t i = 0; i < arg_count(list); i++) {
      size_t len;
      const uint8_t *message = arg_bytes(item_key(list, i, NULL), &len);
      source_add(kSources[s], message, len);
    }
  }
}

static bool unchanged(const uint8_t *buffer, size_t capacity) {
  for (size_t i = 0; i < capacity; i++) {
    if (buffer[i] != s_fill) {
      return false;
    }
  }
  return true;
}

// `len` bytes of the buffer are data, the rest is padding; or nobody touched it.
static void show_buffer(const uint8_t *buffer, size_t capacity, size_t len, bool data_returned) {
  out_uint("len", len);
  if (len > capacity) {
    step_abort("the returned length is larger than the buffer");
  }
  if (!data_returned && unchanged(buffer, capacity)) {
    return;
  }
  out_bytes("out", buffer, len);
  for (size_t i = len; i < capacity; i++) {
    if (buffer[i] != 0xBA) {
      out_bool("wrong_padding", true);
      return;
    }
  }
}

static void begin(bool null_config, bool null_metadata) {
  sMemfaultPacketizerConfig config = { 0 };
  if (arg_given("multi")) {
    config.enable_multi_packet_chunk = arg_bool("multi");
  }
  sMemfaultPacketizerMetadata metadata;
  memset(&metadata, 0x5A, sizeof(metadata));
  const sMemfaultPacketizerMetadata untouched = metadata;
  out_bool("ret", memfault_packetizer_begin(null_config ? NULL : &config,
                                            null_metadata ? NULL : &metadata));
  if (!null_config && !null_metadata) {
    out_bool("in_progress", metadata.send_in_progress);
    out_uint("single", metadata.single_chunk_message_length);
  } else if (memcmp(&metadata, &untouched, sizeof(metadata)) != 0) {
    out_bool("metadata_changed", true);
  }
}

void module_step(void) {
  if (step_is("init")) {
    init();
  } else if (step_is("get_chunk")) {
    const size_t capacity = (size_t)arg_uint("L");
    size_t len = capacity;
    uint8_t *buffer = guarded_buffer(capacity, s_fill);
    const bool ret = memfault_packetizer_get_chunk(buffer, &len);
    out_bool("ret", ret);
    show_buffer(buffer, capacity, len, ret);
  } else if (step_is("get_next")) {
    const size_t capacity = (size_t)arg_uint("L");
    size_t len = capacity;
    uint8_t *buffer = guarded_buffer(capacity, s_fill);
    const eMemfaultPacketizerStatus status = memfault_packetizer_get_next(buffer, &len);
    out_int("ret", status);
    show_buffer(buffer, capacity, len, status != kMemfaultPacketizerStatus_NoMoreData);
  } else if (step_is("begin")) {
    begin(false, false);
  } else if (step_is("begin_null_cfg")) {
    begin(true, false);
  } else if (step_is("begin_null_meta")) {
    begin(false, true);
  } else if (step_is("get_chunk_null_buf")) {
    size_t len = (size_t)arg_uint("L");
    out_bool("ret", memfault_packetizer_get_chunk(NULL, &len));
    out_uint("len", len);
  } else if (step_is("get_next_null_buf")) {
    size_t len = (size_t)arg_uint("L");
    out_int("ret", memfault_packetizer_get_next(NULL, &len));
    out_uint("len", len);
  } else if (step_is("get_chunk_null_len")) {
    out_bool("ret", memfault_packetizer_get_chunk(guarded_buffer(64, s_fill), NULL));
  } else if (step_is("get_next_null_len")) {
    out_int("ret", memfault_packetizer_get_next(guarded_buffer(64, s_fill), NULL));
  } else if (step_is("data_available")) {
    out_bool("ret", memfault_packetizer_data_available());
  } else if (step_is("abort")) {
    memfault_packetizer_abort();
  } else if (step_is("set_active_sources")) {
    memfault_packetizer_set_active_sources((uint32_t)arg_uint("mask"));
  } else if (step_is("add")) {
    size_t len;
    const uint8_t *message = arg_bytes("msg", &len);
    source_add(arg_text("source"), message, len);
  } else if (step_is("fail_reads")) {
    source_fail_reads(arg_text("source"), arg_uint("count"));
  } else {
    step_abort("unknown operation");
  }
}
