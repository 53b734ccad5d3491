//! Channels of the task watchdog (spec 30 §12): `g_memfault_task_channel_info`, 8 bytes per channel.
//!
//! | Offset | Size | Content |
//! |---|---|---|
//! | 0 | 4 | when it was fed, in milliseconds since the boot |
//! | 4 | 1 | 0 stopped, 1 started, 2 expired |
//!
//! When the device crashed is not stored, and neither is the timeout. So a channel's time is compared with that of the channel that
//! was fed last, and of a crash by the watchdog only one thing is sure: the started channel that was fed first has expired.

use crate::coredump::Crash;
use crate::firmware::Firmware;
use crate::model::WatchdogChannel;

const CHANNELS: &str = "g_memfault_task_channel_info";
const CHANNEL_LEN: u64 = 8;
/// Most channels.
const MAX_CHANNELS: u64 = 4096;
const STARTED: u64 = 1;
/// The reboot reason of the watchdog.
const TASK_WATCHDOG: u32 = 0x800c;

/// The channels in their order. `Ok(None)`: the firmware has none, or they were not captured.
pub fn read(
    crash: &Crash<'_>,
    firmware: &Firmware,
    reason_id: Option<u32>,
) -> Result<Option<Vec<WatchdogChannel>>, String> {
    let Some((start, len)) = firmware.image.variable(CHANNELS) else { return Ok(None) };
    let start = start | crash.memory.high;
    let count = (len / CHANNEL_LEN).min(MAX_CHANNELS);
    if count == 0 || crash.memory.captured(start, len) == 0 {
        return Ok(None);
    }
    let channel = |index: u64| {
        let at = start.checked_add(index * CHANNEL_LEN)?;
        Some((crash.memory.word(at)?, crash.memory.number(at + 4, 1)?))
    };
    let states: Vec<_> = (0..count).map_while(channel).collect();
    if (states.len() as u64) < count {
        return Err(format!("only {} of its {count} channels were captured", states.len()));
    }
    // The clock wraps after 49 days; nobody waits half as long for a channel.
    let started = || states.iter().filter(|(_, state)| *state == STARTED).map(|(fed, _)| *fed);
    let reference = started().next().unwrap_or_default();
    let newest = started().max_by_key(|fed| fed.wrapping_sub(reference).cast_signed()).unwrap_or_default();
    let oldest = started().map(|fed| newest.wrapping_sub(fed)).max();
    // Names are those of this object only if there are as many.
    let names = Some(&firmware.watchdog_channels).filter(|names| names.len() as u64 == count);
    let channels = (0u32..).zip(&states).map(|(index, (fed, state))| {
        let behind_ms = (*state == STARTED).then(|| newest.wrapping_sub(*fed));
        WatchdogChannel {
            name: names.and_then(|names| names.get(&index)).cloned(),
            state: match state {
                0 => "stopped".to_owned(),
                1 => "started".to_owned(),
                2 => "expired".to_owned(),
                other => other.to_string(),
            },
            fed_ms: *fed,
            behind_ms,
            expired: (reason_id == Some(TASK_WATCHDOG) && behind_ms.is_some() && behind_ms == oldest).then_some(true),
        }
    });
    Ok(Some(channels.collect()))
}
