/*
 * A storage driver under test. It defines memfault_platform_coredump_storage_write() and the
 * functions here; the other hooks of the storage are in device.c, which watches them.
 */
#pragma once

#include "device.h"

#define g_flash (&g_device->flash)

extern const char g_driver_name[];
extern const flash_geometry_t g_driver_geometry;
extern const uint32_t g_driver_storage_size;

bool driver_read(uint32_t offset, void *data, size_t len);
bool driver_erase(void);
void driver_clear(void);
