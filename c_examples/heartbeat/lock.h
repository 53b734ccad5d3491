/* The product: a door lock with a keypad, a motor, a radio and a battery, all of them played. */
#pragma once

/* What happens between two heartbeats; `round` counts from 0. Returns 0, or -1 if a session could
 * not be reported. */
int lock_live_through(int round);

/* Receives some of an update, and leaves its session open. */
void lock_begin_update(void);
