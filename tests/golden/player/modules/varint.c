#include "memfault/util/varint.h"

#include "memory.h"
#include "module.h"
#include "step.h"

void module_reset(void) {
}

void module_step(void) {
  uint8_t *out = guarded_buffer(MEMFAULT_UINT32_MAX_VARINT_LENGTH, 0x5A);
  size_t len;
  if (arg_given("u32")) {
    len = memfault_encode_varint_u32((uint32_t)arg_uint("u32"), out);
  } else {
    len = memfault_encode_varint_si32((int32_t)arg_int("i32"), out);
  }
  out_bytes("bytes", out, len);
  for (size_t i = len; i < MEMFAULT_UINT32_MAX_VARINT_LENGTH; i++) {
    if (out[i] != 0x5A) {
      out_bool("wrote_more_than_it_returned", true);
    }
  }
}
