// Memory at addresses that the vectors tell: the first megabyte from 0x20000000.
#pragma once

#include <stddef.h>
#include <stdint.h>

// `len` bytes at that address. Ends the vector if they lie elsewhere.
uint8_t *fixed_memory(uint32_t address, size_t len);

// Fills all of it with zeros, as at the start of a vector.
void fixed_memory_reset(void);
