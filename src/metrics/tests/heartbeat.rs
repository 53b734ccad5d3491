use super::bench::{DRAIN, FILL, HEARTBEAT, INTERVAL, REBOOTS, example, read_text, text};
use crate::events::store::testing::hex;
use crate::metrics::Error;
use crate::metrics::registry::Kind;
use crate::metrics::timers::Operation::{Start, Stop};
use std::boxed::Box;
use std::format;
use std::vec::Vec;

/// A heartbeat, in hex, of a device that does not know the time.
fn event(values: &str) -> Vec<u8> {
    hex(&format!("a6 02 01 03 01 0a 63 61 70 70 09 63 32 2e 30 06 63 68 77 31 04 a2 02 02 01 {values}"))
}

#[test]
fn heartbeats_b_and_c_of_the_specification() {
    let (example, bench, metrics) = example();
    bench.now_ms.set(500);
    assert_eq!(bench.count(|| metrics.boot(&bench.store, 3)), (Ok(()), 4, 1));
    metrics.operate_timer(example.idle_ms, Start).unwrap();
    bench.now_ms.set(750);
    metrics.operate_timer(example.idle_ms, Stop).unwrap();
    metrics.set(example.pump_starts, Kind::Unsigned, 70_000).unwrap();
    metrics.set(example.tank_temp_c, Kind::Signed, (-7_i32).cast_unsigned()).unwrap();
    metrics.set_text(example.valve_name, text("north-east")).unwrap();
    bench.device.unix_time_secs.set(Some(1_700_000_000));
    bench.now_ms.set(3_601_000);
    // Timers, number of values, values.
    assert_eq!(bench.count(|| metrics.heartbeat()), ((), 3, 1));
    let head = "a7 02 01 03 01 0a 63 61 70 70 09 63 32 2e 30 06 63 68 77 31 01 1a 65 53 f1 00 04 a2 02 02 01 87";
    let values = "1a 00 36 f0 74 03 1a 00 01 11 70 26 66 6e 6f 72 74 68 2d f6 18 fa";
    assert_eq!(bench.store.drain(), [hex(&format!("{head} {values}"))]);
    bench.device.unix_time_secs.set(None);
    bench.now_ms.set(7_200_000);
    metrics.heartbeat();
    assert_eq!(bench.store.drain(), [event("87 1a 00 36 ea 98 f6 f6 f6 60 f6 00")]);
}

#[test]
fn worst_case_sizes_count_texts_and_time_as_they_are() {
    let (example, bench, metrics) = example();
    // Of the specification, without the 5 built-in integers of other modules.
    let sizes = || [HEARTBEAT, FILL, DRAIN].map(|session| metrics.worst_case_size(session));
    assert_eq!(sizes(), [82 - 5 * 5, 52, 41]);
    metrics.set_text(example.valve_name, text("abcdef")).unwrap();
    assert_eq!(sizes(), [88 - 5 * 5, 52, 41]);
    bench.device.unix_time_secs.set(Some(1_700_000_000));
    assert_eq!(sizes(), [94 - 5 * 5, 58, 47]);
    assert_eq!(bench.count(|| metrics.worst_case_size(FILL)), (58, 2, 0));
}

#[test]
fn a_small_storage_fails_the_boot_and_changes_nothing() {
    let (example, bench, metrics) = example();
    bench.store.capacity.set(57);
    metrics.boot(&bench.store, 3).unwrap();
    metrics.set_text(example.valve_name, text("abcdef")).unwrap();
    bench.calls();
    assert_eq!(bench.count(|| metrics.boot(&bench.store, 9)), (Err(Error::StorageTooSmall), 2, 0));
    assert_eq!(bench.store.reports.take(), ["Metrics: 57 < 63"]);
    assert!(bench.calls().is_empty());
    assert_eq!(metrics.read(REBOOTS, Kind::Unsigned), Ok(3));
    assert_eq!(read_text(metrics, example.valve_name, 7), b"abcdef\0");
}

#[test]
fn a_timer_that_does_not_start_leaves_all_else_booted() {
    let (_, bench, metrics) = example();
    bench.timer_starts.set(false);
    assert_eq!(metrics.boot(&bench.store, 2), Err(Error::TimerNotStarted));
    assert_eq!(bench.calls(), ["reliability", "crashed?", "forget", "timer"]);
    metrics.heartbeat();
    assert_eq!(bench.store.drain(), [event("87 00 02 f6 f6 60 f6 00")]);
}

#[test]
fn a_second_boot_stops_timers_and_forgets_values() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 1).unwrap();
    metrics.start_session(FILL).unwrap();
    metrics.operate_timer(example.busy_ms, Start).unwrap();
    metrics.set(example.pump_starts, Kind::Unsigned, 1).unwrap();
    metrics.set_text(example.src, text("well")).unwrap();
    bench.now_ms.set(100);
    metrics.boot(&bench.store, 5).unwrap();
    assert_eq!(metrics.operate_timer(example.busy_ms, Stop), Err(Error::NoChange));
    assert_eq!(metrics.read_timer(example.busy_ms), Ok(0));
    assert_eq!(metrics.read(example.pump_starts, Kind::Unsigned), Err(Error::Unset));
    assert_eq!(read_text(metrics, example.src, 5), b"\0ZZZ\0");
    assert_eq!(metrics.read(REBOOTS, Kind::Unsigned), Ok(5));
    bench.calls();
    assert_eq!(metrics.end_session(FILL), Err(Error::NoChange));
    assert_eq!(bench.calls(), ["End 0"]);
    bench.now_ms.set(110);
    assert_eq!(metrics.read_timer(INTERVAL), Ok(10));
}

#[test]
fn timers_run_on_across_heartbeats() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    bench.now_ms.set(100);
    metrics.start_session(FILL).unwrap();
    metrics.operate_timer(example.idle_ms, Start).unwrap();
    bench.now_ms.set(110);
    // Those of sessions are brought up to date, too.
    assert_eq!(bench.count(|| metrics.heartbeat()), ((), 3, 3));
    bench.now_ms.set(115);
    metrics.operate_timer(example.idle_ms, Stop).unwrap();
    bench.now_ms.set(120);
    metrics.heartbeat();
    let heartbeats = [event("87 18 6e 00 f6 f6 60 f6 0a"), event("87 0a f6 f6 f6 60 f6 05")];
    assert_eq!(bench.store.drain(), heartbeats);
    bench.now_ms.set(200);
    metrics.end_session(FILL).unwrap();
    assert_eq!(bench.store.drain().concat()[24..], hex("00 01 86 18 64 f6 f6 60 00 f6")[1..]);
}

#[test]
fn a_full_storage_loses_the_values_of_an_interval() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 7).unwrap();
    // The storage takes 2 bytes for itself, the event 25 up to the head of its values. With less their number is not asked for.
    // Besides, there is one pair for the timers and one for the values or for putting them at rest.
    for (capacity, pairs) in [(2, 2), (26, 2), (27, 3), (28, 3), (36, 3)] {
        bench.store.capacity.set(capacity);
        metrics.set(example.flow_l, Kind::Unsigned, 4).unwrap();
        metrics.set_text(example.valve_name, text("abc")).unwrap();
        assert_eq!(bench.count(|| metrics.heartbeat()).1, pairs, "{capacity}");
        assert_eq!(metrics.read(example.flow_l, Kind::Unsigned), Err(Error::Unset), "{capacity}");
        assert_eq!(read_text(metrics, example.valve_name, 1), b"\0");
    }
    assert_eq!(bench.store.drain(), Vec::<Vec<u8>>::new());
}

#[test]
fn hooks_set_values_of_this_heartbeat_and_updates_during_the_write_are_of_the_next() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    bench.calls();
    *bench.collecting.borrow_mut() = Some(Box::new(|| metrics.set(example.flow_l, Kind::Unsigned, 9).unwrap()));
    metrics.heartbeat();
    assert_eq!(bench.calls(), ["collect"]);
    assert_eq!(bench.store.drain(), [event("87 00 00 f6 f6 60 09 00")]);
}

#[test]
fn a_heartbeat_before_the_boot_has_nowhere_to_go() {
    let (example, bench, metrics) = example();
    metrics.set(example.flow_l, Kind::Unsigned, 4).unwrap();
    metrics.heartbeat();
    assert_eq!(bench.calls(), ["collect"]);
    assert_eq!(metrics.read(example.flow_l, Kind::Unsigned), Err(Error::Unset));
}

#[test]
fn saved_state_i_of_the_specification() {
    let (example, bench, metrics) = example();
    bench.now_ms.set(100);
    metrics.boot(&bench.store, 3).unwrap();
    metrics.set(example.pump_starts, Kind::Unsigned, 9).unwrap();
    metrics.set_text(example.valve_name, text("xy")).unwrap();
    metrics.start_session(FILL).unwrap();
    bench.now_ms.set(1100);
    let saved = example.table.save();
    // The RAM is lost.
    example.table.restore(&std::vec![0xa5a5_a5a5; saved.len()]);
    bench.now_ms.set(5100);
    *bench.restoring.borrow_mut() = Some(Box::new(move || {
        example.table.restore(&saved);
        // The hook may use what it has just written.
        metrics.add(example.flow_l, 1).unwrap();
    }));
    bench.calls();
    // Of the lock two for the size, one for the hook's addition.
    assert_eq!(bench.count(|| metrics.boot(&bench.store, 77)), (Ok(()), 3, 0));
    assert_eq!(bench.calls(), ["timer", "connectivity"]);
    assert_eq!(metrics.read(example.pump_starts, Kind::Unsigned), Ok(9));
    assert_eq!(metrics.read(example.flow_l, Kind::Unsigned), Ok(1));
    assert_eq!(metrics.read(REBOOTS, Kind::Unsigned), Ok(3));
    assert_eq!(metrics.read_timer(INTERVAL), Ok(5000));
    assert_eq!(read_text(metrics, example.valve_name, 3), b"xy\0");
    metrics.end_session(FILL).unwrap();
    assert_eq!(bench.store.drain().concat()[24..], hex("00 01 86 19 13 88 f6 f6 60 00 f6")[1..]);
}

#[test]
fn a_restored_state_of_garbage_stays_inside_its_memory() {
    let (example, bench, metrics) = example();
    *bench.restoring.borrow_mut() = Some(Box::new(|| {
        let garbage: Vec<u32> = example.table.save().iter().map(|_| u32::MAX).collect();
        example.table.restore(&garbage);
    }));
    metrics.boot(&bench.store, 0).unwrap();
    let room = |metric: i32| example.table.list[metric as usize].max_len;
    // A text without an end ends with its memory.
    assert!(read_text(metrics, example.valve_name, 20).len() > room(example.valve_name));
    metrics.iterate(|_| true);
    metrics.heartbeat();
    assert_eq!(bench.store.drain().len(), 1);
}
