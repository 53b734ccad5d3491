/* The interval of the heartbeat is a setting of this firmware. */
#pragma once

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif
uint32_t test_interval_s(void);
#if defined(__cplusplus)
}
#endif
