//! `memfault_rs::diagnostics::task_watchdog`. Whether a channel has expired is compared; its bytes are what the C ABI shows.

use super::{Player, object};
use crate::step::Step;
use crate::vectors::{Group, Object};
use memfault_rs::diagnostics::task_watchdog::Channel;
use serde_json::json;

/// The module `task_watchdog`.
pub struct TaskWatchdog {
    timeout_ms: u32,
    clock: u64,
    channels: Vec<Channel>,
}

impl TaskWatchdog {
    pub fn new(group: &Group) -> Self {
        Self {
            timeout_ms: group.number("MEMFAULT_TASK_WATCHDOG_TIMEOUT_INTERVAL_MS", 1000) as u32,
            clock: 0,
            channels: group.channels.iter().map(|_| Channel::default()).collect(),
        }
    }

    fn channel(&self, step: &Step) -> Result<&Channel, String> {
        self.channels.get(step.number::<usize>("channel")?).ok_or("no such channel".into())
    }

    fn has_expired(&self, now_ms: u32) -> bool {
        self.channels.iter().any(|channel| channel.is_expired(now_ms, self.timeout_ms))
    }
}

impl Player for TaskWatchdog {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        const TASK_WATCHDOG: u32 = 0x800c;
        let now_ms = self.clock as u32;
        match step.name.as_str() {
            "init" if step.argument("clock").is_some() => self.clock = step.number("clock")?,
            "clock" => self.clock = step.number("ms")?,
            "init" => self.channels.iter().for_each(Channel::reset),
            "start" => self.channel(step)?.start(now_ms),
            "feed" => self.channel(step)?.feed(now_ms),
            "stop" => self.channel(step)?.stop(),
            "check_all" => {
                // What the C function does with the answer.
                let assert = json!(["assert_extra", 0, TASK_WATCHDOG]);
                let call = if self.has_expired(now_ms) { assert } else { json!(["refresh"]) };
                return Ok(object(json!({"calls": [call]})));
            }
            _ => return step.unknown(),
        }
        Ok(Object::new())
    }
}
