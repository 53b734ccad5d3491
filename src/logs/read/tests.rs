use super::*;
use crate::config::Defaults;
use crate::logs::testing::{ERROR, INFO, Log, NoTimes};

const TIME: u32 = 0x65a1_b2c3;

fn line(level: u8, len: usize, unix_time_secs: u32) -> Line {
    Line { level, is_compact: false, len, unix_time_secs }
}

#[test]
fn lines_come_with_level_and_time_and_stay() {
    let log = Log::<Defaults>::booted(64);
    log.port.time.set(Some(TIME));
    log.save(INFO, b"boot ok");
    log.port.time.set(None);
    log.save(ERROR, b"");
    log.port.pairs();
    assert_eq!(log.read(), Some((line(INFO, 7, TIME), b"boot ok".to_vec())));
    assert_eq!(log.read(), Some((line(ERROR, 0, 0), b"".to_vec())));
    assert_eq!(log.read(), None);
    assert_eq!(log.port.pairs(), 3);
    assert_eq!(log.bytes()[..2], [0x91, 11], "marked as read");
}

#[test]
fn a_compact_line_says_so() {
    let log = Log::<NoTimes>::booted(64);
    log.save_compact(INFO, &[0x81, 8]);
    let expected = Line { level: INFO, is_compact: true, len: 2, unix_time_secs: 0 };
    assert_eq!(log.read(), Some((expected, [0x81, 8].to_vec())));
}

#[test]
fn notice_of_dropped_lines_comes_first_and_once_per_change() {
    let log = Log::<NoTimes>::booted(10);
    for text in [b"12345678", b"abcdefgh"] {
        log.save(INFO, text);
    }
    let notice = b"... 1 messages dropped ...".to_vec();
    assert_eq!(log.read(), Some((line(2, notice.len(), 0), notice.clone())));
    assert_eq!(log.read_all(), [b"abcdefgh"]);
    // The number outlives a new boot: the same count again is not told, 0 is noted silently.
    log.buffer.boot(0x1000, 10);
    assert_eq!(log.read(), None);
    for text in [b"12345678", b"abcdefgh"] {
        log.save(INFO, text);
    }
    assert_eq!(log.read_all(), [notice, b"abcdefgh".to_vec()]);
}

#[test]
fn a_notice_is_cut_to_the_buffer() {
    for (dropped, text) in
        [(u32::MAX, "... -1 messages dropped ..."), (1_234_567_890, "... 1234567890 messages dropped ...")]
    {
        let mut buf = [0xa5; 40];
        let line = write_notice(dropped, &mut buf);
        assert_eq!(&buf[..line.len], text.as_bytes());
        assert_eq!(buf[line.len..line.len + 2], [0, 0xa5]);
    }
    let mut buf = [0xa5; 8];
    assert_eq!(write_notice(3, &mut buf).len, 7);
    assert_eq!(&buf, b"... 3 m\0");
}

#[test]
fn a_full_line_with_time_stays_inside_of_the_buffer() {
    struct Longest;
    impl Config for Longest {
        const LOG_MAX_LINE_SAVE_LEN: usize = 251;
    }
    let log = Log::<Longest>::booted(600);
    log.port.time.set(Some(TIME));
    log.save(INFO, &[b'x'; 251]);
    let mut message = [0xa5; 251 + 1 + 3];
    let (buf, behind) = message.split_at_mut(252);
    assert_eq!(log.buffer.read_line(&log.notice, buf), Some(line(INFO, 251, TIME)));
    assert_eq!((&buf[..251], buf[251]), (&[b'x'; 251][..], 0));
    assert_eq!(behind, [0xa5; 3]);
}

#[test]
fn a_record_longer_than_the_buffer_is_cut() {
    // From a state that firmware with longer lines saved.
    let log = Log::<NoTimes>::booted(300);
    log.buffer.ring.write(&[INFO, 255]);
    log.buffer.ring.write(&[b'y'; 255]);
    assert_eq!(log.read(), Some((line(INFO, 128, 0), [b'y'; 128].to_vec())));
    assert_eq!(log.read(), None);
}

#[test]
fn a_record_without_all_its_bytes_is_passed_over() {
    let log = Log::<NoTimes>::booted(64);
    log.buffer.ring.write(&[INFO, 9, 1]);
    assert_eq!(log.read(), None);
    assert_eq!(log.buffer.read_offset(), 11);
}

#[test]
fn before_boot_there_is_nothing_and_no_lock() {
    let log = Log::<Defaults>::over(&[0; 8]);
    assert_eq!((log.read(), log.port.pairs()), (None, 0));
}
