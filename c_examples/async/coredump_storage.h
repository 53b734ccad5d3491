/*
 * Coredumps in the slow flash: written by the fault handler, which waits for the flash, and read by
 * the packetizer, which cannot. The hooks of the SDK are in coredump_storage.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest chunk that may be announced below. */
#define COREDUMP_STORAGE_MAX_CHUNK 1500

/*
 * Makes sure that the bytes which the next chunk can take are in RAM. True: a read of the flash is
 * on its way, come back after the next interrupt. False: call memfault_packetizer_get_chunk() now,
 * with a buffer of at most `next_chunk_size` bytes. The size may differ from call to call.
 */
bool coredump_storage_prefetch(size_t next_chunk_size);

/* What the SDK read, for the test of this example. */
typedef struct {
  uint32_t offset;
  size_t len;
} coredump_storage_read_t;

/* Copies up to `max_reads` of the reads since the last call, oldest first, and forgets all of them.
 * Returns how many there were. */
size_t coredump_storage_take_reads(coredump_storage_read_t *reads, size_t max_reads);
