use super::super::builtin::testing::{Did, Did::Add, Recording};
use super::*;
use crate::util::random::random;
use std::vec::Vec;

/// One collection; `crashed` is `None` where nobody must ask.
fn collect(reliability: &Reliability, now_ms: u32, crashed: Option<bool>) -> Vec<Did<Hours>> {
    let metrics = Recording::new();
    reliability.collect(now_ms, || crashed.expect("the crash is asked for once"), &metrics);
    metrics.take()
}

fn hours(operational: i32, crash_free: i32) -> [Did<Hours>; 2] {
    [Add(Hours::Operational, operational), Add(Hours::CrashFree, crash_free)]
}

fn state(reliability: &Reliability) -> (u32, u32, u8) {
    (reliability.last_heartbeat_ms.get(), reliability.operational_ms.get(), reliability.counted_unexpected_reboot.get())
}

#[test]
fn a_crash_costs_one_crash_free_hour_once() {
    // spec 40 §22 H
    let reliability = Reliability::new();
    assert_eq!(collect(&reliability, 7_200_005, Some(true)), hours(2, 1));
    assert_eq!(state(&reliability), (7_200_005, 5, 1));
    assert_eq!(collect(&reliability, 10_800_000, None), hours(1, 1));
    assert_eq!(state(&reliability), (10_800_000, 0, 1));
    reliability.boot(100);
    assert_eq!(state(&reliability), (100, 0, 1));
}

#[test]
fn a_crash_free_hour_may_be_zero() {
    let reliability = Reliability::new();
    assert_eq!(collect(&reliability, 3_600_000, Some(true)), hours(1, 0));
}

#[test]
fn parts_of_an_hour_add_up() {
    let reliability = Reliability::new();
    reliability.boot(1_000);
    assert_eq!(collect(&reliability, 1_801_000, None), []);
    assert_eq!(collect(&reliability, 3_600_999, None), []);
    assert_eq!(collect(&reliability, 3_601_000, Some(false)), hours(1, 1));
}

#[test]
fn the_clock_may_wrap() {
    let reliability = Reliability::new();
    reliability.boot(u32::MAX - 3_599_998);
    assert_eq!(collect(&reliability, 0, None), []);
    assert_eq!(state(&reliability).1, 3_599_999);
    assert_eq!(collect(&reliability, 1, Some(false)), hours(1, 1));
    assert_eq!(collect(&reliability, 0, None), hours(1193, 1193)); // 2^32 - 1 ms later
}

#[test]
fn the_question_stands_between_the_two_metrics() {
    let (reliability, metrics) = (Reliability::new(), Recording::new());
    let crashed = || {
        metrics.note(Did::Start(Hours::CrashFree)); // stands for the question
        false
    };
    reliability.collect(MS_PER_HOUR, crashed, &metrics);
    let [first, last] = hours(1, 1);
    assert_eq!(metrics.take(), [first, Did::Start(Hours::CrashFree), last]);
}

#[test]
fn a_saved_state_goes_on() {
    let (saved, reliability) = (Reliability::new(), Reliability::new());
    let _ = collect(&saved, 5_400_000, Some(false));
    saved.counted_unexpected_reboot.set(0x5A); // any byte but 0 is true
    reliability.restore(&saved);
    assert_eq!(state(&reliability), (5_400_000, 1_800_000, 0x5A));
    assert_eq!(collect(&reliability, 7_200_000, None), hours(1, 1));
    reliability.restore(&reliability);
    assert_eq!(state(&reliability), (7_200_000, 0, 1));
}

#[test]
fn any_intervals_give_the_hours_of_their_sum() {
    let mut next = random(0x1234_5678);
    let (reliability, mut total_ms, mut reported) = (Reliability::new(), 0_u64, 0_u64);
    for _ in 0..2_000 {
        // Up to 12 hours, often around one. (The sum with the rest of an hour must not wrap: that is a quirk of its own.)
        let limit = if next(2) == 0 { 3_700_000 } else { 43_200_000 };
        total_ms += next(limit) as u64;
        if let [Add(Hours::Operational, n), Add(Hours::CrashFree, _)] =
            collect(&reliability, total_ms as u32, Some(false))[..]
        {
            reported += u64::from(n.cast_unsigned());
        }
        assert_eq!(reported, total_ms / 3_600_000);
    }
}
