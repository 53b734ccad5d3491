/* The heartbeat's timer, driven by the board's tick interrupt. */
#pragma once

#include <stdbool.h>

/* Makes the heartbeat if it is time for it. Call this from the main loop. Returns true if it did. */
bool heartbeat_timer_poll(void);
