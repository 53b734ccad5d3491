//! Blocks, and how they are cut (spec 50 sections 3.2, 3.5, 4.2 and 4.4).

use super::{Driver, FOOTER_LEN, HEADER_LEN};
use golden::step::Step;

const BLOCK_HEADER_LEN: usize = 12;
const MEMORY: u32 = 1;
const PADDING: u32 = 6;
const MPU: u32 = 9;
/// Not named: the macro for unit tests is defined.
const MACHINE: u32 = 0;

#[derive(Default)]
pub struct Identity {
    pub with_serial: bool,
    pub with_build_id: bool,
    pub serial: Vec<u8>,
    pub software_version: Vec<u8>,
    pub software_type: Vec<u8>,
    pub hardware_version: Vec<u8>,
    pub build_id: Option<Vec<u8>>,
}

impl Identity {
    /// Types and payloads between the registers and the regions.
    pub fn blocks(&self, reason: u32) -> Vec<(u32, Vec<u8>)> {
        let mut blocks = Vec::new();
        if let (true, Some(id)) = (self.with_build_id, &self.build_id) {
            blocks.push((12, id.clone()));
        }
        if self.with_serial {
            blocks.push((2, self.serial.clone()));
        }
        blocks.push((10, self.software_version.clone()));
        blocks.push((11, self.software_type.clone()));
        blocks.push((4, self.hardware_version.clone()));
        blocks.push((7, MACHINE.to_le_bytes().to_vec()));
        blocks.push((5, reason.to_le_bytes().to_vec()));
        blocks
    }
}

/// A region as it is stored. `None`: it is left out.
pub struct Region(Option<Memory>);

struct Memory {
    kind: u32,
    address: u32,
    data: Vec<u8>,
    by_words: bool,
}

impl Region {
    pub fn new(step: &Step, key: &str) -> Result<Self, String> {
        let number = |name: &str| step.number::<u32>(&format!("{key}.{name}"));
        let data = step.optional_bytes(&format!("{key}.data")).unwrap_or_default();
        let (kind, address) = (number("type")?, number("addr")?);
        if kind == 4 {
            // Without a block at its address there is nothing.
            let valid = number("valid").unwrap_or(0) != 0;
            let cached = || -> Result<Memory, String> {
                let data = data.get(..number("blk_size")? as usize).ok_or("a cached block that is too short")?.to_vec();
                Ok(Memory { kind: MEMORY, address: number("cached_address")?, data, by_words: false })
            };
            return Ok(Self(if valid { Some(cached()?) } else { None }));
        }
        let len = if data.is_empty() { 0 } else { number("size")? as usize };
        let data = data.get(..len).ok_or("a region that is longer than its data")?.to_vec();
        // What does not consist of words is read by the driver; an odd length may still be cut to words.
        let by_words = kind == 1 && address % 4 == 0;
        Ok(Self(Some(Memory { kind: if kind == 3 { MPU } else { MEMORY }, address, data, by_words })))
    }
}

/// What is in the file so far.
pub struct Writer {
    pub offset: usize,
    /// Where the footer has to begin at the latest; `None`: only counting.
    limit: Option<usize>,
    pub truncated: bool,
    pub write_failed: bool,
}

impl Writer {
    pub fn new(storage_len: Option<usize>) -> Self {
        let limit = storage_len.map(|len| if len > FOOTER_LEN { len - FOOTER_LEN } else { len });
        Self { offset: HEADER_LEN, limit, truncated: false, write_failed: false }
    }

    fn put(&mut self, driver: &mut Driver, data: &[u8]) -> bool {
        if self.limit.is_some() && !driver.write(self.offset, data) {
            self.write_failed = true;
            return false;
        }
        self.offset += data.len();
        true
    }

    /// False: nothing may follow.
    pub fn block(&mut self, driver: &mut Driver, kind: u32, address: u32, payload: &[u8], by_words: bool) -> bool {
        let mut payload = payload;
        if payload.is_empty() {
            return true;
        }
        let mut cut = false;
        if let Some(limit) = self.limit {
            let free = limit.saturating_sub(self.offset);
            if free < BLOCK_HEADER_LEN + payload.len() {
                (self.truncated, cut) = (true, true);
                let len = free.saturating_sub(BLOCK_HEADER_LEN) / 4 * 4;
                payload = &payload[..len];
                if len == 0 {
                    return false;
                }
            }
        }
        let header: Vec<u8> =
            [kind, address, payload.len() as u32].iter().flat_map(|word| word.to_le_bytes()).collect();
        if !self.put(driver, &header) {
            return false;
        }
        if by_words && payload.len().is_multiple_of(4) {
            return payload.chunks(4).all(|word| self.put(driver, word)) && !cut && !self.truncated;
        }
        self.put(driver, payload)
    }

    /// False: no region may follow.
    pub fn region(&mut self, driver: &mut Driver, region: &Region) -> bool {
        if !self.offset.is_multiple_of(4) {
            let zeros = [0; 3];
            // Whether it fits is not looked at, a failed write is (a fault of the reference).
            let _ = self.block(driver, PADDING, 0, &zeros[..4 - self.offset % 4], false);
            if self.write_failed {
                return false;
            }
        }
        match &region.0 {
            Some(memory) => self.block(driver, memory.kind, memory.address, &memory.data, memory.by_words),
            None => true,
        }
    }
}
