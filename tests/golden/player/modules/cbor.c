#include "memfault/util/cbor.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "step.h"

static struct {
  sMemfaultCborEncoder encoder;
  uint8_t *sink;
  size_t sink_len;
  bool has_sink;
  size_t written;
  json_list writes;
} s_state;

void module_reset(void) {
  memset(&s_state, 0, sizeof(s_state));
}

static void write_to_sink(void *ctx, uint32_t offset, const void *buf, size_t buf_len) {
  if (ctx != &s_state) {
    step_abort("the sink got another context");
  }
  list_open(&s_state.writes);
  list_uint(&s_state.writes, offset);
  list_uint(&s_state.writes, buf_len);
  list_close(&s_state.writes);
  if (offset > s_state.sink_len || buf_len > s_state.sink_len - offset) {
    step_abort("a write behind the end of the sink");
  }
  memcpy(s_state.sink + offset, buf, buf_len);
  if (offset + buf_len > s_state.written) {
    s_state.written = offset + buf_len;
  }
}

static void init(void) {
  // Rubbish from an earlier use must not matter.
  memset(&s_state.encoder, 0xFF, sizeof(s_state.encoder));
  const char *kind = arg_text("init");
  if (strcmp(kind, "size_only") == 0) {
    memfault_cbor_encoder_size_only_init(&s_state.encoder);
    return;
  }
  s_state.sink_len = arg_given("buf_len") ? (size_t)arg_uint("buf_len") : 0;
  s_state.sink = guarded_buffer(s_state.sink_len, 0x5A);
  s_state.has_sink = strcmp(kind, "cb") == 0;
  if (s_state.has_sink) {
    memfault_cbor_encoder_init(&s_state.encoder, write_to_sink, &s_state, s_state.sink_len);
  } else if (strcmp(kind, "null_cb") == 0) {
    memfault_cbor_encoder_init(&s_state.encoder, NULL, NULL, s_state.sink_len);
  } else {
    step_abort("unknown kind of encoder");
  }
}

static void finish(void) {
  out_int("status", memfault_cbor_encoder_get_status(&s_state.encoder));
  out_uint("size", memfault_cbor_encoder_deinit(&s_state.encoder));
  const sMemfaultCborEncoder *encoder = &s_state.encoder;
  if (encoder->write_cb != NULL || encoder->buf_len != 0 || encoder->encoded_size != 0 ||
      encoder->status != 0 || encoder->compute_size_only) {
    out_bool("deinit_left_something", true);
  }
  if (s_state.has_sink) {
    out_bytes("out", s_state.sink, s_state.written);
    out_list("writes", &s_state.writes);
  }
}

static bool encode(sMemfaultCborEncoder *encoder) {
  if (step_is("unsigned")) {
    return memfault_cbor_encode_unsigned_integer(encoder, (uint32_t)arg_uint("v"));
  }
  if (step_is("signed")) {
    return memfault_cbor_encode_signed_integer(encoder, (int32_t)arg_int("v"));
  }
  if (step_is("long_signed")) {
    return memfault_cbor_encode_long_signed_integer(encoder, arg_int("v"));
  }
  if (step_is("uint64_as_double")) {
    return memfault_cbor_encode_uint64_as_double(encoder, arg_uint("v"));
  }
  if (step_is("array_begin")) {
    return memfault_cbor_encode_array_begin(encoder, (size_t)arg_uint("v"));
  }
  if (step_is("dictionary_begin")) {
    return memfault_cbor_encode_dictionary_begin(encoder, (size_t)arg_uint("v"));
  }
  if (step_is("byte_string_begin")) {
    return memfault_cbor_encode_byte_string_begin(encoder, (size_t)arg_uint("v"));
  }
  if (step_is("string_begin")) {
    return memfault_cbor_encode_string_begin(encoder, (size_t)arg_uint("v"));
  }
  if (step_is("null")) {
    return memfault_cbor_encode_null(encoder);
  }
  size_t len;
  const uint8_t *data = arg_bytes("v", &len);
  if (step_is("string")) {
    return memfault_cbor_encode_string(encoder, (const char *)data);
  }
  if (step_is("byte_string")) {
    return memfault_cbor_encode_byte_string(encoder, data, len);
  }
  if (step_is("join")) {
    return memfault_cbor_join(encoder, data, len);
  }
  step_abort("unknown operation");
}

void module_step(void) {
  if (step_is("init")) {
    init();
  } else if (step_is("finish")) {
    finish();
  } else {
    out_bool("ret", encode(&s_state.encoder));
  }
}
