#include "memfault/core/compact_log_serializer.h"

#include "log_format.h"
#include "memory.h"
#include "module.h"
#include "step.h"
#include "variadic_words.h"

// Large enough for every fallback entry.
#define FALLBACK_LEN 64

void module_reset(void) {
}

void module_step(void) {
  const uint32_t log_id = log_format_address((uint32_t)arg_uint("log_id"));
  sMemfaultCborEncoder encoder;
  if (step_is("serialize")) {
    const size_t buf_len = (size_t)arg_uint("buf_len");
    uint8_t *buffer = guarded_buffer(buf_len, 0x5A);
    memfault_cbor_encoder_init(&encoder, memfault_cbor_encoder_memcpy_write, buffer, buf_len);
    const uint32_t format = (uint32_t)arg_uint("compressed_fmt");
    variadic_words w = variadic_words_from_typed_args("args", 3);
    out_bool("ret", memfault_log_compact_serialize(&encoder, log_id, format, VARIADIC_WORDS(w)));
    out_int("status", memfault_cbor_encoder_get_status(&encoder));
    out_bytes("out", buffer, memfault_cbor_encoder_deinit(&encoder));
  } else if (step_is("fallback")) {
    uint8_t *buffer = guarded_buffer(FALLBACK_LEN, 0x5A);
    memfault_cbor_encoder_init(&encoder, memfault_cbor_encoder_memcpy_write, buffer, FALLBACK_LEN);
    const uint32_t len = (uint32_t)arg_uint("serialized_len");
    out_bool("ret", memfault_vlog_compact_serialize_fallback_entry(&encoder, log_id, len));
    out_bytes("out", buffer, memfault_cbor_encoder_deinit(&encoder));
  } else {
    step_abort("unknown operation");
  }
}
