/* Version of the SDK whose interface this library implements (spec 30, chapter 16). It is part of
 * the build-id record, so it tells the cloud how to read the device's data; the version of the Rust
 * library is another one.
 */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint8_t major;
  uint8_t minor;
  uint8_t patch;
} sMfltSdkVersion;

/* Initialiser of an sMfltSdkVersion. C++17 has no designators. */
#ifdef __cplusplus
  #define MEMFAULT_SDK_VERSION \
    { 1, 43, 0 }
#else
  #define MEMFAULT_SDK_VERSION \
    { .major = 1, .minor = 43, .patch = 0 }
#endif

#define MEMFAULT_SDK_VERSION_STR "1.43.0"

#ifdef __cplusplus
}
#endif
