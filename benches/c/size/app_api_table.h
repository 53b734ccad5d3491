/* The table of level 5. It is in a unit of its own, so that the loop over it stays a loop. */
#pragma once

#include <stddef.h>

typedef void(app_function)(void);

extern app_function *const g_api_table[];
extern const size_t g_api_table_len;
