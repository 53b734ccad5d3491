// The platform of the event modules: identity, clock, interrupt state, and ways to drain what was
// stored.
#pragma once

#include <stdbool.h>
#include <stdint.h>

// Steps that several modules share: `env`, `set_env`, `set_isr`, `drain_chunks`, `drain_events`.
// False: another step.
bool environment_step(void);

void environment_reset(void);

// Takes identity and time from the arguments of the current step.
void environment_configure(void);

// What the clock says from now on, in seconds since 1970 if `type` is 1.
void environment_set_time(bool known, uint32_t type, uint64_t secs);

// The hooks for identity, time and interrupt state are no longer recorded.
void environment_hide_calls(void);

// `events`: the messages of the event source, which is empty then. Not written if there are none
// and `even_if_none` is false.
void environment_drain_events(bool even_if_none);

// Runs a function in the context that the vector asks for: on a board in an exception handler
// after `set_isr true`.
void environment_run(void (*function)(void));
