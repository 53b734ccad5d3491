// The storage that coredumps are saved to: memory that can be told to fail. Its hooks are recorded
// as `["get_info", size]`, `["read", offset, length, result]`, `["write", ...]`, `["erase", ...]`,
// `["clear"]`, `["port_save_begin", result]`, `["platform_save_begin", result]`.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Uses `size` bytes at `memory` from now on; nothing fails.
void coredump_storage_attach(uint8_t *memory, size_t size);

// The hooks are no longer recorded.
void coredump_storage_hide_calls(void);

// The hook of that name fails from now on: at its call number `nth`, counted from now (reads and
// writes), or always (the others).
void coredump_storage_fail(const char *hook, uint64_t nth);

// Nothing fails any more.
void coredump_storage_heal(void);

// Writes `storage`: the bytes that changed since the last call or since the storage was attached.
void coredump_storage_out_change(void);

// Writes `key`: the coredump that lies there, with `mask` of its register block and the address of
// the block of MPU regions set to 0. `block_key`, unless NULL: the register block alone.
void coredump_storage_out_image(const char *key, const char *block_key, const char *mask);
