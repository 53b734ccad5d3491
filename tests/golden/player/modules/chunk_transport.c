#include "memfault/util/chunk_transport.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static struct {
  sMfltChunkTransportCtx ctx;
  const uint8_t *message;
  size_t message_len;
  const uint8_t *chunk;
  json_list reads;
} s_state;

void module_reset(void) {
  memset(&s_state, 0, sizeof(s_state));
}

static void read_message(uint32_t offset, void *buf, size_t buf_len) {
  if (offset > s_state.message_len || buf_len > s_state.message_len - offset) {
    step_abort("a read behind the end of the message");
  }
  memcpy(buf, s_state.message + offset, buf_len);
  list_open(&s_state.reads);
  list_string(&s_state.reads, "read");
  list_uint(&s_state.reads, offset);
  list_uint(&s_state.reads, buf_len);
  list_int(&s_state.reads, (const uint8_t *)buf - s_state.chunk);
  list_close(&s_state.reads);
}

static void next(void) {
  const size_t capacity = (size_t)arg_uint("L");
  uint8_t *chunk = guarded_buffer(capacity, 0x5A);
  s_state.chunk = chunk;
  list_clear(&s_state.reads);
  size_t len = capacity;
  out_bool("ret", memfault_chunk_transport_get_next_chunk(&s_state.ctx, chunk, &len));
  out_uint("len", len);
  if (len > capacity) {
    step_abort("the chunk is longer than the buffer");
  }
  if (len > 0) {
    out_bytes("out", chunk, len);
  }
  if (s_state.reads.len > 0) {
    out_list("reads", &s_state.reads);
  }
  const uint8_t rest = len > 0 ? 0xBA : 0x5A;
  for (size_t i = len; i < capacity; i++) {
    if (chunk[i] != rest) {
      out_bool("wrong_padding", true);
      break;
    }
  }
}

void module_step(void) {
  if (step_is("init")) {
    s_state.message = arg_bytes("msg", &s_state.message_len);
    s_state.ctx.total_size = (uint32_t)s_state.message_len;
    s_state.ctx.read_msg = read_message;
    s_state.ctx.enable_multi_call_chunk = arg_bool("multi");
    return;
  }
  if (step_is("next")) {
    next();
    out_uint("crc", s_state.ctx.crc16_incremental);
  } else if (step_is("info")) {
    memfault_chunk_transport_get_chunk_info(&s_state.ctx);
  } else {
    step_abort("unknown operation");
  }
  out_uint("single", s_state.ctx.single_chunk_message_length);
  out_uint("off", s_state.ctx.read_offset);
}
