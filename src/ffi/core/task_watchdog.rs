//! `memfault/core/task_watchdog.h` (spec 30 section 12): task watchdog, finds a task that hangs while the system runs on.
//!
//! The channels are in a file that only the firmware's build sees, and the assert needs the addresses of its own place, so the
//! table of the channels and the check are C (`shim/memfault_rs_task_watchdog.c`). Without `MEMFAULT_TASK_WATCHDOG_ENABLE` all
//! functions are there and do nothing.

use super::platform::core::time_since_boot_ms;
use super::task_watchdog_impl::{channel, channels};
use crate::config::Config;
use crate::ffi::abi;
use crate::ffi::config::Firmware;

// C header:
// | #include <stddef.h>
// |
// | #include "memfault/config.h"
// |
// | /* A task starts a channel before it does something that could hang, feeds it on progress, and stops
// |  * it when done. Channels are lines MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(name) in
// |  * memfault_task_watchdog_config.def, without commas. Needs MEMFAULT_TASK_WATCHDOG_ENABLE.
// |  */
// | #define MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_) kMemfaultTaskWatchdogChannel_##channel_,
// |
// | /** The channels. */
// | typedef enum {
// | #if MEMFAULT_TASK_WATCHDOG_ENABLE
// |   #include "memfault_task_watchdog_config.def"
// | #else
// |   MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(placeholder_)
// | #endif
// |   /** Number of channels, not a channel. */
// |   kMemfaultTaskWatchdogChannel_NumChannels,
// | } eMemfaultTaskWatchdogChannel;
// |
// | /* From here on the enumerator of a channel given by its bare name. */
// | #undef MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE
// | #define MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_) kMemfaultTaskWatchdogChannel_##channel_
// |
// | /**
// |  * Start, feed and stop a channel given by its bare name. Nothing without
// |  * MEMFAULT_TASK_WATCHDOG_ENABLE.
// |  */
// | #if MEMFAULT_TASK_WATCHDOG_ENABLE
// |   #define MEMFAULT_TASK_WATCHDOG_START(channel_id_) \
// |     memfault_task_watchdog_start(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))
// |   #define MEMFAULT_TASK_WATCHDOG_FEED(channel_id_) \
// |     memfault_task_watchdog_feed(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))
// |   #define MEMFAULT_TASK_WATCHDOG_STOP(channel_id_) \
// |     memfault_task_watchdog_stop(MEMFAULT_TASK_WATCHDOG_CHANNEL_DEFINE(channel_id_))
// | #else
// |   #define MEMFAULT_TASK_WATCHDOG_START(channel_id_) ((void)0)
// |   #define MEMFAULT_TASK_WATCHDOG_FEED(channel_id_) ((void)0)
// |   #define MEMFAULT_TASK_WATCHDOG_STOP(channel_id_) ((void)0)
// | #endif

#[allow(dead_code)] // only C calls them
unsafe extern "C" {
    /// Asserts (reason TaskWatchdog) if a started channel was not fed for more than `MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS`;
    /// otherwise calls the refresh hook below.
    ///
    /// To be called periodically, from a timer for example, more often than the hardware watchdog fires. Asks the clock once.
    fn memfault_task_watchdog_check_all();

    /// Called by `memfault_task_watchdog_check_all` when all is well: the place to feed a hardware watchdog. Weak, does nothing.
    fn memfault_task_watchdog_platform_refresh_callback();
}

weak_fn!("memfault_task_watchdog_platform_refresh_callback" = no_refresh);

extern "C" fn no_refresh() {}

/// Low 32 bits: a channel is compared across the wrap.
fn now_ms() -> u32 {
    time_since_boot_ms() as u32
}

/// Stops all channels. Without it they are stopped as well, until the first start.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_task_watchdog_init() {
    if Firmware::TASK_WATCHDOG_ENABLE {
        for channel in channels() {
            channel.reset();
            core::hint::black_box(()); // a loop, not a call of memset
        }
    }
}

/// For the start of a coredump: asks the clock once. Exists, and does nothing, when the task watchdog is off.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_task_watchdog_bookkeep() {
    if Firmware::TASK_WATCHDOG_ENABLE {
        now_ms();
    }
}

/// The time of the channel runs from now on. No lock, as all of these.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_task_watchdog_start(channel_id: abi::eMemfaultTaskWatchdogChannel) {
    if Firmware::TASK_WATCHDOG_ENABLE {
        let now = now_ms();
        if let Some(channel) = channel(channel_id) {
            channel.start(now);
        }
    }
}

/// The time of the channel starts anew; a stopped channel stays stopped.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_task_watchdog_feed(channel_id: abi::eMemfaultTaskWatchdogChannel) {
    if Firmware::TASK_WATCHDOG_ENABLE {
        let now = now_ms();
        if let Some(channel) = channel(channel_id) {
            channel.feed(now);
        }
    }
}

/// The channel can no longer expire.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_task_watchdog_stop(channel_id: abi::eMemfaultTaskWatchdogChannel) {
    if Firmware::TASK_WATCHDOG_ENABLE
        && let Some(channel) = channel(channel_id)
    {
        channel.stop();
    }
}

/// Has a channel expired? Asks the clock once. For `memfault_task_watchdog_check_all`.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_rs_task_watchdog_has_expired() -> bool {
    if !Firmware::TASK_WATCHDOG_ENABLE {
        return false;
    }
    let now = now_ms();
    channels().iter().any(|channel| channel.is_expired(now, Firmware::TASK_WATCHDOG_TIMEOUT_INTERVAL_MS))
}
