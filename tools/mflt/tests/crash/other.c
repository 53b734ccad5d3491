// The test firmware on machines without exceptions of their own kind: there is one way to crash.

#include "pump.h"

void crash_here(void) {
  run();
}
