//! What `docs/decoding.md` shows is what the program prints.

mod support;

use support::{Dir, decode};

/// The blocks between fences of this kind, in their order.
fn blocks<'d>(document: &'d str, kind: &str) -> Vec<&'d str> {
    let fence = format!("```{kind}\n");
    document.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_example_is_real() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/decoding.md")).unwrap();
    let texts = blocks(&document, "text");
    let dir = Dir::new("documentation");
    let log = dir.file("boot.log", texts[0]);
    let run = |format| decode(&["--serial", "TESTSERIAL", "--format", format, &log], b"");
    assert_eq!(run("jsonl-pretty").stdout, blocks(&document, "json")[0]);
    assert_eq!(run("text").stdout, texts[1]);
}

#[test]
fn every_code_is_explained() {
    let document = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/decoding.md")).unwrap();
    use memfault_decode::Code::*;
    for code in [
        LostInit,
        Gap,
        Duplicate,
        Crc,
        Truncated,
        TooBig,
        BadHeader,
        Rle,
        Cbor,
        UnknownType,
        Trimmed,
        BadToken,
        Joined,
        Serial,
        Coredump,
        Symbols,
    ] {
        assert!(document.contains(&format!("| `{}` |", code.as_str())), "{code:?}");
    }
}
