/* Configuration of the macro tests: everything that reads a file of the firmware is on. */
#pragma once

#define MEMFAULT_REBOOT_REASON_CUSTOM_ENABLE 1
#define MEMFAULT_TASK_WATCHDOG_ENABLE 1
