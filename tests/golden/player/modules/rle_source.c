#include "memfault/core/data_source_rle.h"

#include "memory.h"
#include "module.h"
#include "scripted_sources.h"
#include "step.h"

// What the caller's size holds before `has_more`.
#define SIZE_PREFILL 4242

void module_reset(void) {
  sources_reset();
}

void module_step(void) {
  if (step_is("init")) {
    size_t len;
    const uint8_t *message = arg_bytes("raw", &len);
    source_add("coredump", message, len);
  } else if (step_is("set_active")) {
    out_bool("ret", memfault_data_source_rle_encoder_set_active(&g_memfault_coredump_data_source));
  } else if (step_is("set_active_null")) {
    out_bool("ret", memfault_data_source_rle_encoder_set_active(NULL));
  } else if (step_is("has_more")) {
    size_t size = SIZE_PREFILL;
    out_bool("ret", memfault_data_source_rle_has_more_msgs(&size));
    out_uint("size", size);
  } else if (step_is("read")) {
    const size_t len = (size_t)arg_uint("len");
    uint8_t *buffer = guarded_buffer(len, 0x5A);
    const bool ret = memfault_data_source_rle_read_msg((uint32_t)arg_uint("offset"), buffer, len);
    out_bool("ret", ret);
    if (ret) {
      out_bytes("out", buffer, len);
    }
  } else if (step_is("mark_read")) {
    memfault_data_source_rle_mark_msg_read();
  } else {
    step_abort("unknown operation");
  }
}
