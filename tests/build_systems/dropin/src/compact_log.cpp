/* C++ code logs too. */
#include "memfault/components.h"

extern "C" void compact_log_cpp_example(void);

void compact_log_cpp_example(void) {
  const char *name = "c++";
  MEMFAULT_LOG_WARN("from %s, %u", name, 42u);
}
