//! Compact logs as CBOR (spec 30, 7.2 and 7.5). Empty without MEMFAULT_COMPACT_LOG_ENABLE.
//!
//! C, because the arguments come as a va_list. The pieces go through the public encoder functions.

#include "memfault/core/compact_log_serializer.h"

#include <stdarg.h>
#include <stddef.h>

#include "memfault/config.h"

#if MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault/core/compact_log_helpers.h"
  #include "memfault/core/compiler.h"

// The first bytes of the section with the formats, by which a decoder knows it.
MEMFAULT_PUT_IN_SECTION(".log_fmt_hdr")
const sMemfaultLogFmtElfSectionHeader g_memfault_log_fmt_elf_section_hdr = {
  .magic = 0x66474f4c,
  .version = 1,
};

// Start of that section, from the linker script.
extern uint32_t __start_log_fmt;

static uint32_t prv_wire_id(uint32_t log_id) {
  return log_id - (uint32_t)(uintptr_t)&__start_log_fmt;
}

static bool prv_encode_long(sMemfaultCborEncoder *encoder, int64_t value) {
  // Wrapped in an array, so that the decoder knows how wide the argument was.
  return memfault_cbor_encode_array_begin(encoder, 1) &&
         memfault_cbor_encode_long_signed_integer(encoder, value);
}

static bool prv_encode_double(sMemfaultCborEncoder *encoder, double value) {
  const union {
    double value;
    uint64_t bits;
  } as = { .value = value };
  return memfault_cbor_encode_uint64_as_double(encoder, as.bits);
}

bool memfault_vlog_compact_serialize(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                     uint32_t compressed_fmt, va_list args) {
  // A 1 bit, then two bits per argument, the first argument in the highest pair.
  uint32_t num_args = 0;
  for (uint32_t types = compressed_fmt; types > 3; types >>= 2) {
    num_args++;
  }
  bool ok = memfault_cbor_encode_array_begin(encoder, num_args + 1) &&
            memfault_cbor_encode_unsigned_integer(encoder, prv_wire_id(log_id));
  while (ok && num_args > 0) {
    num_args--;
    switch ((compressed_fmt >> (2 * num_args)) & 3) {
      case MEMFAULT_LOG_ARG_PROMOTED_TO_INT32:
        ok = memfault_cbor_encode_signed_integer(encoder, va_arg(args, int32_t));
        break;
      case MEMFAULT_LOG_ARG_PROMOTED_TO_INT64:
        ok = prv_encode_long(encoder, va_arg(args, int64_t));
        break;
      case MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE:
        ok = prv_encode_double(encoder, va_arg(args, double));
        break;
      default: {
        const char *text = va_arg(args, const char *);
        ok = memfault_cbor_encode_string(encoder, (text != NULL) ? text : "(null)");
        break;
      }
    }
  }
  return ok;
}

bool memfault_log_compact_serialize(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                    uint32_t compressed_fmt, ...) {
  va_list args;
  va_start(args, compressed_fmt);
  const bool ok = memfault_vlog_compact_serialize(encoder, log_id, compressed_fmt, args);
  va_end(args);
  return ok;
}

bool memfault_vlog_compact_serialize_fallback_entry(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                                    uint32_t serialized_len) {
  return memfault_cbor_encode_array_begin(encoder, 2) &&
         memfault_cbor_encode_unsigned_integer(encoder, prv_wire_id(log_id)) &&
         memfault_cbor_encode_dictionary_begin(encoder, 2) &&
         // What this entry is: the stand-in for a log that was too long.
         memfault_cbor_encode_unsigned_integer(encoder, 0) &&
         memfault_cbor_encode_unsigned_integer(encoder, 1) &&
         // How long that would have been.
         memfault_cbor_encode_unsigned_integer(encoder, 1) &&
         memfault_cbor_encode_unsigned_integer(encoder, serialized_len);
}

#endif
