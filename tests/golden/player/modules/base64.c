#include "memfault/util/base64.h"

#include <string.h>

#include "memory.h"
#include "module.h"
#include "step.h"

void module_reset(void) {
}

void module_step(void) {
  size_t len;
  const uint8_t *data = arg_bytes("data", &len);
  const size_t encoded_len = MEMFAULT_BASE64_ENCODE_LEN(len);
  uint8_t *encoded = guarded_buffer(encoded_len, 0x5A);
  memfault_base64_encode(data, len, encoded);
  out_text("base64", (const char *)encoded, encoded_len);

  uint8_t *in_place = guarded_buffer(encoded_len, 0x5A);
  if (len > 0) {
    memcpy(in_place, data, len);
  }
  memfault_base64_encode_inplace(in_place, len);
  if (memcmp(in_place, encoded, encoded_len) != 0) {
    out_text("in_place_differs", (const char *)in_place, encoded_len);
  }
  out_uint("encode_len", encoded_len);
  out_uint("max_decode_len", MEMFAULT_BASE64_MAX_DECODE_LEN(encoded_len));
}
