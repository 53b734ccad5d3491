use super::*;
use std::string::String;
use std::vec::Vec;
use std::{format, vec};

const KEY: &[u8] = b"k3yK3Yk3yK3Yk3yK3Yk3yK3Yk3yK3Y00";
const CHUNKS: Server = Server { host: b"chunks.memfault.com", project_key: Some(KEY) };
const DEVICE: Server = Server { host: b"device.memfault.com", project_key: Some(KEY) };
const IDENTITY: Identity = [Some(b"widget-0042"), Some(b"rev c"), Some(b"app+dsp"), Some(b"2.7.1-rc.3+9c/a")];

/// Takes pieces, the first `accepts` of them.
struct Wire {
    pieces: Vec<Vec<u8>>,
    accepts: usize,
}

impl Wire {
    fn new() -> Self {
        Self { pieces: Vec::new(), accepts: usize::MAX }
    }

    fn send(&mut self, piece: &[u8]) -> bool {
        self.pieces.push(piece.to_vec());
        self.pieces.len() <= self.accepts
    }

    fn text(&self) -> String {
        String::from_utf8(self.pieces.concat()).unwrap()
    }

    fn sizes(&self) -> Vec<usize> {
        self.pieces.iter().map(Vec::len).collect()
    }
}

struct Question {
    wire: Wire,
    identity: Identity<'static>,
    asked_after: Option<usize>,
    refused: Option<usize>,
}

impl Question {
    fn new(identity: Identity<'static>) -> Self {
        Self { wire: Wire::new(), identity, asked_after: None, refused: None }
    }
}

impl LatestRelease<'static> for Question {
    fn send(&mut self, piece: &[u8]) -> bool {
        self.wire.send(piece)
    }

    fn identity(&mut self) -> Identity<'static> {
        assert_eq!(self.asked_after, None, "asked twice");
        self.asked_after = Some(self.wire.pieces.len());
        self.identity
    }

    fn refused(&mut self, index: usize) {
        self.refused = Some(index);
    }
}

/// Spec 70 section 15.1.
#[test]
fn chunk_post_of_the_specification() {
    let mut wire = Wire::new();
    assert!(chunk_post(CHUNKS, Some(b"widget-0042"), 517, |piece| wire.send(piece)));
    assert_eq!(
        wire.text(),
        "POST /api/v0/chunks/widget-0042 HTTP/1.1\r\nHost:chunks.memfault.com\r\nUser-Agent:MemfaultSDK/1.43.0\r\n\
         Memfault-Project-Key:k3yK3Yk3yK3Yk3yK3Yk3yK3Yk3yK3Y00\r\nContent-Type:application/octet-stream\r\n\
         Content-Length:517\r\n\r\n"
    );
    assert_eq!(wire.text().len(), 215);
    assert_eq!(wire.sizes(), [42, 5, 19, 2, 31, 21, 32, 2, 39, 20, 2]);
}

#[test]
fn a_serial_has_at_most_68_characters() {
    let serial = [b's'; 69];
    let mut wire = Wire::new();
    assert!(chunk_post(CHUNKS, Some(&serial[..68]), 1, |piece| wire.send(piece)));
    assert_eq!(wire.pieces[0].len(), 99);
    assert!(!chunk_post(CHUNKS, Some(&serial), 1, |_| panic!("no piece goes out")));
    let mut wire = Wire::new();
    assert!(chunk_post(CHUNKS, Some(b""), 1, |piece| wire.send(piece)), "an empty one is sent");
    assert_eq!(wire.pieces[0], b"POST /api/v0/chunks/ HTTP/1.1\r\n");
}

#[test]
fn without_key_or_serial_there_is_no_request() {
    let no_key = Server { project_key: None, ..CHUNKS };
    assert!(!chunk_post(no_key, Some(b"s"), 1, |_| panic!("no piece goes out")));
    assert!(!chunk_post(CHUNKS, None, 1, |_| panic!("no piece goes out")));
    let mut question = Question::new(IDENTITY);
    assert!(!latest_release::<48>(no_key, &mut question));
    assert_eq!(question.wire.pieces.len(), 0);
}

#[test]
fn the_length_is_printed_as_an_int() {
    for (len, wanted) in [(0, "0"), (2_147_483_647, "2147483647"), (3_000_000_000u32, "-1294967296")] {
        let mut wire = Wire::new();
        assert!(chunk_post(CHUNKS, Some(b"s"), len as usize, |piece| wire.send(piece)));
        assert_eq!(wire.pieces[9], format!("Content-Length:{wanted}\r\n").as_bytes());
    }
}

/// Spec 70 section 15.2.
#[test]
fn latest_release_of_the_specification() {
    let mut question = Question::new(IDENTITY);
    assert!(latest_release::<48>(DEVICE, &mut question));
    assert_eq!(
        question.wire.text(),
        "GET /api/v0/releases/latest/url?&device_serial=widget-0042&hardware_version=rev%20c&software_type=app%2Bdsp\
         &current_version=2.7.1-rc.3%2B9c%2Fa HTTP/1.1\r\nHost:device.memfault.com\r\n\
         User-Agent:MemfaultSDK/1.43.0\r\nMemfault-Project-Key:k3yK3Yk3yK3Yk3yK3Yk3yK3Yk3yK3Y00\r\n\r\n"
    );
    assert_eq!(question.wire.text().len(), 268);
    assert_eq!(question.wire.pieces.len(), 26);
    assert_eq!(question.asked_after, Some(1));
}

#[test]
fn a_value_that_cannot_be_sent_ends_the_question() {
    const LONGEST: &[u8] = &[b'a'; 47];
    const TOO_LONG: &[u8] = &[b'a'; 48];
    for index in 0..4 {
        for (value, fits) in [(None, false), (Some(&b""[..]), false), (Some(LONGEST), true), (Some(TOO_LONG), false)] {
            let mut identity = IDENTITY;
            identity[index] = value;
            let mut question = Question::new(identity);
            assert_eq!(latest_release::<48>(DEVICE, &mut question), fits);
            let (pieces, refused) = if fits { (26, None) } else { (1 + 4 * index, Some(index)) };
            assert_eq!((question.wire.pieces.len(), question.refused), (pieces, refused));
        }
    }
}

/// Spec 70 section 15.3.
#[test]
fn payload_of_the_specification() {
    let mut wire = Wire::new();
    let url = b"https://ota.example.net:8443/fw/blob?id=7&x=%20#frag";
    assert!(payload(url, |piece| wire.send(piece)));
    assert_eq!(
        wire.text(),
        "GET /fw/blob?id=7&x=%20#frag HTTP/1.1\r\nHost:ota.example.net\r\nUser-Agent:MemfaultSDK/1.43.0\r\n\r\n"
    );
    assert_eq!((wire.text().len(), wire.pieces.len()), (94, 8));
    assert!(!payload(b"ftp://h/", |_| panic!("no piece goes out")));
    let mut wire = Wire::new();
    assert!(payload(b"http://h", |piece| wire.send(piece)));
    assert_eq!(wire.pieces[1], b"/");
}

#[test]
fn the_first_refused_piece_is_the_last_one() {
    for accepts in 0..11 {
        let mut wire = Wire { accepts, ..Wire::new() };
        assert!(!chunk_post(CHUNKS, Some(b"s"), 1, |piece| wire.send(piece)));
        assert_eq!(wire.pieces.len(), accepts + 1);
    }
    for accepts in 0..26 {
        let mut question = Question::new(IDENTITY);
        question.wire.accepts = accepts;
        assert!(!latest_release::<48>(DEVICE, &mut question));
        assert_eq!((question.wire.pieces.len(), question.refused), (accepts + 1, None));
    }
    for accepts in 0..8 {
        let mut wire = Wire { accepts, ..Wire::new() };
        assert!(!payload(b"https://h/p", |piece| wire.send(piece)));
        assert_eq!(wire.sizes(), vec![4, 2, 11, 5, 1, 2, 31, 2][..=accepts]);
    }
}
