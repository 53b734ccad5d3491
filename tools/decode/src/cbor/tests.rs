use super::*;

fn all(bytes: &[u8]) -> (Option<Value<'_>>, Option<CborErrorKind>, usize) {
    let mut reader = Reader::new(bytes);
    let read = reader.read();
    (read.value, read.error.map(|error| error.kind), reader.remaining())
}

fn text(s: &str) -> Value<'_> {
    Value::Text(Cow::Borrowed(s.as_bytes()))
}

#[test]
fn every_kind_of_item() {
    for (bytes, value) in [
        (&[0x17][..], Value::Int(23)),
        (&[0x18, 0xff], Value::Int(255)),
        (&[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Value::Int(i128::from(u64::MAX))),
        (&[0x39, 0x01, 0x2b], Value::Int(-300)),
        (&[0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], Value::Int(-(1i128 << 64))),
        (&[0x42, 1, 2], Value::Bytes(Cow::Borrowed(&[1, 2]))),
        (&[0x62, b'o', b'k'], text("ok")),
        (&[0x82, 1, 0xf6], Value::Array(vec![Value::Int(1), Value::Null])),
        (&[0xa1, 2, 0xf5], Value::Map(vec![(Value::Int(2), Value::Bool(true))])),
        (&[0xc1, 0x0a], Value::Tag(1, Box::new(Value::Int(10)))),
        (&[0xf7], Value::Undefined),
        (&[0xf8, 0x80], Value::Simple(0x80)),
        (&[0xf9, 0x3e, 0x00], Value::Float(1.5)),
        (&[0xf9, 0xc4, 0x00], Value::Float(-4.0)),
        (&[0xf9, 0x00, 0x01], Value::Float(5.960464477539063e-8)),
        (&[0xfa, 0x47, 0xc3, 0x50, 0x00], Value::Float(100000.0)),
        (&[0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], Value::Float(1.5)),
        (&[0x9f, 1, 2, 0xff], Value::Array(vec![Value::Int(1), Value::Int(2)])),
        (&[0xbf, 1, 2, 0xff], Value::Map(vec![(Value::Int(1), Value::Int(2))])),
        (&[0x7f, 0x61, b'o', 0x61, b'k', 0xff], text("ok")),
    ] {
        assert_eq!(all(bytes), (Some(value), None, 0), "{bytes:02x?}");
    }
}

#[test]
fn damage_leaves_what_was_read() {
    use CborErrorKind::*;
    let ok = |items| Some(Value::Array(items));
    for (bytes, value, error) in [
        (&[][..], None, Truncated),
        (&[0x1c], None, BadHead(0x1c)),
        (&[0x1f], None, BadHead(0x1f)),
        (&[0xff], None, StrayBreak),
        (&[0x83, 1, 2], ok(vec![Value::Int(1), Value::Int(2)]), Truncated),
        (&[0x82, 1, 0xff], ok(vec![Value::Int(1)]), StrayBreak),
        // The form that a too long compact log leaves (spec 20 §10.3).
        (&[0x82, 8, 0x78, 0x63], ok(vec![Value::Int(8), text("")]), Truncated),
        (&[0x82, 8, 0x78, 0x63, b'a'], ok(vec![Value::Int(8), text("a")]), Truncated),
        (&[0xa2, 1, 2, 3], Some(Value::Map(vec![(Value::Int(1), Value::Int(2))])), Truncated),
        (&[0xbf, 1, 0xff], Some(Value::Map(vec![])), StrayBreak),
        (&[0x7f, 0x61, b'o', 0x41, b'k'], Some(text("o")), BadPiece),
        (&[0x7f, 0x61, b'o', 0x7f], Some(text("o")), BadPiece),
        (&[0x7f, 0x61, b'o'], Some(text("o")), Truncated),
    ] {
        let (got, kind, _) = all(bytes);
        assert_eq!((got, kind), (value, Some(error)), "{bytes:02x?}");
    }
}

#[test]
fn lengths_are_not_believed() {
    // 2^64 - 1 bytes, items and pairs.
    for head in [0x5b, 0x7b, 0x9b, 0xbb] {
        let bytes = [head, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(all(&bytes).1, Some(CborErrorKind::Truncated));
    }
    let many = vec![0x00; MAX_ITEMS + 10];
    let bytes = [&[0x9f][..], &many].concat();
    let (value, error, _) = all(&bytes);
    assert_eq!(error, Some(CborErrorKind::TooMany));
    assert!(matches!(value, Some(Value::Array(items)) if items.len() == MAX_ITEMS - 1));
}

#[test]
fn nesting_is_limited() {
    let nested = |depth| [vec![0x81; depth], vec![0x00]].concat();
    assert_eq!(all(&nested(MAX_DEPTH)).1, None);
    assert_eq!(all(&nested(MAX_DEPTH + 1)).1, Some(CborErrorKind::TooDeep));
    for head in [0x81, 0x9f, 0xa1, 0xbf, 0xc1, 0x5f, 0x7f] {
        assert!(all(&vec![head; 100_000]).1.is_some());
    }
}

#[test]
fn a_reader_goes_on_behind_an_item() {
    let mut reader = Reader::new(&[1, 0x61, b'a', 0xff]);
    assert_eq!(reader.read().value, Some(Value::Int(1)));
    assert_eq!(reader.read().value, Some(text("a")));
    assert_eq!(reader.remaining(), 1);
    assert!(reader.read().error.is_some());
}
