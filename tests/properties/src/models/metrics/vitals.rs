//! Spec 40 chapters 15, 16 and 18: what the SDK measures by itself.

use super::Metrics;
use crate::models::events::DEBUG;
use serde_json::json;

const HOUR_MS: u32 = 3_600_000;

/// Hours of operation.
#[derive(Clone, Copy, Default)]
pub struct Reliability {
    last_ms: u32,
    operational_ms: u32,
    counted: bool,
}

impl Reliability {
    pub fn boot(&mut self, now: u64) {
        self.last_ms = now as u32;
    }
}

/// The battery, and what the hook says of it.
pub struct Battery {
    last: i32,
    start: u64,
    stopped: bool,
    pub result: i32,
    pub soc: u32,
    pub discharging: bool,
}

impl Default for Battery {
    fn default() -> Self {
        Self { last: 0, start: 0, stopped: false, result: 0, soc: 80, discharging: true }
    }
}

impl Battery {
    fn measured(&self) -> i32 {
        if self.result == 0 { self.soc as i32 } else { -1 }
    }

    pub fn stop_discharging(&mut self) {
        self.stopped = true;
    }
}

impl Metrics {
    fn add_built_in(&mut self, key: &str, amount: i32) {
        if let Some(metric) = self.table.built_in(key) {
            self.state.values.add(&self.table, metric, amount);
        }
    }

    fn set_built_in(&mut self, key: &str, value: u32) {
        if let Some(metric) = self.table.built_in(key) {
            self.state.values.set(metric, value);
        }
    }

    pub fn count(&mut self, key: &str) {
        self.add_built_in(key, 1);
    }

    pub fn collect_reliability(&mut self) {
        let now = self.clock.now() as u32;
        let life = &mut self.reliability;
        let operational_ms = life.operational_ms.wrapping_add(now.wrapping_sub(life.last_ms));
        let hours = operational_ms / HOUR_MS;
        life.operational_ms = operational_ms % HOUR_MS;
        life.last_ms = now;
        if hours == 0 {
            return;
        }
        let crashed = !life.counted && self.reboots.unexpected() == Some(true);
        life.counted = true;
        self.add_built_in("operational_hours", hours as i32);
        self.add_built_in("operational_crashfree_hours", hours as i32 - i32::from(crashed));
    }

    pub fn boot_battery(&mut self) {
        self.device.calls.push(json!(["get_stateofcharge"]));
        let battery = &mut self.battery;
        battery.last = battery.measured();
        battery.stopped = !battery.discharging;
        battery.start = self.clock.now();
    }

    pub fn collect_battery(&mut self) {
        self.device.calls.push(json!(["get_stateofcharge"]));
        let battery = &mut self.battery;
        let stopped_before = std::mem::replace(&mut battery.stopped, !battery.discharging);
        let (current, last) = (battery.measured(), battery.last);
        let known = current >= 0 && last >= 0;
        let valid = battery.discharging && !stopped_before && known;
        let drop = last.wrapping_sub(current);
        let now = self.clock.now();
        let duration = now.wrapping_sub(battery.start) as u32;
        let missed = !battery.discharging && !stopped_before;
        battery.start = now;
        battery.last = current;
        if !known {
            let text = format!("Current ({current}) or prev ({last}) SOC invalid, dropping data");
            self.device.log(DEBUG, text);
        }
        if missed {
            self.device.log(DEBUG, "Stopped-discharging event missed, dropping data".into());
        }
        if drop < 0 {
            let (rise, scale) = (-i64::from(drop), self.options.battery_scale);
            let (whole, thousandths) = (rise / scale, rise % scale * 1000 / scale);
            self.device.log(DEBUG, format!("Battery drop was negative (-{whole}.{thousandths:03}%), skipping"));
        } else if valid {
            self.set_built_in("battery_soc_pct_drop", drop as u32);
            self.set_built_in("battery_discharge_duration_ms", duration);
        }
        if current >= 0 {
            self.set_built_in("battery_soc_pct", current as u32);
        }
    }

    pub fn collect_logs(&mut self) {
        let counts = [self.log_counts.0, self.log_counts.1];
        let keys = ["MemfaultSDKMetric_log_dropped_lines", "MemfaultSDKMetric_log_recorded_lines"];
        for (index, (count, key)) in counts.into_iter().zip(keys).enumerate() {
            let last = std::mem::replace(&mut self.state.last_log_counts[index], count);
            self.add_built_in(key, count.wrapping_sub(last) as i32);
        }
    }

    pub fn collect_uptime(&mut self) {
        let seconds = self.clock.now().wrapping_mul(0x41_8937) >> 32;
        self.set_built_in("uptime_s", seconds as u32);
    }
}
