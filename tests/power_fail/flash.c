#include "flash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERASED 0xffu

typedef enum {
  kUnit_Erased,
  kUnit_Programmed,
  kUnit_Interrupted, /* can be read and erased */
  kUnit_Unreadable,
} flash_unit_t;

/* What a driver must never do. */
static void refuse(const char *what, uint32_t address) {
  printf("FAIL the driver %s at 0x%x\n", what, (unsigned)address);
  fflush(stdout);
  _Exit(EXIT_FAILURE);
}

void flash_init(flash_t *flash, const flash_geometry_t *geometry) {
  memset(flash, 0, sizeof(*flash));
  flash->geometry = *geometry;
  memset(flash->content.bytes, ERASED, sizeof(flash->content.bytes));
  memset(flash->content.units, kUnit_Erased, sizeof(flash->content.units));
}

/* ---- Interruptions ---- */

#define NUM_CUTS 11u
#define NUM_RANDOM 6u
#define NUM_TEARS (2u + 2u * NUM_CUTS + NUM_RANDOM)

/* A mask with the bits of an operation that took effect: none, all, a part at either end, random
 * ones. */
static void tear(unsigned variant, uint32_t seed, uint8_t *mask, uint32_t len) {
  memset(mask, variant == 1 ? 0xff : 0, len);
  if (variant < 2) {
    return;
  }
  variant -= 2;
  if (variant < 2 * NUM_CUTS) {
    const uint32_t cuts[NUM_CUTS] = { 1, 2, 3, 4, 7, 8, 11, 12, 16, len / 2, len - 1 };
    const uint32_t cut = cuts[variant / 2] < len ? cuts[variant / 2] : len;
    if (variant % 2 == 0) {
      memset(mask, 0xff, cut);
    } else {
      memset(mask + cut, 0xff, len - cut);
    }
    return;
  }
  variant -= 2 * NUM_CUTS;
  uint32_t state = (seed * NUM_RANDOM + variant) * 2654435761u + 0x9e3779b9u;
  for (uint32_t i = 0; i < len; i++) {
    uint8_t bits = 0;
    for (int bit = 0; bit < 8; bit++) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      /* Half of them, nearly none, nearly all. */
      static const uint32_t densities[3] = { 128, 6, 250 };
      bits |= (uint8_t)(((state & 0xff) < densities[variant % 3]) << bit);
    }
    mask[i] = bits;
  }
}

/* What becomes of the units of [address, address + len) when an operation there took effect as
 * in `mask`. */
static void interrupt(const flash_t *flash, flash_content_t *content, uint32_t address,
                      const uint8_t *mask, uint32_t len) {
  const uint32_t unit = flash->geometry.unit;
  for (uint32_t at = 0; at < len; at += unit) {
    bool none = true;
    bool all = true;
    for (uint32_t i = at; i < at + unit; i++) {
      none &= mask[i] == 0;
      all &= mask[i] == 0xff;
    }
    uint8_t *state = &content->units[(address + at) / unit];
    const bool readable = !flash->geometry.ecc || all || (none && *state != kUnit_Unreadable);
    *state = readable ? kUnit_Interrupted : kUnit_Unreadable;
  }
}

static void apply(flash_content_t *content, uint32_t address, const uint8_t *data,
                  const uint8_t *mask, uint32_t len) {
  for (uint32_t i = 0; i < len; i++) {
    uint8_t *byte = &content->bytes[address + i];
    /* Without data it is an erase, which sets bits; programming clears them. */
    *byte = (uint8_t)(data == NULL ? *byte | mask[i] : *byte & (data[i] | ~mask[i]));
  }
}

/* One operation that changes something. Returns false if it is the one that fails. */
static bool operate(flash_t *flash, uint32_t address, const uint8_t *data, uint32_t len) {
  uint8_t mask[FLASH_MAX_SIZE];
  const uint32_t number = flash->operations++;
  if (flash->power_lost != NULL) {
    for (unsigned variant = 0; variant < NUM_TEARS; variant++) {
      flash_content_t content = flash->content;
      tear(variant, number, mask, len);
      apply(&content, address, data, mask, len);
      interrupt(flash, &content, address, mask, len);
      flash->power_lost(&content);
    }
  }
  if (flash->failure != kFlashFailure_None && number == flash->fail_at) {
    if (flash->failure == kFlashFailure_Partial) {
      tear(2 + 2 * NUM_CUTS, number, mask, len);
      apply(&flash->content, address, data, mask, len);
      interrupt(flash, &flash->content, address, mask, len);
    }
    return false;
  }
  tear(1, number, mask, len);
  apply(&flash->content, address, data, mask, len);
  const uint32_t unit = flash->geometry.unit;
  memset(&flash->content.units[address / unit], data == NULL ? kUnit_Erased : kUnit_Programmed,
         len / unit);
  return true;
}

/* ---- What the driver calls ---- */

static void check_range(const flash_t *flash, uint32_t address, size_t len, uint32_t alignment) {
  if (address > flash->geometry.size || len > flash->geometry.size - address) {
    refuse("leaves the flash", address);
  }
  if (address % alignment != 0 || len % alignment != 0) {
    refuse("does not keep to the alignment", address);
  }
}

flash_status_t flash_read(flash_t *flash, uint32_t address, void *data, size_t len) {
  check_range(flash, address, len, 1);
  const uint32_t number = flash->operations++;
  if (flash->power_lost != NULL) {
    flash->power_lost(&flash->content);
  }
  if (flash->failure != kFlashFailure_None && number == flash->fail_at) {
    return kFlash_Failed;
  }
  for (uint32_t i = address; i < address + len; i++) {
    if (flash->content.units[i / flash->geometry.unit] == kUnit_Unreadable) {
      return kFlash_Unreadable;
    }
  }
  memcpy(data, &flash->content.bytes[address], len);
  return kFlash_Ok;
}

flash_status_t flash_program(flash_t *flash, uint32_t address, const void *data, size_t len) {
  const uint32_t unit = flash->geometry.unit;
  check_range(flash, address, len, unit);
  const uint8_t *from = data;
  for (uint32_t at = 0; at < len; at += unit) {
    bool zeros = true;
    for (uint32_t i = at; i < at + unit; i++) {
      zeros &= from[i] == 0;
    }
    if (flash->content.units[(address + at) / unit] != kUnit_Erased &&
        !(zeros && flash->geometry.zeros_always)) {
      refuse("programs a unit that is not erased", address + at);
    }
    if (!operate(flash, address + at, from + at, unit)) {
      return kFlash_Failed;
    }
  }
  return kFlash_Ok;
}

flash_status_t flash_erase(flash_t *flash, uint32_t address, size_t len) {
  const uint32_t sector = flash->geometry.sector_size;
  check_range(flash, address, len, sector);
  for (uint32_t at = 0; at < len; at += sector) {
    if (!operate(flash, address + at, NULL, sector)) {
      return kFlash_Failed;
    }
  }
  return kFlash_Ok;
}
