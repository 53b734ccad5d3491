#include "receiver.h"

#include <string.h>

#include "memfault/util/crc16.h"

#define HEADER_CONTINUATION 0x80u
#define HEADER_MORE_DATA 0x40u
#define HEADER_CRC_AT_END 0x08u
#define CRC_LEN 2u

/* Reads a varint at `*position` and moves it on; false if the chunk ends too early. */
static bool take_varint(const uint8_t *chunk, size_t chunk_len, size_t *position, size_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 32 && *position < chunk_len; shift += 7) {
    const uint8_t byte = chunk[(*position)++];
    *value |= (size_t)(byte & 0x7Fu) << shift;
    if ((byte & 0x80u) == 0) {
      return true;
    }
  }
  return false;
}

static bool take(receiver_t *receiver, const uint8_t *chunk, size_t chunk_len) {
  if (chunk_len < 1 + CRC_LEN) {
    return false;
  }
  const bool continuation = (chunk[0] & HEADER_CONTINUATION) != 0;
  const bool more_data = (chunk[0] & HEADER_MORE_DATA) != 0;
  size_t position = 1;
  size_t varint = 0;

  if ((continuation || more_data) && !take_varint(chunk, chunk_len, &position, &varint)) {
    return false;
  }
  if (continuation) {
    if ((chunk[0] & 0x3Fu) != 0 || varint != receiver->received || receiver->message_len == 0) {
      return false;
    }
  } else {
    if ((chunk[0] & 0x3Fu) != HEADER_CRC_AT_END) {
      return false;
    }
    /* The first chunk of several announces the length; a chunk that is alone has no need to. */
    receiver->message_len = more_data ? varint : chunk_len - position - CRC_LEN;
    receiver->received = 0;
  }

  const size_t room = sizeof(receiver->message) - receiver->received;
  const size_t len = chunk_len - position - (more_data ? 0 : CRC_LEN);
  if (position > chunk_len || len > room || receiver->received + len > receiver->message_len) {
    return false;
  }
  memcpy(&receiver->message[receiver->received], &chunk[position], len);
  receiver->received += len;
  if (more_data) {
    return true;
  }

  const uint16_t crc =
    memfault_crc16_compute(MEMFAULT_CRC16_INITIAL_VALUE, receiver->message, receiver->received);
  const uint16_t sent = (uint16_t)(chunk[chunk_len - 2] | (chunk[chunk_len - 1] << 8));
  if (receiver->received != receiver->message_len || crc != sent) {
    return false;
  }
  receiver->complete++;
  return true;
}

void receiver_take_chunk(receiver_t *receiver, const uint8_t *chunk, size_t chunk_len) {
  if (!take(receiver, chunk, chunk_len)) {
    receiver->errors++;
  }
}
