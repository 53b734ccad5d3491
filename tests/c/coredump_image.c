#include "coredump_image.h"

#include <string.h>

#include "memfault/panics/coredump_impl.h"

#define HEADER_LEN 12u
#define BLOCK_HEADER_LEN 12u
#define FOOTER_LEN 16u

static uint32_t word(const uint8_t *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

coredump_image_t coredump_open(const void *storage, size_t storage_len) {
  const uint8_t *bytes = storage;
  coredump_image_t image = { .bytes = bytes, .at = HEADER_LEN };
  if (storage_len < HEADER_LEN + FOOTER_LEN || memcmp(bytes, "CORE\2\0\0\0", 8) != 0) {
    return image;
  }
  const uint32_t len = word(&bytes[8]);
  if (len < HEADER_LEN + FOOTER_LEN || len > storage_len) {
    return image;
  }
  const uint8_t *footer = &bytes[len - FOOTER_LEN];
  const uint32_t flags = word(&footer[4]);
  if (memcmp(footer, "DUMP", 4) == 0 && flags <= 1 && word(&footer[8]) == 0 &&
      word(&footer[12]) == 0) {
    image.len = len;
    image.truncated = flags == 1;
  }
  return image;
}

bool coredump_next(coredump_image_t *image, coredump_block_t *block) {
  const uint32_t end = image->len < FOOTER_LEN ? 0 : image->len - FOOTER_LEN;
  if (image->at >= end || end - image->at < BLOCK_HEADER_LEN) {
    return false;
  }
  const uint8_t *header = &image->bytes[image->at];
  *block = (coredump_block_t) {
    .type = word(header),
    .address = word(&header[4]),
    .len = word(&header[8]),
    .payload = &header[BLOCK_HEADER_LEN],
  };
  if (block->len > end - image->at - BLOCK_HEADER_LEN) {
    return false;
  }
  image->at += BLOCK_HEADER_LEN + block->len;
  return true;
}

coredump_block_t coredump_find(const void *storage, size_t storage_len, uint32_t type,
                               unsigned index) {
  coredump_image_t image = coredump_open(storage, storage_len);
  coredump_block_t block;
  while (coredump_next(&image, &block)) {
    if (block.type == type && index-- == 0) {
      return block;
    }
  }
  return (coredump_block_t) { .payload = NULL };
}

bool coredump_is_well_formed(const void *storage, size_t storage_len) {
  coredump_image_t image = coredump_open(storage, storage_len);
  coredump_block_t block;
  uint32_t start = image.at;
  bool regions = false;
  while (coredump_next(&image, &block)) {
    if (block.type == kMfltCoredumpBlockType_MemoryRegion && !image.truncated && start % 4 != 0) {
      return false;
    }
    if (block.type == kMfltCoredumpRegionType_PaddingRegion &&
        (block.len == 0 || block.len > 3 || (start + block.len) % 4 != 0)) {
      return false;
    }
    if (regions && block.type != kMfltCoredumpBlockType_MemoryRegion &&
        block.type != kMfltCoredumpRegionType_PaddingRegion &&
        block.type != kMfltCoredumpRegionType_ArmV6orV7Mpu) {
      return false;
    }
    regions = regions || block.type == kMfltCoredumpBlockType_MemoryRegion;
    start = image.at;
  }
  return image.len != 0 && image.at == image.len - FOOTER_LEN;
}
