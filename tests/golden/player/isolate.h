// Runs each vector from power-up state.
#pragma once

#include <stddef.h>

// Reads the steps of one vector (up to the line `end`) and runs them from power-up state with
// `play`. `first_line` is the line that announced the vector.
void isolate_vector(char *first_line, char *(*next_line)(void), void (*play)(char *line));

// Ends the vector from inside `play`.
void end_vector(void) __attribute__((noreturn));

// Zeroed memory of `size` bytes, the same at each call, that a step `next_boot` leaves alone. For all
// else, this step is power-up anew.
void *isolate_persistent_memory(size_t size);

#define PERSISTENT_MEMORY_SIZE 65536
