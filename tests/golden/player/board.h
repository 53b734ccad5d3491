// The emulated Cortex-M4.
#pragma once

// Runs a function in an exception handler, and comes back when it is done.
void board_run_in_exception(void (*function)(void));
