//! The state that firmware saves over deep sleep.
use super::*;

#[test]
fn an_image_brings_back_session_and_snapshot() {
    let memory = cells(24);
    let e = booted::<Batching>(&memory);
    assert!(e.write_event(b"gone"));
    e.drain();
    assert!(e.write_event(b"a") && e.write_event(b"bc") && e.has_more() == Some(4));
    assert_ne!(e.begin_write(), 0);
    assert!(e.append(b"de"));
    let elsewhere: Vec<_> = bytes(&memory).into_iter().map(Cell::new).collect();
    let restored = EventStorage::<Batching, _, _>::new(CheckedLock::default(), &elsewhere[..]);
    assert!(restored.restore(&e, elsewhere.len()));
    assert_eq!(restored.begin_write(), 0);
    assert_eq!(restored.finish_write(true), Finished::Nothing);
    assert!(restored.append(b"f"));
    restored.finish_write(false);
    assert_eq!(restored.drain(), [&b"\x82abc"[..], b"def"]);
}

#[test]
fn an_image_that_contradicts_itself_is_refused() {
    type Image = EventStorage<Defaults, (), ()>;
    type Damage = fn(&Image);
    let damages: [(&str, Damage); 9] = [
        ("offset behind the end", |i| i.ring.restore(40, 0, 41)),
        ("more than there is room for", |i| i.ring.restore(0, 33, 40)),
        ("no such state", |i| i.write_in_progress.set(2)),
        ("session longer than the content", |i| {
            i.write_in_progress.set(1);
            i.bytes_written.set(usize::MAX);
        }),
        ("snapshot longer than the content", |i| i.snapshot_len.set(21)),
        ("more events than bytes", |i| {
            i.snapshot_len.set(4);
            i.snapshot_events.set(3);
        }),
        ("events in no bytes", |i| i.snapshot_events.set(usize::MAX)),
        ("header too long", |i| i.batch_header_len.set(6)),
        ("header far too long", |i| i.batch_header_len.set(usize::MAX)),
    ];
    let memory = cells(32);
    for (what, damage) in damages {
        let image = Image::new((), ());
        image.ring.restore(3, 20, 32);
        let e = booted::<Defaults>(&memory);
        assert!(e.restore(&image, 32) && e.used() == 20);
        damage(&image);
        e.boot(32);
        assert!(!e.restore(&image, 32), "{what}");
        assert_eq!(e.fill(), Fill { used: 0, free: 32 }, "{what}");
    }
}
