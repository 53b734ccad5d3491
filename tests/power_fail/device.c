#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "memfault/core/build_info.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/device_info.h"
#include "memfault/panics/coredump.h"
#include "memfault/panics/coredump_impl.h"
#include "receiver.h"

const char g_example_name[] = "power-fail";

void device_fail(const char *what) {
  printf("FAIL %s: %s\n", g_driver_name, what);
  fflush(stdout);
  _Exit(EXIT_FAILURE);
}

/* Whether an operation failed after the first `before` ones. */
static bool failed_since(uint32_t before) {
  const flash_t *flash = &g_device->flash;
  return flash->failure != kFlashFailure_None && flash->fail_at >= before &&
         flash->fail_at < flash->operations;
}

/* ---- Hooks ---- */

void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) {
  info->size = g_driver_storage_size;
  info->sector_size = g_driver_geometry.sector_size;
}

bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t read_len) {
  return driver_read(offset, data, read_len);
}

/* A coredump that cannot be read now is not sent with wrong bytes: the message is given up and
 * stays. */
bool memfault_coredump_read(uint32_t offset, void *buf, size_t buf_len) {
  const bool ok = driver_read(offset, buf, buf_len);
  if (!ok) {
    memfault_packetizer_abort();
  }
  return ok;
}

bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t erase_size) {
  if (offset != 0 || erase_size != g_driver_storage_size) {
    device_fail("an erase that is not of the whole storage");
  }
  g_device->destroying = true;
  if (!driver_erase()) {
    return false;
  }
  g_device->stored = 0;
  g_device->destroying = false;
  return true;
}

void memfault_platform_coredump_storage_clear(void) {
  const uint32_t before = g_device->flash.operations;
  g_device->destroying = true;
  driver_clear();
  if (!failed_since(before)) {
    g_device->stored = 0;
    g_device->destroying = false;
  }
}

void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...);
void __wrap_memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  (void)level;
  (void)fmt;
}

/* ---- What is saved ---- */

#define MAX_REGIONS 4u

typedef struct {
  sMemfaultCoredumpSaveInfo info;
  uint32_t regs[19];
  uint32_t ram[256];
  sMfltCoredumpRegion regions[MAX_REGIONS];
} crash_t;

static void add_region(crash_t *crash, eMfltCoredumpRegionType type, uint32_t offset,
                       uint32_t len) {
  crash->regions[crash->info.num_regions++] = (sMfltCoredumpRegion) {
    .type = type,
    .region_start = (const uint8_t *)crash->ram + offset,
    .region_size = len,
  };
}

/* Each image has its own registers, memory and regions. */
static const crash_t *crash_of(int image) {
  static crash_t s_crashes[NUM_IMAGES + 1];
  crash_t *crash = &s_crashes[image];
  if (crash->info.num_regions != 0) {
    return crash;
  }
  for (size_t i = 0; i < sizeof(crash->ram) / sizeof(crash->ram[0]); i++) {
    crash->ram[i] = (uint32_t)(i / 5) * 0x01010101u * (uint32_t)image;
  }
  for (size_t i = 0; i < sizeof(crash->regs) / sizeof(crash->regs[0]); i++) {
    crash->regs[i] = (uint32_t)i << (image * 4);
  }
  crash->info.regs = crash->regs;
  crash->info.regs_size = sizeof(crash->regs) - 8u * (uint32_t)image;
  crash->info.trace_reason = kMfltRebootReason_HardFault;
  crash->info.regions = crash->regions;
  if (image == IMAGE_TOO_LARGE) {
    add_region(crash, kMfltCoredumpRegionType_Memory, 5, 301);
    add_region(crash, kMfltCoredumpRegionType_Memory, 310, 600);
    add_region(crash, kMfltCoredumpRegionType_Memory, 0, 8);
  } else {
    add_region(crash, kMfltCoredumpRegionType_Memory, 3, 101 + 10 * (uint32_t)image);
    add_region(crash, kMfltCoredumpRegionType_MemoryWordAccessOnly, 32, 24);
    add_region(crash, kMfltCoredumpRegionType_Memory, 9, 0);
    add_region(crash, kMfltCoredumpRegionType_Memory, 400, 37);
  }
  return crash;
}

/* For the library's own fault handler, which is not called here. */
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  *num_regions = 0;
  return NULL;
}

/* ---- What has to come of it (spec 50 chapters 3 and 4), written down once more ---- */

typedef struct {
  uint8_t bytes[DEVICE_MAX_IMAGE];
  uint32_t len;
  bool truncated;
  bool full;
} image_t;

static void put(image_t *image, const void *data, size_t len) {
  memcpy(&image->bytes[image->len], data, len);
  image->len += (uint32_t)len;
}

static void put_words(image_t *image, uint32_t a, uint32_t b, uint32_t c) {
  const uint32_t words[3] = { a, b, c };
  put(image, words, sizeof(words));
}

static void put_block(image_t *image, uint32_t type, uint32_t address, const void *data,
                      size_t len) {
  const size_t space = g_driver_storage_size - 16 - image->len;
  if (data == NULL || len == 0) {
    return;
  }
  if (space < 12 + len) {
    image->truncated = true;
    len = space < 12 ? 0 : (space - 12) / 4 * 4;
    if (len == 0) {
      image->full = true;
      return;
    }
  }
  put_words(image, type, address, (uint32_t)len);
  put(image, data, len);
}

static void put_text(image_t *image, uint32_t type, const char *text) {
  put_block(image, type, 0, text, strlen(text));
}

static void put_regions(image_t *image, const sMfltCoredumpRegion *regions, size_t count) {
  for (size_t i = 0; i < count && !image->full; i++) {
    const uint32_t zeros = 0;
    if (image->len % 4 != 0) {
      put_block(image, kMfltCoredumpRegionType_PaddingRegion, 0, &zeros, 4 - image->len % 4);
      image->full = false; /* whether padding fits is not looked at */
    }
    put_block(image, kMfltCoredumpBlockType_MemoryRegion,
              (uint32_t)(uintptr_t)regions[i].region_start, regions[i].region_start,
              regions[i].region_size);
  }
}

static uint32_t machine_type(void) {
#if defined(__x86_64__)
  return 62;
#elif defined(__aarch64__)
  return 183;
#else
  #error "which machine is this?"
#endif
}

static const image_t *image_of(int number) {
  static image_t s_images[NUM_IMAGES + 1];
  image_t *image = &s_images[number];
  if (image->len != 0) {
    return image;
  }
  const crash_t *crash = crash_of(number);
  sMemfaultDeviceInfo device;
  sMemfaultBuildInfo build;
  const uint32_t machine = machine_type();
  const uint32_t reason = crash->info.trace_reason;
  memfault_platform_get_device_info(&device);

  image->len = 12;
  put_block(image, kMfltCoredumpBlockType_CurrentRegisters, 0, crash->info.regs,
            crash->info.regs_size);
  if (memfault_build_info_read(&build)) {
    put_block(image, kMfltCoredumpRegionType_BuildId, 0, build.build_id, sizeof(build.build_id));
  }
  put_text(image, kMfltCoredumpRegionType_SoftwareVersion, device.software_version);
  put_text(image, kMfltCoredumpRegionType_SoftwareType, device.software_type);
  put_text(image, kMfltCoredumpRegionType_HardwareVersion, device.hardware_version);
  put_block(image, kMfltCoredumpRegionType_MachineType, 0, &machine, sizeof(machine));
  put_block(image, kMfltCoredumpRegionType_TraceReason, 0, &reason, sizeof(reason));
  size_t count = 0;
  const sMfltCoredumpRegion *regions = memfault_coredump_get_arch_regions(&count);
  put_regions(image, regions, count);
  regions = memfault_coredump_get_sdk_regions(&count);
  put_regions(image, regions, count);
  put_regions(image, crash->info.regions, crash->info.num_regions);
  put_words(image, 0x504d5544u, image->truncated ? 1 : 0, 0);
  put_words(image, 0, 0, 0);
  image->len -= 8; /* the footer has four words */
  const uint32_t header[3] = { 0x45524f43u, 2, image->len };
  memcpy(image->bytes, header, sizeof(header));
  return image;
}

/* ---- Life ---- */

void device_boot(void) {
  const sResetBootupInfo info = { .reset_reason = kMfltRebootReason_PowerOnReset };
  memfault_reboot_tracking_boot(g_device->retained, &info);
}

int device_look(unsigned allowed) {
  size_t size = 0;
  uint8_t bytes[DEVICE_MAX_IMAGE];
  if (!memfault_coredump_has_valid_coredump(&size)) {
    return 0;
  }
  if (size > sizeof(bytes) || !memfault_coredump_read(0, bytes, size)) {
    device_fail("a coredump that cannot be read");
  }
  for (int number = 1; number <= NUM_IMAGES; number++) {
    const image_t *image = image_of(number);
    if ((allowed & 1u << number) != 0 && size == image->len &&
        memcmp(bytes, image->bytes, size) == 0) {
      return number;
    }
  }
  device_fail("a coredump that is not complete and correct");
}

unsigned device_allowed(void) {
  return (1u << g_device->stored | 1u << g_device->coming) & ~1u;
}

int device_required(void) {
  return g_device->destroying ? 0 : g_device->stored;
}

/* Looks without being disturbed and without leaving a trace. */
static int peek(unsigned allowed) {
  const flash_t before = g_device->flash;
  g_device->flash.failure = kFlashFailure_None;
  g_device->flash.power_lost = NULL;
  const int found = device_look(allowed);
  g_device->flash = before;
  return found;
}

bool device_crash(int number) {
  sMfltRebootTrackingRegInfo regs = { 0 };
  const bool occupied = device_required() != 0;
  const uint32_t before = g_device->flash.operations;
  g_device->coming = number;
  memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_HardFault, &regs);
  const bool saved = memfault_coredump_save(&crash_of(number)->info);
  const int found = peek(device_allowed());
  if (saved) {
    memfault_reboot_tracking_mark_coredump_saved();
    if (occupied) {
      device_fail("a coredump that was not sent was overwritten");
    }
    if (found != number) {
      device_fail("a coredump is counted and not there");
    }
    g_device->stored = number;
    g_device->destroying = false;
  } else if (occupied && found == 0) {
    device_fail("a coredump is lost");
  } else if (!occupied && !failed_since(before) && found == 0) {
    device_fail("nothing was saved");
  }
  g_device->coming = 0;
  return saved;
}

/* Undoes the run-length encoding of a message with a coredump; the length, or 0. */
static size_t decode(const uint8_t *message, size_t len, uint8_t *out, size_t out_len) {
  size_t at = 1;
  size_t done = 0;
  if (len == 0 || message[0] != 0x81) {
    return 0;
  }
  while (at < len) {
    uint32_t code = 0;
    for (unsigned shift = 0; at < len; shift += 7) {
      code |= (uint32_t)(message[at] & 0x7fu) << shift;
      if ((message[at++] & 0x80u) == 0) {
        break;
      }
    }
    const bool literal = (code & 1) != 0;
    const size_t count = literal ? code / 2 + 1 : code / 2;
    if (count > out_len - done || (literal ? count : 1) > len - at) {
      return 0;
    }
    for (size_t i = 0; i < count; i++) {
      out[done++] = message[literal ? at + i : at];
    }
    at += literal ? count : 1;
  }
  return done;
}

bool device_drain(int number) {
  static receiver_t s_receiver;
  uint8_t chunk[60];
  size_t len = sizeof(chunk);
  bool sent = false;
  unsigned chunks = 0;
  s_receiver.complete = 0;
  while (memfault_packetizer_get_chunk(chunk, &len)) {
    const int before = s_receiver.complete;
    if (++chunks > DEVICE_MAX_IMAGE) {
      device_fail("a coredump is sent without end");
    }
    receiver_take_chunk(&s_receiver, chunk, len);
    if (s_receiver.complete != before) {
      uint8_t bytes[DEVICE_MAX_IMAGE];
      const image_t *image = image_of(number);
      const size_t got =
        decode(s_receiver.message, s_receiver.message_len, bytes, sizeof(bytes));
      if (got != image->len || memcmp(bytes, image->bytes, got) != 0) {
        device_fail("a message that is not the coredump");
      }
      sent = true;
    }
    len = sizeof(chunk);
  }
  return sent;
}
