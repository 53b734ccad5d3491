/* For tests of trace events (spec 20, chapter 10). */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/** Forgets the storage and the event that waits in the interrupt's slot. */
void memfault_trace_event_reset(void);

#ifdef __cplusplus
}
#endif
