//! What the integration tests share: collecting results, test data, a sender written from the specification alone.
#![allow(dead_code, reason = "each test uses its part")]

use memfault_decode::{Decoded, Decoder, Diagnostic, Options, Position, Sink};
use serde_json::Value as Json;

pub mod blocks;
pub mod elf;
pub mod sender;

/// Keeps everything in the order in which it came.
#[derive(Default)]
pub struct Collected {
    pub messages: Vec<Decoded>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Sink for Collected {
    fn message(&mut self, message: Decoded) {
        self.messages.push(message);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

impl Collected {
    pub fn codes(&self) -> Vec<&'static str> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect()
    }
}

/// Decodes the chunks of one device.
pub fn decode_chunks<C: AsRef<[u8]>>(device: &str, chunks: &[C]) -> Collected {
    let mut decoder = Decoder::new(Options::default());
    let mut out = Collected::default();
    let device = decoder.device(device, true);
    for chunk in chunks {
        decoder.chunk(device, chunk.as_ref(), Position::default(), None, &mut out);
    }
    decoder.finish(device, &mut out);
    out
}

pub fn data(name: &str) -> Vec<u8> {
    let path = format!("{}/../../tests/data/host/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn json(name: &str) -> Json {
    serde_json::from_slice(&data(name)).unwrap()
}

pub fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// Asserts that `actual` has every key of `expected` with the same value, in objects within objects too.
pub fn assert_contains(actual: &Json, expected: &Json, at: &str) {
    match (actual, expected) {
        (Json::Object(actual), Json::Object(expected)) => {
            for (name, value) in expected {
                let found = actual.get(name).unwrap_or_else(|| panic!("{at}.{name} is missing"));
                assert_contains(found, value, &format!("{at}.{name}"));
            }
        }
        _ => assert_eq!(actual, expected, "{at}"),
    }
}
