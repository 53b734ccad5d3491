//! Writes a capture to measure `mflt decode` with: `cargo run --release -p mflt --example capture -- logs 256 > capture.log`.
//!
//! `logs`: log messages of 20 lines, as text with `MC:` tokens; `logs-chnk`: the same in a container; `compact`: the same as
//! compact logs of three values; `heartbeats`: heartbeats of 24 metrics as text. The number is the size in MB; all content differs,
//! so that nothing is a repetition.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::{self, BufWriter, Write};

/// A device's buffer for a Bluetooth packet.
const CHUNK_LEN: usize = 244;
const LINES: u64 = 20;
const METRICS: u64 = 24;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (kind, megabytes) = match arguments.as_slice() {
        [kind, megabytes] => (kind.as_str(), megabytes.parse::<usize>().map_err(io::Error::other)?),
        _ => return Err(io::Error::other("usage: capture logs|logs-chnk|compact|heartbeats MEGABYTES")),
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut written = 0;
    for number in 0.. {
        if written >= megabytes * 1_000_000 {
            break;
        }
        let message = if kind == "heartbeats" { heartbeat(number) } else { log(number, kind == "compact") };
        for chunk in chunks(&message) {
            let piece = match kind {
                "logs-chnk" => [b"CHNK", &(chunk.len() as u32).to_be_bytes()[..], &chunk].concat(),
                _ => format!("[00:00:{:02}] <inf> mflt: MC:{}:\r\n", number % 60, STANDARD.encode(&chunk)).into_bytes(),
            };
            out.write_all(&piece)?;
            written += piece.len();
        }
    }
    out.flush()
}

/// The envelope of all events, with its type and the key of the information.
fn envelope(message_type: u8, event_type: u8, number: u64) -> Vec<u8> {
    let mut out = vec![message_type, 0xa7, 2, event_type, 3, 1];
    text(&mut out, 10, "bench");
    text(&mut out, 9, "1.0.0");
    text(&mut out, 6, "mps2-an385");
    out.extend([1, 0x1a]);
    out.extend((1_760_000_000 + number as u32).to_be_bytes());
    out.push(4);
    out
}

fn text(out: &mut Vec<u8>, key: u8, text: &str) {
    out.extend([key, 0x60 + text.len() as u8]);
    out.extend(text.as_bytes());
}

fn log(number: u64, is_compact: bool) -> Vec<u8> {
    let mut out = envelope(3, 6, number);
    out.extend([0x98, 3 * LINES as u8]);
    for line in 0..LINES {
        out.push(0x1a);
        out.extend((1_760_000_000 + number as u32).to_be_bytes());
        out.push((line % 4) as u8);
        let sample = (number * LINES + line) as u32;
        let (head, record) = if is_compact {
            (
                vec![0x50],
                [&[0x84, 0x18, 8 + line as u8, 0x1a][..], &sample.to_be_bytes(), b"\x64idle\x19\x0f\xa0"].concat(),
            )
        } else {
            let text = format!("sensor {line}: sample {sample} of {number} is {} mV, in range", line * 37);
            (vec![0x78, text.len() as u8], text.into_bytes())
        };
        out.extend([head, record].concat());
    }
    out
}

fn heartbeat(number: u64) -> Vec<u8> {
    let mut out = envelope(2, 1, number);
    out.extend([0xa2, 2, 1, 1, 0x98, METRICS as u8]);
    for metric in 0..METRICS {
        out.push(0x1a);
        out.extend((metric as u32 * 1_000 + number as u32).to_be_bytes());
    }
    out
}

/// The message as the packetizer sends it (spec 10 §5).
fn chunks(message: &[u8]) -> Vec<Vec<u8>> {
    let whole = [message, &crc16(message).to_le_bytes()].concat();
    if whole.len() < CHUNK_LEN {
        return vec![[&[0x08], &*whole].concat()];
    }
    let mut out = Vec::new();
    let mut at = 0;
    while at < whole.len() {
        let mut chunk = vec![0x48];
        varint(&mut chunk, if at == 0 { message.len() } else { at });
        let len = (CHUNK_LEN - chunk.len()).min(whole.len() - at);
        if at > 0 {
            chunk[0] = if at + len == whole.len() { 0x80 } else { 0xc0 };
        }
        chunk.extend(&whole[at..at + len]);
        at += len;
        out.push(chunk);
    }
    out
}

fn varint(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn crc16(data: &[u8]) -> u16 {
    data.iter().fold(0, |crc: u16, &byte| {
        let crc = crc ^ u16::from(byte) << 8;
        (0..8).fold(crc, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    })
}
