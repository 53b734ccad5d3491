//! Compact logs as CBOR (spec 30, 7.2 and 7.5). Empty without MEMFAULT_COMPACT_LOG_ENABLE.
//!
//! C, because the arguments come as a va_list. The library encodes them.

#include "memfault/core/compact_log_serializer.h"

#include <stdarg.h>
#include <stddef.h>

#include "memfault/config.h"

#if MEMFAULT_COMPACT_LOG_ENABLE

  #include "memfault/core/compact_log_compile_time_checks.h"
  #include "memfault/core/compact_log_helpers.h"
  #include "memfault/core/compiler.h"
  #include "memfault_rs_compact_log.h"

// The first bytes of the section with the formats, by which a decoder knows it.
MEMFAULT_PUT_IN_SECTION(".log_fmt_hdr")
const sMemfaultLogFmtElfSectionHeader g_memfault_log_fmt_elf_section_hdr = {
  .magic = 0x66474f4c,
  .version = 1,
};

// Start of that section, from the linker script.
extern uint32_t __start_log_fmt;

void memfault_rs_compact_log_read_arguments(sMemfaultRsLogArguments *arguments,
                                            uint32_t compressed_fmt, va_list args) {
  // A 1 bit, then two bits per argument, the first argument in the highest pair.
  uint32_t left = 0;
  for (uint32_t types = compressed_fmt; types > 3; types >>= 2) {
    left++;
  }
  arguments->types = compressed_fmt;
  arguments->count = left;
  for (uint64_t *value = arguments->values; left > 0; value++) {
    left--;
    switch ((compressed_fmt >> (2 * left)) & 3) {
      case MEMFAULT_LOG_ARG_PROMOTED_TO_INT32:
        *value = va_arg(args, uint32_t);
        break;
      case MEMFAULT_LOG_ARG_PROMOTED_TO_INT64:
        *value = va_arg(args, uint64_t);
        break;
      case MEMFAULT_LOG_ARG_PROMOTED_TO_DOUBLE: {
        const union {
          double value;
          uint64_t bits;
        } as = { .value = va_arg(args, double) };
        *value = as.bits;
        break;
      }
      default:
        *value = (uintptr_t)va_arg(args, const char *);
        break;
    }
  }
}

uint32_t memfault_rs_compact_log_wire_id(uint32_t log_id) {
  return log_id - (uint32_t)(uintptr_t)&__start_log_fmt;
}

bool memfault_vlog_compact_serialize(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                     uint32_t compressed_fmt, va_list args) {
  sMemfaultRsLogArguments arguments;
  memfault_rs_compact_log_read_arguments(&arguments, compressed_fmt, args);
  return memfault_rs_compact_log_serialize(encoder, memfault_rs_compact_log_wire_id(log_id),
                                           &arguments);
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
  return memfault_rs_compact_log_serialize_too_long(
    encoder, memfault_rs_compact_log_wire_id(log_id), serialized_len);
}

#endif
