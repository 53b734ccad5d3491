use super::bench::{DRAIN, FILL, HEARTBEAT, INTERVAL, TestMetrics, example, read_text, text};
use crate::events::store::testing::hex;
use crate::metrics::Error;
use crate::metrics::registry::{Kind, Registry};
use crate::metrics::timers::Operation::{Start, Stop};
use std::boxed::Box;
use std::format;
use std::vec::Vec;

/// An event of a session, in hex.
fn event(session: u32, values: &str) -> Vec<u8> {
    hex(&format!("a6 02 01 03 01 0a 63 61 70 70 09 63 32 2e 30 06 63 68 77 31 04 a2 02 0{session} 01 {values}"))
}

#[test]
fn session_a_of_the_specification() {
    let (example, bench, metrics) = example();
    bench.now_ms.set(500);
    metrics.boot(&bench.store, 3).unwrap();
    assert_eq!(bench.calls(), ["reliability", "crashed?", "forget", "timer", "connectivity"]);
    bench.now_ms.set(2000);
    assert_eq!(bench.count(|| metrics.start_session(FILL)), (Ok(()), 1, 1));
    metrics.set(example.litres, Kind::Unsigned, 12).unwrap();
    metrics.set_text(example.src, text("well2")).unwrap();
    metrics.operate_timer(example.busy_ms, Start).unwrap();
    bench.now_ms.set(302_000);
    assert_eq!(*bench.tracked.borrow(), [FILL]);
    // One lock around, in it one for the number of values and one for the values.
    assert_eq!(bench.count(|| metrics.end_session(FILL)), (Ok(()), 3, 1));
    assert_eq!(bench.store.drain(), [event(FILL, "86 1a 00 04 93 e0 f6 0c 64 77 65 6c 6c 00 f6")]);
    assert!(bench.tracked.borrow().is_empty());
    assert_eq!(bench.count(|| metrics.end_session(FILL)), (Err(Error::NoChange), 1, 0));
    assert_eq!(bench.store.drain(), Vec::<Vec<u8>>::new());
    assert_eq!(bench.calls(), ["Start 0", "End 0", "End 0"]);
    // The values can still be read, and the session's own timer runs on.
    assert_eq!(metrics.read(example.litres, Kind::Unsigned), Ok(12));
    assert_eq!(metrics.read_timer(example.busy_ms), Ok(300_000));
    metrics.start_session(FILL).unwrap();
    assert_eq!(metrics.read(example.litres, Kind::Unsigned), Err(Error::Unset));
    assert_eq!(metrics.operate_timer(example.busy_ms, Stop), Ok(()));
}

#[test]
fn sessions_overlap_and_a_second_start_keeps_the_length() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    metrics.start_session(DRAIN).unwrap();
    bench.now_ms.set(1000);
    metrics.start_session(FILL).unwrap();
    metrics.set(example.litres, Kind::Unsigned, 1).unwrap();
    bench.now_ms.set(1024);
    metrics.set(example.dbar, Kind::Signed, (-1013_i32).cast_unsigned()).unwrap();
    assert_eq!(metrics.start_session(FILL), Err(Error::NoChange));
    bench.now_ms.set(65_536);
    assert_eq!(metrics.end_session(DRAIN), Ok(()));
    assert_eq!(metrics.end_session(FILL), Ok(()));
    let fill = event(FILL, "86 19 fc 18 f6 f6 60 00 f6");
    assert_eq!(bench.store.drain(), [event(DRAIN, "83 1a 00 01 00 00 f6 39 03 f4"), fill]);
    metrics.start_session(FILL).unwrap();
    metrics.set_text(example.src, text("x")).unwrap();
    let (_, pairs, times) = bench.count(|| metrics.reset_session(FILL));
    assert_eq!((pairs, times), (1, 1));
    assert_eq!(read_text(metrics, example.src, 2), b"\0\0");
    assert_eq!(metrics.end_session(FILL), Err(Error::NoChange));
}

#[test]
fn unknown_sessions_are_refused() {
    let (_, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    bench.calls();
    for session in [3, 31, 255, u32::MAX] {
        assert_eq!(metrics.start_session(session), Err(Error::NotFound));
        assert_eq!(metrics.end_session(session), Err(Error::NotFound));
        metrics.reset_session(session);
    }
    assert!(bench.calls().is_empty() && bench.tracked.borrow().is_empty());
    // An event of one would have no values.
    assert!(metrics.serialize(&bench.store, 3));
    assert_eq!(bench.store.drain(), [event(3, "80")]);
}

#[test]
fn a_session_before_the_boot_ends_without_an_event() {
    let (_, bench, metrics) = example();
    metrics.start_session(FILL).unwrap();
    assert_eq!(metrics.end_session(FILL), Err(Error::StorageTooSmall));
    assert!(bench.tracked.borrow().is_empty());
}

#[test]
fn an_event_that_does_not_fit_is_lost_with_its_session() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    bench.store.capacity.set(32);
    metrics.start_session(FILL).unwrap();
    metrics.set(example.litres, Kind::Unsigned, 5).unwrap();
    assert_eq!(metrics.end_session(FILL), Err(Error::StorageTooSmall));
    assert_eq!(bench.store.drain(), Vec::<Vec<u8>>::new());
    assert_eq!(metrics.read(example.litres, Kind::Unsigned), Ok(5));
    assert_eq!(metrics.end_session(FILL), Err(Error::NoChange));
}

#[test]
fn callbacks_set_values_of_the_event_and_may_end_the_session() {
    let (example, bench, metrics) = example();
    metrics.boot(&bench.store, 0).unwrap();
    *bench.calling_back.borrow_mut() = Some(Box::new(|| metrics.add(example.litres, 2).unwrap()));
    metrics.start_session(FILL).unwrap();
    metrics.end_session(FILL).unwrap();
    assert_eq!(bench.store.drain(), [event(FILL, "86 00 f6 04 60 00 f6")]);
    *bench.calling_back.borrow_mut() = Some(Box::new(|| {
        let _ = metrics.operate_timer(length_of_fill(metrics), Stop);
    }));
    assert_eq!(metrics.start_session(FILL), Ok(()));
    assert_eq!(metrics.end_session(FILL), Err(Error::NoChange));
}

/// The number of the length of `FILL`.
fn length_of_fill(metrics: &TestMetrics) -> i32 {
    use crate::metrics::registry::Entry;
    metrics.registry().interval(FILL).unwrap().index() as i32
}

#[test]
fn crashed_session_e_of_the_specification() {
    let (_, bench, metrics) = example();
    bench.crashed.set(true);
    bench.tracked.borrow_mut().push(FILL);
    // Of the size 2, start, set, and per crashed session start, add, end with 2 inside.
    assert_eq!(bench.count(|| metrics.boot(&bench.store, 1)), (Ok(()), 4 + 5, 1));
    assert_eq!(bench.store.drain(), [event(FILL, "86 00 01 f6 60 00 f6")]);
    let calls = ["reliability", "crashed?", "Start 0", "End 0", "forget", "timer", "connectivity"];
    assert_eq!(bench.calls(), calls);
    assert!(bench.tracked.borrow().is_empty());

    // Without a crash nothing is reported, and all is forgotten.
    bench.crashed.set(false);
    bench.tracked.borrow_mut().push(DRAIN);
    assert_eq!(bench.count(|| metrics.boot(&bench.store, 1)), (Ok(()), 4, 1));
    assert_eq!(bench.store.drain(), Vec::<Vec<u8>>::new());
    assert!(bench.tracked.borrow().is_empty());
}

#[test]
fn the_heartbeat_can_be_ended_like_a_session() {
    let (_, bench, metrics) = example();
    metrics.boot(&bench.store, 1).unwrap();
    assert_eq!(metrics.start_session(HEARTBEAT), Err(Error::NoChange));
    bench.now_ms.set(10);
    assert_eq!(metrics.end_session(HEARTBEAT), Ok(()));
    let values = "87 0a f6 f6 f6 60 f6 00";
    bench.now_ms.set(20);
    metrics.heartbeat();
    assert_eq!(bench.store.drain(), [event(HEARTBEAT, values), event(HEARTBEAT, values)]);
    metrics.heartbeat();
    assert_eq!(bench.store.drain(), [event(HEARTBEAT, "87 00 f6 f6 f6 60 f6 00")]);
    assert_eq!(metrics.operate_timer(INTERVAL, Start), Ok(()));
}
