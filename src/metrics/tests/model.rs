//! Random tables and random calls against a model that keeps one obvious thing per metric.
//!
//! A failure names its seed; `MEMFAULT_SEED=<seed>` runs that one alone.

use super::bench::{Bench, Table, TestMetrics, firmware, read_text};
use crate::metrics::Error;
use crate::metrics::registry::{Entry, Kind};
use crate::metrics::timers::Operation::{self, Start, Stop, Update};
use crate::metrics::values::{is_set, text_of};
use core::cell::Cell;
use std::vec::Vec;
use std::{env, vec};

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A number that is often near a limit.
    fn number(&mut self) -> u32 {
        let near = [0, 24, 0x100, 0x1_0000, 0x8000_0000, u32::MAX][self.below(6)];
        if self.below(2) == 0 { self.next() as u32 } else { near.wrapping_add(self.below(5) as u32).wrapping_sub(2) }
    }
}

/// What a metric is to its user.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Unsigned(Option<u32>),
    Signed(Option<i32>),
    Timer { sum: u32, since: Option<u64> },
    Text(Vec<u8>),
}

struct Model {
    metrics: Vec<(u32, Value)>,
    /// Per session, heartbeat last: the metric of its length.
    intervals: Vec<usize>,
    max_lens: Vec<usize>,
}

impl Model {
    fn rest(value: &mut Value) {
        match value {
            Value::Unsigned(value) => *value = None,
            Value::Signed(value) => *value = None,
            Value::Timer { sum, .. } => *sum = 0,
            Value::Text(text) => text.clear(),
        }
    }

    fn reset(&mut self, session: u32) {
        self.metrics.iter_mut().filter(|metric| metric.0 == session).for_each(|metric| Self::rest(&mut metric.1));
    }

    fn timer(&mut self, metric: usize, operation: Operation, now: u64) -> Result<(), Error> {
        let Value::Timer { sum, since } = &mut self.metrics[metric].1 else { return Err(Error::WrongType) };
        match (*since, operation) {
            (None, Start) => *since = Some(now),
            (Some(start), Stop | Update) => {
                let stretch = ((i128::from(now) - i128::from(start)).rem_euclid(1 << 31)) as u32;
                *sum = sum.wrapping_add(stretch);
                *since = (operation == Update).then_some(now);
            }
            _ => return Err(Error::NoChange),
        }
        Ok(())
    }

    fn update_timers(&mut self, now: u64) {
        for metric in 0..self.metrics.len() {
            let _ = self.timer(metric, Update, now);
        }
    }

    /// The array of a session's event.
    fn array(&self, session: u32) -> Vec<u8> {
        let values: Vec<&Value> = self.metrics.iter().filter(|m| m.0 == session).map(|m| &m.1).collect();
        let mut out = head(0x80, values.len() as u32);
        for value in values {
            match value {
                Value::Unsigned(None) | Value::Signed(None) => out.push(0xf6),
                Value::Unsigned(Some(value)) | Value::Timer { sum: value, .. } => out.extend(head(0, *value)),
                Value::Signed(Some(value)) if *value < 0 => out.extend(head(0x20, !*value as u32)),
                Value::Signed(Some(value)) => out.extend(head(0, *value as u32)),
                Value::Text(text) => {
                    out.extend(head(0x60, text.len() as u32));
                    out.extend(text);
                }
            }
        }
        out
    }
}

fn head(major: u8, value: u32) -> Vec<u8> {
    match value {
        0..24 => vec![major | value as u8],
        24..0x100 => vec![major | 24, value as u8],
        0x100..0x1_0000 => [vec![major | 25], (value as u16).to_be_bytes().to_vec()].concat(),
        _ => [vec![major | 26], value.to_be_bytes().to_vec()].concat(),
    }
}

/// A table of up to 80 metrics in up to 5 sessions, and its model.
fn table(random: &mut Random) -> (Table, Model) {
    let num_sessions = random.below(6);
    let heartbeat = num_sessions as u32;
    let mut table = Table::new(heartbeat);
    let mut intervals = vec![0; num_sessions + 1];
    let mut next_session = 0;
    for _ in 0..random.below(80) + num_sessions {
        if next_session < heartbeat && random.below(4) == 0 {
            intervals[next_session as usize] = table.add_session(next_session) as usize;
            next_session += 1;
        }
        let kind = Kind::from_number(random.below(4) as u32);
        let max_len = if kind == Kind::Text { random.below(40) } else { 0 };
        table.add(kind, random.below(num_sessions + 1) as u32, max_len);
    }
    for session in next_session..heartbeat {
        intervals[session as usize] = table.add_session(session) as usize;
    }
    let at_rest = |kind| match kind {
        Kind::Unsigned => Value::Unsigned(None),
        Kind::Signed => Value::Signed(None),
        Kind::Timer => Value::Timer { sum: 0, since: None },
        Kind::Text => Value::Text(vec![]),
    };
    let metrics = table.list.iter().map(|declared| (declared.session, at_rest(declared.kind))).collect();
    let max_lens = table.list.iter().map(|declared| declared.max_len).collect();
    (table, Model { metrics, intervals, max_lens })
}

fn run(seed: u64) {
    let mut random = Random(seed);
    let (table, mut model) = table(&mut random);
    let (_, bench, metrics) = firmware(table);
    bench.store.capacity.set(1 << 16);
    let heartbeat = model.intervals.len() as u32 - 1;
    let mut now = random.next();
    let mut booted = false;
    for _ in 0..random.below(200) + 20 {
        now = if random.below(20) == 0 { random.next() } else { now.wrapping_add(random.below(5000) as u64) };
        bench.now_ms.set(now);
        let index = random.below(model.metrics.len() + 2) as i32 - 1;
        let metric = (0..model.metrics.len() as i32).contains(&index).then_some(index as usize);
        let session = random.below(model.intervals.len() + 1) as u32;
        match random.below(13) {
            0 => {
                let value = random.number();
                let result = match metric.map(|m| &mut model.metrics[m].1) {
                    Some(Value::Unsigned(old)) => {
                        *old = Some(value);
                        Ok(())
                    }
                    Some(_) => Err(Error::WrongType),
                    None => Err(Error::NotFound),
                };
                assert_eq!(metrics.set(index, Kind::Unsigned, value), result);
            }
            1 => {
                let value = random.number();
                let result = match metric.map(|m| &mut model.metrics[m].1) {
                    Some(Value::Signed(old)) => {
                        *old = Some(value.cast_signed());
                        Ok(())
                    }
                    Some(_) => Err(Error::WrongType),
                    None => Err(Error::NotFound),
                };
                assert_eq!(metrics.set(index, Kind::Signed, value), result);
            }
            2 | 3 => {
                let amount = random.number().cast_signed();
                let result = match metric.map(|m| &mut model.metrics[m].1) {
                    Some(Value::Unsigned(old)) => {
                        let sum = i64::from(old.unwrap_or(0)) + i64::from(amount);
                        *old = Some(sum.clamp(0, u32::MAX.into()) as u32);
                        Ok(())
                    }
                    Some(Value::Signed(old)) => {
                        let sum = i64::from(old.unwrap_or(0)) + i64::from(amount);
                        *old = Some(sum.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
                        Ok(())
                    }
                    Some(_) => Err(Error::WrongType),
                    None => Err(Error::NotFound),
                };
                assert_eq!(metrics.add(index, amount), result);
            }
            4 | 5 => {
                let operation = [Start, Stop][random.below(2)];
                let result = metric.map_or(Err(Error::NotFound), |m| model.timer(m, operation, now));
                assert_eq!(metrics.operate_timer(index, operation), result);
            }
            6 => {
                let text: Vec<u8> = (0..random.below(50)).map(|_| 1 + random.below(255) as u8).collect();
                let result = match metric.map(|m| (&mut model.metrics[m].1, model.max_lens[m])) {
                    Some((Value::Text(old), max_len)) => {
                        *old = text[..text.len().min(max_len)].to_vec();
                        Ok(())
                    }
                    _ => Err(Error::NotFound),
                };
                assert_eq!(metrics.set_text(index, Some(text.into_iter())), result);
            }
            7 => read(&mut random, metrics, &mut model, index, metric, now),
            8 => {
                let result = match model.intervals.get(session as usize).copied() {
                    Some(interval) => {
                        model.reset(session);
                        model.timer(interval, Start, now)
                    }
                    None => Err(Error::NotFound),
                };
                assert_eq!(metrics.start_session(session), result);
            }
            9 => {
                let result = match model.intervals.get(session as usize).copied() {
                    Some(interval) => model.timer(interval, Stop, now),
                    None => Err(Error::NotFound),
                };
                let stored = result == Ok(()) && booted;
                let result = if result == Ok(()) && !booted { Err(Error::StorageTooSmall) } else { result };
                assert_eq!(metrics.end_session(session), result);
                check_event(bench, stored.then(|| model.array(session)));
            }
            10 => {
                if let Some(interval) = model.intervals.get(session as usize).copied() {
                    let _ = model.timer(interval, Stop, now);
                    model.reset(session);
                }
                metrics.reset_session(session);
            }
            11 => {
                model.update_timers(now);
                metrics.heartbeat();
                check_event(bench, booted.then(|| model.array(heartbeat)));
                model.reset(heartbeat);
            }
            _ if random.below(4) == 0 => {
                let count = random.number();
                assert_eq!(metrics.boot(&bench.store, count), Ok(()));
                booted = true;
                for (_, value) in &mut model.metrics {
                    Model::rest(value);
                    if let Value::Timer { since, .. } = value {
                        *since = None;
                    }
                }
                model.timer(0, Start, now).unwrap();
                model.metrics[1].1 = Value::Unsigned(Some(count));
            }
            _ => {}
        }
        check_all(metrics, &model);
    }
}

fn read(random: &mut Random, metrics: &TestMetrics, model: &mut Model, index: i32, metric: Option<usize>, now: u64) {
    if let Some(metric) = metric {
        let _ = model.timer(metric, Update, now);
    }
    let value = metric.map(|m| &model.metrics[m].1);
    let other = if value.is_some() { Error::WrongType } else { Error::NotFound };
    let expected = match value {
        Some(Value::Timer { sum, .. }) => Ok(*sum),
        _ => Err(other),
    };
    assert_eq!(metrics.read_timer(index), expected);
    let expected = match value {
        Some(Value::Unsigned(value)) => value.ok_or(Error::Unset),
        _ => Err(other),
    };
    assert_eq!(metrics.read(index, Kind::Unsigned), expected);
    let expected = match value {
        Some(Value::Signed(value)) => value.map(i32::cast_unsigned).ok_or(Error::Unset),
        _ => Err(other),
    };
    assert_eq!(metrics.read(index, Kind::Signed), expected);
    let Some(Value::Text(text)) = value else {
        assert_eq!(metrics.read_text(index, &[Cell::new(0)]), Err(Error::NotFound));
        return;
    };
    let len = 1 + random.below(45);
    let mut expected = vec![b'Z'; len];
    for (to, from) in expected.iter_mut().zip(text.iter().chain([&0])) {
        *to = *from;
    }
    expected[len - 1] = 0;
    assert_eq!(read_text(metrics, index, len), expected);
}

/// What was stored: nothing, or one event that ends with this array.
fn check_event(bench: &Bench, array: Option<Vec<u8>>) {
    let events = bench.store.drain();
    match array {
        None => assert!(events.is_empty()),
        Some(array) => {
            assert_eq!(events.len(), 1);
            assert!(events[0].ends_with(&array), "{:02x?} does not end with {array:02x?}", events[0]);
        }
    }
}

/// Every metric has the value of the model; timers are as of their last change.
fn check_all(metrics: &TestMetrics, model: &Model) {
    let mut expected = model.metrics.iter();
    metrics.iterate(|entry| {
        let (session, value) = expected.next().unwrap();
        assert_eq!(entry.session(), *session);
        let number = entry.value().get();
        match value {
            Value::Unsigned(value) => assert_eq!((value.unwrap_or(0), value.is_some()), (number, is_set(entry))),
            Value::Signed(value) => {
                assert_eq!((value.unwrap_or(0).cast_unsigned(), value.is_some()), (number, is_set(entry)));
            }
            Value::Timer { sum, .. } => assert_eq!((*sum, false), (number, is_set(entry))),
            Value::Text(text) => {
                assert_eq!(*text, text_of(entry).iter().map(Cell::get).collect::<Vec<_>>());
                assert_eq!(entry.text()[text.len()].get(), 0);
                assert!(!is_set(entry));
            }
        }
        true
    });
    assert!(expected.next().is_none());
    let sessions = 0..=model.intervals.len() as u32;
    let counts: Vec<usize> = sessions.clone().map(|s| model.metrics.iter().filter(|m| m.0 == s).count()).collect();
    assert_eq!(sessions.map(|s| metrics.count(s) as usize).collect::<Vec<_>>(), counts);
}

#[test]
fn random_tables_and_calls_behave_like_the_model() {
    let seeds = match env::var("MEMFAULT_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (1..=400).collect(),
    };
    for seed in seeds {
        let result = std::panic::catch_unwind(|| run(seed));
        assert!(result.is_ok(), "MEMFAULT_SEED={seed}");
    }
}
