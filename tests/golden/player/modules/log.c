#include "memfault/core/log.h"

#include "environment.h"
#include "log_steps.h"
#include "module.h"
#include "step.h"

void module_reset(void) {
  log_steps_reset();
}

void module_step(void) {
  // `set_env` and draining are for other modules.
  if (!log_step() && !(step_is("env") && environment_step())) {
    step_abort("unknown operation");
  }
  log_out_changes();
}
