use super::super::builtin::testing::{Did, Did::Set, Recording};
use super::BatteryMetric::{DischargeDuration, Soc, SocDrop};
use super::*;
use std::cell::RefCell;
use std::vec::Vec;

/// A battery, a clock, and the device they belong to.
struct Bench {
    battery: Battery,
    reading: Cell<Reading>,
    now_ms: Cell<u64>,
    log: RefCell<Vec<Dropped>>,
    /// A charger is plugged in while the battery is being read.
    interrupt_in_read: Cell<bool>,
    metrics: Recording<BatteryMetric>,
}

impl BatteryPlatform for Bench {
    fn read(&self) -> Reading {
        if self.interrupt_in_read.take() {
            self.battery.stopped_discharging();
        }
        self.reading.get()
    }

    fn now_ms(&self) -> u64 {
        self.now_ms.get()
    }

    fn log(&self, reason: Dropped) {
        self.log.borrow_mut().push(reason);
    }
}

const DISCHARGING: bool = true;
const CHARGING: bool = false;

impl Bench {
    fn unbooted() -> Self {
        Self {
            battery: Battery::new(),
            reading: Cell::new(Reading { soc: None, discharging: false }),
            now_ms: Cell::new(0),
            log: RefCell::default(),
            interrupt_in_read: Cell::new(false),
            metrics: Recording::new(),
        }
    }

    fn booted(now_ms: u64, soc: impl Into<Option<u32>>, discharging: bool) -> Self {
        let bench = Self::unbooted();
        bench.now_ms.set(now_ms);
        bench.reading.set(Reading { soc: soc.into(), discharging });
        bench.battery.boot(&bench);
        bench
    }

    /// Ends an interval. Returns what was set and what was logged.
    fn collect(
        &self,
        now_ms: u64,
        soc: impl Into<Option<u32>>,
        discharging: bool,
    ) -> (Vec<Did<BatteryMetric>>, Vec<Dropped>) {
        self.now_ms.set(now_ms);
        self.reading.set(Reading { soc: soc.into(), discharging });
        self.battery.collect(self, &self.metrics);
        (self.metrics.take(), self.log.take())
    }
}

fn counted(drop: u32, duration_ms: u32, soc: u32) -> (Vec<Did<BatteryMetric>>, Vec<Dropped>) {
    (Vec::from([Set(SocDrop, drop), Set(DischargeDuration, duration_ms), Set(Soc, soc)]), Vec::new())
}

fn dropped(soc: u32, log: &[Dropped]) -> (Vec<Did<BatteryMetric>>, Vec<Dropped>) {
    (Vec::from([Set(Soc, soc)]), log.to_vec())
}

#[test]
fn a_day_of_a_battery_is_as_recorded() {
    // spec 40 §22 H; there the scale is 10
    let bench = Bench::booted(1_000, 803, DISCHARGING);
    assert_eq!(bench.collect(61_000, 790, DISCHARGING), counted(13, 60_000, 790));
    assert_eq!(bench.collect(91_000, 797, DISCHARGING), dropped(797, &[Dropped::SocRose { rise: 7 }]));
    assert_eq!(bench.collect(121_000, 795, CHARGING), dropped(795, &[Dropped::StopMissed]));
    let invalid = Dropped::SocInvalid { current: -1, last: 795 };
    assert_eq!(bench.collect(151_000, None, CHARGING), (Vec::new(), Vec::from([invalid])));
    let log = [Dropped::SocInvalid { current: 790, last: -1 }, Dropped::SocRose { rise: 791 }];
    assert_eq!(bench.collect(181_000, 790, DISCHARGING), dropped(790, &log));
    assert_eq!(bench.collect(211_000, 781, DISCHARGING), counted(9, 30_000, 781));
}

#[test]
fn nothing_lost_is_a_drop_of_zero() {
    let bench = Bench::booted(0, 50, DISCHARGING);
    assert_eq!(bench.collect(10, 50, DISCHARGING), counted(0, 10, 50));
}

#[test]
fn after_a_charge_the_second_interval_counts() {
    let bench = Bench::booted(0, 50, DISCHARGING);
    bench.battery.stopped_discharging();
    assert_eq!(bench.collect(10, 49, DISCHARGING), dropped(49, &[]));
    assert_eq!(bench.collect(20, 47, DISCHARGING), counted(2, 10, 47));
}

#[test]
fn a_stop_that_was_told_is_not_missed() {
    let bench = Bench::booted(0, 50, DISCHARGING);
    bench.battery.stopped_discharging();
    assert_eq!(bench.collect(10, 49, CHARGING), dropped(49, &[]));
    assert_eq!(bench.collect(20, 48, CHARGING), dropped(48, &[])); // once per charge
    assert_eq!(bench.collect(30, 47, DISCHARGING), dropped(47, &[]));
    assert_eq!(bench.collect(40, 46, DISCHARGING), counted(1, 10, 46));
}

#[test]
fn a_charger_plugged_in_during_the_reading_costs_the_next_interval() {
    let bench = Bench::booted(0, 50, DISCHARGING);
    bench.interrupt_in_read.set(true);
    assert_eq!(bench.collect(10, 49, DISCHARGING), counted(1, 10, 49));
    assert_eq!(bench.collect(20, 48, DISCHARGING), dropped(48, &[]));
    assert_eq!(bench.collect(30, 47, DISCHARGING), counted(1, 10, 47));
}

#[test]
fn a_boot_on_the_charger_starts_stopped() {
    let bench = Bench::booted(0, 50, CHARGING);
    assert_eq!(bench.collect(10, 49, DISCHARGING), dropped(49, &[]));
}

#[test]
fn without_a_boot_the_first_interval_starts_at_zero() {
    let bench = Bench::unbooted();
    assert_eq!(bench.collect(10, 49, DISCHARGING), dropped(49, &[Dropped::SocRose { rise: 49 }]));
    let empty = Bench::unbooted();
    assert_eq!(empty.collect(10, 0, DISCHARGING), counted(0, 10, 0));
}

#[test]
fn an_unknown_charge_at_boot_drops_the_first_interval() {
    let bench = Bench::booted(0, None, DISCHARGING);
    let log = [Dropped::SocInvalid { current: 50, last: -1 }, Dropped::SocRose { rise: 51 }];
    assert_eq!(bench.collect(10, 50, DISCHARGING), dropped(50, &log));
}

#[test]
fn all_three_reasons_are_told_in_order() {
    let bench = Bench::booted(0, None, DISCHARGING);
    let log = [Dropped::SocInvalid { current: 50, last: -1 }, Dropped::StopMissed, Dropped::SocRose { rise: 51 }];
    assert_eq!(bench.collect(10, 50, CHARGING), dropped(50, &log));
}

#[test]
fn an_absurd_charge_is_unknown() {
    let bench = Bench::booted(0, 350, DISCHARGING);
    let current = 0x8000_0005_u32.cast_signed();
    let log = [Dropped::SocInvalid { current, last: 350 }, Dropped::SocRose { rise: 2_147_483_303 }];
    assert_eq!(bench.collect(10, 0x8000_0005, DISCHARGING), (Vec::new(), log.to_vec()));

    let bench = Bench::booted(0, None, DISCHARGING);
    let max = i32::MAX;
    let log = [Dropped::SocInvalid { current: max, last: -1 }, Dropped::SocRose { rise: 1 << 31 }];
    assert_eq!(bench.collect(10, max.cast_unsigned(), DISCHARGING), dropped(max.cast_unsigned(), &log));
}

#[test]
fn the_duration_is_the_low_half_of_the_clock() {
    let bench = Bench::booted(5, 50, DISCHARGING);
    assert_eq!(bench.collect(5 + (1 << 32) + 7, 50, DISCHARGING), counted(0, 7, 50));
    assert_eq!(bench.collect(4, 50, DISCHARGING), counted(0, 0_u32.wrapping_sub(8), 50)); // the clock went back
}
