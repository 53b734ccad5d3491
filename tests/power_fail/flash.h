/*
 * A flash that is stricter than silicon: it takes whole, aligned units, each once after an erase of
 * its sector, and after an erase that was interrupted not even that. Every read, every unit that is
 * programmed and every sector that is erased is one operation. An operation can fail, and the power
 * can be lost in it; then any of its bits took effect.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLASH_MAX_SIZE 1024u

typedef struct {
  uint32_t size;
  uint32_t sector_size;
  uint32_t unit; /* bytes that are programmed at once */
  /* A unit that was interrupted has a wrong checksum and cannot be read; without it, any bits. */
  bool ecc;
  /* A unit that is programmed may be overwritten with zeros. */
  bool zeros_always;
} flash_geometry_t;

/* Everything that a flash is. */
typedef struct {
  uint8_t bytes[FLASH_MAX_SIZE];
  uint8_t units[FLASH_MAX_SIZE]; /* flash_unit_t of each unit */
} flash_content_t;

typedef enum {
  kFlash_Ok,
  kFlash_Failed,     /* an injected failure */
  kFlash_Unreadable, /* the checksum of a unit is wrong */
} flash_status_t;

typedef enum {
  kFlashFailure_None,
  kFlashFailure_Clean,   /* the operation has no effect */
  kFlashFailure_Partial, /* any of its bits take effect */
} flash_failure_t;

typedef struct {
  flash_geometry_t geometry;
  flash_content_t content;
  uint32_t operations; /* so far */
  /* The operation that fails, counted from 0. */
  flash_failure_t failure;
  uint32_t fail_at;
  /* If set: called for each result that a loss of power in the next operation can have. */
  void (*power_lost)(const flash_content_t *content);
} flash_t;

/* Leaves it as delivered: erased. */
void flash_init(flash_t *flash, const flash_geometry_t *geometry);

flash_status_t flash_read(flash_t *flash, uint32_t address, void *data, size_t len);
flash_status_t flash_program(flash_t *flash, uint32_t address, const void *data, size_t len);
flash_status_t flash_erase(flash_t *flash, uint32_t address, size_t len);
