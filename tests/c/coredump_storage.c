#include "coredump_storage.h"

#include <string.h>

#include "memfault/panics/coredump.h"

#define GUARD 0x5a
#define FIRST_OFFSET 12u

storage_t g_storage;

void storage_reset(size_t size) {
  memset(&g_storage, 0, sizeof(g_storage));
  memset(g_storage.bytes, GUARD, sizeof(g_storage.bytes));
  memset(g_storage.bytes, 0xff, size);
  g_storage.size = size;
}

void storage_forget(void) {
  static storage_t s_before;
  s_before = g_storage;
  storage_reset(s_before.size);
  memcpy(g_storage.bytes, s_before.bytes, sizeof(g_storage.bytes));
  g_storage.write_once = s_before.write_once;
}

bool storage_kept_its_limits(void) {
  for (size_t i = g_storage.size; i < sizeof(g_storage.bytes); i++) {
    if (g_storage.bytes[i] != GUARD) {
      return false;
    }
  }
  return true;
}

static void run_once(void (**hook)(void)) {
  void (*run)(void) = *hook;
  *hook = NULL;
  if (run != NULL) {
    run();
  }
}

static bool inside(uint32_t offset, size_t len) {
  return offset <= g_storage.size && len <= g_storage.size - offset;
}

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  g_storage.infos++;
  info->size = g_storage.size;
}

bool memfault_port_coredump_save_begin(void) {
  g_storage.begins++;
  return !g_storage.fail_port_begin;
}

bool memfault_platform_coredump_save_begin(void) {
  g_storage.begins++;
  return !g_storage.fail_platform_begin;
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  const bool fails = ++g_storage.reads == g_storage.fail_read;
  run_once(&g_storage.on_read);
  if (fails || !inside(offset, read_len)) {
    return false;
  }
  memcpy(data, &g_storage.bytes[offset], read_len);
  return true;
}

bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t data_len) {
  const bool fails = ++g_storage.writes == g_storage.fail_write;
  run_once(&g_storage.on_write);
  g_storage.after_failure += g_storage.failed;
  if (fails || !inside(offset, data_len)) {
    g_storage.failed = true;
    return false;
  }
  for (size_t i = 0; g_storage.write_once && i < data_len; i++) {
    if (g_storage.bytes[offset + i] != 0xff) {
      g_storage.failed = true;
      return false;
    }
  }
  /* One piece behind the other, and 12 bytes at the start to end with. */
  const uint32_t expected = g_storage.next_offset == 0 ? FIRST_OFFSET : g_storage.next_offset;
  g_storage.out_of_order |= offset != expected && !(offset == 0 && data_len == FIRST_OFFSET);
  g_storage.next_offset = offset == 0 ? 0 : offset + (uint32_t)data_len;
  memcpy(&g_storage.bytes[offset], data, data_len);
  return true;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  g_storage.erases++;
  run_once(&g_storage.on_erase);
  if (g_storage.fail_erase || !inside(offset, erase_size)) {
    return false;
  }
  memset(&g_storage.bytes[offset], 0xff, erase_size);
  g_storage.next_offset = 0;
  return true;
}

void memfault_platform_coredump_storage_clear(void) {
  g_storage.clears++;
  run_once(&g_storage.on_clear);
  g_storage.bytes[0] = 0;
}
