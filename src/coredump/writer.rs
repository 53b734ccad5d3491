//! Writes one block after the other (spec 50 §4.2 and §4.4).

use super::format::{ALIGNMENT, BLOCK_HEADER_LEN, BlockType, FOOTER_LEN, HEADER_LEN, Words};
use super::platform::{Memory, Region, RegionKind, Storage};

/// Whether blocks are still written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// They are.
    Going = 0,
    /// One did not fit, so no further one is written.
    NoSpace = 1,
    /// The driver refused a write, so there is no further one.
    WriteFailed = 2,
}

/// A coredump in progress. Once it is not going any more, its methods do nothing.
pub struct Writer<'s, S> {
    /// `None`: bytes are counted only.
    storage: Option<&'s S>,
    /// Bytes so far. Only successful writes count.
    offset: usize,
    /// Where the header of the last block has to start at the latest.
    limit: usize,
    /// Address in the header of the next block, and how that block is read.
    address: u32,
    kind: RegionKind,
    /// Something was cut or did not fit.
    truncated: bool,
    progress: Progress,
}

/// What the last block leaves to itself and the footer.
const TAIL_LEN: usize = BLOCK_HEADER_LEN + FOOTER_LEN;
/// Valid, address, length.
const CACHED_HEADER_LEN: usize = 12;

impl<'s, S: Storage> Writer<'s, S> {
    /// Starts behind the header, which is written last. Without a driver the bytes are counted only, without a look at the data of
    /// blocks.
    pub fn new(storage: Option<&'s S>, storage_len: usize) -> Self {
        Self {
            storage,
            offset: HEADER_LEN,
            limit: storage_len.saturating_sub(TAIL_LEN),
            address: 0,
            kind: RegionKind::MEMORY,
            truncated: false,
            progress: Progress::Going,
        }
    }

    /// Bytes so far, with the header. At least 16 fewer than the storage has.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Something was cut or did not fit.
    pub const fn truncated(&self) -> bool {
        self.truncated
    }

    /// Whether blocks are still written.
    pub const fn progress(&self) -> Progress {
        self.progress
    }

    /// Writes a region, with a padding block before it where its payload would not be aligned. An empty region leaves the padding
    /// only.
    #[inline]
    pub fn region(&mut self, region: Region<S::Memory<'_>>) {
        let misaligned_by = self.offset % ALIGNMENT;
        if misaligned_by != 0 {
            self.block(BlockType::Padding, [0; ALIGNMENT].get(misaligned_by..).unwrap_or_default().into());
        }
        let Region { kind, mut memory } = region;
        let mut address = memory.address();
        if kind == RegionKind::CACHED {
            // IMPROVE (spec 50 §8.1): what lies nowhere is not read.
            if memory.is_nowhere() || memory.word(0) == 0 {
                return;
            }
            address = memory.word(1);
            memory = memory.part(CACHED_HEADER_LEN, memory.word(2) as usize);
        }
        (self.address, self.kind) = (address, kind);
        self.block(if kind == RegionKind::MPU { BlockType::Mpu } else { BlockType::Memory }, memory);
        (self.address, self.kind) = (0, RegionKind::MEMORY);
    }

    /// Writes a block, if it has a payload.
    #[inline(never)]
    pub fn block(&mut self, kind: BlockType, payload: S::Memory<'_>) {
        let mut payload = payload;
        if payload.is_nowhere() || payload.len() == 0 || self.progress != Progress::Going {
            return;
        }
        // IMPROVE (spec 50 §4.2): no sum of lengths, so none wraps.
        let room = self.limit.saturating_sub(self.offset);
        if room < payload.len() {
            self.truncated = true;
            let fits = room & !(ALIGNMENT - 1);
            if fits == 0 {
                // QUIRK (spec 50 §4.4): padding that does not fit is left out, and the region may still fit.
                if kind != BlockType::Padding {
                    self.progress = Progress::NoSpace;
                }
                return;
            }
            payload = payload.part(0, fits);
        }
        self.append(Words::new(kind as u32, self.address, payload.len() as u32).three().into());
        if self.progress != Progress::Going {
            return;
        }
        // QUIRK (spec 50 §4.2): registers of an odd length are left to the driver.
        if self.kind != RegionKind::WORD_ACCESS || self.storage.is_none() || !payload.is_words() {
            return self.append(payload);
        }
        for index in 0..payload.len() / 4 {
            self.append(payload.word(index).to_le_bytes().as_slice().into());
            if self.progress != Progress::Going {
                return;
            }
        }
        if self.truncated {
            self.progress = Progress::NoSpace;
        }
    }

    fn append(&mut self, data: S::Memory<'_>) {
        if let Some(storage) = self.storage
            && !storage.write(self.offset as u32, data)
        {
            self.progress = Progress::WriteFailed;
        } else {
            self.offset += data.len();
        }
    }
}
