//! Options of the Memfault SDK for this firmware.
//!
//! Every SDK file and the build of the library read this first. Preprocessor lines only: it is also
//! read by C++ and assembler. An option that is not here has its default; docs/configuration.md
//! lists all of them. Some that most firmware sets sooner or later:
#pragma once

// The linker's build id tells the receiver which ELF file explains the data. Needs -Wl,--build-id,
// and in the linker script, where read-only data goes:
//
//   __start_gnu_build_id_start = .;
//   KEEP(*(.note.gnu.build-id))
//
// #define MEMFAULT_USE_GNU_BUILD_ID 1

// Bytes of RAM for a coredump; whatever does not fit is cut off. Multiple of 4.
// #define MEMFAULT_PLATFORM_COREDUMP_STORAGE_RAM_SIZE 4096

// The last log lines in each coredump.
// #define MEMFAULT_COREDUMP_COLLECT_LOG_REGIONS 1

// Seconds between two heartbeats.
// #define MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS 3600

// Name of the interrupt that fires shortly before the watchdog resets the chip, as the vector table
// has it: then a hang leaves a coredump too.
// #define MEMFAULT_EXC_HANDLER_WATCHDOG WWDG_IRQHandler

// 1: log macros come from memfault_platform_log_config.h.
// #define MEMFAULT_PLATFORM_HAS_LOG_CONFIG 1
