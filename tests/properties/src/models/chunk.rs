//! Spec 10 chapter 5: chunks of one message, straight from the table of 5.2. The packetizer's model uses it too.

use golden::rust_api::{Player, object};
use golden::step::Step;
use golden::vectors::{Object, to_hex};
use serde_json::{Value, json};

pub const CRC_LEN: usize = 2;
const SMALLEST_BUFFER: usize = 9;

/// Bit by bit, from the polynomial.
pub fn crc16(mut crc: u16, data: &[u8]) -> u16 {
    for byte in data {
        crc ^= u16::from(*byte) << 8;
        for _ in 0..8 {
            crc = if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 };
        }
    }
    crc
}

/// Groups of seven bits, the lowest first.
pub fn varint(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// How far a message is.
#[derive(Clone, Default)]
pub struct Transfer {
    pub total: usize,
    pub multi: bool,
    pub sent: usize,
    pub crc: u16,
}

/// What a call does: bytes in front, message bytes to read, whether it is the end.
pub struct Plan {
    pub prefix: Vec<u8>,
    pub count: usize,
    pub last: bool,
}

impl Transfer {
    /// `None`: the buffer is too small.
    pub fn plan(&self, len: usize) -> Option<Plan> {
        if len < SMALLEST_BUFFER {
            return None;
        }
        let left = self.total - self.sent;
        let first = self.sent == 0;
        let (prefix, count) = match (self.multi, first) {
            (false, true) if self.total + 1 + CRC_LEN <= len => {
                return Some(Plan { prefix: vec![0x08], count: self.total, last: true });
            }
            (false, true) => {
                let prefix = [vec![0x48], varint(self.total as u32)].concat();
                let count = len - prefix.len();
                return Some(Plan { prefix, count, last: false });
            }
            (false, false) => {
                let number = varint(self.sent as u32);
                let count = left.min(len - 1 - number.len());
                let last = len - 1 - number.len() - count >= CRC_LEN;
                return Some(Plan { prefix: [vec![if last { 0x80 } else { 0xc0 }], number].concat(), count, last });
            }
            (true, true) => (vec![0x08], left.min(len - 1)),
            (true, false) => (Vec::new(), left.min(len)),
        };
        let last = len - prefix.len() - count >= CRC_LEN;
        Some(Plan { prefix, count, last })
    }

    /// The chunk, once the message bytes are there.
    pub fn chunk(&mut self, plan: &Plan, bytes: &[u8]) -> Vec<u8> {
        self.crc = crc16(self.crc, bytes);
        self.sent += bytes.len();
        let mut chunk = [&plan.prefix[..], bytes].concat();
        if plan.last {
            chunk.extend(self.crc.to_le_bytes());
        }
        chunk
    }
}

/// The module `chunk_transport`.
#[derive(Default)]
pub struct Chunks {
    message: Vec<u8>,
    transfer: Transfer,
    single: usize,
}

impl Player for Chunks {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        match step.name.as_str() {
            "init" => {
                self.message = step.bytes("msg")?.to_vec();
                self.transfer =
                    Transfer { total: self.message.len(), multi: step.flag("multi")?, ..Transfer::default() };
                Ok(Object::new())
            }
            "info" => {
                self.note_length();
                Ok(object(json!({"single": self.single, "off": self.transfer.sent})))
            }
            "next" => {
                let len = step.number("L")?;
                let Some(plan) = self.transfer.plan(len) else {
                    return Ok(object(json!({"ret": true, "len": 0, "single": self.single, "off": self.transfer.sent,
                        "crc": self.transfer.crc})));
                };
                self.note_length();
                let at = self.transfer.sent;
                let reads: Vec<Value> =
                    (plan.count > 0).then(|| json!(["read", at, plan.count, plan.prefix.len()])).into_iter().collect();
                let chunk = self.transfer.chunk(&plan, &self.message[at..at + plan.count]);
                Ok(object(json!({"ret": !plan.last, "len": chunk.len(), "out": to_hex(&chunk), "reads": reads,
                    "single": self.single, "off": self.transfer.sent, "crc": self.transfer.crc})))
            }
            _ => step.unknown(),
        }
    }
}

impl Chunks {
    /// The context's length of a single chunk is written whenever nothing was sent yet.
    fn note_length(&mut self) {
        if self.transfer.sent == 0 {
            self.single = self.transfer.total + 1 + CRC_LEN;
        }
    }
}
