// Steps of the log buffer that the modules `log` and `log_source` share.
#pragma once

#include <stdbool.h>

void log_steps_reset(void);

// Carries out a step of the log buffer. False: another step.
bool log_step(void);

// Shows what changed in the state of the log buffer and in its storage.
void log_out_changes(void);
