/*
 * Asynchronous mode: the firmware crashes, the SDK's fault handler saves a coredump in external
 * flash, and after the reset it has to be sent. Reads of that flash are started now and finish
 * later (spec 10 section 11.3), while the packetizer wants its bytes at once. It reads from front
 * to back, once per chunk, and always less than a chunk. So the firmware fetches that much
 * beforehand, sleeps until it is there, and only then asks for the next chunk.
 *
 * It crashes once for each packet size of the other examples and once more for sizes that change
 * from chunk to chunk: by turns with a failed assert and with the call of a callback that nobody
 * has set.
 *
 * Run:    scripts/qemu-run.sh mps2-an385 <build folder>/async
 * Prints: log lines, and one "MC:<base64>:" line per chunk, before it a line "read <offset>+<len>"
 *         for each read of the coredump storage that the packetizer made for the chunk.
 */
#include <stdbool.h>
#include <string.h>

#include "board.h"
#include "coredump_storage.h"
#include "example.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/core/debug_log.h"
#include "memfault/core/math.h"
#include "memfault/core/platform/core.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump.h"
#include "slow_flash.h"

const char g_example_name[] = "async";

#define STACK_LEN_TO_COLLECT 320u
#define DOOR_CLOSED 100

/* What this firmware is about: a door. The coredump shows its state. */
typedef struct {
  char name[12];
  uint32_t boot;
  int32_t position;
  void (*volatile on_moved)(int32_t position);
} door_t;

door_t g_door = { .name = "front door" };

/* From the linker script; the stack grows down from here. */
extern uint8_t board_stack_top[];

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  static sMfltCoredumpRegion s_regions[2];
  const size_t stack_len = (size_t)(board_stack_top - (uint8_t *)crash_info->stack_address);
  s_regions[0] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(
    crash_info->stack_address, (uint32_t)MEMFAULT_MIN(stack_len, STACK_LEN_TO_COLLECT));
  s_regions[1] = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(&g_door, sizeof(g_door));
  *num_regions = MEMFAULT_ARRAY_SIZE(s_regions);
  return s_regions;
}

static __attribute__((noinline)) void close_door(void) {
  g_door.position += 7;
  MEMFAULT_ASSERT(g_door.position <= DOOR_CLOSED);
}

static __attribute__((noinline)) void report_door(void) {
  g_door.on_moved(g_door.position); /* never set: jumps to address 0 */
  g_door.position = 0;              /* so that the call is not the last thing this function does */
}

static void print_reads(void) {
  coredump_storage_read_t reads[4];
  const size_t num_reads = coredump_storage_take_reads(reads, MEMFAULT_ARRAY_SIZE(reads));
  for (size_t i = 0; i < MEMFAULT_MIN(num_reads, MEMFAULT_ARRAY_SIZE(reads)); i++) {
    MEMFAULT_LOG_RAW("read %d+%d", (int)reads[i].offset, (int)reads[i].len);
  }
  if (num_reads > MEMFAULT_ARRAY_SIZE(reads)) {
    MEMFAULT_LOG_RAW("read too often: %d", (int)num_reads);
  }
}

/* Sends everything that waits, with chunk sizes from the list by turns. */
static void drain(const size_t *sizes, size_t num_sizes) {
  static uint8_t s_packet[EXAMPLE_MAX_MTU];
  int packets = 0;
  int sleeps = 0;
  while (1) {
    size_t len = sizes[(size_t)packets % num_sizes];
    if (coredump_storage_prefetch(len)) {
      board_wait_for_interrupt(); /* real firmware does something useful in the meantime */
      sleeps++;
      continue;
    }
    if (!memfault_packetizer_get_chunk(s_packet, &len)) {
      break;
    }
    print_reads();
    user_transport_send_chunk_data(s_packet, len);
    packets++;
  }
  MEMFAULT_LOG_INFO("%d packets, slept %d times", packets, sleeps);
}

int main(void) {
  static const size_t mtus[] = EXAMPLE_MTUS;
  static const size_t changing_sizes[] = { 64, 9, 15, 16, 17, 40, 128 };
  board_init();
  const uint32_t boot = board_boot_count();
  MEMFAULT_LOG_RAW("== boot %d of %s", (int)boot, g_example_name);
  if (memfault_platform_boot() != 0) {
    return 1;
  }
  if (!memfault_coredump_storage_check_size()) {
    return 2; /* the flash has no room for what get_regions() lists */
  }

  const bool is_last_boot = boot > 1 + MEMFAULT_ARRAY_SIZE(mtus);
  if (boot == 1) {
    MEMFAULT_LOG_RAW("== drain before the first crash, packets of 244");
    drain(&mtus[3], 1);
  } else {
    if (example_record_events() != 0) {
      return 3;
    }
    if (is_last_boot) {
      MEMFAULT_LOG_RAW("== drain, packets of changing size");
      drain(changing_sizes, MEMFAULT_ARRAY_SIZE(changing_sizes));
    } else {
      MEMFAULT_LOG_RAW("== drain, packets of %d", (int)mtus[boot - 2]);
      drain(&mtus[boot - 2], 1);
    }
  }
  MEMFAULT_LOG_RAW("== end of drain");
  if (memfault_packetizer_data_available()) {
    return 4;
  }
  if (is_last_boot) {
    return 0;
  }

  g_door.boot = boot;
  g_door.position = DOOR_CLOSED;
  if (boot % 2 == 1) {
    close_door();
  } else {
    report_door();
  }
  return 5; /* it did not crash */
}
