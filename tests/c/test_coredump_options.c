/*
 * Coredumps of a device with two CPUs, without the build id, with the serial number, sent as they
 * are: one read of the storage per chunk, one behind the other.
 */
#include <string.h>

#include "board.h"
#include "check.h"
#include "coredump_image.h"
#include "coredump_storage.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"

static const uint8_t s_memory[50] = "memory";
static const sMfltCoredumpRegion s_region = { kMfltCoredumpRegionType_Memory, s_memory,
                                              sizeof(s_memory) };

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 1;
  return &s_region;
}

static bool save(const void *regs, size_t regs_size) {
  const sMemfaultCoredumpSaveInfo info = {
    .regs = regs,
    .regs_size = regs_size,
    .trace_reason = kMfltRebootReason_HardFault,
    .regions = &s_region,
    .num_regions = 1,
  };
  storage_reset(STORAGE_MAX);
  const bool saved = memfault_coredump_save(&info);
  CHECK_EQ(coredump_open(g_storage.bytes, STORAGE_MAX).len, memfault_coredump_get_save_size(&info));
  return saved;
}

static coredump_block_t block(uint32_t type, unsigned index) {
  return coredump_find(g_storage.bytes, g_storage.size, type, index);
}

static void test_registers_of_two_cpus(void) {
  uint8_t regs[40];
  for (size_t i = 0; i < sizeof(regs); i++) {
    regs[i] = (uint8_t)(i + 1);
  }
  for (size_t len = 0; len <= sizeof(regs); len++) {
    CHECK(save(regs, len));
    CHECK(coredump_is_well_formed(g_storage.bytes, STORAGE_MAX));
    for (unsigned cpu = 0; cpu < 3; cpu++) {
      const coredump_block_t found = block(kMfltCoredumpBlockType_CurrentRegisters, cpu);
      const size_t expected = cpu < 2 ? len / 2 : 0;
      CHECK_EQ(found.len, expected);
      CHECK(expected == 0 || memcmp(found.payload, &regs[cpu * (len / 2)], expected) == 0);
    }
  }
  CHECK(save(NULL, 20));
  CHECK(block(kMfltCoredumpBlockType_CurrentRegisters, 0).payload == NULL);
}

static void test_identity(void) {
  sMemfaultDeviceInfo device;
  memfault_platform_get_device_info(&device);
  CHECK(save(s_memory, 8));
  CHECK(block(kMfltCoredumpRegionType_BuildId, 0).payload == NULL);
  const coredump_block_t serial = block(kMfltCoredumpRegionType_DeviceSerial, 0);
  CHECK_EQ(serial.len, strlen(device.device_serial));
  CHECK(serial.payload != NULL && memcmp(serial.payload, device.device_serial, serial.len) == 0);
}

static void test_one_read_per_chunk(void) {
  for (size_t buffer = 9; buffer < 60; buffer += 5) {
    uint8_t message[STORAGE_MAX];
    uint8_t image[STORAGE_MAX];
    uint8_t chunk[64];
    size_t received = 0;
    size_t len = buffer;
    CHECK(save(s_memory, 8));
    memcpy(image, g_storage.bytes, sizeof(image));
    const uint32_t image_len = coredump_open(image, sizeof(image)).len;
    CHECK(memfault_packetizer_data_available());
    g_storage.reads = 0;
    unsigned chunks = 0;
    while (g_storage.clears == 0 && memfault_packetizer_get_chunk(chunk, &len)) {
      size_t at = 1;
      while ((chunk[at++] & 0x80) != 0) {
      }
      const size_t data_len = len - at - ((chunk[0] & 0x40) == 0 ? 2 : 0);
      CHECK(received + data_len <= sizeof(message));
      memcpy(&message[received], &chunk[at], data_len);
      received += data_len;
      chunks++;
      /* The first call also asks whether there is a coredump. */
      CHECK(g_storage.reads <= chunks + 1);
      len = buffer;
    }
    CHECK_EQ(received, image_len + 1);
    CHECK_EQ(message[0], 1);
    CHECK(memcmp(&message[1], image, image_len) == 0);
  }
}

int main(void) {
  board_init();
  test_registers_of_two_cpus();
  test_identity();
  test_one_read_per_chunk();
  check_finish();
}
