/* Defaults, but a heartbeat of many metrics. */
#pragma once

#define MEMFAULT_EVENT_INCLUDE_BUILD_ID 0
