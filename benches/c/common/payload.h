/*
 * The four messages of 64 KiB that the drain rows send.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define PAYLOAD_LEN 65536u

typedef enum {
  kPayload_Zero,
  kPayload_Mix,
  kPayload_Random,
  kPayload_Words,
  kPayload_Count
} payload_kind;

/* The bytes of the payload that payload_fill() made last; 8-byte aligned. */
extern uint8_t g_payload[PAYLOAD_LEN];

void payload_fill(payload_kind kind);
const char *payload_name(payload_kind kind);
