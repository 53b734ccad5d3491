//! POSIX port: a thread makes the heartbeats (spec 40, 19).

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "memfault/metrics/platform/timer.h"

typedef struct {
  unsigned number;
  uint32_t period_sec;
  MemfaultPlatformTimerCallback *callback;
} sTimer;

// Until `deadline` of the clock that nobody sets. clock_nanosleep() is not everywhere.
static void prv_sleep_until(const struct timespec *deadline) {
  for (;;) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct timespec rest = { deadline->tv_sec - now.tv_sec, deadline->tv_nsec - now.tv_nsec };
    if (rest.tv_nsec < 0) {
      rest.tv_sec -= 1;
      rest.tv_nsec += 1000000000L;
    }
    if (rest.tv_sec < 0) {
      return;
    }
    nanosleep(&rest, NULL);
  }
}

// Counts the calls of boot: the thread of an earlier one ends when it wakes up. Not cancelled,
// which might hit it inside the SDK.
static pthread_mutex_t s_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned s_newest;

static unsigned prv_newest(unsigned step) {
  pthread_mutex_lock(&s_mutex);
  s_newest += step;
  const unsigned newest = s_newest;
  pthread_mutex_unlock(&s_mutex);
  return newest;
}

static void *prv_run(void *argument) {
  const sTimer timer = *(sTimer *)argument;
  free(argument);
  struct timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  for (;;) {
    // From the last deadline, not from now, so that the periods do not grow by the time of the
    // work.
    deadline.tv_sec += (time_t)timer.period_sec;
    prv_sleep_until(&deadline);
    if (timer.number != prv_newest(0)) {
      return NULL;
    }
    timer.callback();
  }
}

//! False if the thread cannot be made. A second call replaces the first timer.
bool memfault_platform_metrics_timer_boot(uint32_t period_sec,
                                          MemfaultPlatformTimerCallback *callback) {
  if (period_sec == 0) {
    return false;
  }
  sTimer *const timer = malloc(sizeof(*timer)); // the thread frees it
  if (timer == NULL) {
    return false;
  }
  *timer = (sTimer) {
    .number = prv_newest(1),
    .period_sec = period_sec,
    .callback = callback,
  };
  pthread_t thread;
  if (pthread_create(&thread, NULL, prv_run, timer) != 0) {
    free(timer);
    return false;
  }
  pthread_detach(thread);
  return true;
}
