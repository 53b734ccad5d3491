use super::*;
use crate::config::Defaults;
use crate::events::store::testing::{Device, hex};
use crate::logs::testing::{ERROR, INFO, Log, NoTimes, WARNING};
use std::vec;
use std::vec::Vec;

const TIME: u32 = 0x65a1_b2c3;

fn triggered<C: Config>(log: &Log<'static, C>, time: Option<u64>) -> LogCapture {
    let capture = LogCapture::new();
    capture.trigger(&log.buffer, || time);
    capture
}

/// The whole message, which is the same whatever the pieces are that it is read in.
fn message<C: Config>(log: &Log<'static, C>, capture: &LogCapture) -> Vec<u8> {
    let device = Device::default();
    let size = capture.has_more(&log.buffer, &device).unwrap();
    let mut whole = vec![0xa5; size];
    assert!(capture.read(&log.buffer, &device, 0, &mut whole));
    for piece_len in 1..size + 3 {
        let mut pieces: Vec<u8> = Vec::new();
        loop {
            let mut piece = vec![0xa5; piece_len];
            let all = capture.read(&log.buffer, &device, pieces.len() as u32, &mut piece);
            let there = piece_len.min(size - pieces.len());
            assert_eq!(all, there == piece_len);
            assert!(piece[there..].iter().all(|b| *b == 0xa5));
            pieces.extend(&piece[..there]);
            if !all {
                break;
            }
        }
        assert_eq!(pieces, whole, "pieces of {piece_len}");
    }
    assert!(capture.read(&log.buffer, &device, u32::MAX, &mut []));
    whole
}

/// What follows the device info of the message.
fn info<C: Config>(log: &Log<'static, C>, time: Option<u64>) -> Vec<u8> {
    let message = message(log, &triggered(log, time));
    let mut envelope = Encoder::new(Collected(Vec::new()), usize::MAX);
    let kind = if C::LOG_TIMESTAMPS_ENABLE { 6 } else { 4 };
    envelope::encode_metadata_with_time::<C, _>(&mut envelope, kind, time, &Device::default());
    let len = envelope.size();
    message[len..].to_vec()
}

struct Collected(Vec<u8>);
impl Sink for Collected {
    fn write(&mut self, _: usize, piece: &[u8]) {
        self.0.extend(piece);
    }
}

#[test]
fn lines_without_times_are_those_of_the_specification() {
    let log = Log::<NoTimes>::booted(64);
    log.save(INFO, b"boot ok");
    log.save(ERROR, b"E42");
    assert_eq!(info(&log, None), hex("04 84 01 67 626f6f74206f6b 03 63 453432"));
}

#[test]
fn lines_with_times_are_those_of_the_specification() {
    let log = Log::<Defaults>::booted(64);
    log.save_compact(WARNING, &hex("83082b63626174"));
    log.port.time.set(Some(TIME));
    log.save(INFO, b"plain");
    let expected = hex("04 86 00 02 47 83082b63626174 1a 65a1b2c3 01 65 706c61696e");
    assert_eq!(info(&log, Some(u64::from(TIME))), expected);
    let message = message(&log, &triggered(&log, Some(u64::from(TIME))));
    assert_eq!(message[1..3], [2, 6]);
}

#[test]
fn a_line_that_wraps_is_one_line() {
    // The example of the specification, whose last record is cut behind "wrapped!".
    let log = Log::<NoTimes>::booted(40);
    for (level, text) in [(INFO, &b"0123456789abcd"[..]), (WARNING, b"abcdefghijkl"), (ERROR, b"wrapped!!message")] {
        log.save(level, text);
    }
    assert_eq!(log.counts(), (1, 3));
    assert_eq!(info(&log, None), hex("04 84 02 6c 6162636465666768696a6b6c 03 70 77726170706564 2121 6d657373616765"));
}

#[test]
fn a_line_may_be_cut_anywhere_in_its_time() {
    for before in 0..16 {
        let log = Log::<Defaults>::booted(40);
        log.port.time.set(Some(TIME));
        log.save(INFO, &vec![b'.'; 10 + before]);
        log.save(INFO, b"twelve chars");
        log.save(INFO, b"seven c");
        let last = hex("1a 65a1b2c3 01 67 736576656e2063");
        let info = info(&log, None);
        assert_eq!(info[info.len() - last.len()..], last, "{before}");
        assert!(info.starts_with(&[4, if log.counts().0 == 0 { 0x89 } else { 0x86 }]), "{before}");
    }
}

#[test]
fn an_empty_line_is_sent_too() {
    let log = Log::<NoTimes>::booted(40);
    log.save(INFO, b"");
    log.save(WARNING, b"x");
    assert_eq!(info(&log, None), hex("04 84 01 60 02 61 78"));
    let log = Log::<Defaults>::booted(40);
    log.save(INFO, b"");
    assert_eq!(info(&log, None), hex("04 83 00 01 60"));
}

#[test]
fn the_trigger_counts_and_commits_under_one_lock() {
    let log = Log::<Defaults>::booted(64);
    let capture = LogCapture::new();
    capture.trigger(&log.buffer, || panic!("the clock is not asked for no line"));
    assert!(!capture.is_triggered());
    assert_eq!(log.port.pairs(), 1);
    assert_eq!(capture.has_more(&log.buffer, &Device::default()), None);
    assert_eq!(log.port.pairs(), 0);

    log.save(INFO, b"a");
    log.port.pairs();
    capture.trigger(&log.buffer, || None);
    assert!(capture.is_triggered());
    assert_eq!(log.port.pairs(), 1);
    capture.trigger(&log.buffer, || panic!("once is enough"));
    assert_eq!(log.port.pairs(), 0);
    assert!(capture.has_more(&log.buffer, &Device::default()).is_some());
    assert_eq!(log.port.pairs(), 1);
    assert!(capture.read(&log.buffer, &Device::default(), 0, &mut []));
    assert_eq!(log.port.pairs(), 1);
    capture.mark_read(&log.buffer);
    assert_eq!((log.port.pairs(), capture.is_triggered()), (2, false));
}

#[test]
fn lines_that_come_later_wait_for_the_next_message() {
    let log = Log::<NoTimes>::booted(64);
    log.save(INFO, b"one");
    let capture = triggered(&log, None);
    log.save(INFO, b"two");
    assert!(message(&log, &capture).ends_with(&hex("04 82 01 63 6f6e65")));
    assert_eq!(log.buffer.count_unsent(), Unsent { lines: 2, bytes: 8 });
    capture.mark_read(&log.buffer);
    assert_eq!(log.buffer.count_unsent(), Unsent { lines: 1, bytes: 4 });
    assert_eq!(info(&log, None), hex("04 82 01 63 74776f"));
    assert_eq!(log.read_all(), [b"one", b"two"], "sent lines can still be read");
}

#[test]
fn without_a_trigger_all_unsent_lines_stand_behind_an_array_of_none() {
    let log = Log::<NoTimes>::booted(64);
    log.save(INFO, b"one");
    let capture = LogCapture::new();
    let mut out = [0; 100];
    assert!(!capture.read(&log.buffer, &Device::default(), 0, &mut out));
    let end = hex("04 80 01 63 6f6e65");
    assert!(out.windows(end.len()).any(|w| w == end));
    capture.mark_read(&log.buffer);
    assert_eq!(log.buffer.count_unsent().lines, 0);
}
