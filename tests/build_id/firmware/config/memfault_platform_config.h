/* Nothing but the OS of the build-id record; MEMFAULT_USE_GNU_BUILD_ID comes from CMakeLists.txt. */
#pragma once

#define MEMFAULT_OS_VERSION_NAME "test-os"
#define MEMFAULT_OS_VERSION_STRING "4.5"
