//! The lines of the demo commands (spec 70, chapters 11 and 12).
//!
//! They are compiled with the firmware, so that its log configuration holds for the SDK's own lines
//! too. The library calls them; one function per place, so that the linker drops what is not used.
//! Where the macros expand to nothing, the arguments go unused.

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/debug_log.h"

//! Called by the library. Not for firmware.
void memfault_rs_log_demo_panics_disabled(void);
void memfault_rs_log_demo_metrics_disabled(void);
void memfault_rs_log_demo_no_coredump(void);
void memfault_rs_log_demo_coredump(size_t size);
void memfault_rs_log_demo_clearing_coredump(void);
void memfault_rs_log_demo_coredump_size(size_t size, size_t capacity);
void memfault_rs_log_demo_triggering(void);
void memfault_rs_log_demo_which_metrics(void);
void memfault_rs_log_demo_unknown_metrics(void);
void memfault_rs_log_demo_loadaddr_usage(void);
void memfault_rs_demo_load(uintptr_t address);

void memfault_rs_log_demo_panics_disabled(void) {
  MEMFAULT_LOG_RAW("Disabled. panics component integration required");
}

void memfault_rs_log_demo_metrics_disabled(void) {
  MEMFAULT_LOG_RAW("Disabled. metrics component integration required");
}

void memfault_rs_log_demo_no_coredump(void) {
  MEMFAULT_LOG_INFO("No coredump present!");
}

void memfault_rs_log_demo_coredump(size_t size) {
  (void)size;
  MEMFAULT_LOG_INFO("Has coredump with size: %d", (int)size);
}

void memfault_rs_log_demo_clearing_coredump(void) {
  MEMFAULT_LOG_INFO("Invalidating coredump");
}

void memfault_rs_log_demo_coredump_size(size_t size, size_t capacity) {
  (void)size, (void)capacity;
  MEMFAULT_LOG_INFO("Coredump size: %d, capacity: %d", (int)size, (int)capacity);
}

void memfault_rs_log_demo_triggering(void) {
  MEMFAULT_LOG_RAW("Triggering log collection");
}

void memfault_rs_log_demo_which_metrics(void) {
  MEMFAULT_LOG_RAW("Enter 'heartbeat' or 'sessions'");
}

void memfault_rs_log_demo_unknown_metrics(void) {
  MEMFAULT_LOG_RAW("Unknown option. Enter 'heartbeat' or 'sessions'");
}

void memfault_rs_log_demo_loadaddr_usage(void) {
  MEMFAULT_LOG_ERROR("Usage: loadaddr <addr>");
}

// Any address may be asked for: whether it can be read is for the processor to say.
void memfault_rs_demo_load(uintptr_t address) {
  const uint32_t value = *(const volatile uint32_t *)address;
  (void)value;
  MEMFAULT_LOG_INFO("Read 0x%08x from 0x%08lx", (unsigned int)value, (unsigned long)address);
}
