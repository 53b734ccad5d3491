/* Must not compile: the file with the trace reasons is not in the include path */
#define MEMFAULT_TRACE_REASON_USER_DEFS_FILE "no_such_file.def"
#include "memfault/core/trace_reason_user.h"
