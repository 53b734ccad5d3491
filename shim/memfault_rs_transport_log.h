#pragma once

//! Called by the library, defined in memfault_rs_transport_log.c. Not for firmware.

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

void memfault_rs_log_packetizer_read_failed(uint32_t offset, uint32_t len, uint32_t message_type);
void memfault_rs_log_packetizer_bad_argument(void);
void memfault_rs_log_packetizer_buffer_too_small(uint32_t len);
void memfault_rs_log_packetizer_no_chunk(uint32_t status);

#ifdef __cplusplus
}
#endif
