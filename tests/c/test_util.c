/* The utilities under the SDK through their C functions: worked values, bad arguments, bounds. */
#include <string.h>

#include "board.h"
#include "check.h"
#include "memfault/util/base64.h"
#include "memfault/util/cbor.h"
#include "memfault/util/chunk_transport.h"
#include "memfault/util/circular_buffer.h"
#include "memfault/util/crc16.h"
#include "memfault/util/rle.h"
#include "memfault/util/varint.h"

static void test_crc16(void) {
  CHECK_EQ(memfault_crc16_compute(0, "memfault", 8), 0xb8a9);
  CHECK_EQ(memfault_crc16_compute(memfault_crc16_compute(0, "memf", 4), "ault", 4), 0xb8a9);
  CHECK_EQ(memfault_crc16_compute(0x1234, NULL, 0), 0x1234);

  /* Any alignment and any split give the same result. */
  uint8_t data[64];
  for (size_t i = 0; i < sizeof(data); i++) {
    data[i] = (uint8_t)(i * 37);
  }
  bool all_equal = true;
  for (size_t start = 0; start < 8; start++) {
    for (size_t split = 0; split <= 40; split++) {
      const uint16_t whole = memfault_crc16_compute(7, &data[start], 40);
      uint16_t parts = memfault_crc16_compute(7, &data[start], split);
      parts = memfault_crc16_compute(parts, &data[start + split], 40 - split);
      all_equal = all_equal && whole == parts;
    }
  }
  CHECK(all_equal);
}

static void test_varint(void) {
  uint8_t buf[8];
  memset(buf, 0xa5, sizeof(buf));
  CHECK_EQ(memfault_encode_varint_u32(300, buf), 2);
  CHECK_BYTES(buf, 3, 0xac, 0x02, 0xa5);
  CHECK_EQ(memfault_encode_varint_u32(UINT32_MAX, buf), 5);
  CHECK_BYTES(buf, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0xa5);
  CHECK_EQ(memfault_encode_varint_si32(-65, buf), 2);
  CHECK_BYTES(buf, 2, 0x81, 0x01);
  CHECK_EQ(memfault_encode_varint_si32(INT32_MIN, buf), 5);
  CHECK_EQ(memfault_encode_varint_u32(127, NULL), 1);
}

static void test_base64(void) {
  const uint8_t data[] = { 0xfb, 0xef, 0xbe, 0x00 };
  char text[MEMFAULT_BASE64_ENCODE_LEN(sizeof(data)) + 1];
  memset(text, 'x', sizeof(text));
  memfault_base64_encode(data, sizeof(data), text);
  CHECK(memcmp(text, "++++AA==x", 9) == 0);

  uint8_t in_place[8];
  memcpy(in_place, data, sizeof(data));
  memfault_base64_encode_inplace(in_place, sizeof(data));
  CHECK(memcmp(in_place, "++++AA==", 8) == 0);

  memfault_base64_encode(NULL, 0, text);
  memfault_base64_encode_inplace(NULL, 3);
  CHECK_EQ(text[0], '+');
}

static void test_cbor(void) {
  uint8_t out[32];
  memset(out, 0xa5, sizeof(out));
  sMemfaultCborEncoder enc;
  memfault_cbor_encoder_init(&enc, memfault_cbor_encoder_memcpy_write, out, sizeof(out));
  CHECK(memfault_cbor_encode_dictionary_begin(&enc, 2));
  CHECK(memfault_cbor_encode_unsigned_integer(&enc, 1));
  CHECK(memfault_cbor_encode_string(&enc, "dev-7"));
  CHECK(memfault_cbor_encode_unsigned_integer(&enc, 2));
  CHECK(memfault_cbor_encode_array_begin(&enc, 2));
  CHECK(memfault_cbor_encode_signed_integer(&enc, -5));
  CHECK(memfault_cbor_encode_null(&enc));
  CHECK_EQ(memfault_cbor_encoder_get_status(&enc), 0);
  const size_t len = memfault_cbor_encoder_deinit(&enc);
  CHECK_BYTES(out, len, 0xa2, 0x01, 0x65, 'd', 'e', 'v', '-', '7', 0x02, 0x82, 0x24, 0xf6);
  CHECK_EQ(out[len], 0xa5);

  /* A text whose payload does not fit leaves its head behind; only the status remembers. */
  memfault_cbor_encoder_init(&enc, memfault_cbor_encoder_memcpy_write, out, 6);
  CHECK(memfault_cbor_encode_dictionary_begin(&enc, 2));
  CHECK(memfault_cbor_encode_string(&enc, "ab"));
  CHECK(!memfault_cbor_encode_string(&enc, "xyz"));
  CHECK(memfault_cbor_encode_unsigned_integer(&enc, 5));
  CHECK(!memfault_cbor_encode_null(&enc));
  CHECK_EQ(memfault_cbor_encoder_get_status(&enc), MEMFAULT_CBOR_ENCODER_STATUS_ENOMEM);
  CHECK_EQ(memfault_cbor_encoder_deinit(&enc), 6);

  memfault_cbor_encoder_size_only_init(&enc);
  CHECK(memfault_cbor_encode_byte_string(&enc, NULL, 1000));
  CHECK_EQ(memfault_cbor_encoder_deinit(&enc), 1003);
  CHECK(!memfault_cbor_encode_null(&enc));
}

static bool s_stop;
static size_t s_blocks;

static bool count_block(void *ctx, size_t offset, const void *buf, size_t buf_len) {
  uint8_t *copy = ctx;
  memcpy(&copy[offset], buf, buf_len);
  s_blocks++;
  return !s_stop;
}

static void test_circular_buffer(void) {
  uint8_t storage[8];
  sMfltCircularBuffer ring;
  CHECK(!memfault_circular_buffer_init(&ring, NULL, 8));
  CHECK(!memfault_circular_buffer_init(&ring, storage, 0));
  CHECK(!memfault_circular_buffer_init(NULL, storage, 8));
  CHECK(memfault_circular_buffer_init(&ring, storage, sizeof(storage)));

  CHECK(memfault_circular_buffer_write(&ring, "ABCDEF", 6));
  CHECK(!memfault_circular_buffer_write(&ring, "GHI", 3));
  CHECK(memfault_circular_buffer_consume(&ring, 4));
  CHECK(memfault_circular_buffer_write(&ring, "ghijk", 5));
  CHECK(memcmp(storage, "ijkDEFgh", 8) == 0);

  char out[8];
  CHECK(memfault_circular_buffer_read(&ring, 1, out, 6));
  CHECK(memcmp(out, "Fghijk", 6) == 0);
  CHECK(!memfault_circular_buffer_read(&ring, SIZE_MAX, out, 2));
  CHECK(!memfault_circular_buffer_read(&ring, 0, NULL, 0));

  uint8_t *at = NULL;
  size_t len = 0;
  CHECK(memfault_circular_buffer_get_read_pointer(&ring, 5, &at, &len));
  CHECK(at == &storage[1] && len == 2);
  CHECK(!memfault_circular_buffer_get_read_pointer(&ring, 8, &at, &len));

  CHECK(memfault_circular_buffer_read_with_callback(&ring, 1, 6, out, count_block));
  CHECK_EQ(s_blocks, 2);
  CHECK(memcmp(out, "Fghijk", 6) == 0);
  s_stop = true;
  CHECK(!memfault_circular_buffer_read_with_callback(&ring, 1, 6, out, count_block));
  CHECK_EQ(s_blocks, 3);

  CHECK_EQ(memfault_circular_buffer_get_read_size(&ring), 7);
  CHECK_EQ(memfault_circular_buffer_get_write_size(&ring), 1);
  CHECK_EQ(memfault_circular_buffer_get_read_size(NULL), 0);
  CHECK(memfault_circular_buffer_consume_from_end(&ring, 3));
  CHECK(!memfault_circular_buffer_consume(&ring, 5));
}

static void test_rle(void) {
  const uint8_t raw[] = { 7, 7, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5 };
  sMemfaultRleCtx ctx = { 0 };
  CHECK_EQ(memfault_rle_encode(&ctx, raw, sizeof(raw)), 3);
  CHECK(ctx.write_info.available);
  CHECK_EQ(ctx.write_info.header[0], 4);
  CHECK_EQ(ctx.write_info.write_len, 1);
  CHECK_EQ(memfault_rle_encode(&ctx, &raw[3], sizeof(raw) - 3), 6);
  CHECK_EQ(ctx.write_info.write_start_offset, 2);
  CHECK_EQ(ctx.write_info.write_len, 4);
  CHECK_EQ(memfault_rle_encode(&ctx, &raw[9], sizeof(raw) - 9), 2);
  CHECK_EQ(memfault_rle_encode(&ctx, &raw[11], 1), 1);
  CHECK(!ctx.write_info.available);
  memfault_rle_encode_finalize(&ctx);
  CHECK_EQ(ctx.total_rle_size, 11);
  CHECK_EQ(memfault_rle_encode(&ctx, NULL, 5), 0);
}

static void read_zeros(uint32_t offset, void *buf, size_t buf_len) {
  (void)offset;
  memset(buf, 0, buf_len);
}

static void test_chunk_transport(void) {
  sMfltChunkTransportCtx ctx = { .total_size = 20, .read_msg = read_zeros };
  memfault_chunk_transport_get_chunk_info(&ctx);
  CHECK_EQ(ctx.single_chunk_message_length, 23);

  uint8_t buf[12];
  size_t len = 8;
  CHECK(memfault_chunk_transport_get_next_chunk(&ctx, buf, &len));
  CHECK_EQ(len, 0);
  len = sizeof(buf);
  CHECK(memfault_chunk_transport_get_next_chunk(&ctx, buf, &len));
  CHECK_EQ(buf[0], 0x48);
  CHECK_EQ(ctx.read_offset, 10);
  len = sizeof(buf);
  CHECK(memfault_chunk_transport_get_next_chunk(&ctx, buf, &len));
  len = sizeof(buf);
  CHECK(!memfault_chunk_transport_get_next_chunk(&ctx, buf, &len));
  CHECK_BYTES(buf, len, 0x80, 0x14, 0x00, 0x00);
  CHECK_EQ(buf[11], 0xba);
  CHECK(!memfault_chunk_transport_get_next_chunk(NULL, buf, &len));
}

int main(void) {
  board_init();
  test_crc16();
  test_varint();
  test_base64();
  test_cbor();
  test_circular_buffer();
  test_rle();
  test_chunk_transport();
  check_finish();
}
