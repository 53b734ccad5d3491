//! The log lines of the packetizer (spec 10 sections 6.1 and 8).
//!
//! They are compiled with the firmware, so that its log configuration (own macros, compact logs, no logs) holds for the SDK's own lines
//! too. The library calls them; one function per line, so that the linker drops what is not used.

#include "memfault/core/debug_log.h"
#include "memfault_rs_transport_log.h"

void memfault_rs_log_packetizer_read_failed(uint32_t offset, uint32_t len, uint32_t message_type) {
  MEMFAULT_LOG_ERROR("Read failed: offset %d, %d bytes, type 0x%x", (int)offset, (int)len,
                     (unsigned int)message_type);
}

void memfault_rs_log_packetizer_bad_argument(void) {
  MEMFAULT_LOG_ERROR("Packetizer: NULL argument");
}

void memfault_rs_log_packetizer_buffer_too_small(uint32_t len) {
  MEMFAULT_LOG_ERROR("Packetizer: buffer too small %d", (int)len);
}

void memfault_rs_log_packetizer_no_chunk(uint32_t status) {
  MEMFAULT_LOG_ERROR("Packetizer: no chunk, status %d", (int)status);
}
