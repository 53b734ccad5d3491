/* The table of tasks, the regions of a coredump that are made of it, and heap statistics. */
#include <string.h>

#include "check.h"
#include "fake_freertos.h"
#include "memfault/components.h"
#include "memfault/core/heap_stats_impl.h"
#include "memfault/ports/freertos_coredump.h"
#include "platform.h"

#ifndef MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
  #define MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE 0
#endif

#define TASKS MEMFAULT_PLATFORM_MAX_TRACKED_TASKS
#define STACK_BYTES MEMFAULT_PLATFORM_TASK_STACK_SIZE_TO_COLLECT

/* Room for one more than the port may write. */
static sMfltCoredumpRegion s_regions[2 * TASKS + 3];

static void check_region(size_t index, const void *start, size_t size) {
  CHECK_EQ(s_regions[index].type, kMfltCoredumpRegionType_Memory);
  CHECK(s_regions[index].region_start == start);
  CHECK_EQ(s_regions[index].region_size, size);
}

/* Asks for regions with room for `room`. Nothing may be written behind it. */
static size_t regions(size_t room) {
  memset(s_regions, 0x5a, sizeof(s_regions));
  const sMfltCoredumpRegion untouched = s_regions[0];
  const size_t count = memfault_freertos_get_task_regions(s_regions, room);
  CHECK(count <= room);
  for (size_t i = count; i < MEMFAULT_ARRAY_SIZE(s_regions); i++) {
    CHECK(memcmp(&s_regions[i], &untouched, sizeof(untouched)) == 0);
  }
  return count;
}

/* Checks the two regions behind `count` others, if they are to be there. */
static size_t check_usage(size_t count, size_t found, TaskHandle_t *tasks, const size_t *unused) {
#if MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE
  CHECK_EQ(found, count + 2);
  CHECK_EQ(s_regions[count].region_size, TASKS * sizeof(void *));
  CHECK(memcmp(s_regions[count].region_start, tasks, TASKS * sizeof(void *)) == 0);
  CHECK_EQ(s_regions[count + 1].region_size, TASKS * sizeof(uint32_t));
  for (size_t i = 0; i < TASKS; i++) {
    if (tasks[i] != NULL) {
      uint32_t bytes;
      memcpy(&bytes, (const uint8_t *)s_regions[count + 1].region_start + i * sizeof(bytes),
             sizeof(bytes));
      CHECK_EQ(bytes, unused[i]);
    }
  }
#else
  (void)tasks;
  (void)unused;
  CHECK_EQ(found, count);
#endif
  return found;
}

static void test_tasks(void) {
  CHECK_EQ(memfault_freertos_get_task_regions(NULL, 5), 0);
  CHECK_EQ(regions(0), 0);

  /* Stacks of 100 words: 90 never used, all used, 1 left. The second one uses 5 words now. */
  TaskHandle_t tasks[TASKS] = { fake_create_task("a", 100, 10, 8),
                                fake_create_task("b", 100, 100, 5),
                                fake_create_task("c", 100, 99, 90) };
  const size_t unused[TASKS] = { 90 * sizeof(StackType_t), 0xffffffffu, sizeof(StackType_t) };
  const size_t tcb_size = EXPECTED_TCB_SIZE;
  size_t found = regions(MEMFAULT_ARRAY_SIZE(s_regions) - 1);
  check_usage(6, found, tasks, unused);
  for (size_t i = 0; i < 3; i++) {
    check_region(i, tasks[i], tcb_size);
    check_region(3 + i, tasks[i]->pxDummy1, STACK_BYTES);
  }

  /* What finds no room is left out; the two tables only come together. */
  for (size_t room = 1; room <= 8; room++) {
    const size_t wanted = (MEMFAULT_COREDUMP_COMPUTE_THREAD_STACK_USAGE && room == 8) ? 8
                          : (room < 6)                                                ? room
                                                                                      : 6;
    CHECK_EQ(regions(room), wanted);
  }

  /* A deleted task is gone, its place is used again. */
  fake_delete_task(tasks[1]);
  CHECK_EQ(regions(4), 4);
  check_region(1, tasks[2], tcb_size);
  tasks[1] = fake_create_task("d", 50, 20, 20);
  CHECK_EQ(regions(3), 3);
  check_region(1, tasks[1], tcb_size);
  check_region(2, tasks[2], tcb_size);
  memfault_freertos_trace_task_delete(&tasks); /* never created */

  /* Too many tasks: an error, and the port goes on without the last one. */
  tasks[3] = fake_create_task("e", 50, 20, 20);
  CHECK_EQ(g_platform.num_logs, 0);
  TaskHandle_t one_more = fake_create_task("f", 50, 20, 20);
  CHECK_EQ(g_platform.num_logs, 1);
  CHECK_EQ(g_platform.last_log_level, kMemfaultPlatformLogLevel_Error);
  CHECK(strcmp(g_platform.last_log, "Task registry full (4)") == 0);
  CHECK_EQ(regions(2 * TASKS), 2 * TASKS);
  fake_delete_task(one_more);

  /* A stack that cannot be read is skipped, a task that cannot be read is forgotten. */
  g_platform.unreadable[0] = tasks[0]->pxDummy1;
  g_platform.unreadable[1] = tasks[3];
  CHECK_EQ(regions(2 * TASKS - 3), 5);
  check_region(0, tasks[0], tcb_size);
  check_region(2, tasks[2], tcb_size);
  check_region(3, tasks[1]->pxDummy1, STACK_BYTES);
  check_region(4, tasks[2]->pxDummy1, STACK_BYTES);
  g_platform.unreadable[1] = NULL;
  CHECK_EQ(regions(4), 4);
  check_region(3, tasks[1]->pxDummy1, STACK_BYTES);

  /* As far as memory goes. */
  g_platform.readable_bytes = 12;
  CHECK_EQ(regions(4), 4);
  check_region(0, tasks[0], 12);
  check_region(3, tasks[1]->pxDummy1, 12);
  for (size_t i = 0; i < TASKS; i++) {
    fake_delete_task(tasks[i]);
  }
  CHECK_EQ(regions(1), 0);
}

static void test_heap(void) {
  memfault_heap_stats_reset();
  CHECK(memfault_heap_stats_empty());
  void *const block = pvPortMalloc(40);
  void *const other = pvPortMalloc(50);
  CHECK_EQ(g_memfault_heap_stats.in_use_block_count, 2);
  CHECK(g_memfault_heap_stats_pool[0].ptr == block);
  CHECK_EQ(g_memfault_heap_stats_pool[0].info.size, 40);
  CHECK_EQ(g_memfault_heap_stats_pool[0].info.in_use, 1);
  vPortFree(block);
  CHECK_EQ(g_memfault_heap_stats.in_use_block_count, 1);
  CHECK_EQ(g_memfault_heap_stats_pool[0].info.in_use, 0);
  vPortFree(NULL);
  g_fake.out_of_memory = true;
  CHECK(pvPortMalloc(10) == NULL);
  g_fake.out_of_memory = false;
  CHECK_EQ(g_memfault_heap_stats.in_use_block_count, 1);
  vPortFree(other);
}

int main(void) {
  g_platform.readable_bytes = SIZE_MAX;
  test_tasks();
  test_heap();
  check_finish();
}
