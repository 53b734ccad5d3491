/*
 * The addresses of all public functions. The link without the SDK has a table of the same length,
 * so that the table itself is no part of what the SDK costs.
 *
 * api_names.inc is written by xtask: a line API(name) per function, out of benches/baseline.json.
 * The SDK's headers are not included here: only addresses matter, so all have the same type.
 */
#include "app_api_table.h"

#define API(name) extern void name(void);
#include "api_names.inc"
#undef API

app_function *const g_api_table[] = {
#if BENCH_WITH_SDK
#define API(name) name,
#else
#define API(name) 0,
#endif
#include "api_names.inc"
#undef API
};

const size_t g_api_table_len = sizeof(g_api_table) / sizeof(g_api_table[0]);
