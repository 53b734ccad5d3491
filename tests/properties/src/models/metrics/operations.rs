//! The steps of the module.

use super::table::Kind;
use super::values::{BAD_PARAMETER, NOT_SET, OTHER_TYPE, UNKNOWN_KEY};
use super::{Assignment, Metrics};
use crate::models::events::{ERROR, common_step, finish};
use golden::rust_api::Player;
use golden::step::{Argument, Step};
use golden::vectors::{Object, to_hex, to_text};
use serde_json::{Value, json};

const UNSIGNED_PREFILL: u32 = 0xaaaa_aaaa;
const SIGNED_PREFILL: i32 = -0x55;
const TEXT_PREFILL: u8 = 0x5a;

impl Metrics {
    fn init(&mut self, step: &Step) -> Result<(), String> {
        self.clock.ms = step.number("clock")?;
        self.storage.boot(step.number("event_storage")?);
        let assignment = |prefix: &str| -> Result<Assignment, String> {
            let value = step.argument(&format!("{prefix}.v")).cloned().ok_or(format!("{prefix}: no value"))?;
            Ok(Assignment { metric: step.number(&format!("{prefix}.m"))?, value })
        };
        let count = step.count("on_collect");
        self.on_collect =
            (0..count).map(|index| assignment(&format!("on_collect.{index}"))).collect::<Result<_, _>>()?;
        if step.argument("in_start_cb.m").is_some() {
            self.in_start_callback = Some(assignment("in_start_cb")?);
        }
        Ok(())
    }

    /// The metric of the step. `Err`: there is none of that number.
    fn metric(&self, step: &Step) -> Result<Result<usize, i32>, String> {
        let number: i64 = step.number("m")?;
        let found = usize::try_from(number).ok().filter(|number| *number < self.table.metrics.len());
        Ok(found.ok_or(UNKNOWN_KEY))
    }

    fn wrong_type(&mut self, wanted: Kind, metric: usize, result: i32) -> i32 {
        let (wanted, kind) = (wanted.number(), self.table.metrics[metric].kind.number());
        self.device.log(ERROR, format!("Invalid type ({wanted} vs {kind}) for key: {metric}"));
        result
    }

    fn set_integer(&mut self, wanted: Kind, metric: usize, raw: u32) -> i32 {
        if self.table.metrics[metric].kind != wanted {
            return self.wrong_type(wanted, metric, OTHER_TYPE);
        }
        self.state.values.set(metric, raw);
        0
    }

    fn set_text(&mut self, metric: usize, text: Option<&[u8]>) -> i32 {
        let Kind::Text { max_len } = self.table.metrics[metric].kind else {
            return self.wrong_type(Kind::Text { max_len: 0 }, metric, UNKNOWN_KEY);
        };
        let Some(text) = text else { return BAD_PARAMETER };
        self.state.values.set_text(metric, text, max_len);
        0
    }

    /// A value operation on a metric that exists.
    fn change(&mut self, step: &Step, metric: usize) -> Result<i32, String> {
        let kind = self.table.metrics[metric].kind;
        let raw = || step.number::<i64>("v").map(|value| value as u32);
        Ok(match step.name.as_str() {
            "set" => match kind {
                Kind::Unsigned | Kind::Signed => self.set_integer(kind, metric, raw()?),
                Kind::Text { .. } => self.set_text(metric, Some(step.bytes("v")?)),
                Kind::Timer => return Err("a timer cannot be set".into()),
            },
            "set_unsigned" => self.set_integer(Kind::Unsigned, metric, raw()?),
            "set_signed" => self.set_integer(Kind::Signed, metric, raw()?),
            "set_string" => self.set_text(metric, step.optional_bytes("v")),
            "add" if kind.is_integer() => {
                self.state.values.add(&self.table, metric, step.number("v")?);
                0
            }
            "add" => {
                self.device.log(ERROR, format!("Can only add to number types (key: {metric})"));
                OTHER_TYPE
            }
            _ if kind != Kind::Timer => self.wrong_type(Kind::Timer, metric, OTHER_TYPE),
            "timer_start" => self.start_timer(metric),
            _ => self.stop_timer(metric),
        })
    }

    fn read(&mut self, step: &Step) -> Result<Value, String> {
        let metric = self.metric(step)?;
        Ok(match step.text("as")? {
            "string" => {
                let len: usize = step.number("len")?;
                let (ret, text) = self.read_text(metric, len);
                json!({"ret": ret, "buf": to_hex(&text)})
            }
            "timer" => match metric.map(|metric| self.read_timer(metric)) {
                Ok(Ok(value)) => json!({"ret": 0, "v": value}),
                Ok(Err(ret)) | Err(ret) => json!({"ret": ret, "v": UNSIGNED_PREFILL}),
            },
            "signed" => match metric.and_then(|metric| self.read_integer(Kind::Signed, metric)) {
                Ok(raw) => json!({"ret": 0, "v": raw as i32}),
                Err(ret) => json!({"ret": ret, "v": SIGNED_PREFILL}),
            },
            _ => match metric.and_then(|metric| self.read_integer(Kind::Unsigned, metric)) {
                Ok(raw) => json!({"ret": 0, "v": raw}),
                Err(ret) => json!({"ret": ret, "v": UNSIGNED_PREFILL}),
            },
        })
    }

    fn read_integer(&self, wanted: Kind, metric: usize) -> Result<u32, i32> {
        let value = &self.state.values.0[metric];
        match (self.table.metrics[metric].kind == wanted, value.is_set) {
            (false, _) => Err(OTHER_TYPE),
            (true, false) => Err(NOT_SET),
            (true, true) => Ok(value.raw),
        }
    }

    /// Only this timer is brought up to date.
    fn read_timer(&mut self, metric: usize) -> Result<u32, i32> {
        if self.table.metrics[metric].kind != Kind::Timer {
            return Err(self.wrong_type(Kind::Timer, metric, OTHER_TYPE));
        }
        if self.stop_timer(metric) == 0 {
            let low = super::values::low_bits(self.clock.ms);
            self.state.values.0[metric].running_since = Some(low);
        }
        Ok(self.state.values.0[metric].raw)
    }

    fn read_text(&self, metric: Result<usize, i32>, len: usize) -> (i32, Vec<u8>) {
        let mut buffer = vec![TEXT_PREFILL; len];
        if len == 0 {
            return (BAD_PARAMETER, buffer);
        }
        let text = metric.ok().filter(|metric| matches!(self.table.metrics[*metric].kind, Kind::Text { .. }));
        let Some(metric) = text else { return (UNKNOWN_KEY, buffer) };
        let with_nul = [&self.state.values.0[metric].text[..], &[0]].concat();
        let count = with_nul.len().min(len);
        buffer[..count].copy_from_slice(&with_nul[..count]);
        buffer[len - 1] = 0;
        (0, buffer)
    }

    fn iterate(&self, stop_after: i64) -> Vec<Value> {
        let all = self.table.metrics.len();
        let count = usize::try_from(stop_after).ok().filter(|count| (1..all).contains(count)).unwrap_or(all);
        let metrics = self.table.metrics.iter().zip(&self.state.values.0).enumerate().take(count);
        let show = |(index, (metric, value)): (usize, (&super::table::Metric, &super::values::Value))| {
            let is_set = metric.kind.is_integer().then_some(value.is_set);
            let shown = match metric.kind {
                Kind::Text { .. } => json!(to_text(&value.text)),
                Kind::Signed => json!(value.raw as i32),
                _ => json!(value.raw),
            };
            json!([index, metric.kind.number(), is_set, shown, metric.session])
        };
        metrics.map(show).collect()
    }

    /// A session that exists; calls for another one are ignored.
    fn session(&self, step: &Step) -> Result<Option<usize>, String> {
        let number: i64 = step.number("s")?;
        Ok(usize::try_from(number).ok().filter(|session| *session < self.table.sessions.len()))
    }

    fn session_step(&mut self, step: &Step) -> Result<Option<Value>, String> {
        let known = ["session_start", "session_end", "session_reset", "session_debug_print", "register_cb"];
        if !known.contains(&step.name.as_str()) {
            return Ok(None);
        }
        let session = self.session(step)?;
        Ok(Some(match (step.name.as_str(), session) {
            ("session_start", Some(session)) => json!({"ret": self.begin_session(session, true)?}),
            ("session_end", Some(session)) => json!({"ret": self.end_session(session, true)}),
            ("session_start" | "session_end", None) => json!({"ret": UNKNOWN_KEY}),
            ("session_reset", Some(session)) => {
                self.reset_session(session);
                json!({})
            }
            ("register_cb", Some(session)) => {
                self.state.callbacks[session].start = step.flag("start")?;
                self.state.callbacks[session].end = step.flag("end")?;
                json!({})
            }
            ("session_debug_print", session) => {
                self.print(|metric| Some(metric.session) == session);
                json!({})
            }
            _ => json!({}),
        }))
    }

    fn connectivity(&mut self, state: u32) {
        let timer = |this: &Self, key: &str| this.table.built_in(key);
        let (Some(connected), Some(expected)) =
            (timer(self, "connectivity_connected_time_ms"), timer(self, "connectivity_expected_time_ms"))
        else {
            return;
        };
        match state {
            0 => {
                self.stop_timer(connected);
                self.stop_timer(expected);
            }
            1 => {
                self.start_timer(expected);
            }
            2 => {
                self.start_timer(expected);
                self.start_timer(connected);
            }
            3 => {
                self.start_timer(expected);
                self.stop_timer(connected);
            }
            _ => self.device.log(ERROR, format!("Unexpected connection state: {state}")),
        }
    }

    fn world_step(&mut self, step: &Step) -> Result<Option<Value>, String> {
        match step.name.as_str() {
            "clock" => self.clock.ms = step.number("ms")?,
            "log_counts" => self.log_counts = (step.number("dropped")?, step.number("recorded")?),
            "soc" => {
                self.battery.result = step.number("rv")?;
                self.battery.soc = step.number("soc")?;
                self.battery.discharging = step.flag("discharging")?;
            }
            "battery_boot" => self.boot_battery(),
            "stopped_discharging" => self.battery.stop_discharging(),
            "connectivity_state" => self.connectivity(step.number::<i64>("state")? as u32),
            "sync_success" => self.count("sync_successful"),
            "sync_failure" => self.count("sync_failure"),
            "memfault_sync_success" => self.count("sync_memfault_successful"),
            "memfault_sync_failure" => self.count("sync_memfault_failure"),
            "event_storage_boot" => self.storage.boot(step.number("len")?),
            "check_region" => return Ok(Some(json!({"region": self.reboots.region()}))),
            "reboot_tracking_boot" => {
                self.reboots.boot_on(step.bytes("region")?, step)?;
                return Ok(Some(json!({"region_after": self.reboots.region()})));
            }
            "save_state" => {
                self.saved = Some((self.state.clone(), self.reliability));
                return Ok(Some(json!({"size": self.state_len()})));
            }
            _ => return Ok(None),
        }
        Ok(Some(json!({})))
    }

    fn operation(&mut self, step: &Step) -> Result<Value, String> {
        if let Some(results) = self.session_step(step)? {
            return Ok(results);
        }
        if let Some(results) = self.world_step(step)? {
            return Ok(results);
        }
        match step.name.as_str() {
            "set" | "set_unsigned" | "set_signed" | "set_string" | "add" | "timer_start" | "timer_stop" => {
                let ret = match self.metric(step)? {
                    Ok(metric) => self.change(step, metric)?,
                    Err(ret) => ret,
                };
                return Ok(json!({"ret": ret}));
            }
            "read" => return self.read(step),
            "boot" => return Ok(json!({"ret": self.boot(step)?})),
            "boot_null" => return Ok(json!({"ret": BAD_PARAMETER})),
            "iterate" => return Ok(json!({"items": self.iterate(step.number("stop_after")?)})),
            "num_metrics" => {
                let counts: Vec<usize> = (0..self.table.sessions.len()).map(|s| self.members(s).count()).collect();
                return Ok(json!({"heartbeat": counts.last(), "sessions": counts}));
            }
            "worst_case" => {
                let sizes: Vec<usize> = (0..self.table.sessions.len()).map(|s| self.worst_case(s)).collect();
                return Ok(json!({"sizes": sizes}));
            }
            "timer_callback" | "heartbeat" => self.heartbeat()?,
            "collect" => self.collect()?,
            "debug_print" => {
                let heartbeat = self.table.heartbeat();
                self.print(|metric| metric.session == heartbeat);
            }
            "all_sessions_debug_print" => {
                let heartbeat = self.table.heartbeat();
                self.print(|metric| metric.session != heartbeat);
            }
            _ => match common_step(step, &mut self.device, &mut self.storage)? {
                Some(results) => return Ok(results),
                None => return step.unknown(),
            },
        }
        Ok(json!({}))
    }
}

impl Player for Metrics {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if step.name == "init" {
            self.init(step)?;
            return Ok(Object::new());
        }
        let mut results = self.operation(step)?;
        if matches!(step.argument("drain"), Some(Argument::Number(1))) {
            results["events"] = self.storage.drain_events().into();
        }
        let reads = self.clock.reads.take();
        if reads > 0 {
            results["time_calls"] = reads.into();
        }
        // The vectors of this module do not show the hooks of the envelope.
        self.device.calls.retain(|call| call[0] != "time_get_current" && call[0] != "get_device_info");
        Ok(finish(&mut self.device, results))
    }
}
