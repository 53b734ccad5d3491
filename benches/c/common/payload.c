#include "payload.h"

__attribute__((aligned(8))) uint8_t g_payload[PAYLOAD_LEN];

/* xorshift32; the first output is the state after the first step. */
static uint32_t next_random(uint32_t *state) {
  uint32_t x = *state;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *state = x;
  return x;
}

static void put_word(size_t offset, uint32_t word) {
  for (size_t i = 0; i < 4; i++) {
    g_payload[offset + i] = (uint8_t)(word >> (8 * i));
  }
}

static void fill_bytes(size_t offset, uint8_t value, size_t len) {
  for (size_t i = 0; i < len; i++) {
    g_payload[offset + i] = value;
  }
}

/* A RAM image: 40 % runs of zeros, 20 % other fill bytes, 40 % random words, in pieces of 16 to
 * 256 bytes. */
static void fill_mix(void) {
  uint32_t state = 0x12345678u;
  for (size_t offset = 0; offset < PAYLOAD_LEN;) {
    const uint32_t r = next_random(&state);
    const uint32_t kind = r % 10;
    size_t len = 16 + 4 * ((r >> 8) % 61);
    if (len > PAYLOAD_LEN - offset) {
      len = PAYLOAD_LEN - offset;
    }
    if (kind <= 3) {
      fill_bytes(offset, 0x00, len);
    } else if (kind <= 5) {
      fill_bytes(offset, (r & (1u << 16)) != 0 ? 0xFF : 0xA5, len);
    } else {
      for (size_t word = 0; word < len / 4; word++) {
        put_word(offset + 4 * word, next_random(&state));
      }
    }
    offset += len;
  }
}

static void fill_random(void) {
  uint32_t state = 0x9E3779B9u;
  for (size_t offset = 0; offset < PAYLOAD_LEN; offset += 4) {
    put_word(offset, next_random(&state));
  }
}

/* Arrays of small integers, pointers and zeros: many short runs. */
static void fill_words(void) {
  uint32_t state = 0xC0FFEE01u;
  for (size_t offset = 0; offset < PAYLOAD_LEN; offset += 4) {
    const uint32_t r = next_random(&state);
    const uint32_t v = next_random(&state);
    switch (r & 3) {
      case 0:
        put_word(offset, v & 0xFF);
        break;
      case 1:
        put_word(offset, 0x20000000u + (v & 0x3FFFCu));
        break;
      case 2:
        put_word(offset, 0);
        break;
      default:
        put_word(offset, v);
        break;
    }
  }
}

void payload_fill(payload_kind kind) {
  switch (kind) {
    case kPayload_Mix:
      fill_mix();
      break;
    case kPayload_Random:
      fill_random();
      break;
    case kPayload_Words:
      fill_words();
      break;
    default:
      fill_bytes(0, 0, PAYLOAD_LEN);
      break;
  }
}

const char *payload_name(payload_kind kind) {
  static const char *const names[kPayload_Count] = { "zero", "mix", "random", "words" };
  return names[kind];
}
