//! The hosts of the firmware's configuration (spec 70, section 2.1).
//!
//! They are compiled with the firmware, because the default of a host may be any expression that is
//! good at the place of use, not only a string literal.

#include "memfault/http/http_client.h"

//! Called by the library. Not for firmware.
const char *memfault_rs_http_chunks_host(void);
const char *memfault_rs_http_device_host(void);

const char *memfault_rs_http_chunks_host(void) {
  return MEMFAULT_HTTP_GET_CHUNKS_API_HOST();
}

const char *memfault_rs_http_device_host(void) {
  return MEMFAULT_HTTP_GET_DEVICE_API_HOST();
}
