use super::*;
use crate::coredump::testing::{Bench, Bytes};
use core::cell::RefCell;
use std::vec;
use std::vec::Vec;

/// What is logged, apart from the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failure {
    operation: Operation,
    problem: Problem,
    offset: u32,
    len: usize,
    expected: Expected,
}

#[derive(Default)]
struct Lines(RefCell<Vec<Option<(Failure, Buffer)>>>);

impl Log for Lines {
    fn passed(&self) {
        self.0.borrow_mut().push(None);
    }
    fn failed(&self, result: &StorageTest) {
        let failure = Failure {
            operation: result.operation.get(),
            problem: result.problem.get(),
            offset: result.offset.get(),
            len: result.len.get(),
            expected: result.expected.get(),
        };
        self.0.borrow_mut().push(Some((failure, result.last_read.get())));
    }
}

/// Runs both parts and returns what is logged, `None` for the good result.
fn result(bench: &Bench) -> Option<(Failure, Buffer)> {
    let test = StorageTest::new();
    let lines = Lines::default();
    let begun = test.begin(bench);
    bench.calls();
    let finished = test.finish(bench, &lines);
    let lines = lines.0.take();
    assert_eq!(lines.len(), 1);
    assert_eq!(finished, lines[0].is_none());
    assert!(begun || !finished);
    if !begun {
        assert!(bench.calls().is_empty(), "after a failure there is nothing to clear");
    }
    lines[0]
}

fn failure(bench: &Bench) -> (Operation, Problem, u32, usize) {
    let (failure, _) = result(bench).expect("a failure");
    (failure.operation, failure.problem, failure.offset, failure.len)
}

#[test]
fn a_good_driver_passes() {
    let bench = Bench::new(47);
    assert!(StorageTest::new().begin(&bench));
    let calls = [
        "size",
        "begin",
        "erase(0,47)",
        "read(0,16)",
        "read(16,16)",
        "read(32,15)", //
        "write(12,7)",
        "write(19,12)",
        "write(31,7)",
        "write(38,9)",
        "write(0,12)", //
        "read(0,12)",
        "read(12,7)",
        "read(19,12)",
        "read(31,7)",
        "read(38,9)",
    ];
    assert_eq!(bench.calls(), calls);
    assert_eq!(
        bench.storage.borrow()[..20],
        [
            0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, //
            0x5F, 0x5E, 0x5D, 0x5C, 0x5B, 0x5A, 0x59, 0xA0,
        ]
    );
    assert_eq!(result(&bench), None);
    assert_eq!(bench.storage.borrow()[0], 0);
}

#[test]
fn every_size_passes_on_a_good_driver() {
    for storage_len in 12..100 {
        assert_eq!(result(&Bench::new(storage_len)), None, "{storage_len}");
    }
}

#[test]
fn the_second_part_clears_and_reads_as_the_running_system_does() {
    let bench = Bench::new(64);
    let test = StorageTest::new();
    let lines = Lines::default();
    assert!(test.begin(&bench));
    for _ in 0..2 {
        bench.calls();
        assert!(test.finish(&bench, &lines));
        assert_eq!(bench.calls(), ["clear", "read_when_running(0,1)"]);
    }
    bench.refuses.set(true);
    assert!(!test.finish(&bench, &lines));
    bench.refuses.set(false);
    bench.calls();
    assert!(!test.finish(&bench, &lines), "a failure stays");
    assert!(bench.calls().is_empty());
    let lines = lines.0.take();
    let (failure, last_read) = lines[2].unwrap();
    assert_eq!(
        (failure.operation, failure.problem, failure.offset, failure.len),
        (Operation::Clear, Problem::ReadFailed, 0, 1)
    );
    assert_eq!(lines, vec![None, None, Some((failure, last_read)), Some((failure, last_read))]);
}

#[test]
fn a_clear_without_effect_is_noticed() {
    let test = StorageTest::new();
    let lines = Lines::default();
    let silent = ClearsNothing(Bench::new(64));
    assert!(test.begin(&silent));
    assert!(!test.finish(&silent, &lines));
    let (failure, last_read) = lines.0.take()[0].unwrap();
    assert_eq!(
        (failure.operation, failure.problem, failure.offset, failure.len),
        (Operation::Clear, Problem::CompareFailed, 0, 1)
    );
    assert_eq!(last_read[0], 0xA0);
    assert_eq!(failure.expected, Expected::Erased);
}

/// A driver whose clear does nothing.
struct ClearsNothing(Bench);

impl Storage for ClearsNothing {
    type Memory<'a> = Bytes<'a>;
    fn begin_save(&self) -> bool {
        self.0.begin_save()
    }
    fn size(&self) -> usize {
        self.0.size()
    }
    fn read(&self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.read(offset, buf)
    }
    fn write(&self, offset: u32, data: Bytes<'_>) -> bool {
        self.0.write(offset, data)
    }
    fn erase(&self, len: usize) -> bool {
        self.0.erase(len)
    }
    fn clear(&self) {}
    fn read_when_running(&self, offset: u32, buf: &mut [u8]) -> bool {
        self.0.read_when_running(offset, buf)
    }
}

/// QUIRK (spec 50 §11).
#[test]
fn the_second_part_alone_behaves_as_after_a_good_first_one() {
    let bench = Bench::new(64);
    let lines = Lines::default();
    assert!(StorageTest::new().finish(&bench, &lines));
    assert_eq!(bench.calls(), ["clear", "read_when_running(0,1)"]);
}

#[test]
fn failures_of_hooks_are_told_with_their_place() {
    use Operation::*;
    use Problem::*;
    assert_eq!(failure(&Bench::new(0)), (GetInfo, ApiFailed, 0, 0));
    let mut bench = Bench::new(64);
    bench.begin = false;
    assert_eq!(failure(&bench), (Prepare, ApiFailed, 0, 64));
    let mut bench = Bench::new(64);
    bench.failing_erase = true;
    assert_eq!(failure(&bench), (Erase, ApiFailed, 0, 64));
    let mut bench = Bench::new(60);
    bench.failing_read = Some(3);
    assert_eq!(failure(&bench), (Erase, ReadFailed, 48, 12));
    // The reads from the fifth on look at what was written.
    let mut bench = Bench::new(60);
    bench.failing_read = Some(5);
    assert_eq!(failure(&bench), (Write, ReadFailed, 12, 7));
    let mut bench = Bench::new(60);
    bench.failing_write = Some(1);
    assert_eq!(failure(&bench), (Write, ApiFailed, 19, 12));
    // QUIRK: the header's write is told at the end.
    let mut bench = Bench::new(60);
    bench.failing_write = Some(6);
    assert_eq!(failure(&bench), (Write, ApiFailed, 60, 12));
}

/// QUIRK (spec 50 §11).
#[test]
fn a_tiny_storage_has_to_refuse_the_header() {
    for storage_len in 1..12 {
        assert_eq!(failure(&Bench::new(storage_len)), (Operation::Write, Problem::ApiFailed, 12, 12), "{storage_len}");
    }
}

#[test]
fn a_byte_that_is_not_erased_is_told_with_its_offset() {
    let mut bench = Bench::new(64);
    bench.erased = 0xFE;
    assert_eq!(failure(&bench), (Operation::Erase, Problem::CompareFailed, 0, 1));
    let mut bench = Bench::new(64);
    bench.stuck_byte = Some((21, 0x55));
    let (failure, last_read) = result(&bench).unwrap();
    assert_eq!(
        (failure.operation, failure.problem, failure.offset, failure.len),
        (Operation::Erase, Problem::CompareFailed, 21, 1)
    );
    // QUIRK: the log shows the first byte of the last read, not this one.
    assert_eq!((last_read[0], last_read[5]), (0xFF, 0x55));
}

/// The examples of spec 50 §11: storage of 47 bytes, byte 40 inverted by the driver.
#[test]
fn a_byte_that_reads_wrong_is_told_with_pattern_and_bytes() {
    let mut bench = Bench::new(47);
    // An inverted erased byte is one, too.
    bench.inverted_byte = Some(40);
    let (failure, last_read) = result(&bench).unwrap();
    assert_eq!(
        (failure.operation, failure.problem, failure.offset, failure.len),
        (Operation::Write, Problem::CompareFailed, 38, 9)
    );
    assert_eq!(failure.expected.pattern()[..9], [0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8]);
    assert_eq!(last_read[..9], [0xa0, 0xa1, 0x5d, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8]);
}
