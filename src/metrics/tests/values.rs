use super::bench::{HEARTBEAT, example, read_text, text};
use crate::metrics::Error;
use crate::metrics::registry::{Entry, Kind};
use crate::metrics::values::{is_set, text_of};
use core::cell::Cell;
use std::vec::Vec;

#[test]
fn sums_stop_at_the_limits_of_their_type() {
    let (example, _, metrics) = example();
    let unsigned = |start: u32, amount: i32| {
        metrics.set(example.pump_starts, Kind::Unsigned, start).unwrap();
        metrics.add(example.pump_starts, amount).unwrap();
        metrics.read(example.pump_starts, Kind::Unsigned).unwrap()
    };
    assert_eq!(unsigned(0, -1), 0);
    assert_eq!(unsigned(5, -6), 0);
    assert_eq!(unsigned(0xffff_fff0, 0x7fff_ffff), u32::MAX);
    assert_eq!(unsigned(0x8000_0000, i32::MIN), 0);
    assert_eq!(unsigned(u32::MAX, 0), u32::MAX);
    assert_eq!(unsigned(0xffff_fffe, 2), u32::MAX);
    assert_eq!(unsigned(0x8000_0002, 0x7fff_ffff), u32::MAX);
    assert_eq!(unsigned(u32::MAX, i32::MIN), 0x7fff_ffff);
    let signed = |start: i32, amount: i32| {
        metrics.set(example.tank_temp_c, Kind::Signed, start.cast_unsigned()).unwrap();
        metrics.add(example.tank_temp_c, amount).unwrap();
        metrics.read(example.tank_temp_c, Kind::Signed).unwrap().cast_signed()
    };
    assert_eq!(signed(2_147_483_646, 2), i32::MAX);
    assert_eq!(signed(i32::MAX, i32::MAX), i32::MAX);
    assert_eq!(signed(-2_147_483_647, -2), i32::MIN);
    assert_eq!(signed(i32::MIN, i32::MIN), i32::MIN);
    assert_eq!(signed(i32::MIN, i32::MAX), -1);
}

#[test]
fn integers_are_unset_until_something_is_set_or_added() {
    let (example, _, metrics) = example();
    assert_eq!(metrics.read(example.flow_l, Kind::Unsigned), Err(Error::Unset));
    assert_eq!(metrics.add(example.flow_l, 0), Ok(()));
    assert_eq!(metrics.read(example.flow_l, Kind::Unsigned), Ok(0));
    assert_eq!(metrics.read(example.tank_temp_c, Kind::Signed), Err(Error::Unset));
    metrics.set(example.tank_temp_c, Kind::Signed, (-7_i32).cast_unsigned()).unwrap();
    assert_eq!(metrics.read(example.tank_temp_c, Kind::Signed), Ok((-7_i32).cast_unsigned()));
}

#[test]
fn texts_are_cut_and_read_with_their_terminator() {
    let (example, _, metrics) = example();
    let valve = example.valve_name;
    assert_eq!(read_text(metrics, valve, 4), b"\0ZZ\0");
    metrics.set_text(valve, text("ab")).unwrap();
    assert_eq!(read_text(metrics, valve, 8), b"ab\0ZZZZ\0");
    metrics.set_text(valve, text("north-east")).unwrap();
    assert_eq!(read_text(metrics, valve, 10), b"north-\0ZZ\0");
    assert_eq!(read_text(metrics, valve, 4), b"nor\0");
    assert_eq!(read_text(metrics, valve, 1), b"\0");
    metrics.set_text(valve, text("")).unwrap();
    assert_eq!(read_text(metrics, valve, 3), b"\0Z\0");
    assert_eq!(metrics.read_text(valve, &[]), Err(Error::BadParameter));
    // The neighbours in memory are those of others.
    metrics.set_text(example.src, text("1234")).unwrap();
    metrics.set_text(valve, text("abcdefgh")).unwrap();
    assert_eq!(read_text(metrics, example.src, 5), b"1234\0");
}

#[test]
fn a_text_may_be_set_from_its_own_memory() {
    let (example, _, metrics) = example();
    metrics.set_text(example.valve_name, text("abcdef")).unwrap();
    let mut own = None;
    metrics.iterate(|entry| {
        if entry.index() as i32 == example.valve_name {
            own = Some(entry.text().iter().skip(2).map(Cell::get).take_while(|byte| *byte != 0));
        }
        true
    });
    metrics.set_text(example.valve_name, own).unwrap();
    assert_eq!(read_text(metrics, example.valve_name, 7), b"cdef\0Z\0");
}

/// Every function on every type of metric, and on none.
#[test]
fn results_for_other_types_and_unknown_metrics() {
    let (example, bench, metrics) = example();
    let (unsigned, signed) = (example.pump_starts, example.tank_temp_c);
    let (timer, string) = (example.idle_ms, example.valve_name);
    use crate::metrics::timers::Operation::{Start, Stop};
    type Function<'a> = &'a dyn Fn(i32) -> Result<(), Error>;
    let out = [Cell::new(0)];
    let functions: [(Function<'_>, Vec<i32>, Error, &str); 9] = [
        (&|m| metrics.set(m, Kind::Unsigned, 1), std::vec![unsigned], Error::WrongType, "Unsigned, not "),
        (&|m| metrics.set(m, Kind::Signed, 1), std::vec![signed], Error::WrongType, "Signed, not "),
        (&|m| metrics.operate_timer(m, Start), std::vec![timer], Error::WrongType, "Timer, not "),
        (&|m| metrics.operate_timer(m, Stop), std::vec![timer], Error::WrongType, "Timer, not "),
        (&|m| metrics.set_text(m, text("x")), std::vec![string], Error::NotFound, "Text, not "),
        (&|m| metrics.add(m, 1), std::vec![unsigned, signed], Error::WrongType, "no number: "),
        (&|m| metrics.read(m, Kind::Unsigned).map(drop), std::vec![unsigned], Error::WrongType, ""),
        (&|m| metrics.read_timer(m).map(drop), std::vec![timer], Error::WrongType, "Timer, not "),
        (&|m| metrics.read_text(m, &out), std::vec![string], Error::NotFound, ""),
    ];
    for (number, (function, fits, error, log)) in functions.iter().enumerate() {
        for metric in [unsigned, signed, timer, string] {
            let (result, pairs, _) = bench.count(|| function(metric));
            let calls = bench.calls();
            assert_eq!(pairs, 1, "function {number}");
            if fits.contains(&metric) {
                assert_eq!((result, calls.len()), (Ok(()), 0), "function {number} of {metric}");
            } else {
                assert_eq!(result, Err(*error), "function {number} of {metric}");
                assert_eq!(calls.len(), usize::from(!log.is_empty()));
                assert!(calls.iter().all(|call| call.starts_with(log)), "{calls:?}");
            }
        }
        for unknown in [-1, i32::MIN, example.table.list.len() as i32, i32::MAX] {
            assert_eq!(function(unknown), Err(Error::NotFound), "function {number} of {unknown}");
            assert_eq!(bench.calls(), Vec::<&str>::new());
        }
    }
    // A missing text is a mistake only where a text is wanted.
    let none = || None::<core::iter::Empty<u8>>;
    assert_eq!(metrics.set_text(string, none()), Err(Error::BadParameter));
    assert_eq!(metrics.set_text(timer, none()), Err(Error::NotFound));
    assert_eq!(metrics.set_text(-1, none()), Err(Error::NotFound));
}

#[test]
fn iteration_shows_all_metrics_until_it_is_stopped() {
    let (example, bench, metrics) = example();
    metrics.set(example.pump_starts, Kind::Unsigned, 3).unwrap();
    metrics.set_text(example.valve_name, text("ab")).unwrap();
    let mut seen = std::vec![];
    let ((), pairs, times) = bench.count(|| {
        metrics.iterate(|entry| {
            if entry.index() as i32 == example.valve_name {
                assert_eq!(entry.text()[2].get(), 0, "a terminator for C");
            }
            seen.push((
                entry.index() as i32,
                entry.session(),
                entry.value().get(),
                is_set(entry),
                text_of(entry).len(),
            ));
            // May be used from inside.
            metrics.add(example.flow_l, 1).unwrap();
            entry.index() < 5
        });
    });
    let no_text = |metric: i32| if metric == example.valve_name { 2 } else { 0 };
    let expected: Vec<_> = (0..=5)
        .map(|metric| match metric {
            m if m == example.pump_starts => (m, HEARTBEAT, 3, true, 0),
            m if m == example.valve_name => (m, HEARTBEAT, 2, false, 2),
            m if m == example.flow_l => (m, HEARTBEAT, 5, true, 0),
            m => (m, HEARTBEAT, 0, false, no_text(m)),
        })
        .collect();
    assert_eq!(seen, expected);
    assert_eq!((pairs, times), (1 + 6, 0));
    assert_eq!([0, 1, 2, 3, u32::MAX].map(|session| metrics.count(session)), [6, 3, 7, 0, 0]);
}
