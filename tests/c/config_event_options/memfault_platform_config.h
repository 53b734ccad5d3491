/* For test_event_options.c. */
#pragma once

#define MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED 1
#define MEMFAULT_EVENT_STORAGE_RESTORE_STATE 1
