/* The other end of the line: puts chunks together to messages (spec 10 section 17). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECEIVER_MAX_MESSAGE 1024

typedef struct {
  uint8_t message[RECEIVER_MAX_MESSAGE]; /* message header and payload of the last message */
  size_t message_len;
  size_t received; /* bytes of it that have arrived */
  int complete;    /* messages that arrived whole and with a good checksum */
  int errors;      /* chunks that were out of order, damaged or too long */
} receiver_t;

/* Takes one chunk, as delivered by the transport. */
void receiver_take_chunk(receiver_t *receiver, const uint8_t *chunk, size_t chunk_len);
