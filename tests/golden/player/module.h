// What each file of the folder `modules` supplies; exactly one is linked into a player.
#pragma once

// State at the start of a vector.
void module_reset(void);

// Carries out the current step and reports its results.
void module_step(void);
