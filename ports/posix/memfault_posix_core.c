//! POSIX port: lock, clocks, log, end of the program (hooks of spec 60, 11.1).
//!
//! The firmware still defines memfault_platform_get_device_info(). None of this, and nothing else
//! of the SDK, may be called in a signal handler.

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "memfault/core/arch.h"
#include "memfault/core/compiler.h"
#include "memfault/core/platform/core.h"
#include "memfault/core/platform/debug_log.h"
#include "memfault/core/platform/overrides.h"
#include "memfault/core/platform/system_time.h"
#include "memfault/ports/posix.h"

static pthread_mutex_t s_mutex;
static pthread_once_t s_mutex_made = PTHREAD_ONCE_INIT;

// PTHREAD_RECURSIVE_MUTEX_INITIALIZER is not portable.
static void prv_make_mutex(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&s_mutex, &attributes);
  pthread_mutexattr_destroy(&attributes);
}

void memfault_lock(void) {
  pthread_once(&s_mutex_made, prv_make_mutex);
  pthread_mutex_lock(&s_mutex);
}

void memfault_unlock(void) {
  pthread_mutex_unlock(&s_mutex);
}

bool memfault_arch_is_inside_isr(void) {
  return false;
}

MEMFAULT_WEAK void memfault_platform_halt_if_debugging(void) {
}

//! Since the machine started, which is longer than the program runs; only differences matter.
uint64_t memfault_platform_get_time_since_boot_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) {
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || now.tv_sec < 0) {
    return false;
  }
  *time = (sMemfaultCurrentTime) {
    .type = kMemfaultCurrentTimeType_UnixEpochTimeSec,
    .info = { .unix_timestamp_secs = (uint64_t)now.tv_sec },
  };
  return true;
}

// One write per line, so that lines of several threads do not mix.
static void prv_print(FILE *stream, const char *prefix, const char *fmt, va_list args) {
  flockfile(stream);
  fputs(prefix, stream);
  vfprintf(stream, fmt, args);
  fputc('\n', stream);
  funlockfile(stream);
}

//! To stderr, with a letter for the level.
void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {
  static const char *const s_prefixes[] = { "[D] ", "[I] ", "[W] ", "[E] " };
  const unsigned index = (unsigned)level;
  va_list args;
  va_start(args, fmt);
  prv_print(stderr, (index < 4) ? s_prefixes[index] : "[?] ", fmt, args);
  va_end(args);
}

//! To stdout: exported data, and what a shell prints.
void memfault_platform_log_raw(const char *fmt, ...) {
  va_list args;
  va_start(args, fmt);
  prv_print(stdout, "", fmt, args);
  va_end(args);
}

//! Ends the program; whoever supervises it starts it again.
MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  fflush(stdout);
  // Not exit(): other threads still run, and their data would be torn down under them.
  _exit(MEMFAULT_PORT_POSIX_REBOOT_EXIT_CODE);
}
