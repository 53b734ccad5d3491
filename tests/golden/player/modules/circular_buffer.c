#include "memfault/util/circular_buffer.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static struct {
  sMfltCircularBuffer buffer;
  uint8_t *storage;
  size_t size;
  watched_memory watched;
  uint64_t callback_count;
  uint64_t stop_at_call;
} s_state;

void module_reset(void) {
  memset(&s_state, 0, sizeof(s_state));
}

static bool record_block(void *ctx, size_t offset, const void *buf, size_t buf_len) {
  if (ctx != &s_state) {
    step_abort("the callback got another context");
  }
  const uint8_t *data = buf;
  if (data < s_state.storage || data + buf_len > s_state.storage + s_state.size) {
    step_abort("the callback got a pointer outside of the storage");
  }
  json_list *call = call_begin("cb");
  list_uint(call, offset);
  list_uint(call, (size_t)(data - s_state.storage));
  list_bytes(call, data, buf_len);
  call_end();
  s_state.callback_count++;
  return s_state.callback_count != s_state.stop_at_call;
}

static void get_read_pointer(void) {
  uint8_t *const untouched = (uint8_t *)&s_state;
  uint8_t *pointer = untouched;
  size_t len = 4242;
  const bool ret = memfault_circular_buffer_get_read_pointer(
    &s_state.buffer, (size_t)arg_uint("offset"), &pointer, &len);
  out_bool("ret", ret);
  if (ret) {
    out_uint("index", (size_t)(pointer - s_state.storage));
    out_uint("len", len);
  } else if (pointer != untouched || len != 4242) {
    out_bool("outputs_changed_on_failure", true);
  }
}

static void read(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *data = guarded_buffer(len, 0x5A);
  const size_t offset = (size_t)arg_uint("offset");
  const bool ret = memfault_circular_buffer_read(&s_state.buffer, offset, data, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", data, len);
    return;
  }
  for (size_t i = 0; i < len; i++) {
    if (data[i] != 0x5A) {
      out_bool("outputs_changed_on_failure", true);
      return;
    }
  }
}

static void show_buffer(void) {
  out_uint("ro", s_state.buffer.read_offset);
  out_uint("rs", s_state.buffer.read_size);
  size_t at;
  size_t len;
  if (watch_changes(&s_state.watched, &at, &len)) {
    out_change("storage", at, s_state.storage + at, len);
  }
}

void module_step(void) {
  sMfltCircularBuffer *buffer = &s_state.buffer;
  size_t len;
  if (step_is("init")) {
    s_state.size = (size_t)arg_uint("size");
    s_state.storage = guarded_buffer(s_state.size, 0x5A);
    if (!memfault_circular_buffer_init(buffer, s_state.storage, s_state.size)) {
      out_bool("init_failed", true);
    }
    s_state.watched = watch_from_zeros(s_state.storage, s_state.size);
    size_t at;
    if (watch_changes(&s_state.watched, &at, &len)) {
      out_change("init_left", at, s_state.storage + at, len);
    }
    return;
  }
  if (step_is("sizes")) {
    out_uint("read_size", memfault_circular_buffer_get_read_size(buffer));
    out_uint("write_size", memfault_circular_buffer_get_write_size(buffer));
    return;
  }
  if (step_is("write")) {
    const uint8_t *data = arg_bytes("data", &len);
    out_bool("ret", memfault_circular_buffer_write(buffer, data, len));
  } else if (step_is("write_at_offset")) {
    const uint8_t *data = arg_bytes("data", &len);
    const size_t offset_from_end = (size_t)arg_uint("offset_from_end");
    out_bool("ret", memfault_circular_buffer_write_at_offset(buffer, offset_from_end, data, len));
  } else if (step_is("read")) {
    read();
  } else if (step_is("get_read_pointer")) {
    get_read_pointer();
  } else if (step_is("read_with_callback")) {
    s_state.callback_count = 0;
    s_state.stop_at_call = arg_given("stop_at_call") ? arg_uint("stop_at_call") : 0;
    const size_t offset = (size_t)arg_uint("offset");
    len = (size_t)arg_uint("len");
    out_bool("ret", memfault_circular_buffer_read_with_callback(buffer, offset, len, &s_state,
                                                                record_block));
  } else if (step_is("consume")) {
    out_bool("ret", memfault_circular_buffer_consume(buffer, (size_t)arg_uint("len")));
  } else if (step_is("consume_from_end")) {
    out_bool("ret", memfault_circular_buffer_consume_from_end(buffer, (size_t)arg_uint("len")));
  } else {
    step_abort("unknown operation");
  }
  show_buffer();
}
