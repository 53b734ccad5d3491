/*
 * A model of an external NOR flash. Reads that are started finish later; what has to work with
 * interrupts off, in the fault handler, waits inside the call. A reset leaves the content alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOW_FLASH_SIZE 2048

/* Erases everything (bytes become 0xFF). Not while a read runs. */
void slow_flash_erase(void);

/* Programs bytes, which turns ones into zeroes only: false if a byte would need the opposite, or if
 * they do not fit. Not while a read runs. */
bool slow_flash_program(uint32_t offset, const void *data, size_t data_len);

/* Reads and waits for it, without interrupts; false if the range lies outside of the flash. */
bool slow_flash_read_now(uint32_t offset, void *destination, size_t len);

/*
 * Starts to read into `destination` and returns at once. `on_done` is called from the tick
 * interrupt when the bytes are there; before that, the destination holds rubbish. False if a read
 * is already running or the range lies outside of the flash.
 */
bool slow_flash_read(uint32_t offset, void *destination, size_t len, void (*on_done)(void));
