//! `memfault/core/task_watchdog_impl.h` (spec 30 section 12.2): inside the task watchdog. Tools find the object by name in a coredump, so
//! layout and name are fixed.

use crate::diagnostics::task_watchdog::Channel;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stddef.h>
// | #include <stdint.h>
// |
// | #include "memfault/config.h"
// | #include "memfault/core/task_watchdog.h"
// |
// | /** States of a channel. */
// | enum MemfaultTaskWatchdogChannelState {
// |   /** Cannot expire. */
// |   kMemfaultTaskWatchdogChannelState_Stopped = 0,
// |   /** Its time runs. */
// |   kMemfaultTaskWatchdogChannelState_Started,
// |   /** Never stored. */
// |   kMemfaultTaskWatchdogChannelState_Expired,
// | };
// |
// | /** A channel. */
// | struct MemfaultTaskWatchdogChannel {
// |   /** When it was started or fed last: milliseconds since boot, low 32 bits. */
// |   uint32_t fed_time_ms;
// |   /** What it does. */
// |   enum MemfaultTaskWatchdogChannelState state;
// | };
// |
// | /** All channels. */
// | typedef struct MemfaultTaskWatchdogInfo {
// |   /** By their numbers. */
// |   struct MemfaultTaskWatchdogChannel channels[kMemfaultTaskWatchdogChannel_NumChannels];
// | } sMemfaultTaskWatchdogInfo;
// |
// | /** The channels of the firmware. Exists with MEMFAULT_TASK_WATCHDOG_ENABLE. */
// | extern sMemfaultTaskWatchdogInfo g_memfault_task_channel_info;

/// The channels and their number, as the C unit has them.
#[repr(C)]
struct ChannelTable {
    channels: *const Channel,
    num_channels: usize,
}

// SAFETY: a constant table of the C unit, and what it leads to is made of cells.
unsafe impl Sync for ChannelTable {}

unsafe extern "C" {
    safe static g_memfault_rs_task_channels: ChannelTable;
}

/// All channels; the object lies where this slice does.
pub fn channels() -> &'static [Channel] {
    // Volatile, as no constant of this build may stand in for what only the firmware's build knows.
    // SAFETY: a constant of the C unit.
    let table = unsafe { ptr::read_volatile(&raw const g_memfault_rs_task_channels) };
    if table.num_channels == 0 {
        return &[];
    }
    // SAFETY: the table says that so many lie there; `Channel` has the layout of the C struct and is made of cells.
    unsafe { core::slice::from_raw_parts(table.channels, table.num_channels) }
}

/// The channel of this number, if there is one.
pub(super) fn channel(id: u32) -> Option<&'static Channel> {
    channels().get(id as usize)
}
