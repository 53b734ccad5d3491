#pragma once

//! Between the C units of compact logs and the library. Not for firmware.

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "memfault/core/platform/debug_log.h"
#include "memfault/util/cbor.h"

#ifdef __cplusplus
extern "C" {
#endif

//! The arguments of a log as 64 bits each.
typedef struct {
  uint32_t types;
  uint32_t count;
  uint64_t values[15];  // MEMFAULT_LOGGING_MAX_SUPPORTED_ARGS
} sMemfaultRsLogArguments;

//! In memfault_rs_compact_log.c: reads the arguments, and gives the id that a decoder knows.
void memfault_rs_compact_log_read_arguments(sMemfaultRsLogArguments *arguments,
                                            uint32_t compressed_fmt, va_list args);
uint32_t memfault_rs_compact_log_wire_id(uint32_t log_id);

//! In the library. `id` is the decoder's.
bool memfault_rs_compact_log_serialize(sMemfaultCborEncoder *encoder, uint32_t id,
                                       const sMemfaultRsLogArguments *arguments);
bool memfault_rs_compact_log_serialize_too_long(sMemfaultCborEncoder *encoder, uint32_t id,
                                                uint32_t len);
void memfault_rs_compact_log_save(eMemfaultPlatformLogLevel level, uint32_t id,
                                  const sMemfaultRsLogArguments *arguments);

#ifdef __cplusplus
}
#endif
