//! The start of every integration: copy this folder into your firmware and go through the TODOs.
//! docs/porting.md has the order of work. As it is, it compiles for any target, and on a Cortex-M
//! it takes coredumps.
//!
//! To be linked with it: the library, for coredumps a storage such as
//! ports/panics/src/memfault_platform_ram_backed_coredump.c, and the port of your operating system
//! (ports/freertos, ports/posix), if there is one. What a port defines too is weak here.

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "memfault/components.h"
#include "memfault/ports/reboot_reason.h"

// Who the device is. -----------------------------------------------------------------------------

//! Called for everything that is sent, from any context, so it only stores pointers. The strings
//! must stay where they are for ever; make them at start-up if they have to be made.
void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {
  *info = (sMemfaultDeviceInfo) {
    // TODO: unique per device: [A-Za-z0-9_-], for instance the chip's id in hexadecimal.
    .device_serial = "TEMPLATE-0001",
    // TODO: which of the product's programs this is, such as "main" or "bootloader".
    .software_type = "app",
    // TODO: the version; sorted by the rules of semantic versioning.
    .software_version = "0.0.1",
    // TODO: the board, with its revision.
    .hardware_version = "template-a",
  };
}

// Output. ----------------------------------------------------------------------------------------

static void prv_print(const char *prefix, const char *fmt, va_list args) {
  // The longest line is exported data; the buffer is on the stack, as any task may come here.
  char line[MEMFAULT_DATA_EXPORT_BASE64_CHUNK_MAX_LEN + 1];
  vsnprintf(line, sizeof(line), fmt, args);
  // TODO: your UART, RTT or log system, if that is not where printf goes.
  printf("%s%s\n", prefix, line);
}

//! One line of the log, without its end. Called from any context that logs; by the SDK also in
//! interrupts and with the SDK's lock held.
void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  const char *prefix = "[D] ";
  if (level == kMemfaultPlatformLogLevel_Error) {
    prefix = "[E] ";
  } else if (level == kMemfaultPlatformLogLevel_Warning) {
    prefix = "[W] ";
  } else if (level == kMemfaultPlatformLogLevel_Info) {
    prefix = "[I] ";
  }
  va_list args;
  va_start(args, fmt);
  prv_print(prefix, fmt, args);
  va_end(args);
}

//! The same without a level: data that is exported as text, and what the demo shell prints.
void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  prv_print("", fmt, args);
  va_end(args);
}

// Time. ------------------------------------------------------------------------------------------

//! Milliseconds since boot, sleep included; never goes back. Called from any context.
MEMFAULT_WEAK uint64_t memfault_platform_get_time_since_boot_ms(void) {
  // TODO: a timer that runs on in sleep. Nobody should have to care about its wrap, so 64 bits.
  return 0;
}

//! The date, if the device knows it; what is sent is then dated by the device, not by its arrival.
//! Called with the SDK's lock held, and must not log.
bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  *time = (sMemfaultCurrentTime) {
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = {
      // TODO: seconds since 1970 in UTC, and return true. Not before the clock was set.
      .unix_timestamp_secs = 0,
    },
  };
  return false;
}

//! Starts a timer that calls `callback` every `period_sec` seconds, in a task or in the main loop:
//! a heartbeat takes the lock and is too long for an interrupt.
MEMFAULT_WEAK bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                                        MemfaultPlatformTimerCallback *callback) {
  (void)period_sec;
  (void)callback;
  // TODO: a software timer of the operating system, or a flag that the main loop looks at.
  return false;
}

//! Called right before each heartbeat: the place for what is measured, not counted.
void memfault_metrics_heartbeat_collect_data(void) {
  // TODO: MEMFAULT_METRIC_SET_UNSIGNED(...), with the port of an operating system also its metrics
  // (memfault_freertos_port_task_runtime_metrics()).

  // This heartbeat reports them; the next boot counts anew.
  memfault_reboot_tracking_reset_crash_count();
}

// Threads. ---------------------------------------------------------------------------------------

// TODO: with an operating system, and without a port for it, define memfault_lock() and
// memfault_unlock() as a recursive mutex that works before the scheduler starts. Without one
// nothing is needed, unless interrupts save log lines: then mask interrupts.

// Restarts. --------------------------------------------------------------------------------------

//! Restarts the chip; must not return. Called after a coredump, and by the firmware itself.
MEMFAULT_NORETURN void memfault_platform_reboot(void) {
#if MEMFAULT_COMPILER_ARM_CORTEX_M
  // System reset by the Application Interrupt and Reset Control Register, on every Cortex-M.
  __asm volatile("dsb" ::: "memory"); // the coredump is written before the reset comes
  *(volatile uint32_t *)0xE000ED0Cu = 0x05FA0004u;
#else
  // TODO: restart the chip. Until then the watchdog does it, if there is one.
#endif
  while (1) {
  }
}

// What happened before the restart. The linker script has to put the section into RAM that nobody
// clears, neither the start-up code nor a boot loader, and at the same address in every version of
// the firmware:
//
//   .noinit (NOLOAD) : {
//     KEEP(*(.noinit.mflt_reboot_info))
//     *(.noinit*)                         /* .noinit.mflt_coredump */
//   } > RAM
MEMFAULT_PUT_IN_SECTION(".noinit.mflt_reboot_info")
static uint8_t s_reboot_tracking[MEMFAULT_REBOOT_TRACKING_REGION_SIZE];

//! Why the hardware says that it restarted.
MEMFAULT_WEAK void memfault_reboot_reason_get(sResetBootupInfo *info) {
  // TODO: read the reset-cause register of the chip and clear it. Its value goes into the first
  // member, what it means into the second: kMfltRebootReason_PowerOnReset, _PinReset,
  // _SoftwareReset, _HardwareWatchdog, _BrownOutReset, ...
  *info = (sResetBootupInfo) {
    .reset_reason_reg = 0,
    .reset_reason = kMfltRebootReason_Unknown,
  };
}

//! First of all calls of the SDK.
void memfault_platform_reboot_tracking_boot(void) {
  sResetBootupInfo reset_info = { 0 };
  memfault_reboot_reason_get(&reset_info);
  memfault_reboot_tracking_boot(s_reboot_tracking, &reset_info);
#if MEMFAULT_ENABLE_REBOOT_DIAG_DUMP
  sMfltRebootReason reason;
  if (memfault_reboot_tracking_get_reboot_reason(&reason) == 0) {
    MEMFAULT_LOG_INFO("Reset Cause Stored: 0x%04x", (unsigned)reason.prior_stored_reason);
  }
#endif
}

// Coredumps (component panics). ------------------------------------------------------------------

// TODO: the RAM of the chip, as in the linker script; with several, one row each below.
#ifndef RAM_START
  #define RAM_START 0x20000000u
  #define RAM_SIZE 0x10000u
#endif

//! How many bytes from `start_addr` on can be read, at most `desired_size`. A crash may have left
//! any pointer; reading outside of memory is a second fault, which nobody handles.
size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  static const struct {
    uintptr_t start;
    size_t size;
  } s_memories[] = {
    { RAM_START, RAM_SIZE },
  };
  const uintptr_t address = (uintptr_t)start_addr;
  for (size_t i = 0; i < MEMFAULT_ARRAY_SIZE(s_memories); i++) {
    if (address >= s_memories[i].start && address - s_memories[i].start < s_memories[i].size) {
      return MEMFAULT_MIN(desired_size, s_memories[i].size - (address - s_memories[i].start));
    }
  }
  return 0;
}

// What a coredump contains: memfault_platform_coredump_get_regions(). The RAM-backed storage brings
// one, with the top of the stack that was in use, which is enough for a backtrace.
// TODO: one of your own that adds variables, and the tasks of the operating system
// (memfault_freertos_get_task_regions()).

// Start. -----------------------------------------------------------------------------------------

//! Call it early in main(), as soon as output works; with an operating system after the boot call
//! of its port. Returns 0, or -1 if something of it does not work, which the log tells.
int memfault_platform_boot(void) {
  memfault_build_info_dump();
  memfault_device_info_dump();
  int rv = 0;

  // The order matters: what was noted before the restart, then room for events, then those who
  // store some. Events wait here until they are sent; one that finds no room is dropped.
  memfault_platform_reboot_tracking_boot();
  static uint8_t s_event_storage[1024];
  const sMemfaultEventStorageImpl *const storage =
    memfault_events_storage_boot(s_event_storage, sizeof(s_event_storage));
  if (memfault_trace_event_boot(storage) != 0) {
    MEMFAULT_LOG_ERROR("No trace events");
    rv = -1;
  }
  if (memfault_reboot_tracking_collect_reset_info(storage) != 0) {
    MEMFAULT_LOG_ERROR("No reboot event");
    rv = -1;
  }

  // The last lines of the log, for coredumps and for memfault_log_trigger_collection(). Optional.
  static uint8_t s_log_storage[512];
  if (!memfault_log_boot(s_log_storage, sizeof(s_log_storage))) {
    MEMFAULT_LOG_ERROR("No log buffer");
    rv = -1;
  }

  // Take this out if the component metrics is not part of the build.
  const sMemfaultMetricBootInfo boot_info = {
    .unexpected_reboot_count = (uint32_t)memfault_reboot_tracking_get_crash_count(),
  };
  if (memfault_metrics_boot(storage, &boot_info) != 0) {
    MEMFAULT_LOG_ERROR("No heartbeats: there is no timer yet");
    rv = -1;
  }

  MEMFAULT_LOG_INFO("Memfault Initialized!");
  return rv;
}

// Sending. ---------------------------------------------------------------------------------------

// TODO: whenever the device is connected, take chunks and send them, whole and in order:
//
//   uint8_t chunk[200];                       // whatever the link can carry, 9 bytes or more
//   size_t len = sizeof(chunk);
//   while (memfault_packetizer_get_chunk(chunk, &len)) {
//     my_link_send(chunk, len);
//     len = sizeof(chunk);
//   }
//
// On the desk, memfault_data_export_dump_chunks() prints them as lines that `mflt decode` reads.
