/* SDK configuration of this example: that of the others, and what it takes to show heartbeats. */
#pragma once

#include "../../common/config/memfault_platform_config.h"

/* A product sends a heartbeat per hour, which is the default. Nobody wants to watch QEMU that long. */
#define MEMFAULT_METRICS_HEARTBEAT_INTERVAL_SECS 1

/* Metrics that the SDK offers ready-made. The battery's percentages come in tenths. */
#define MEMFAULT_METRICS_BATTERY_ENABLE 1
#define MEMFAULT_METRICS_BATTERY_SOC_PCT_SCALE_VALUE 10
#define MEMFAULT_METRICS_CONNECTIVITY_CONNECTED_TIME 1
#define MEMFAULT_METRICS_SYNC_SUCCESS 1
