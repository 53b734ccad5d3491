#include "memfault/core/data_export.h"

#include "memfault/core/data_packetizer.h"

#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "scripted_sources.h"
#include "step.h"

void module_reset(void) {
  sources_reset();
}

// One build leaves the library's own hook in place, which logs the line.
#if !defined(PLAYER_DEFAULT_EXPORT_HOOK)
void memfault_data_export_base64_encoded_chunk(const char *chunk_str) {
  trace_calls(true);
  list_string(call_begin("line"), chunk_str);
  call_end();
  trace_calls(false);
}
#endif

static void first_get_chunk(void) {
  const size_t capacity = (size_t)arg_uint("L");
  uint8_t *buffer = guarded_buffer(capacity, 0x5A);
  size_t len = capacity;
  const bool ret = memfault_packetizer_get_chunk(buffer, &len);
  out_bool("ret", ret);
  if (ret && len <= capacity) {
    out_bytes("out", buffer, len);
  }
}

void module_step(void) {
  trace_calls(false);  // of the event source
  if (step_is("init")) {
    for (size_t i = 0; i < arg_count("events"); i++) {
      size_t len;
      const uint8_t *event = arg_bytes(item_key("events", i, NULL), &len);
      source_add("event", event, len);
    }
  } else if (step_is("first_get_chunk")) {
    first_get_chunk();
  } else if (step_is("dump_chunks")) {
    memfault_data_export_dump_chunks();
  } else if (step_is("export_chunk")) {
    size_t len;
    uint8_t *chunk = arg_bytes("chunk", &len);
    memfault_data_export_chunk(chunk, len);
  } else {
    step_abort("unknown operation");
  }
}
