//! `memfault_rs::events::{reboot, reboot_event}`.

use super::Player;
use super::events::{Bench, Device, Store, WARNING};
use super::options::with_envelope;
use crate::step::Step;
use crate::vectors::{Group, Object, to_hex};
use memfault_rs::config::Config;
use memfault_rs::events::reboot::{Backup, BootupInfo, RebootTracking, Region, Registers};
use memfault_rs::events::reboot_event::{self, RebootLog};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

/// A player for the options of the group.
pub fn player(group: &Group) -> Result<Box<dyn Player>, String> {
    with_envelope!(group, &[("REBOOT_REASON_CUSTOM_ENABLE", 0)], Reboots)
}

struct Reboots<C: Config + 'static> {
    bench: &'static Bench<C>,
    tracking: RebootTracking<'static, u32>,
    region: &'static Region,
    shown: Vec<u8>,
    backup: BackupCopy<C>,
}

/// The copy that the platform keeps, and the trace of its use.
struct BackupCopy<C: 'static> {
    bench: &'static Bench<C>,
    copy: RefCell<Vec<u8>>,
    in_use: Cell<bool>,
}

/// Overwrites the front of a region.
fn overwrite(region: &Region, bytes: &[u8]) {
    let mut all = region.to_bytes();
    all.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    region.set_bytes(&all);
}

impl<C: Config> Backup for BackupCopy<C> {
    fn load(&self, region: &Region) {
        self.bench.device.call(json!(["load", self.in_use.get()]));
        if self.in_use.get() {
            overwrite(region, &self.copy.borrow());
        }
    }

    fn save(&self, region: &Region) {
        let bytes = region.to_bytes().to_vec();
        self.bench.device.call(json!(["save", to_hex(&bytes)]));
        self.copy.replace(bytes);
    }
}

impl<C: Config + 'static> Reboots<C> {
    fn new(_: &Group) -> Self {
        let bench = Bench::leaked();
        Self {
            bench,
            tracking: RebootTracking::new(0),
            region: Box::leak(Box::default()),
            shown: vec![0; Region::SIZE],
            backup: BackupCopy { bench, copy: RefCell::new(vec![0; Region::SIZE]), in_use: Cell::new(false) },
        }
    }

    fn change(&mut self, step: &Step) -> Result<Option<Value>, String> {
        match step.name.as_str() {
            "boot" => {
                let info = match step.argument("info.reset_reason") {
                    Some(_) => Some(BootupInfo {
                        reset_reason_reg: step.number("info.reset_reason_reg")?,
                        reset_reason: step.number("info.reset_reason")?,
                    }),
                    None => None,
                };
                self.tracking.boot(Some(self.region), info.as_ref(), &self.backup);
            }
            "boot_null_region" => self.tracking.boot(None, None, &self.backup),
            "mark_reset_imminent" => {
                let registers = match step.argument("reg.pc") {
                    Some(_) => Some(Registers { pc: step.number("reg.pc")?, lr: step.number("reg.lr")? }),
                    None => None,
                };
                self.tracking.mark_reset_imminent(step.number("reason")?, registers.as_ref(), &self.backup);
            }
            "mark_coredump_saved" => self.tracking.mark_coredump_saved(),
            "reset_crash_count" => self.tracking.reset_crash_count(),
            "clear_reset_info" => self.tracking.clear_reset_info(),
            "clear_reboot_reason" => self.tracking.clear_boot_reasons(),
            "metrics_session" => self.tracking.set_session_active(step.flag("active")?, step.number("index")?),
            "clear_metrics_sessions" => self.tracking.clear_sessions(),
            "corrupt" => overwrite(self.region, step.bytes("bytes")?),
            "use_store" => self.backup.in_use.set(step.flag("v")?),
            _ => return Ok(None),
        }
        Ok(Some(json!({})))
    }

    fn query(&self, step: &Step) -> Result<Value, String> {
        let device = &self.bench.device;
        Ok(match step.name.as_str() {
            "collect_reset_info" => {
                let collected = reboot_event::collect::<C, u32, _>(&self.tracking, Store(self.bench), device, device);
                json!({"ret": if collected.is_ok() { 0 } else { -2 }})
            }
            "get_reboot_reason" => match self.tracking.boot_reasons() {
                Some(reasons) => json!({"ret": 0, "reg": reasons.reg, "prior": reasons.prior}),
                None => json!({"ret": -1}),
            },
            "get_unexpected_reboot_occurred" => match self.tracking.unexpected_reboot_occurred() {
                Some(unexpected) => json!({"ret": 0, "v": unexpected}),
                None => json!({"ret": -1}),
            },
            "get_crash_count" => json!({"ret": self.tracking.crash_count()}),
            "session_was_active" => json!({"ret": self.tracking.session_was_active(step.number("index")?)}),
            "booted" => json!({"ret": self.tracking.booted()}),
            "read_reset_info" => match self.tracking.reset_info() {
                Some(info) => json!({"ret": true, "reason": info.reason, "pc": info.pc, "lr": info.lr,
                    "reg": info.reset_reason_reg, "coredump_saved": info.coredump_saved}),
                None => json!({"ret": false}),
            },
            "worst_case" => json!({"ret": reboot_event::worst_case_size::<C, Store<C>>(device)}),
            _ => return step.unknown(),
        })
    }
}

impl RebootLog for Device {
    fn no_reset_info(&self) {
        self.log(WARNING, "memfault_reboot_tracking_collect_reset_info: No reset info collected".into());
    }

    fn not_stored(&self, capacity: usize, worst_case: usize) {
        self.log(WARNING, format!("Event storage ({capacity}) smaller than largest reset reason ({worst_case})"));
    }
}

impl<C: Config + 'static> Player for Reboots<C> {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        if step.name == "init" {
            overwrite(self.region, step.bytes("region")?);
            self.shown = step.bytes("region")?.to_vec();
            self.bench.boot_storage(step.number("event_storage")?);
            return Ok(Object::new());
        }
        if let Some(results) = self.bench.step(step) {
            return results;
        }
        let mut results = match self.change(step)? {
            Some(results) => results,
            None => self.query(step)?,
        };
        let now = self.region.to_bytes().to_vec();
        if now != self.shown {
            results["region"] = to_hex(&now).into();
            self.shown = now;
        }
        Ok(self.bench.device.finish(results))
    }
}
