//! `memfault_rs::transport::chunk`.

use super::{Player, object};
use crate::step::Step;
use crate::vectors::{Object, to_hex};
use memfault_rs::transport::chunk::{self, Produced, Transfer};
use memfault_rs::util::crc16;
use serde_json::{Value, json};

/// The chunk layer.
#[derive(Default)]
pub struct Chunks {
    transfer: Transfer,
    message: Vec<u8>,
}

struct Reader<'a> {
    message: &'a [u8],
    buffer: *const u8,
    reads: Vec<Value>,
}

impl chunk::Message for Reader<'_> {
    fn read(&mut self, offset: u32, buf: &mut [u8]) {
        let from = self.message.get(offset as usize..).and_then(|rest| rest.get(..buf.len()));
        buf.copy_from_slice(from.expect("a read outside of the message"));
        let index = buf.as_ptr().addr() - self.buffer.addr();
        self.reads.push(json!(["read", offset, buf.len(), index]));
    }

    fn crc16(&mut self, crc: u16, data: &[u8]) -> u16 {
        crc16::update(crc, data)
    }
}

impl Player for Chunks {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        match step.name.as_str() {
            "init" => {
                self.message = step.bytes("msg")?.to_vec();
                self.transfer = Transfer {
                    total: self.message.len() as u32,
                    multi_call: step.flag("multi")?,
                    ..Transfer::default()
                };
                Ok(Object::new())
            }
            "info" => Ok(object(json!({"off": self.transfer.offset}))),
            "next" => {
                let mut buffer = vec![0x5A; step.number("L")?];
                let mut reader = Reader { message: &self.message, buffer: buffer.as_ptr(), reads: Vec::new() };
                let (more, len) = match self.transfer.next_chunk(&mut buffer, &mut reader) {
                    Produced::BufferTooSmall => (true, 0),
                    Produced::More(len) => (true, len),
                    Produced::Last(len) => (false, len),
                };
                let reads = reader.reads;
                let mut results = json!({"ret": more, "len": len, "reads": reads, "off": self.transfer.offset, "crc": self.transfer.crc});
                let (chunk, padding) = buffer.split_at_checked(len).ok_or("the chunk is longer than the buffer")?;
                if len > 0 {
                    results["out"] = to_hex(chunk).into();
                }
                if padding.iter().any(|byte| *byte != if len > 0 { 0xBA } else { 0x5A }) {
                    results["wrong_padding"] = true.into();
                }
                Ok(object(results))
            }
            _ => step.unknown(),
        }
    }
}
