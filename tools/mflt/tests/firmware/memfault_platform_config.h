#pragma once

#define MEMFAULT_COMPACT_LOG_ENABLE 1
#define MEMFAULT_EVENT_INCLUDE_DEVICE_SERIAL 1
#define MEMFAULT_METRICS_LOGS_ENABLE 0
// The SDK's own lines would be in the table of logs, with the places that they have today.
#define MEMFAULT_SDK_LOG_SAVE_DISABLE 1
#define MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE 1
