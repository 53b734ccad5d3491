#include "crc32.h"

uint32_t bench_crc32(uint32_t crc, const void *data, size_t len) {
  /* Half a byte at a time: a table of 16 words is quick to make and needs no checked-in
   * constants. */
  static uint32_t table[16];
  if (table[1] == 0) {
    for (uint32_t i = 0; i < 16; i++) {
      uint32_t value = i;
      for (int bit = 0; bit < 4; bit++) {
        value = (value >> 1) ^ ((value & 1) != 0 ? 0xEDB88320u : 0);
      }
      table[i] = value;
    }
  }
  crc = ~crc;
  const uint8_t *byte = data;
  for (size_t i = 0; i < len; i++) {
    crc ^= byte[i];
    crc = (crc >> 4) ^ table[crc & 15];
    crc = (crc >> 4) ^ table[crc & 15];
  }
  return ~crc;
}
