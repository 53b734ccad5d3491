use super::*;
use crate::config::Defaults;
use crate::logs::testing::{DEBUG, ERROR, INFO, Log, NoTimes, WARNING};
use std::vec;

const TIME: u32 = 0x65a1_b2c3;

fn four_lines<C: Config>() -> Log<'static, C> {
    let log = Log::<C>::booted(64);
    log.port.time.set(Some(TIME));
    log.save(INFO, b"boot ok");
    log.save(ERROR, b"E42");
    log.save(WARNING, b"wifi: link lost, retry in 30s");
    log.save(INFO, b"wifi: up");
    log
}

#[test]
fn records_of_the_specification() {
    let log = four_lines::<Defaults>();
    let mut storage = b"ifi: upoot ok".to_vec();
    storage.extend(b"\x13\x07\xc3\xb2\xa1\x65E42\x12\x21\xc3\xb2\xa1\x65wifi: link lost, retry in 30s");
    storage.extend(b"\x11\x0c\xc3\xb2\xa1\x65w");
    assert_eq!(log.bytes(), storage);
    assert_eq!(log.counts(), (1, 4));
    assert_eq!(log.buffer.ring.read_offset(), 13);
    assert_eq!((log.port.saved.get(), log.port.time_calls.get(), log.port.pairs()), (4, 4, 4));
}

#[test]
fn records_without_times() {
    let log = four_lines::<NoTimes>();
    assert_eq!(&log.bytes()[..16], b"\x01\x07boot ok\x03\x03E42\x02\x1d");
    assert_eq!(&log.bytes()[42..55], b"30s\x01\x08wifi: up");
    assert_eq!((log.counts(), log.port.time_calls.get()), ((0, 4), 0));
}

#[test]
fn the_crc_of_the_region_is_that_of_the_specification() {
    if size_of::<usize>() == 4 {
        let region = Region { address: Cell::new(0), len: Cell::new(0), crc16: Cell::new(0) };
        region.set(0x2000_1000, 0x200);
        assert_eq!(region.crc16.get(), 0x51af);
    }
    assert_eq!(crc16::update(0, &[0, 0x10, 0, 0x20, 0, 2, 0, 0]), 0x51af);
    let log = Log::<Defaults>::booted(64);
    assert_eq!(log.buffer.region(), Some((0x1000, 64)));
    log.buffer.region.len.set(65);
    assert_eq!(log.buffer.region(), None, "overwritten");
    log.buffer.boot(0x1000, 64);
    log.buffer.reset();
    assert_eq!(log.buffer.region(), None, "not booted");
}

#[test]
fn what_is_not_wanted_leaves_no_trace() {
    let log = Log::<Defaults>::over(&[0; 64]);
    log.save(ERROR, b"before boot");
    log.buffer.boot(0x1000, 64);
    log.save(DEBUG, b"below the level");
    log.save_compact(ERROR, &[0; 129]);
    assert_eq!(log.counts(), (0, 0));
    assert_eq!((log.port.saved.get(), log.port.time_calls.get(), log.port.pairs()), (0, 0, 0));
    log.buffer.set_min_level(DEBUG);
    log.save(DEBUG, b"");
    assert_eq!(log.counts(), (0, 1));
    assert_eq!(&log.bytes()[..3], [0, 0, 0]);
}

#[test]
fn levels_have_no_upper_limit_and_keep_three_bits() {
    let log = Log::<NoTimes, u32>::booted(64);
    for level in [5, 12, 256 + 3] {
        log.save(level, b"");
    }
    assert_eq!(&log.bytes()[..6], [5, 0, 4, 0, 3, 0]);
}

#[test]
fn a_text_is_cut_to_the_longest_line() {
    let log = Log::<NoTimes>::booted(400);
    log.save(INFO, &[b'x'; 300]);
    assert_eq!(log.bytes()[..2], [1, 128]);
    assert_eq!(log.buffer.ring.len(), 130);
}

#[test]
fn a_record_that_never_fits_is_dropped_and_the_others_stay() {
    let log = Log::<NoTimes>::booted(10);
    log.save(INFO, b"12345678");
    log.save(INFO, b"123456789");
    assert_eq!((log.counts(), log.read_all().len()), ((1, 1), 2)); // a notice and the line
}

#[test]
fn nothing_is_evicted_while_frozen() {
    let log = Log::<NoTimes>::booted(20);
    log.save(INFO, b"12345678");
    log.port.frozen.set(true);
    log.save(INFO, b"fits");
    log.save(INFO, b"does not fit");
    assert_eq!(log.counts(), (1, 2));
    log.port.frozen.set(false);
    log.save(INFO, b"does not fit");
    assert_eq!(log.counts(), (2, 3));
}

#[test]
fn without_a_data_source_nothing_freezes() {
    struct NoSource;
    impl Config for NoSource {
        const LOG_DATA_SOURCE_ENABLED: bool = false;
        const LOG_TIMESTAMPS_ENABLE: bool = false;
    }
    let log = Log::<NoSource>::booted(10);
    log.port.frozen.set(true);
    log.save(INFO, b"12345678");
    log.save(INFO, b"abcdefgh");
    assert_eq!(log.counts(), (1, 2));
}

#[test]
fn evicting_a_read_record_moves_the_reader_and_counts_nothing() {
    let log = Log::<NoTimes>::booted(20);
    log.save(INFO, b"12345678");
    log.save(INFO, b"abcdefgh");
    assert!(log.read().is_some());
    log.save(INFO, b"ABCDEFGH");
    assert_eq!(log.counts(), (0, 3));
    assert_eq!(log.read_all(), [b"abcdefgh", b"ABCDEFGH"]);
}

#[test]
fn evicting_sent_but_unread_records_does_not_silence_the_reader() {
    let log = Log::<NoTimes>::booted(28);
    for text in [b"twelve chars", b"twelve CHARS"] {
        log.save(INFO, text);
    }
    for offset in [0, 14] {
        assert!(log.buffer.set_head(offset, INFO | SENT, 12));
    }
    log.save(INFO, b"thirteen char");
    assert_eq!(log.counts(), (0, 3), "a sent line is not lost");
    assert_eq!(log.buffer.read_offset.get(), 0);
    assert_eq!(log.read_all(), [b"thirteen char"]);
}

/// A ring as a damaged state may leave it: the record claims 20 bytes, 4 are there.
fn with_a_rest(header: u8) -> Log<'static, NoTimes> {
    let log = Log::<NoTimes>::over(b"\0\x14bad!..........");
    log.buffer.boot(0x1000, 16);
    log.storage[0].set(header);
    log.buffer.ring.restore(0, 6, 16);
    log.buffer.read_offset.set(22);
    log
}

#[test]
fn a_rest_that_is_no_record_is_evicted_as_one() {
    for (header, dropped) in [(WARNING, 1), (WARNING | READ, 0), (WARNING | SENT, 0)] {
        let log = with_a_rest(header);
        log.save(ERROR, b"eleven byte");
        assert_eq!(log.counts(), (dropped, 1));
        assert_eq!((log.buffer.ring.len(), log.buffer.read_offset.get()), (13, 0));
    }
}

#[test]
fn restoring_takes_over_records_counters_and_position() {
    let saved = four_lines::<Defaults>();
    saved.buffer.set_min_level(WARNING);
    assert!(saved.read().is_some() && saved.read().is_some());
    let log = Log::<Defaults>::over(&saved.bytes());
    assert!(log.buffer.restore(&saved.buffer, 0x2000, 64));
    assert_eq!((log.counts(), log.buffer.read_offset.get()), ((1, 4), 9));
    assert_eq!(log.buffer.region(), Some((0x2000, 64)), "the new buffer");
    log.save(INFO, b"");
    assert_eq!(log.counts().1, 4, "the level came along");
    assert_eq!(log.port.pairs(), 0);
    // The count was not reported in this life.
    assert_eq!(log.read_all()[1..], [b"wifi: link lost, retry in 30s".as_slice(), b"wifi: up"]);
}

#[test]
fn a_state_that_contradicts_itself_is_not_restored() {
    let saved = four_lines::<Defaults>();
    let refused = |len| !Log::<Defaults>::over(&saved.bytes()).buffer.restore(&saved.buffer, 0x2000, len);
    assert!(!refused(64));
    assert!(refused(13), "the ring begins behind the end");
    assert!(refused(57), "more content than storage");
    saved.buffer.ring.restore(13, 57, 64);
    assert!(refused(64), "the last record is longer than the content");
    saved.buffer.ring.restore(13, 58, 64);
    saved.buffer.version.set(2);
    assert!(refused(64), "another layout");
    saved.buffer.reset();
    assert!(refused(64), "a state that was reset");
}

#[test]
fn a_read_position_that_is_no_records_begins_anew() {
    // As the C SDK leaves it when lines that were sent but not read give way.
    let saved = four_lines::<Defaults>();
    for (position, restored) in [(0, 0), (9, 9), (44, 44), (58, 58), (1, 0), (57, 0), (59, 0), (u32::MAX - 13, 0)] {
        saved.buffer.read_offset.set(position);
        let log = Log::<Defaults>::over(&saved.bytes());
        assert!(log.buffer.restore(&saved.buffer, 0x2000, 64));
        assert_eq!(log.buffer.read_offset.get(), restored, "{position}");
    }
}

#[test]
fn any_sequence_of_saves_keeps_the_newest_lines() {
    let mut seed = 7_u32;
    let mut random = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    for capacity in 2..60 {
        let log = Log::<NoTimes>::booted(capacity);
        let mut model: vec::Vec<vec::Vec<u8>> = vec![];
        for _ in 0..40 {
            let text = vec![b'a' + random(26) as u8; random(30) as usize];
            log.save(INFO, &text);
            if text.len() + 2 <= capacity {
                model.push(text);
                while model.iter().map(|t| t.len() + 2).sum::<usize>() > capacity {
                    model.remove(0);
                }
            }
        }
        let mut lines = log.read_all();
        if log.counts().0 > 0 {
            lines.remove(0);
        }
        assert_eq!(lines, model, "capacity {capacity}");
    }
}
