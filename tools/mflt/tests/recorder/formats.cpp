#include "formats.h"

#include <cstddef>
#include <cstdint>

#include "memfault/core/debug_log.h"
#include "memfault/core/log.h"

void log_formats_of_cpp() {
#define F(...) MEMFAULT_LOG_SAVE(kMemfaultPlatformLogLevel_Info, __VA_ARGS__);
#include "formats.inc"
#undef F
}
