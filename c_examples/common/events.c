/* The events of the examples: what a door lock might have to tell about its day. */
#include "board.h"
#include "example.h"
#include "memfault/core/event_storage.h"
#include "memfault/core/trace_event.h"

static void button_interrupt(void) {
  /* An interrupt may not use event storage, so the SDK parks the event in a slot of its own. */
  MEMFAULT_TRACE_EVENT(button_pressed);
}

int example_record_events(void) {
  size_t used_before = memfault_event_storage_bytes_used();
  MEMFAULT_TRACE_EVENT(door_opened);
  MEMFAULT_TRACE_EVENT_WITH_STATUS(sensor_timeout, -110);
  MEMFAULT_TRACE_EVENT_WITH_LOG(radio_retry, "channel %d, rssi %d dBm", 11, -87);
  if (memfault_event_storage_bytes_used() <= used_before) {
    return -1;
  }

  used_before = memfault_event_storage_bytes_used();
  board_run_in_interrupt(button_interrupt);
  /* The slot holds one event. It reaches event storage with the next event, or by this call. */
  const int rv = memfault_trace_event_try_flush_isr_event();
  return (rv == 0 && memfault_event_storage_bytes_used() > used_before) ? 0 : -1;
}
