//! Spec 40: metrics as lists of values, in the order of their declaration.

mod events;
mod operations;
pub mod table;
mod values;
mod vitals;

use super::events::{Device, Storage};
use super::reboot_tracking::Reboots;
use golden::step::{Argument, Step};
use golden::vectors::Group;
use serde_json::json;
use std::cell::Cell;
use table::{Kind, Table};
use values::Values;
use vitals::{Battery, Reliability};

const DOES_NOT_FIT: i32 = -5;
const NO_TIMER: i32 = -6;

/// The device's clock in milliseconds, and how often it was read.
#[derive(Default)]
struct Clock {
    ms: u64,
    reads: Cell<u32>,
}

impl Clock {
    fn now(&self) -> u64 {
        self.reads.set(self.reads.get() + 1);
        self.ms
    }
}

struct Options {
    interval_s: i64,
    sessions: bool,
    restore: bool,
    connectivity_boot: bool,
    battery: bool,
    battery_scale: i64,
    logs: bool,
    uptime: bool,
    pointer_len: usize,
}

impl Options {
    fn new(group: &Group) -> Self {
        let number = |option: &str, default| group.number(&format!("MEMFAULT_METRICS_{option}"), default);
        Self {
            interval_s: number("HEARTBEAT_INTERVAL_SECS", 3600),
            sessions: number("SESSIONS_ENABLED", 1) != 0,
            restore: number("RESTORE_STATE", 0) != 0,
            connectivity_boot: group.number("MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT", 0) != 0,
            battery: number("BATTERY_ENABLE", 0) != 0,
            battery_scale: number("BATTERY_SOC_PCT_SCALE_VALUE", 1),
            logs: number("LOGS_ENABLE", 1) != 0,
            uptime: number("UPTIME_ENABLE", 1) != 0,
            // The recording on a 64-bit machine is the one that counts.
            pointer_len: if group.abis.iter().any(|abi| abi == "x86_64") { 8 } else { 4 },
        }
    }
}

#[derive(Clone, Copy, Default)]
struct Callbacks {
    start: bool,
    end: bool,
}

/// What a saved state holds.
#[derive(Clone)]
struct State {
    values: Values,
    callbacks: Vec<Callbacks>,
    /// Dropped, recorded.
    last_log_counts: [u32; 2],
}

/// A value for a metric.
#[derive(Clone)]
struct Assignment {
    metric: usize,
    value: Argument,
}

/// The module `metrics`; enums have four bytes.
pub struct Metrics {
    table: Table,
    options: Options,
    device: Device,
    storage: Storage,
    reboots: Reboots,
    clock: Clock,
    /// A good boot gave metrics their storage.
    has_storage: bool,
    state: State,
    reliability: Reliability,
    battery: Battery,
    saved: Option<(State, Reliability)>,
    log_counts: (u32, u32),
    on_collect: Vec<Assignment>,
    in_start_callback: Option<Assignment>,
}

impl Metrics {
    pub fn new(group: &Group) -> Self {
        let table = Table::new(group);
        let state = State {
            values: Values::new(&table),
            callbacks: vec![Callbacks::default(); table.sessions.len()],
            last_log_counts: [0; 2],
        };
        Self {
            table,
            options: Options::new(group),
            device: Device::new(group),
            storage: Storage::default(),
            reboots: Reboots::new(group),
            clock: Clock::default(),
            has_storage: false,
            state,
            reliability: Reliability::default(),
            battery: Battery::default(),
            saved: None,
            log_counts: (0, 0),
            on_collect: Vec::new(),
            in_start_callback: None,
        }
    }

    fn update_timers(&mut self) {
        let clock = &self.clock;
        self.state.values.update_timers(|| clock.now());
    }

    fn start_timer(&mut self, timer: usize) -> i32 {
        let clock = &self.clock;
        self.state.values.start(timer, || clock.now())
    }

    fn stop_timer(&mut self, timer: usize) -> i32 {
        let clock = &self.clock;
        self.state.values.stop(timer, || clock.now())
    }

    /// A hook sets a metric with the setter of its type.
    fn assign(&mut self, assignment: &Assignment) -> Result<(), String> {
        let metric = assignment.metric;
        match (self.table.metrics[metric].kind, &assignment.value) {
            (Kind::Text { max_len }, Argument::Bytes(text)) => self.state.values.set_text(metric, text, max_len),
            (Kind::Unsigned | Kind::Signed, Argument::Number(n)) => self.state.values.set(metric, *n as u32),
            (kind, value) => return Err(format!("a metric of type {kind:?} is set to {value:?}")),
        }
        Ok(())
    }

    // --- sessions ---

    fn begin_session(&mut self, session: usize, with_timer: bool) -> Result<i32, String> {
        self.state.values.reset(&self.table, session);
        let result = if with_timer { self.start_timer(self.table.interval(session)) } else { 0 };
        self.reboots.mark_session(true, session as u32);
        if self.state.callbacks[session].start {
            self.device.calls.push(json!(["session_start_cb", session]));
            if let Some(assignment) = self.in_start_callback.clone() {
                self.assign(&assignment)?;
            }
        }
        Ok(result)
    }

    fn end_session(&mut self, session: usize, with_timer: bool) -> i32 {
        if self.state.callbacks[session].end {
            self.device.calls.push(json!(["session_end_cb", session]));
        }
        let mut result = if with_timer { self.stop_timer(self.table.interval(session)) } else { 0 };
        if result == 0 && !self.store_event(session) {
            result = DOES_NOT_FIT;
        }
        self.reboots.mark_session(false, session as u32);
        result
    }

    fn reset_session(&mut self, session: usize) {
        self.stop_timer(self.table.interval(session));
        self.state.values.reset(&self.table, session);
        self.reboots.mark_session(false, session as u32);
    }

    fn report_crashed_sessions(&mut self) -> Result<(), String> {
        let user_sessions = self.table.heartbeat();
        if self.reboots.unexpected() == Some(true) {
            for session in 0..user_sessions {
                if self.reboots.session_was_active(session as u32) {
                    self.begin_session(session, false)?;
                    let crashes = self.table.interval(session) + 1;
                    self.state.values.add(&self.table, crashes, 1);
                    self.end_session(session, false);
                }
            }
        }
        self.reboots.clear_sessions();
        Ok(())
    }

    // --- boot and heartbeat ---

    fn boot(&mut self, step: &Step) -> Result<i32, String> {
        let given = |key: &str, default| if step.argument(key).is_some() { step.flag(key) } else { Ok(default) };
        let (timer_ok, restore) = (given("timer_ok", true)?, given("restore", false)?);
        let worst_case = self.worst_case(self.table.heartbeat());
        if !self.storage.check(&mut self.device, "metrics", worst_case) {
            return Ok(DOES_NOT_FIT);
        }
        if self.options.restore {
            self.device.calls.push(json!(["restore_state", restore]));
        }
        self.has_storage = true;
        if self.options.restore && restore {
            let (state, reliability) = self.saved.clone().ok_or("no state was saved")?;
            (self.state, self.reliability) = (state, reliability);
        } else {
            self.reliability.boot(self.clock.now());
            self.state.values = Values::new(&self.table);
            self.start_timer(0);
            self.state.values.set(1, step.number("unexpected_reboot_count")?);
            if self.options.sessions {
                self.report_crashed_sessions()?;
            }
        }
        self.device.calls.push(json!(["timer_boot", self.options.interval_s, timer_ok]));
        if !timer_ok {
            return Ok(NO_TIMER);
        }
        if self.options.connectivity_boot {
            self.device.calls.push(json!(["connectivity_boot"]));
        }
        Ok(0)
    }

    fn collect(&mut self) -> Result<(), String> {
        self.device.calls.push(json!(["collect_sdk_data"]));
        self.collect_reliability();
        if self.options.battery {
            self.collect_battery();
        }
        if self.options.logs {
            self.collect_logs();
        }
        if self.options.uptime {
            self.collect_uptime();
        }
        self.device.calls.push(json!(["collect_data"]));
        self.on_collect.clone().iter().try_for_each(|assignment| self.assign(assignment))
    }

    fn heartbeat(&mut self) -> Result<(), String> {
        self.update_timers();
        self.collect()?;
        self.store_event(self.table.heartbeat());
        self.state.values.reset(&self.table, self.table.heartbeat());
        Ok(())
    }
}
