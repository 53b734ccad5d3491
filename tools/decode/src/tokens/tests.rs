use super::*;

/// Everything found in `text`, offered in pieces of `piece` bytes, as one line of text each.
fn scan(text: &[u8], piece: usize) -> Vec<String> {
    let mut scanner = Scanner::new(0, true);
    let mut all = Vec::new();
    let mut found = |found: Found<'_>, at: Position| {
        let place = format!("{}:{}@{}", at.line, at.column, at.offset);
        all.push(match found {
            Found::Token(Kind::Chunk, chunk) => format!("{place} {}", crate::model::hex(chunk)),
            Found::Token(Kind::Log, piece) => format!("{place} log {}", crate::model::hex(piece)),
            Found::Joined(Kind::Chunk, chunk, lines) => format!("{place} {} joined {lines}", crate::model::hex(chunk)),
            Found::Joined(Kind::Log, piece, lines) => {
                format!("{place} log {} joined {lines}", crate::model::hex(piece))
            }
            Found::Damaged(reason) => format!("{place} damaged: {reason}"),
        });
    };
    for part in text.chunks(piece) {
        scanner.push(part, &mut found);
    }
    scanner.finish(&mut found);
    all
}

/// The same for every way to cut the input: how the bytes arrive must not matter.
fn scan_all_ways(text: &[u8]) -> Vec<String> {
    let whole = scan(text, text.len().max(1));
    for piece in 1..text.len().min(70) {
        assert_eq!(scan(text, piece), whole, "pieces of {piece} bytes");
    }
    whole
}

#[test]
fn tokens_of_the_specification() {
    let text = b"MC:CAIwMTIzNCdQ:\n[I] x: MC:gE5NTk9QUVJTVFVWV1hZWltcXV5fYGFiY32p: tail\n";
    assert_eq!(
        scan_all_ways(text),
        ["1:1@0 080230313233342750", "2:8@24 804e4d4e4f505152535455565758595a5b5c5d5e5f606162637da9",]
    );
}

/// Spec 30 §6.2, and what ends in `ML:` without being a log.
#[test]
fn pieces_of_logs() {
    let text = b"[D] ML:ghkBSwU=:\nMC:CAIwMTIzNCdQ: ML:AAAA:\nML:ghkB\nSwU=:\nML\n";
    assert_eq!(
        scan_all_ways(text),
        ["1:5@4 log 8219014b05", "2:1@17 080230313233342750", "2:18@34 log 000000", "3:1@43 log 8219014b05 joined 2"]
    );
    for text in ["HTML: <b>\n", "an XML:short\n", "XML:abcde{f}\n", "see ML:\n", "HTML:word and more"] {
        assert_eq!(scan_all_ways(text.as_bytes()), [""; 0], "{text:?}");
    }
    let damaged = b"ML:gxg1eDJhIHRleHQgb2YgZmlmdHkgY2hhc [E] other MC:AAAA:\nMC:AAML:BBBB:\n";
    let found = scan_all_ways(damaged);
    assert!(found[0].starts_with("1:1@0 damaged: ") && found[1].ends_with(" 000000"), "{found:?}");
    assert!(found[2].ends_with(" damaged: a token is cut off by the next one"), "{found:?}");
    assert!(found[3].ends_with(" log 041041"), "{found:?}");
}

#[test]
fn several_tokens_on_one_line() {
    assert_eq!(scan_all_ways(b"MC:AAAA:MC:BBBB: MC:CCCC:"), ["1:1@0 000000", "1:9@8 041041", "1:18@17 082082"]);
}

#[test]
fn colours_and_carriage_returns_are_removed_also_inside() {
    let text = b"\x1b[32mI (64) app: MC:AA\x1b[0mA\rA:\x1b[0m\r\nplain\r\nM\x1b[1mC:BBBB:\r\n";
    assert_eq!(scan_all_ways(text), ["1:18@17 000000", "3:1@43 041041"]);
}

#[test]
fn prose_is_left_alone() {
    for text in [
        "app: doing other things 870, MC: is not a chunk here\n",
        "MC:\nMC\nM\nMC",
        "MC::init() and MC:-1, MC:\"x\"\n",
        "\n\n\n",
        "",
    ] {
        assert_eq!(scan_all_ways(text.as_bytes()), [""; 0], "{text:?}");
    }
}

#[test]
fn damage_is_reported_and_the_next_token_found() {
    for (text, expected) in [
        (
            "MC:AAA:MC:BBBB:",
            &["1:1@0 damaged: a token of 3 characters is damaged: its length is not a multiple of 4", "1:8@7 041041"][..],
        ),
        ("MC:AA*A: MC:BBBB:", &["1:1@0 damaged: a token is damaged: '*' after 2 base64 characters", "1:10@9 041041"]),
        (
            "MC:AA A: MC:BBBB:",
            &["1:1@0 damaged: a token is damaged: a space after 2 base64 characters", "1:10@9 041041"],
        ),
        (
            "MC:AAB=: ",
            &[
                "1:1@0 damaged: a token of 4 characters is damaged: its padding is wrong, or its unused bits are not zero",
            ],
        ),
        (
            "MC:#AAAABBBBCCCC: MC:BBBB:",
            &["1:1@0 damaged: a token is damaged: '#' after 0 base64 characters", "1:19@18 041041"],
        ),
        ("MC:AAAA\nplain text\n", &["1:1@0 damaged: a token is cut off at the line end after 7 characters"]),
        ("MC:AAAA", &["1:1@0 damaged: a token is cut off at the line end after 7 characters"]),
        // Two writers in one line.
        ("MC:AAMC:BBBB:", &["1:1@0 damaged: a token is cut off by the next one", "1:6@5 041041"]),
        (
            "MC:AAABMC:BBBB:",
            &["1:1@0 damaged: a token of 6 characters is damaged: its length is not a multiple of 4", "1:8@7 041041"],
        ),
        ("MC:AAAAAAMC:BBBB:", &["1:1@0 damaged: a token is cut off by the next one", "1:10@9 041041"]),
        ("MC:AAAAAAMC:MC:BBBB:", &["1:1@0 000000000302", "1:13@12 041041"]),
    ] {
        assert_eq!(scan_all_ways(text.as_bytes()), expected, "{text}");
    }
}

#[test]
fn a_token_broken_at_the_line_end_is_joined() {
    for (text, expected) in [
        ("MC:AA\nAA:\n", &["1:1@0 000000 joined 2"][..]),
        ("MC:AAAA\n:\nMC:BBBB:", &["1:1@0 000000 joined 2", "3:1@10 041041"]),
        ("x MC:AA\r\nAABB\r\nBB: MC:CCCC:\r\n", &["1:3@2 000000041041 joined 3", "3:5@19 082082"]),
        ("xMC\n:AAAA:\n", &["1:2@1 000000 joined 2"]),
        ("xM\nC:AAAA:\n", &["1:2@1 000000 joined 2"]),
        ("\x1b[32mMC:AA\x1b[0m\r\n\x1b[32mAA:\x1b[0m\r\n", &["1:6@5 000000 joined 2"]),
    ] {
        assert_eq!(scan_all_ways(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn a_broken_token_does_not_swallow_the_next_line() {
    for (text, expected) in [
        (
            "MC:AA\nMC:BBBB:\n",
            &["1:1@0 damaged: a token is cut off at the line end after 5 characters", "2:1@6 041041"][..],
        ),
        (
            "MC:AA\nok MC:BBBB:\n",
            &["1:1@0 damaged: a token is cut off at the line end after 5 characters", "2:4@9 041041"],
        ),
        ("MC:AA\n\nAA:\n", &["1:1@0 damaged: a token is cut off at the line end after 5 characters"]),
        ("MC:AA\nAAA:\n", &["1:1@0 damaged: a token is cut off at the line end after 5 characters"]),
        ("M\nMC:BBBB:\n", &["2:1@2 041041"]),
        (
            "MC:AA\nMC:AA\nAA:\n",
            &["1:1@0 damaged: a token is cut off at the line end after 5 characters", "2:1@6 000000 joined 2"],
        ),
    ] {
        assert_eq!(scan_all_ways(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn without_joining_a_broken_token_is_damage() {
    let mut scanner = Scanner::new(0, false);
    let mut damaged = 0;
    let mut found = |found: Found<'_>, _: Position| damaged += u32::from(matches!(found, Found::Damaged(_)));
    scanner.push(b"MC:AA\nAA:\nM\nC:AAAA:\n", &mut found);
    scanner.finish(&mut found);
    assert_eq!(damaged, 1);
}

#[test]
fn memory_is_bounded_for_any_input() {
    let mut scanner = Scanner::new(0, true);
    let mut reasons = Vec::new();
    let mut found = |found: Found<'_>, _: Position| reasons.push(format!("{found:?}"));
    scanner.push(b"MC:", &mut found);
    for _ in 0..40 {
        scanner.push(&[b'A'; 64 << 10], &mut found);
        assert!(scanner.carry.capacity() <= 4 * MAX_TOKEN_LEN);
    }
    scanner.push(b":\nMC:AAAA\n", &mut found);
    for _ in 0..40 {
        scanner.push(&[&[b'A'; 64 << 10][..], b"\n"].concat(), &mut found);
        assert!(scanner.broken.as_ref().is_none_or(|broken| broken.text.capacity() <= 4 * MAX_TOKEN_LEN));
    }
    scanner.finish(&mut found);
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert!(reasons[0].contains("more than"));
}
