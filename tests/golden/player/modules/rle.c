#include "memfault/util/rle.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "step.h"

static struct {
  const uint8_t *raw;
  size_t raw_len;
  uint8_t *encoded;
  size_t encoded_len;
} s_message;

void module_reset(void) {
}

// A caller writes the header, then the payload from its own copy of the raw data.
static void write_sequence(const sMemfaultRleWriteInfo *info) {
  if (info->header_len > sizeof(info->header) || info->write_start_offset > s_message.raw_len ||
      info->write_len > s_message.raw_len - info->write_start_offset) {
    step_abort("the sequence lies outside of the raw data");
  }
  memcpy(s_message.encoded + s_message.encoded_len, info->header, info->header_len);
  s_message.encoded_len += info->header_len;
  memcpy(s_message.encoded + s_message.encoded_len, s_message.raw + info->write_start_offset,
         info->write_len);
  s_message.encoded_len += info->write_len;
}

static void add_step(json_list *steps, size_t consumed, const sMemfaultRleCtx *ctx) {
  list_open(steps);
  list_uint(steps, consumed);
  if (ctx->write_info.available) {
    list_bytes(steps, ctx->write_info.header, ctx->write_info.header_len);
    list_uint(steps, ctx->write_info.write_start_offset);
    list_uint(steps, ctx->write_info.write_len);
  }
  list_uint(steps, ctx->total_rle_size);
  list_close(steps);
}

// Offers the data in buffers of the given sizes, each one again from the first unconsumed byte
// until it is used up.
static void encode(const size_t *buffers, size_t buffer_count, json_list *steps) {
  sMemfaultRleCtx ctx = { 0 };
  size_t at = 0;
  s_message.encoded_len = 0;
  for (size_t i = 0; i < buffer_count; i++) {
    size_t left = s_message.raw_len - at < buffers[i] ? s_message.raw_len - at : buffers[i];
    while (left > 0) {
      const size_t consumed = memfault_rle_encode(&ctx, s_message.raw + at, left);
      if (consumed == 0 || consumed > left) {
        step_abort("memfault_rle_encode consumed nothing, or more than it was offered");
      }
      add_step(steps, consumed, &ctx);
      if (ctx.write_info.available) {
        write_sequence(&ctx.write_info);
      }
      at += consumed;
      left -= consumed;
    }
  }
  if (at != s_message.raw_len) {
    step_abort("the buffers are smaller than the raw data");
  }
  memfault_rle_encode_finalize(&ctx);
  add_step(steps, 0, &ctx);
  write_sequence(&ctx.write_info);
  if (ctx.total_rle_size != s_message.encoded_len) {
    out_uint("total_rle_size_is_not_the_encoded_size", ctx.total_rle_size);
  }
}

static void encode_nothing(void) {
  sMemfaultRleCtx ctx = { 0 };
  out_uint("consumed_of_empty", memfault_rle_encode(&ctx, s_message.raw, 0));
  memfault_rle_encode_finalize(&ctx);
  out_bytes("finalize_header", ctx.write_info.header, ctx.write_info.header_len);
  out_uint("finalize_write_len", ctx.write_info.write_len);
  out_uint("total_rle_size", ctx.total_rle_size);
}

void module_step(void) {
  s_message.raw = arg_bytes("raw", &s_message.raw_len);
  if (s_message.raw_len == 0) {
    encode_nothing();
    return;
  }
  // Worst case: a run of two and single bytes in turn, each with a header of at most five bytes.
  s_message.encoded = arena_alloc(6 * s_message.raw_len + 5);

  json_list steps = { 0 };
  encode(&s_message.raw_len, 1, &steps);
  out_bytes("encoded", s_message.encoded, s_message.encoded_len);

  const size_t buffer_count = arg_count("cuts");
  if (buffer_count > 0) {
    size_t *buffers = arena_alloc(buffer_count * sizeof(size_t));
    for (size_t i = 0; i < buffer_count; i++) {
      buffers[i] = (size_t)arg_uint(item_key("cuts", i, NULL));
    }
    const uint8_t *in_one_piece = s_message.encoded;
    const size_t len_in_one_piece = s_message.encoded_len;
    s_message.encoded = arena_alloc(6 * s_message.raw_len + 5);
    list_clear(&steps);
    encode(buffers, buffer_count, &steps);
    out_list("steps", &steps);
    if (s_message.encoded_len != len_in_one_piece ||
        memcmp(s_message.encoded, in_one_piece, len_in_one_piece) != 0) {
      out_bytes("encoded_in_pieces_differs", s_message.encoded, s_message.encoded_len);
    }
  }
}
