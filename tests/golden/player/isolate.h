// Runs each vector from power-up state.
#pragma once

// Reads the steps of one vector (up to the line `end`) and runs them from power-up state with
// `play`. `first_line` is the line that announced the vector.
void isolate_vector(char *first_line, char *(*next_line)(void), void (*play)(char *line));

// Ends the vector from inside `play`.
void end_vector(void) __attribute__((noreturn));
