// A scripted non-volatile store behind the event storage, for builds with that option. Its calls
// are recorded as `nv.enabled`, `nv.has_event`, `nv.read`, `nv.consume`, `nv.write`, and the
// persist hook as `persist_cb`.
#pragma once

#include <stdbool.h>
#include <stddef.h>

void nv_store_reset(void);

// `read_piece`: `write` fetches the message in pieces of so many bytes, 0 = at once.
// `persist_inside_callback`: the persist hook calls `memfault_event_storage_persist`.
void nv_store_configure(size_t read_piece, bool persist_inside_callback);

void nv_store_set_enabled(bool enabled);
void nv_store_set_write_ok(bool ok);
