/* Inside the log buffer (spec 30, 3.2 and 6.5): the head of a record, and a walk over all records. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "memfault/config.h"
#include "memfault/core/compiler.h"
#include "memfault/core/log.h"
#include "memfault/core/platform/debug_log.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Time and message have to fit in the length byte of a record. */
MEMFAULT_STATIC_ASSERT(MEMFAULT_LOG_MAX_LINE_SAVE_LEN <= (UINT8_MAX - sizeof(uint32_t)),
                       "MEMFAULT_LOG_MAX_LINE_SAVE_LEN is at most 251");

/* First byte of a record. */
#define MEMFAULT_LOG_HDR_LEVEL_POS 0
#define MEMFAULT_LOG_HDR_LEVEL_MASK 0x07u
#define MEMFAULT_LOG_HDR_TYPE_POS 3
#define MEMFAULT_LOG_HDR_TYPE_MASK 0x08u
#define MEMFAULT_LOG_HDR_TIMESTAMPED_MASK 0x10u
#define MEMFAULT_LOG_HDR_SENT_MASK 0x40u
#define MEMFAULT_LOG_HDR_READ_MASK 0x80u

/* An array of any length, and such a struct as a member, are extensions in some languages. */
#if defined(__GNUC__)
  #define MEMFAULT_LOG_EXTENSION __extension__
#else
  #define MEMFAULT_LOG_EXTENSION
#endif

/* A record in the ring. */
MEMFAULT_LOG_EXTENSION typedef MEMFAULT_PACKED_STRUCT {
  uint8_t hdr;
  /* Bytes that follow, a time included. */
  uint8_t len;
  uint8_t msg[];
}
sMfltRamLogEntry;

/* Where a walk is. */
MEMFAULT_LOG_EXTENSION typedef struct {
  /* Offset of the record from the oldest byte in the ring. */
  uint32_t read_offset;
  void *user_ctx;
  /* Its head. */
  sMfltRamLogEntry entry;
} sMfltLogIterator;

/** Gets a record; false ends the walk. */
typedef bool (*MemfaultLogIteratorCallback)(sMfltLogIterator *iter);

/** Gets a part of a record, which begins at offset of what follows its head; false ends it. */
typedef bool (*MemfaultLogMsgCopyCallback)(sMfltLogIterator *iter, size_t offset, const char *buf,
                                           size_t buf_len);

/** Calls callback for each record from iter->read_offset on, under the lock. */
void memfault_log_iterate(MemfaultLogIteratorCallback callback, sMfltLogIterator *iter);

/** The same for those who hold the lock. */
void memfault_log_iterate_locked(MemfaultLogIteratorCallback callback, sMfltLogIterator *iter);

/** Writes iter->entry back to the record. Only in a callback of a walk. */
bool memfault_log_iter_update_entry(sMfltLogIterator *iter);

/**
 * Hands what follows the head of the record to callback, without a copy, in one part or, if it wraps
 * around the end of the ring, in two. Only in a callback of a walk.
 */
bool memfault_log_iter_copy_msg(sMfltLogIterator *iter, MemfaultLogMsgCopyCallback callback);

static inline eMemfaultPlatformLogLevel memfault_log_get_level_from_hdr(uint8_t hdr) {
  return (eMemfaultPlatformLogLevel)((hdr & MEMFAULT_LOG_HDR_LEVEL_MASK) >>
                                     MEMFAULT_LOG_HDR_LEVEL_POS);
}

static inline eMemfaultLogRecordType memfault_log_get_type_from_hdr(uint8_t hdr) {
  return (eMemfaultLogRecordType)((hdr & MEMFAULT_LOG_HDR_TYPE_MASK) >> MEMFAULT_LOG_HDR_TYPE_POS);
}

static inline bool memfault_log_hdr_is_timestamped(uint8_t hdr) {
  return (hdr & MEMFAULT_LOG_HDR_TIMESTAMPED_MASK) != 0;
}

#ifdef __cplusplus
}
#endif
