/* Coredump storage for memory that is written in units of a fixed size (spec 50, 13.2).
 *
 * A coredump is written in pieces of any length; much flash takes only whole, aligned units, once
 * each after an erase. This file defines memfault_platform_coredump_storage_write(), which collects
 * pages of MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE bytes and has the driver write each one once.
 * Included by exactly one C file: the driver, which defines
 * memfault_platform_coredump_storage_buffered_write() and all hooks of the storage but this one.
 * The size of the storage has to be a multiple of the page size.
 *
 *   #define MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE 16
 *   #include "memfault/ports/buffered_coredump_storage.h"
 *
 * The pages that the header of a coredump touches stay in RAM until the header is there, which
 * comes last. They are written after all others, page 0, which makes the coredump valid, at the
 * very end: a loss of power leaves no coredump or a complete one, if the driver's write of page 0
 * does. A driver whose flash takes units smaller than the page writes those of page 0 from the end
 * to the start; docs/coredump-storage.md has the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "memfault/core/compiler.h"
#include "memfault/panics/platform/coredump.h"

/* Bytes of a page. */
#ifndef MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE
  #define MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE 32
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct CoredumpWorkingBuffer {
  uint8_t data[MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE];
  /* Where the page lies in the storage, a multiple of its size. */
  uint32_t write_offset;
  /* How many bytes of the page were supplied so far; a byte that is supplied twice counts twice. */
  uint32_t bytes_written;
} sCoredumpWorkingBuffer;

/** Writes all of blk->data at blk->write_offset. False on failure. */
bool memfault_platform_coredump_storage_buffered_write(sCoredumpWorkingBuffer *blk);

/* The header of a coredump, and the pages that it touches. */
#define MFLT_BUFFERED_HEADER_LEN_ 12u
#define MFLT_BUFFERED_PAGE_LEN_ ((uint32_t)MEMFAULT_COREDUMP_STORAGE_WRITE_SIZE)
#define MFLT_BUFFERED_HEADER_PAGES_ \
  ((MFLT_BUFFERED_HEADER_LEN_ + MFLT_BUFFERED_PAGE_LEN_ - 1) / MFLT_BUFFERED_PAGE_LEN_)

MEMFAULT_ALIGNED(8) static sCoredumpWorkingBuffer s_working_buffer_header; /* page 0 */
MEMFAULT_ALIGNED(8) static sCoredumpWorkingBuffer s_working_buffer;        /* behind the header */
/* Pages 1, 2 and so on, as far as the header reaches; not referred to where it ends in page 0. */
MEMFAULT_ALIGNED(8)
static sCoredumpWorkingBuffer s_working_buffer_header_rest[MFLT_BUFFERED_HEADER_PAGES_ > 1
                                                             ? MFLT_BUFFERED_HEADER_PAGES_ - 1
                                                             : 1];

/* Where the last write ended; 0 after one that failed, and at first. */
static uint32_t s_working_buffer_end;

/* The buffer of a page. */
static inline sCoredumpWorkingBuffer *prv_buffered_page(uint32_t page) {
  if (page == 0) {
    return &s_working_buffer_header;
  }
  if (page < MFLT_BUFFERED_HEADER_PAGES_) {
    return &s_working_buffer_header_rest[page - 1];
  }
  return &s_working_buffer;
}

/* Empties a buffer. Loops instead of memset() and memcpy(): not every compiler has <string.h>. */
static inline void prv_buffered_empty(sCoredumpWorkingBuffer *blk) {
  for (size_t i = 0; i < sizeof(blk->data); i++) {
    blk->data[i] = 0;
  }
  blk->write_offset = 0;
  blk->bytes_written = 0;
}

/* Has the driver write a page, then empties its buffer. A page that failed stays as it is. */
static bool prv_buffered_write_page(sCoredumpWorkingBuffer *blk) {
  if (!memfault_platform_coredump_storage_buffered_write(blk)) {
    return false;
  }
  prv_buffered_empty(blk);
  return true;
}

/* Writes what is complete; with the header's pages the rest of the coredump, filled up with
 * zeros. */
static bool prv_buffered_flush(void) {
  bool header_complete = true;
  for (uint32_t page = 0; page < MFLT_BUFFERED_HEADER_PAGES_; page++) {
    header_complete &= prv_buffered_page(page)->bytes_written == MFLT_BUFFERED_PAGE_LEN_;
  }
  if (header_complete) {
    if (s_working_buffer.bytes_written != 0 && !prv_buffered_write_page(&s_working_buffer)) {
      return false;
    }
    for (uint32_t page = MFLT_BUFFERED_HEADER_PAGES_; page-- > 0;) {
      if (!prv_buffered_write_page(prv_buffered_page(page))) {
        return false;
      }
    }
  }
  return s_working_buffer.bytes_written != MFLT_BUFFERED_PAGE_LEN_ ||
         prv_buffered_write_page(&s_working_buffer);
}

/* Forgets what a coredump that was given up left behind. */
static void prv_buffered_start(void) {
  for (uint32_t page = 0; page <= MFLT_BUFFERED_HEADER_PAGES_; page++) {
    prv_buffered_empty(prv_buffered_page(page));
  }
}

static bool prv_buffered_write(uint32_t offset, const void *data, size_t data_len) {
  sMfltCoredumpStorageInfo info = { 0, 0 };
  memfault_platform_coredump_storage_get_info(&info);
  if (offset > info.size || data_len > info.size - offset ||
      info.size % MFLT_BUFFERED_PAGE_LEN_ != 0 || info.size < MFLT_BUFFERED_PAGE_LEN_) {
    return false;
  }

  const uint8_t *from = (const uint8_t *)data;
  while (data_len > 0) {
    const uint32_t page = offset / MFLT_BUFFERED_PAGE_LEN_;
    const uint32_t start = offset % MFLT_BUFFERED_PAGE_LEN_;
    const size_t space = MFLT_BUFFERED_PAGE_LEN_ - start;
    const size_t len = data_len < space ? data_len : space;
    sCoredumpWorkingBuffer *const blk = prv_buffered_page(page);
    for (size_t i = 0; i < len; i++) {
      blk->data[start + i] = from[i];
    }
    blk->bytes_written += (uint32_t)len;
    blk->write_offset = page * MFLT_BUFFERED_PAGE_LEN_;
    if (!prv_buffered_flush()) {
      return false;
    }
    from += len;
    offset += (uint32_t)len;
    data_len -= len;
  }
  return true;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  if (data_len == 0) {
    return prv_buffered_write(offset, data, data_len); /* neither starts nor ends anything */
  }
  const uint32_t end = s_working_buffer_end;
  s_working_buffer_end = 0;
  if (offset == MFLT_BUFFERED_HEADER_LEN_ && end != offset) {
    prv_buffered_start();
  }
  /* A coredump that ends in the header's pages: what is behind its end counts as supplied. */
  const uint32_t header_pages_end = MFLT_BUFFERED_HEADER_PAGES_ * MFLT_BUFFERED_PAGE_LEN_;
  if (offset == 0 && data_len == MFLT_BUFFERED_HEADER_LEN_ && end > MFLT_BUFFERED_HEADER_LEN_ &&
      end < header_pages_end) {
    prv_buffered_page(MFLT_BUFFERED_HEADER_PAGES_ - 1)->bytes_written += header_pages_end - end;
  }
  if (!prv_buffered_write(offset, data, data_len)) {
    return false;
  }
  s_working_buffer_end = offset + (uint32_t)data_len;
  return true;
}

#ifdef __cplusplus
}
#endif
