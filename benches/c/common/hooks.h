/* What the benchmark programs set for the platform hooks. */
#pragma once

#include <stdint.h>

/* Returned by memfault_platform_get_time_since_boot_ms(). */
extern uint64_t g_time_since_boot_ms;
