/* What the examples share besides the board: the device they play, and the way out for chunks. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "memfault/core/event_storage.h"

/* Defined by each example: its name, which events carry as "software type". */
extern const char g_example_name[];

/* Buffer sizes that the examples drain with. 9 is the smallest allowed; 20 is a small BLE packet,
 * 244 a large one, 1500 an Ethernet frame. */
#define EXAMPLE_MTUS { 9, 20, 64, 244, 1500 }
#define EXAMPLE_MAX_MTU 1500

/* Where events wait until they are sent. Valid after memfault_platform_boot(). */
const sMemfaultEventStorageImpl *example_event_storage(void);

/*
 * Records four trace events: a plain one, one with a status code, one with a line of text, and one
 * from inside an interrupt. Returns 0, or -1 if they did not all arrive in event storage.
 */
int example_record_events(void);

/*
 * A chunk as one line of text: "MC:", the chunk in base64, ":". Works with any chunk size and is
 * fed piece by piece, so it needs no buffer of the chunk's size.
 */
typedef struct {
  uint8_t waiting[3]; /* base64 turns three bytes into four characters; these wait for company */
  size_t waiting_len;
} chunk_line_t;

void chunk_line_begin(chunk_line_t *line);
void chunk_line_append(chunk_line_t *line, const void *data, size_t data_len);
void chunk_line_end(chunk_line_t *line);

/* Our transport: sends one whole chunk, as a line on the UART. */
void user_transport_send_chunk_data(void *chunk_data, size_t chunk_data_len);
