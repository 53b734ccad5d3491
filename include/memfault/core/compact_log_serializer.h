/* Compact logs as CBOR (spec 30, 7.5). The functions exist when MEMFAULT_COMPACT_LOG_ENABLE is 1.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "memfault/util/cbor.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Encodes the array [id, argument, ...] of a log. compressed_fmt is MFLT_GET_COMPRESSED_LOG_FMT()
 * of the arguments, log_id the address of the entry in log_fmt. False: it did not fit.
 */
bool memfault_vlog_compact_serialize(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                     uint32_t compressed_fmt, va_list args);

/**
 * Encodes what is stored for a log that is too long: its id and the serialized_len bytes that it
 * would have needed.
 */
bool memfault_vlog_compact_serialize_fallback_entry(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                                    uint32_t serialized_len);

/** The first function with the arguments themselves. */
bool memfault_log_compact_serialize(sMemfaultCborEncoder *encoder, uint32_t log_id,
                                    uint32_t compressed_fmt, ...);

#ifdef __cplusplus
}
#endif
