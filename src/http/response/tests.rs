use super::*;
use std::string::String;
use std::string::ToString;
use std::vec::Vec;
use std::{format, vec};

const OK: &str = "HTTP/1.1 200 OK~";

struct Reader {
    response: Response,
    line: Line,
}

impl Reader {
    fn new() -> Self {
        Self { response: Response::default(), line: [0; LINE_LEN] }
    }

    /// `~` stands for CR LF.
    fn read(&mut self, text: &str, extent: Extent) -> Step {
        self.response.read(&mut self.line, text.replace('~', "\r\n").as_bytes(), extent)
    }

    fn body(&self) -> &[u8] {
        self.line.split(|b| *b == 0).next().unwrap()
    }
}

/// One row of the table: what is read at once, how it ends, status, bytes taken, length of the body, body.
type Row<'a> = (String, Option<End>, i32, usize, i32, &'a str);

const STATUS_LINE: Option<End> = Some(End::Error(Error::StatusLine));
const HEADER: Option<End> = Some(End::Error(Error::Header));

/// Spec 70 section 15.4.
#[test]
fn results_of_the_specification() {
    let long = "x".repeat(300);
    let first = &long[..127];
    let padded = |len: usize| "HTTP/1.1 200 ".to_string() + &"r".repeat(len - 13);
    let header = |len: usize| format!("{OK}{}~Content-Length: 3~~abc", "h".repeat(len));
    let rows: Vec<Row> = vec![
        (format!("{OK}Content-Length: 5~~hello"), Some(End::Body), 200, 43, 5, "hello"),
        ("HTTP/1.1 204 No Content~~".into(), Some(End::Head), 204, 26, 0, ""),
        (format!("{OK}Content-Length: 2~~abXYZ"), Some(End::Body), 200, 40, 2, "ab"),
        ("HTTP/1.1 200 ~Content-Length: 0~~".into(), Some(End::Head), 200, 35, 0, ""),
        ("HTTP/1.0   404 Nope~~".into(), Some(End::Head), 404, 22, 0, ""),
        ("HTTP/2 200 OK~~".into(), STATUS_LINE, 0, 14, 0, ""),
        ("HTTP/1.1 2020 OK~~".into(), STATUS_LINE, 2020, 17, 0, ""),
        ("HTTP/1.1 20 OK~~".into(), STATUS_LINE, 20, 15, 0, ""),
        (format!("{OK}CONTENT-LENGTH  :   4  ~~abcd"), Some(End::Body), 200, 48, 4, "abcd"),
        (format!("{OK}Content-Length: 4 zz~~abcd"), Some(End::Body), 200, 45, 4, "abcd"),
        (format!("{OK}Content-Length: 4zz~~abcd"), HEADER, 200, 37, 0, ""),
        (format!("{OK}Content-Length:~~abcd"), HEADER, 200, 33, 0, ""),
        (format!("{OK}Content-Length~~abcd"), HEADER, 200, 32, 0, ""),
        (format!("{OK}Content-Length-Hint: 4~~abcd"), HEADER, 200, 40, 0, ""),
        (format!("{OK}Content-Length: -4~~"), HEADER, 200, 36, 0, ""),
        (format!("{OK}Content-Length:\t4~~abcd"), HEADER, 200, 35, 0, ""),
        (format!("{OK}Content-Length: 9~Content-Length: 3~~abcd"), Some(End::Body), 200, 60, 3, "abc"),
        (format!("{OK}Content-Length: 2147483641~~z"), HEADER, 200, 44, 0, ""),
        (format!("{OK}Content-Length: 2147483640~~z"), None, 200, 48, 2_147_483_640, ""),
        (format!("{OK}Transfer-Encoding: chunked~~5~hello~0~~"), Some(End::Head), 200, 46, 0, ""),
        ("HTTP/1.1 200 OK\nContent-Length: 5\n\n".into(), None, 0, 35, 0, ""),
        (format!("{OK}Content-Length: 300~~{long}"), Some(End::Body), 200, 340, 300, first),
        (padded(126) + "~~", Some(End::Head), 200, 129, 0, ""),
        (padded(127) + "~~", Some(End::Error(Error::TooLong)), 0, 128, 0, ""),
        (header(126), Some(End::Body), 200, 169, 3, "abc"),
        (header(128), Some(End::Body), 200, 171, 3, "abc"),
        // Better than the reference:
        ("HTTP/1.1 200~Content-Length: 0~~".into(), Some(End::Head), 200, 34, 0, ""),
        (header(127), Some(End::Body), 200, 170, 3, "abc"),
    ];
    for (text, end, status, processed, length, body) in rows {
        let mut reader = Reader::new();
        assert_eq!(reader.read(&text, Extent::Response), Step { processed, end }, "{text}");
        assert_eq!((reader.response.status_code, reader.response.content_length), (status, length), "{text}");
        if end == Some(End::Body) {
            assert_eq!(reader.body(), body.as_bytes(), "{text}");
        }
    }
}

#[test]
fn the_head_alone() {
    let text = format!("{OK}Content-Length: 5~~hello");
    let mut reader = Reader::new();
    assert_eq!(reader.read(&text, Extent::Head), Step { processed: 38, end: Some(End::Head) });
    assert_eq!(reader.response.phase, Phase::Body);

    let mut reader = Reader::new();
    assert_eq!(reader.read(&text[..35], Extent::Head), Step { processed: 38, end: None });
    assert_eq!(reader.read("h", Extent::Head), Step { processed: 0, end: Some(End::Head) });
    assert_eq!(reader.read("", Extent::Head), Step { processed: 0, end: None });
    assert_eq!(reader.response.content_length, 5);

    let mut reader = Reader::new();
    assert_eq!(reader.read("HTTP/1.1 204 No Content~~", Extent::Head), Step { processed: 26, end: Some(End::Head) });
    assert_eq!(reader.response.phase, Phase::Header);
}

/// Cut anywhere, a response gives the same, with the counts of the pieces added up.
#[test]
fn any_cuts_give_the_same() {
    let texts = [
        format!("{OK}Server: x~Content-Length: 5~~hello and more"),
        format!("{OK}{}~Content-Length: 150~~{}", "h".repeat(127), "b".repeat(150)),
        "HTTP/1.1 404 ~~".into(),
        format!("{OK}Content-Length: 1x~~"),
    ];
    for text in texts {
        let text = text.replace('~', "\r\n");
        let mut whole = Reader::new();
        let wanted = whole.read(&text, Extent::Response);
        for size in 1..text.len() {
            let mut reader = Reader::new();
            let mut processed = 0;
            let end = text.as_bytes().chunks(size).find_map(|piece| {
                let step = reader.response.read(&mut reader.line, piece, Extent::Response);
                processed += step.processed;
                step.end
            });
            assert_eq!((processed, end), (wanted.processed, wanted.end), "{text:?} in pieces of {size}");
            assert_eq!(reader.response, whole.response);
            assert_eq!(reader.line, whole.line);
        }
    }
}

#[test]
fn a_long_header_with_line_ends_that_are_none() {
    for inside in ["\r", "\n", "\n\r", "\r-\n"] {
        for len in 100..140 {
            let text = format!("{OK}{}{inside}{}~Content-Length: 3~~abc", "h".repeat(len), "i".repeat(20));
            let mut reader = Reader::new();
            assert_eq!(reader.read(&text, Extent::Response).end, Some(End::Body), "{len} {inside:?}");
            assert_eq!(reader.response.content_length, 3);
        }
    }
}

#[test]
fn what_follows_the_body_is_counted_and_not_stored() {
    let mut reader = Reader::new();
    assert_eq!(reader.read(&format!("{OK}Content-Length: 2~~ab"), Extent::Response).end, Some(End::Body));
    assert_eq!(reader.read("cdef", Extent::Response), Step { processed: 4, end: None });
    assert_eq!(reader.response.content_received, 6);
    assert_eq!(reader.body(), b"ab");
}

#[test]
fn nothing_but_a_response_is_one() {
    for line in
        ["", "HTTP/1.1", "HTTP/1.", "HTTP/1.x 200", "http/1.1 200 OK", "HTTP/1.1200 OK", "HTTP/1.1 OK", "HTTP/1.1  "]
    {
        let mut reader = Reader::new();
        assert_eq!(reader.read(&format!("{line}~"), Extent::Response).end, STATUS_LINE, "{line}");
    }
}
