//! The record that tells the cloud and the host tools which build this is (spec 20, 14.1).
//!
//! C, because it holds the firmware's OS version and, with MEMFAULT_USE_GNU_BUILD_ID, the address
//! of the linker's note. A tool finds both objects by name in the linked ELF and patches them
//! there: they need contents in the file (never .bss), and the library reads them as volatile.

#include "../include/private/memfault_build_id_private.h"

#include "memfault/config.h"
#include "memfault/core/build_info.h"

#if defined(MEMFAULT_OS_VERSION_NAME) != defined(MEMFAULT_OS_VERSION_STRING)
  #error "define both MEMFAULT_OS_VERSION_NAME and MEMFAULT_OS_VERSION_STRING, or neither"
#endif

#if defined(MEMFAULT_OS_VERSION_NAME)

// The firmware says it itself.

#elif defined(__ZEPHYR__)

  #if defined(__has_include)
    #if __has_include("ncs_version.h")
      #include "ncs_version.h"
      #define MEMFAULT_OS_VERSION_NAME "ncs"
      #define MEMFAULT_OS_VERSION_STRING NCS_VERSION_STRING
    #elif __has_include(<zephyr/version.h>)
      #include <zephyr/version.h>
    #else
      #include <version.h>
    #endif
  #else
    #include <version.h>
  #endif
  #if !defined(MEMFAULT_OS_VERSION_NAME)
    #define MEMFAULT_OS_VERSION_NAME "zephyr"
    #define MEMFAULT_OS_VERSION_STRING KERNEL_VERSION_STRING
  #endif

#elif defined(ESP_PLATFORM)

  #include "esp_idf_version.h"
  // A build tree without git history has a placeholder instead of a version. Git makes versions of
  // any length, none of which starts with a capital letter.
  #define ESP_IDF_HAS_NO_GIT_VERSION \
    (sizeof(IDF_VER) == sizeof("HEAD-HASH-NOTFOUND") && (IDF_VER)[0] == 'H')
  #define MEMFAULT_OS_VERSION_NAME "esp-idf"
  #define MEMFAULT_OS_VERSION_STRING                                      \
    (ESP_IDF_HAS_NO_GIT_VERSION                                           \
       ? MEMFAULT_EXPAND_AND_QUOTE(ESP_IDF_VERSION_MAJOR) "."             \
         MEMFAULT_EXPAND_AND_QUOTE(ESP_IDF_VERSION_MINOR) "."             \
         MEMFAULT_EXPAND_AND_QUOTE(ESP_IDF_VERSION_PATCH)                 \
       : IDF_VER)

#else

  #define MEMFAULT_OS_VERSION_NAME ""
  #define MEMFAULT_OS_VERSION_STRING ""

#endif

// The first byte is not 0, so that no compiler moves the array to .bss.
#if !MEMFAULT_USE_GNU_BUILD_ID
MEMFAULT_BUILD_ID_QUALIFIER uint8_t g_memfault_sdk_derived_build_id[MEMFAULT_BUILD_ID_LEN] = { 1 };
#else
extern uint8_t MEMFAULT_GNU_BUILD_ID_SYMBOL[];
#endif

MEMFAULT_BUILD_ID_QUALIFIER sMemfaultBuildIdStorage g_memfault_build_id = {
#if MEMFAULT_USE_GNU_BUILD_ID
  .type = kMemfaultBuildIdType_GnuBuildIdSha1,
  // QUIRK: the length of the note's header and not of the id.
  .len = sizeof(sMemfaultElfNoteSection),
  .storage = MEMFAULT_GNU_BUILD_ID_SYMBOL,
#else
  .type = kMemfaultBuildIdType_None,
  .len = sizeof(g_memfault_sdk_derived_build_id),
  .storage = g_memfault_sdk_derived_build_id,
#endif
  .short_len = MEMFAULT_EVENT_INCLUDED_BUILD_ID_SIZE_BYTES,
  .sdk_version = MEMFAULT_SDK_VERSION,
  .os_version = { .name = MEMFAULT_OS_VERSION_NAME, .version = MEMFAULT_OS_VERSION_STRING },
};
