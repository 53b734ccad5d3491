#include "memfault/panics/platform/coredump.h"

#include <string.h>

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

static size_t s_granted;

void module_reset(void) {
  environment_reset();
  // The memory of the port outlives a reset.
  sMfltCoredumpStorageInfo info = { 0 };
  memfault_platform_coredump_storage_get_info(&info);
  memfault_platform_coredump_storage_erase(0, info.size);
}

size_t memfault_platform_sanitize_address_range(void *start_addr, size_t desired_size) {
  json_list *call = call_begin("sanitize");
  list_uint(call, (uintptr_t)start_addr);
  list_uint(call, desired_size);
  list_uint(call, s_granted);
  call_end();
  return s_granted;
}

static void get_regions(void) {
  s_granted = (size_t)arg_uint("granted");
  const sCoredumpCrashInfo crash = {
    .stack_address = (void *)(uintptr_t)arg_uint("stack_address"),
    .trace_reason = kMfltRebootReason_Assert,
  };
  size_t count = SIZE_MAX;
  const sMfltCoredumpRegion *regions = memfault_platform_coredump_get_regions(&crash, &count);
  out_uint("num", count);
  json_list list = { 0 };
  for (size_t i = 0; i < count; i++) {
    list_open(&list);
    list_uint(&list, regions[i].type);
    list_uint(&list, (uintptr_t)regions[i].region_start);
    list_uint(&list, regions[i].region_size);
    list_close(&list);
  }
  out_list("regions", &list);
}

static void read_back(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *buffer = guarded_buffer(len, 0x5A);
  const uint32_t offset = (uint32_t)arg_uint("offset");
  const bool ret = memfault_platform_coredump_storage_read(offset, buffer, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", buffer, len);
  }
}

void module_step(void) {
  if (step_is("write")) {
    size_t len;
    const uint8_t *data = arg_bytes("data", &len);
    const uint32_t offset = (uint32_t)arg_uint("offset");
    out_bool("ret", memfault_platform_coredump_storage_write(offset, data, len));
  } else if (step_is("erase")) {
    const uint32_t offset = (uint32_t)arg_uint("offset");
    const size_t len = (size_t)arg_uint("len");
    out_bool("ret", memfault_platform_coredump_storage_erase(offset, len));
  } else if (step_is("read")) {
    read_back();
  } else if (step_is("clear")) {
    memfault_platform_coredump_storage_clear();
  } else if (step_is("get_info")) {
    sMfltCoredumpStorageInfo info = { 0 };
    memfault_platform_coredump_storage_get_info(&info);
    out_uint("size", info.size);
    out_uint("sector_size", info.sector_size);
  } else if (step_is("get_regions")) {
    get_regions();
  } else {
    step_abort("unknown operation");
  }
}
