/*
 * Every operation of the flash fails once, and in every one the power is lost once with each of
 * many results, while a coredump is saved, looked for, sent, cleared, erased. Then the device
 * boots: what it presents as a coredump is complete and correct, one that was stored is there until
 * it is cleared, and the next crash is saved. A driver that programs what is not erased fails.
 *
 * Each life of the device is a process: it starts with fresh memory, only g_device outlives it.
 */
#define _DEFAULT_SOURCE /* fork() and mmap() with -std=c99 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "board.h"
#include "device.h"
#include "driver.h"
#include "memfault/core/data_packetizer.h"
#include "memfault/panics/coredump.h"

/* Of so many results of a loss of power a second one is tried, while the next save erases. */
#define NUM_TWICE 32u

/* What is left when the power is lost, and what may be made of it. */
typedef struct {
  flash_content_t content;
  unsigned allowed;
  int required;
} wreck_t;

#define MAX_WRECKS 65536u

typedef struct {
  device_t device;
  wreck_t wrecks[MAX_WRECKS];
  uint32_t num_wrecks;
  uint32_t table[2 * MAX_WRECKS]; /* index + 1 by hash */
  uint32_t power_cuts;            /* wrecks, equal ones too */
} shared_t;

static shared_t *s_shared;
device_t *g_device;

typedef struct {
  const char *name;
  void (*before)(void); /* a life of its own; NULL for none */
  void (*during)(void); /* what is interrupted */
} scenario_t;

/* ---- Lives ---- */

/* Runs a life; false if it failed. */
static bool live(void (*life)(void)) {
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    life();
    fflush(stdout);
    _Exit(EXIT_SUCCESS);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == EXIT_SUCCESS;
}

static void save_1(void) {
  device_boot();
  (void)device_crash(1);
}

static void save_2(void) {
  device_boot();
  (void)device_crash(2);
}

static void save_too_large(void) {
  device_boot();
  (void)device_crash(IMAGE_TOO_LARGE);
}

static void send_1(void) {
  device_boot();
  (void)device_drain(1);
}

static void save_1_and_send(void) {
  save_1();
  (void)device_drain(1);
}

static void save_1_and_lose_power(void) {
  g_flash->failure = kFlashFailure_Partial;
  g_flash->fail_at = g_flash->operations + 9;
  save_1();
  g_flash->failure = kFlashFailure_None;
}

static void clear(void) {
  device_boot();
  memfault_platform_coredump_storage_clear();
}

/* Overwrites the storage, whatever it holds. */
static void test_storage(void) {
  device_boot();
  const uint32_t before = g_flash->operations;
  const bool passed = memfault_coredump_storage_debug_test_begin();
  const bool finished = memfault_coredump_storage_debug_test_finish();
  const bool failure = g_flash->failure != kFlashFailure_None && g_flash->fail_at >= before &&
                       g_flash->fail_at < g_flash->operations;
  if (!failure && !(passed && finished)) {
    device_fail("the storage test does not pass");
  }
}

static const scenario_t s_scenarios[] = {
  { "save", NULL, save_1 },
  { "save more than fits", NULL, save_too_large },
  { "save over one that was sent", save_1_and_send, save_2 },
  { "save over an interrupted one", save_1_and_lose_power, save_2 },
  { "save while one is unread", save_1, save_2 },
  { "send", save_1, send_1 },
  { "clear", save_1, clear },
  { "storage test", NULL, test_storage },
  { "storage test over an unread one", save_1, test_storage },
};

/* ---- Boot after a loss of power ---- */

static const wreck_t *s_wreck;

static void boot_wreck(void) {
  device_boot();
  const int found = device_look(s_wreck->allowed);
  if (s_wreck->required != 0 && found == 0) {
    device_fail("a coredump is lost");
  }
  if (memfault_packetizer_data_available() != (found != 0)) {
    device_fail("the packetizer sees another storage");
  }
  g_device->stored = found;
  if (found != 0 && !device_drain(found)) {
    device_fail("a coredump is not sent");
  }
  if (device_drain(0) || device_look(0) != 0) {
    device_fail("a coredump that was sent is still there");
  }
  if (!device_crash(IMAGE_NEXT) || device_look(1u << IMAGE_NEXT) == 0) {
    device_fail("the storage is blocked");
  }
}

/* The next crash after a loss of power, in which it may be lost again. */
static void save_on_wreck(void) {
  device_boot();
  g_device->stored = device_look(s_wreck->allowed);
  (void)device_crash(IMAGE_NEXT);
}

static void note_wreck(const flash_content_t *content) {
  shared_t *shared = s_shared;
  shared->power_cuts++;
  wreck_t *wreck = &shared->wrecks[shared->num_wrecks];
  memset(wreck, 0, sizeof(*wreck));
  wreck->content = *content;
  wreck->allowed = device_allowed();
  wreck->required = device_required();

  uint32_t hash = 2166136261u;
  const uint8_t *bytes = (const uint8_t *)wreck;
  for (size_t i = 0; i < sizeof(*wreck); i++) {
    hash = (hash ^ bytes[i]) * 16777619u;
  }
  uint32_t *slot = &shared->table[hash % (2 * MAX_WRECKS)];
  while (*slot != 0) {
    if (memcmp(&shared->wrecks[*slot - 1], wreck, sizeof(*wreck)) == 0) {
      return;
    }
    slot = slot == &shared->table[2 * MAX_WRECKS - 1] ? shared->table : slot + 1;
  }
  *slot = ++shared->num_wrecks;
  if (shared->num_wrecks == MAX_WRECKS) {
    device_fail("MAX_WRECKS is too small");
  }
}

/* What comes after the erase does not depend on what was there before. */
static void note_wreck_of_erase(const flash_content_t *content) {
  if (g_device->destroying) {
    note_wreck(content);
  }
}

/* ---- A failure without a loss of power ---- */

static void (*s_failing_life)(void);

/* Goes on after the failure as firmware does: the next crash in the same life, and another try
 * to send. */
static void live_with_failure(void) {
  s_failing_life();
  g_flash->failure = kFlashFailure_None;
  const int required = device_required();
  const int found = device_look(device_allowed());
  if (required != 0 && found == 0) {
    device_fail("a coredump is lost");
  }
  g_device->stored = found;
  g_device->destroying = false;
  if (device_crash(IMAGE_NEXT) != (found == 0)) {
    device_fail("after a failure the storage is blocked");
  }
  const int next = found != 0 ? found : IMAGE_NEXT;
  if (device_look(1u << next) == 0 || !device_drain(next)) {
    device_fail("after a failure nothing is sent");
  }
}

/* ---- Counting ---- */

static unsigned s_passed;
static unsigned s_failed;

static void count(bool ok, const scenario_t *scenario, const char *what, uint32_t number) {
  if (ok) {
    s_passed++;
    return;
  }
  s_failed++;
  printf("FAIL %s: %s: %s %u\n", g_driver_name, scenario->name, what, (unsigned)number);
}

/* The device in the state in which the scenario is interrupted. */
static bool prepare(const scenario_t *scenario) {
  memset(g_device, 0, sizeof(*g_device));
  flash_init(&g_device->flash, &g_driver_geometry);
  return scenario->before == NULL || live(scenario->before);
}

/* The device when it finds what was left; RAM is lost too. */
static void find_wreck(uint32_t index) {
  s_wreck = &s_shared->wrecks[index];
  memset(g_device, 0, sizeof(*g_device));
  flash_init(g_flash, &g_driver_geometry);
  g_flash->content = s_wreck->content;
}

static void boot_wrecks(const scenario_t *scenario, uint32_t first, const char *what) {
  for (uint32_t i = first; i < s_shared->num_wrecks; i++) {
    find_wreck(i);
    count(live(boot_wreck), scenario, what, i);
  }
}

static void run(const scenario_t *scenario) {
  count(prepare(scenario), scenario, "before", 0);
  const device_t start = *g_device;

  /* One undisturbed life shows all that a loss of power can leave. */
  s_shared->num_wrecks = 0;
  s_shared->power_cuts = 0;
  memset(s_shared->table, 0, sizeof(s_shared->table));
  g_flash->power_lost = note_wreck;
  count(live(scenario->during), scenario, "undisturbed", 0);
  note_wreck(&g_flash->content);
  g_flash->power_lost = NULL;
  const uint32_t operations = g_flash->operations - start.flash.operations;
  boot_wrecks(scenario, 0, "power lost");
  const uint32_t once = s_shared->num_wrecks;
  const uint32_t ways = s_shared->power_cuts;

  for (uint32_t i = 0; i < once; i += (once + NUM_TWICE - 1) / NUM_TWICE) {
    find_wreck(i);
    g_flash->power_lost = note_wreck_of_erase;
    count(live(save_on_wreck), scenario, "save after power was lost", i);
  }
  boot_wrecks(scenario, once, "power lost twice");
  const uint32_t twice = s_shared->num_wrecks - once;

  s_failing_life = scenario->during;
  for (uint32_t i = 0; i < 2 * operations; i++) {
    *g_device = start;
    g_flash->failure = i % 2 == 0 ? kFlashFailure_Clean : kFlashFailure_Partial;
    g_flash->fail_at = start.flash.operations + i / 2;
    count(live(live_with_failure), scenario, "failed operation", i / 2);
  }
  printf("%s: %s: %u operations, power lost in %u ways (%u different; twice: %u), %u failures\n",
         g_driver_name, scenario->name, (unsigned)operations, (unsigned)ways, (unsigned)once,
         (unsigned)twice, (unsigned)(2 * operations));
}

int main(void) {
  board_init();
  s_shared =
    mmap(NULL, sizeof(*s_shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (s_shared == MAP_FAILED) {
    perror("mmap");
    return EXIT_FAILURE;
  }
  g_device = &s_shared->device;
  for (size_t i = 0; i < sizeof(s_scenarios) / sizeof(s_scenarios[0]); i++) {
    run(&s_scenarios[i]);
  }
  printf("%u passed, %u failed\n", s_passed, s_failed);
  return s_failed == 0 && s_passed != 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
