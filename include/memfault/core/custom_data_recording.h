/* Custom data recordings: files that firmware sends along (spec 30, chapter 10). Need
 * MEMFAULT_CDR_ENABLE.
 * Interface only: the library functions of this header arrive with the custom data recording
 * component.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/platform/system_time.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Some MIME types for sMemfaultCdrMetadata.mimetypes. */
#define MEMFAULT_CDR_BINARY "application/octet-stream"
#define MEMFAULT_CDR_TEXT "text/plain"
#define MEMFAULT_CDR_CSV "text/csv"

typedef struct MemfaultCdrMetadata {
  /* When the recording began; type Unknown if there is no clock. */
  sMemfaultCurrentTime start_time;

  /* What the data is, the outermost container first: {"application/gzip", "text/csv"}. */
  const char **mimetypes;
  size_t num_mimetypes;

  /* Length of the data. */
  uint32_t data_size_bytes;

  /* How long the recording took. */
  uint32_t duration_ms;

  /* Why it was made; ends with a NUL. */
  const char *collection_reason;
} sMemfaultCdrMetadata;

/* A source of recordings, all three functions given. */
typedef struct MemfaultCdrSourceImpl {
  /**
   * Is there a recording? If so, sets every field of *metadata; the strings stay valid until it was
   * sent.
   */
  bool (*has_cdr_cb)(sMemfaultCdrMetadata *metadata);

  /** Reads data_len bytes at offset of that recording. */
  bool (*read_data_cb)(uint32_t offset, void *data, size_t data_len);

  /** Drops that recording: it has been sent. */
  void (*mark_cdr_read_cb)(void);
} sMemfaultCdrSourceImpl;

/**
 * Adds a source; impl has to stay valid. False if MEMFAULT_CDR_MAX_DATA_SOURCES are there already.
 */
bool memfault_cdr_register_source(const sMemfaultCdrSourceImpl *impl);

#ifdef __cplusplus
}
#endif
