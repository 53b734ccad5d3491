use super::testing::{Did::Add, Recording};
use super::*;

#[test]
fn uptime_is_as_recorded() {
    // spec 40 §18
    for (ms, seconds) in [
        (0, 0),
        (1000, 0),
        (1001, 1),
        (2000, 1),
        (60_000, 59),
        (3_600_000, 3599),
        (86_400_000, 86_399),
        (0xFFFF_FFFF, 4_294_966),
        (4_294_967_295_999, 4_294_966_999),
        (4_294_967_592_000, u32::MAX),
        (4_294_967_592_297, 0),
        (4_294_967_593_299, 1),
        (1 << 63, 2_147_483_648),
        (u64::MAX, u32::MAX),
    ] {
        assert_eq!(uptime_s(ms), seconds, "{ms} ms");
    }
}

#[test]
fn log_lines_are_counted_from_the_last_heartbeat_on() {
    let (lines, metrics) = (LogLines::default(), Recording::new());
    for (dropped, recorded, new) in [
        (2, 30, (2, 30)),
        (2, 30, (0, 0)),                 // nothing happened: 0, not nothing
        (3, u32::MAX, (1, -31)),         // 2^32 - 31 more, too many to tell
        (0x8000_0002, 4, (i32::MAX, 5)), // recorded wraps
        (2, 0x8000_0004, (i32::MIN, i32::MIN)),
    ] {
        lines.collect(LogCounts { dropped, recorded }, &metrics);
        assert_eq!(metrics.take(), [Add(LogLine::Dropped, new.0), Add(LogLine::Recorded, new.1)]);
    }
}

#[test]
fn the_saved_state_is_two_words() {
    let lines = LogLines::default();
    lines.collect(LogCounts { dropped: 7, recorded: 9 }, &Recording::new());
    assert_eq!((lines.last_dropped.get(), lines.last_recorded.get()), (7, 9));
    assert_eq!((size_of::<LogLines>(), core::mem::offset_of!(LogLines, last_recorded)), (8, 4));
}
