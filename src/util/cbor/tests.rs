use super::*;
use std::vec::Vec;

impl Sink for &mut Vec<Vec<u8>> {
    fn write(&mut self, offset: usize, piece: &[u8]) {
        assert_eq!(offset, self.iter().map(Vec::len).sum::<usize>());
        assert!(!piece.is_empty());
        self.push(piece.to_vec());
    }
}

fn encode(capacity: usize, f: impl Fn(&mut Encoder<&mut Vec<Vec<u8>>>)) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    f(&mut Encoder::new(&mut out, capacity));
    out
}

fn one(f: impl Fn(&mut Encoder<&mut Vec<Vec<u8>>>)) -> Vec<u8> {
    encode(100, f).concat()
}

#[test]
fn spec_examples() {
    let unsigned = |v: u32| one(|e| assert!(e.unsigned(v)));
    assert_eq!(unsigned(200), [0x18, 0xc8]);
    assert_eq!(unsigned(255), [0x18, 0xff]);
    assert_eq!(unsigned(256), [0x19, 1, 0]);
    assert_eq!(unsigned(65535), [0x19, 0xff, 0xff]);
    assert_eq!(unsigned(65536), [0x1a, 0, 1, 0, 0]);
    assert_eq!(unsigned(23), [0x17]);
    assert_eq!(unsigned(24), [0x18, 24]);
    let signed = |v: i32| one(|e| assert!(e.signed(v)));
    assert_eq!(signed(-24), [0x37]);
    assert_eq!(signed(-25), [0x38, 0x18]);
    assert_eq!(signed(-256), [0x38, 0xff]);
    assert_eq!(signed(-257), [0x39, 1, 0]);
    assert_eq!(signed(i32::MIN), [0x3a, 0x7f, 0xff, 0xff, 0xff]);
    let long = |v: i64| one(|e| assert!(e.long_signed(v)));
    assert_eq!(long(4_294_967_295), [0x1a, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(long(4_294_967_296), [0x1b, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(long(-4_294_967_296), [0x3a, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(long(-4_294_967_297), [0x3b, 0, 0, 0, 1, 0, 0, 0, 0]);
    assert_eq!(long(i64::MIN), [0x3b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    assert_eq!(one(|e| assert!(e.double_bits(0x3ff8_0000_0000_0000))), [0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    assert_eq!(one(|e| assert!(e.byte_string_begin(70000))), [0x5a, 0, 1, 0x11, 0x70]);
    assert_eq!(one(|e| assert!(e.text_begin(24))), [0x78, 0x18]);
    assert_eq!(one(|e| assert!(e.array(24))), [0x98, 0x18]);
    assert_eq!(one(|e| assert!(e.byte_string(&[1, 2, 255]))), [0x43, 1, 2, 255]);
}

#[test]
fn a_nested_map_is_written_in_pieces() {
    let pieces = encode(100, |e| {
        assert!(
            e.map(2) && e.unsigned(1) && e.text(b"dev-7") && e.unsigned(2) && e.array(2) && e.signed(-5) && e.null()
        );
    });
    assert_eq!(pieces.iter().map(Vec::len).collect::<Vec<_>>(), [1, 1, 1, 5, 1, 1, 1, 1]);
    assert_eq!(pieces.concat(), *b"\xa2\x01\x65dev-7\x02\x82\x24\xf6");
}

#[test]
fn a_piece_that_does_not_fit_is_left_out_and_remembered() {
    let mut out = Vec::new();
    let mut e = Encoder::new(&mut out, 6);
    assert!(e.map(2) && e.text(b"ab"));
    assert!(!e.text(b"xyz"));
    assert!(e.overflowed());
    assert!(e.unsigned(5));
    assert!(!e.null());
    assert!(e.join(&[]));
    assert_eq!(e.size(), 6);
    assert_eq!(out.concat(), *b"\xa2\x62ab\x63\x05");
}

#[test]
fn counting_needs_no_content() {
    let mut e = Encoder::size_only();
    assert!(e.map(1) && e.unsigned(300) && e.byte_string_begin(1000) && e.count(1000));
    assert_eq!(e.size(), 1 + 3 + 3 + 1000);
    assert!(!e.overflowed());
    assert!(!Encoder::new(NoSink, 10).count(1));
}
