/*
 * What the size apps share. Every app is built twice: with BENCH_WITH_SDK = 1 it calls the SDK,
 * with 0 it is the same code without the calls. The linker script keeps all of the app in both
 * links, so the difference between the two is what the SDK costs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(BENCH_WITH_SDK) || !defined(BENCH_WITH_METRICS) || !defined(BENCH_WITH_PANICS) || \
  !defined(BENCH_WITH_API_TABLE)
#error "BENCH_WITH_SDK, _METRICS, _PANICS and _API_TABLE have to be 0 or 1."
#endif

/* With the panics component, the coredump source is the SDK's and the fault handlers are linked. */
#define APP_HAS_FAULT_HANDLERS (BENCH_WITH_SDK && BENCH_WITH_PANICS)

#define MOCK_COREDUMP_LEN 128u
#define CHUNK_LEN 256u

extern uint8_t g_chunk[CHUNK_LEN];
extern volatile uint32_t g_sent_bytes;
extern volatile uint32_t g_tick;

/* Takes every chunk from the packetizer and "sends" it. */
void app_drain(void);

void app_send(const uint8_t *chunk, size_t len);

/* Level 3. */
void app_check_coredump_storage(void);
void app_assert_tick(void);

/* Level 5. */
void app_read_api_table(void);

int main(void);
