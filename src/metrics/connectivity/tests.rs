use super::ConnectedTime::{Connected, Expected};
use super::*;
use std::cell::Cell;

/// Two timers and a clock.
#[derive(Default)]
struct TwoTimers {
    now_ms: Cell<u32>,
    connected: Timer,
    expected: Timer,
}

#[derive(Default)]
struct Timer {
    started_ms: Cell<Option<u32>>,
    total_ms: Cell<u32>,
}

impl TwoTimers {
    fn timer(&self, metric: ConnectedTime) -> &Timer {
        match metric {
            Connected => &self.connected,
            Expected => &self.expected,
        }
    }

    fn read_ms(&self, metric: ConnectedTime) -> u32 {
        let timer = self.timer(metric);
        timer.total_ms.get() + timer.started_ms.get().map_or(0, |started| self.now_ms.get() - started)
    }
}

impl Timers<ConnectedTime> for TwoTimers {
    fn start(&self, metric: ConnectedTime) {
        let started = &self.timer(metric).started_ms;
        started.set(started.get().or(Some(self.now_ms.get())));
    }

    fn stop(&self, metric: ConnectedTime) {
        self.timer(metric).total_ms.set(self.read_ms(metric));
        self.timer(metric).started_ms.set(None);
    }
}

#[test]
fn times_are_as_measured() {
    // spec 40 §17: time, state -> connected, expected
    let timers = TwoTimers::default();
    for (now_ms, state, connected, expected) in [
        (1000, 1, 0, 0),
        (2000, 2, 0, 1000),
        (3000, 1, 1000, 2000),
        (4000, 3, 2000, 3000),
        (5000, 2, 2000, 4000),
        (6000, 0, 3000, 5000),
        (7000, 0, 3000, 5000),
        (8000, 2, 3000, 5000),
        (8500, 4, 3500, 5500),
        (9000, 3, 4000, 6000),
        (9500, 0, 4000, 6500),
    ] {
        timers.now_ms.set(now_ms);
        if let Ok(state) = ConnectivityState::try_from(state) {
            state.enter(&timers);
        }
        assert_eq!((timers.read_ms(Connected), timers.read_ms(Expected)), (connected, expected), "at {now_ms} ms");
    }
}

#[test]
fn each_state_makes_its_calls_in_order() {
    use super::super::builtin::testing::{Did::Start, Did::Stop, Recording};
    let timers = Recording::new();
    let calls: [&[_]; 4] = [
        &[Stop(Connected), Stop(Expected)],
        &[Start(Expected)],
        &[Start(Expected), Start(Connected)],
        &[Start(Expected), Stop(Connected)],
    ];
    for (number, calls) in (0..).zip(calls) {
        ConnectivityState::try_from(number).unwrap().enter(&timers);
        assert_eq!(timers.take(), calls, "state {number}");
    }
}

#[test]
fn other_numbers_are_no_state() {
    for number in [4, 5, 255, 256, u32::MAX] {
        assert_eq!(ConnectivityState::try_from(number), Err(UnknownState));
    }
}
