#pragma once

/* The shortest that there is, as the test waits for it. */
#define MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS 1
