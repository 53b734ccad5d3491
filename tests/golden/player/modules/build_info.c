#include "memfault/core/build_info.h"

#include <string.h>

#include "memfault/core/device_info.h"
#include "memfault/core/platform/device_info.h"

#include "environment.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

void module_reset(void) {
  environment_reset();
}

static void build_id_get_string(void) {
  const size_t buf_len = (size_t)arg_uint("buf_len");
  char *buffer = (char *)guarded_buffer(buf_len, 0x5A);
  const bool ret = memfault_build_id_get_string(buffer, buf_len);
  out_bool("ret", ret);
  if (ret) {
    const char *end = memchr(buffer, '\0', buf_len);
    if (end == NULL) {
      step_abort("the string has no end");
    }
    out_string("out", buffer);
    return;
  }
  for (size_t i = 0; i < buf_len; i++) {
    if (buffer[i] != 0x5A) {
      out_bool("output_changed_on_failure", true);
      return;
    }
  }
}

void module_step(void) {
  trace_calls(false);  // the vectors of this module do not show hooks
  if (environment_step()) {
    return;
  }
  if (step_is("create_unique_version_string")) {
    out_string("ret", memfault_create_unique_version_string(arg_text("version")));
  } else if (step_is("get_unique_version_string")) {
    out_string("ret", memfault_get_unique_version_string());
  } else if (step_is("build_id_get_string")) {
    build_id_get_string();
  } else if (step_is("build_info_dump")) {
    memfault_build_info_dump();
  } else if (step_is("device_info_dump")) {
    memfault_device_info_dump();
  } else {
    step_abort("unknown operation");
  }
}
