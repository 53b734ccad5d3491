#include "memfault/panics/coredump.h"

#include <string.h>

#include "memfault/panics/coredump_impl.h"

#include "coredump_storage.h"
#include "environment.h"
#include "fixed_memory.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "regions.h"
#include "step.h"

#define SIZE_PREFILL 4369

static struct {
  uint8_t *memory;
  size_t size;
  sMemfaultCoredumpSaveInfo info;
  const char *failing_hook;
  uint64_t failing_call;
} s_state;

void module_reset(void) {
  environment_reset();
  fixed_memory_reset();
  memset(&s_state, 0, sizeof(s_state));
}

// Only a fault calls this, and no vector of this module has one.
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  (void)crash_info;
  (void)num_regions;
  step_abort("a fault");
}

static void prepare_storage(void) {
  s_state.size = (size_t)arg_uint("storage_size");
  s_state.memory = guarded_buffer(
    s_state.size, arg_given("storage_init_rest") ? (uint8_t)arg_uint("storage_init_rest") : 0);
  size_t len;
  const uint8_t *content = arg_bytes("storage_init", &len);
  memcpy(s_state.memory, content, len < s_state.size ? len : s_state.size);
  coredump_storage_attach(s_state.memory, s_state.size);
}

static void init(void) {
  prepare_storage();
  s_state.info.regs = arg_bytes("regs", &s_state.info.regs_size);
  s_state.info.trace_reason = (eMemfaultRebootReason)arg_uint("trace_reason");
  region_list all = { 0 };
  regions_append(&all, "arch_regions");
  regions_append(&all, "sdk_regions");
  const size_t of_the_library = all.count;
  regions_append(&all, "regions");
  s_state.info.regions = all.regions;
  // Without a region of the caller nothing is saved, whatever the library would add.
  s_state.info.num_regions = all.count == of_the_library ? 0 : all.count;
}

static void init_storage_check(void) {
  s_state.size = (size_t)arg_uint("storage_size");
  s_state.memory = guarded_buffer(s_state.size, 0x42);  // not erased
  coredump_storage_attach(s_state.memory, s_state.size);
  coredump_storage_fail("read", arg_uint("fail_read_nth"));
  coredump_storage_fail("write", arg_uint("fail_write_nth"));
  static const char *const kFlags[][2] = {
    { "port_begin", "port_save_begin" },
    { "platform_begin", "platform_save_begin" },
    { "erase_ok", "erase" },
  };
  for (size_t i = 0; i < sizeof(kFlags) / sizeof(kFlags[0]); i++) {
    if (!arg_bool(kFlags[i][0])) {
      coredump_storage_fail(kFlags[i][1], 0);
    }
  }
}

static void save(void) {
  if (s_state.failing_hook != NULL) {
    coredump_storage_fail(s_state.failing_hook, s_state.failing_call);
    s_state.failing_hook = NULL;
  }
  out_bool("ret", memfault_coredump_save(&s_state.info));
  coredump_storage_heal();
}

static void has_valid_coredump(void) {
  size_t size = SIZE_PREFILL;
  out_bool("ret", memfault_coredump_has_valid_coredump(&size));
  out_uint("size", size);
}

static void read_back(void) {
  const size_t len = (size_t)arg_uint("len");
  uint8_t *buffer = guarded_buffer(len, 0x5A);
  const bool ret = memfault_coredump_read((uint32_t)arg_uint("offset"), buffer, len);
  out_bool("ret", ret);
  if (ret) {
    out_bytes("data", buffer, len);
  }
}

static void poke(void) {
  const size_t offset = (size_t)arg_uint("offset");
  if (offset >= s_state.size) {
    step_abort("outside of the storage");
  }
  s_state.memory[offset] = (uint8_t)arg_uint("byte");
}

// What a step left in the storage that is not run.
static void overwrite(void) {
  size_t len;
  const uint8_t *data = arg_bytes("data", &len);
  memcpy(s_state.memory, data, len < s_state.size ? len : s_state.size);
  coredump_storage_attach(s_state.memory, s_state.size);
}

void module_step(void) {
  if (step_is("init")) {
    init();
    return;
  }
  if (step_is("storage")) {
    init_storage_check();
    return;
  }
  if (step_is("overwrite")) {
    overwrite();
  } else if (step_is("get_save_size")) {
    out_uint("ret", memfault_coredump_get_save_size(&s_state.info));
  } else if (step_is("save")) {
    save();
  } else if (step_is("has_valid_coredump")) {
    has_valid_coredump();
  } else if (step_is("read")) {
    read_back();
  } else if (step_is("poke")) {
    poke();
  } else if (step_is("clear")) {
    memfault_platform_coredump_storage_clear();
  } else if (step_is("inject")) {
    s_state.failing_hook = arg_text("what");
    s_state.failing_call = arg_given("nth") ? arg_uint("nth") : 0;
  } else if (step_is("begin")) {
    out_bool("ret", memfault_coredump_storage_debug_test_begin());
  } else if (step_is("finish")) {
    out_bool("ret", memfault_coredump_storage_debug_test_finish());
  } else if (!environment_step()) {
    step_abort("unknown operation");
  }
  coredump_storage_out_change();
}
