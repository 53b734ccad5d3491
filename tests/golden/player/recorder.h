// What the library did towards the outside during a step: hooks that ran, log lines, locks.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "step.h"

// Opens an entry of `calls`. Its arguments are added to the list that is returned, then `call_end`
// closes it. While tracing is off the entry goes nowhere.
json_list *call_begin(const char *name);
void call_end(void);

// Hooks are recorded only while this is on (it is at the start of each vector). Returns what it was
// before.
bool trace_calls(bool on);

// Writes `calls`, `logs`, the numbers of locks and of looks at the clock, and misuse of the lock to
// the results and starts anew.
void recorder_flush(void);

// What the clock of the device says, in milliseconds; 0 at the start of a vector.
void recorder_set_clock(uint64_t ms);

// State at the start of a vector.
void recorder_reset(void);
