//! Spec 40 chapters 6 and 7: the values of all metrics.

use super::table::{Kind, Table};

pub const UNKNOWN_KEY: i32 = -1;
pub const OTHER_TYPE: i32 = -2;
pub const BAD_PARAMETER: i32 = -3;
pub const NO_CHANGE: i32 = -4;
pub const NOT_SET: i32 = -7;

/// Start times have 31 bits.
const CLOCK_MASK: u32 = 0x7fff_ffff;

/// The value of one metric; what does not fit its kind stays at its rest value.
#[derive(Clone, Default)]
pub struct Value {
    pub raw: u32,
    pub is_set: bool,
    pub text: Vec<u8>,
    /// The start of a timer that runs.
    pub running_since: Option<u32>,
}

impl Value {
    fn rest(&mut self) {
        *self = Self { running_since: self.running_since, ..Self::default() };
    }

    fn stop_watch(&mut self, now: u64) {
        if let Some(start) = self.running_since {
            self.raw = self.raw.wrapping_add((now as u32).wrapping_sub(start) & CLOCK_MASK);
        }
    }
}

pub fn low_bits(now: u64) -> u32 {
    now as u32 & CLOCK_MASK
}

#[derive(Clone)]
pub struct Values(pub Vec<Value>);

impl Values {
    pub fn new(table: &Table) -> Self {
        Self(vec![Value::default(); table.metrics.len()])
    }

    /// Values only; timers go on.
    pub fn reset(&mut self, table: &Table, session: usize) {
        for (value, metric) in self.0.iter_mut().zip(&table.metrics) {
            if metric.session == session {
                value.rest();
            }
        }
    }

    /// `now` is asked once for each timer that runs.
    pub fn update_timers(&mut self, mut now: impl FnMut() -> u64) {
        for value in self.0.iter_mut().filter(|value| value.running_since.is_some()) {
            let now = now();
            value.stop_watch(now);
            value.running_since = Some(low_bits(now));
        }
    }

    pub fn start(&mut self, timer: usize, now: impl FnOnce() -> u64) -> i32 {
        if self.0[timer].running_since.is_some() {
            return NO_CHANGE;
        }
        self.0[timer].running_since = Some(low_bits(now()));
        0
    }

    pub fn stop(&mut self, timer: usize, now: impl FnOnce() -> u64) -> i32 {
        let value = &mut self.0[timer];
        if value.running_since.is_none() {
            return NO_CHANGE;
        }
        value.stop_watch(now());
        value.running_since = None;
        0
    }

    pub fn set(&mut self, metric: usize, raw: u32) {
        self.0[metric].raw = raw;
        self.0[metric].is_set = true;
    }

    pub fn set_text(&mut self, metric: usize, text: &[u8], max_len: usize) {
        self.0[metric].text = text[..text.len().min(max_len)].to_vec();
    }

    pub fn add(&mut self, table: &Table, metric: usize, amount: i32) {
        let raw = self.0[metric].raw;
        let sum = match table.metrics[metric].kind {
            Kind::Signed => (i64::from(raw as i32) + i64::from(amount)).clamp(i32::MIN.into(), i32::MAX.into()) as u32,
            _ => (i64::from(raw) + i64::from(amount)).clamp(0, u32::MAX.into()) as u32,
        };
        self.set(metric, sum);
    }
}
