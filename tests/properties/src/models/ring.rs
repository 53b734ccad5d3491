//! Spec 10 chapter 15: byte i of the content lies at `storage[(read_offset + i) % total_space]`.

use golden::rust_api::{Player, changes, object};
use golden::step::Step;
use golden::vectors::{Object, to_hex};
use serde_json::{Value, json};

#[derive(Default)]
pub struct Ring {
    storage: Vec<u8>,
    shown: Vec<u8>,
    read_offset: usize,
    read_size: usize,
}

impl Ring {
    fn index(&self, offset: usize) -> usize {
        (self.read_offset + offset) % self.storage.len()
    }

    /// Whether a range lies in the content; the sum is taken without wrapping.
    fn holds(&self, offset: u64, len: u64) -> bool {
        u128::from(offset) + u128::from(len) <= self.read_size as u128
    }

    fn content(&self, offset: usize, len: usize) -> Vec<u8> {
        (offset..offset + len).map(|i| self.storage[self.index(i)]).collect()
    }

    fn write(&mut self, from_end: u64, data: &[u8]) -> bool {
        let Some(at) = (self.read_size as u64).checked_sub(from_end) else { return false };
        let new = (data.len() as u64).saturating_sub(from_end) as usize;
        if new > self.storage.len() - self.read_size {
            return false;
        }
        for (i, byte) in data.iter().enumerate() {
            let index = self.index(at as usize + i);
            self.storage[index] = *byte;
        }
        self.read_size += new;
        true
    }

    fn read_pointer(&self, offset: u64) -> Value {
        if offset > self.read_size as u64 {
            return json!({"ret": false});
        }
        let index = self.index(offset as usize);
        let len = (self.read_size - offset as usize).min(self.storage.len() - index);
        json!({"ret": true, "index": index, "len": len})
    }

    fn blocks(&self, offset: u64, len: u64, stop_at: usize) -> Value {
        if !self.holds(offset, len) {
            return json!({"ret": false});
        }
        let (offset, len) = (offset as usize, len as usize);
        let mut calls: Vec<Value> = Vec::new();
        let mut done = 0;
        while done < len {
            let index = self.index(offset + done);
            let block = (len - done).min(self.storage.len() - index);
            calls.push(json!(["cb", done, index, to_hex(&self.content(offset + done, block))]));
            if calls.len() == stop_at {
                return json!({"ret": false, "calls": calls});
            }
            done += block;
        }
        json!({"ret": true, "calls": calls})
    }
}

impl Player for Ring {
    fn step(&mut self, step: &Step) -> Result<Object, String> {
        let mut results = match step.name.as_str() {
            "init" => {
                self.storage = vec![0; step.number("size")?];
                self.shown = self.storage.clone();
                return Ok(Object::new());
            }
            "sizes" => {
                let free = self.storage.len() - self.read_size;
                return Ok(object(json!({"read_size": self.read_size, "write_size": free})));
            }
            "write" => json!({"ret": self.write(0, step.bytes("data")?)}),
            "write_at_offset" => json!({"ret": self.write(step.number("offset_from_end")?, step.bytes("data")?)}),
            "read" => {
                let (offset, len) = (step.number("offset")?, step.number("len")?);
                if self.holds(offset, len) {
                    json!({"ret": true, "data": to_hex(&self.content(offset as usize, len as usize))})
                } else {
                    json!({"ret": false})
                }
            }
            "get_read_pointer" => self.read_pointer(step.number("offset")?),
            "read_with_callback" => {
                self.blocks(step.number("offset")?, step.number("len")?, step.number("stop_at_call").unwrap_or(0))
            }
            "consume" | "consume_from_end" => {
                let len: u64 = step.number("len")?;
                let possible = len <= self.read_size as u64;
                if possible {
                    if step.name == "consume" {
                        self.read_offset = self.index(len as usize);
                    }
                    self.read_size -= len as usize;
                }
                json!({"ret": possible})
            }
            _ => return step.unknown(),
        };
        results["ro"] = self.read_offset.into();
        results["rs"] = self.read_size.into();
        if let Some(change) = changes(&self.storage, &mut self.shown) {
            results["storage"] = change;
        }
        Ok(object(results))
    }
}
