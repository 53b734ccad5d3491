//! The memory in a coredump as one map: each address once, in ascending order (spec 50 §17.2).

use super::dump::{Dump, kind};
use super::machine::{Machine, Registers};
use std::borrow::Cow;

/// MPU TYPE and CTRL: the block of the MPU holds them, but at the address of a struct in RAM.
const MPU_REGISTERS: u64 = 0xe000_ed90;
const MPU_REGISTERS_LEN: usize = 8;
/// FPCCR and FPCAR: GDB reads them when it unwinds through an exception, and gives up without them.
const FPCCR: u64 = 0xe000_ef34;
const FPCCR_LEN: usize = 8;
/// xPSR: number of the active exception, 0 in thread mode.
const PSR_EXCEPTION: u64 = 0x1ff;

/// Consecutive bytes at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'d> {
    /// Of the first byte.
    pub address: u64,
    /// At least one.
    pub bytes: Cow<'d, [u8]>,
}

/// Captured memory. Where blocks overlap, the first one counts: it was captured closest to the crash.
#[derive(Debug, Clone, Default)]
pub struct Memory<'d> {
    pieces: Vec<Piece<'d>>,
    /// Addresses of pieces that were added for GDB; no device captured them.
    pub synthesised: Vec<u64>,
    /// Upper half of all addresses: blocks carry 32 bits.
    pub high: u64,
}

impl<'d> Memory<'d> {
    /// The memory of a coredump. `high`: the upper 32 bits of its addresses, for machines that have them.
    pub fn new(dump: &Dump<'d>, machine: Option<Machine>, cpus: &[Registers], high: Option<u32>) -> Self {
        let is_wide = machine.is_some_and(Machine::is_wide);
        let high = if is_wide { high.map_or_else(|| high_half(dump, cpus), |high| u64::from(high) << 32) } else { 0 };
        let end = if is_wide { u64::MAX } else { 1 << 32 };
        let mut memory = Self { high, ..Self::default() };
        for block in dump.memory() {
            memory.add(high | u64::from(block.address), Cow::Borrowed(block.payload), end);
        }
        if machine == Some(Machine::CortexM) {
            if let Some(mpu) = dump.first(kind::MPU).and_then(|payload| payload.get(..MPU_REGISTERS_LEN)) {
                memory.synthesise(MPU_REGISTERS, Cow::Borrowed(mpu));
            }
            if cpus.iter().any(in_handler_mode) {
                memory.synthesise(FPCCR, Cow::Owned(vec![0; FPCCR_LEN]));
            }
        }
        memory
    }

    fn synthesise(&mut self, address: u64, bytes: Cow<'d, [u8]>) {
        let before = self.pieces.len();
        self.add(address, bytes, 1 << 32);
        if self.pieces.len() > before {
            self.synthesised.push(address);
        }
    }

    /// Adds what is not there yet.
    fn add(&mut self, address: u64, bytes: Cow<'d, [u8]>, end: u64) {
        let mut at = address;
        let last = address.saturating_add(bytes.len() as u64).min(end);
        while at < last {
            let next = self.pieces.partition_point(|piece| piece.address <= at);
            let covered = next.checked_sub(1).and_then(|before| self.pieces.get(before)).map_or(0, Piece::end);
            if covered > at {
                at = covered;
                continue;
            }
            let gap = self.pieces.get(next).map_or(last, |piece| piece.address.min(last));
            let (from, to) = ((at - address) as usize, (gap - address) as usize);
            let part = match &bytes {
                Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[from..to]),
                Cow::Owned(bytes) => Cow::Owned(bytes[from..to].to_vec()),
            };
            self.pieces.insert(next, Piece { address: at, bytes: part });
            at = gap;
        }
    }

    /// All pieces, by address.
    pub fn pieces(&self) -> &[Piece<'d>] {
        &self.pieces
    }

    /// The bytes from an address on, as far as they are in one piece.
    pub fn from(&self, address: u64) -> &[u8] {
        let next = self.pieces.partition_point(|piece| piece.address <= address);
        let piece = next.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.and_then(|piece| piece.bytes.get((address - piece.address) as usize..)).unwrap_or_default()
    }

    /// `len` bytes at an address, if all were captured.
    pub fn read(&self, address: u64, len: usize) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(len.min(1 << 16));
        while out.len() < len {
            let next = self.from(address.checked_add(out.len() as u64)?);
            if next.is_empty() {
                return None;
            }
            out.extend_from_slice(&next[..next.len().min(len - out.len())]);
        }
        Some(out)
    }

    /// A little-endian number of up to 8 bytes.
    pub fn number(&self, address: u64, len: usize) -> Option<u64> {
        let bytes = self.read(address, len)?;
        Some(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte)))
    }

    /// A 32-bit word.
    pub fn word(&self, address: u64) -> Option<u32> {
        self.number(address, 4).and_then(|word| u32::try_from(word).ok())
    }

    /// How many of `len` bytes at an address were captured.
    pub fn captured(&self, address: u64, len: u64) -> u64 {
        let end = address.saturating_add(len);
        let within = self.pieces.iter().map(|piece| piece.end().min(end).saturating_sub(piece.address.max(address)));
        within.sum()
    }
}

impl Piece<'_> {
    /// Behind its last byte.
    pub fn end(&self) -> u64 {
        self.address + self.bytes.len() as u64
    }
}

/// The crash happened inside an exception handler of a Cortex-M.
pub fn in_handler_mode(registers: &Registers) -> bool {
    registers.machine == Machine::CortexM && registers.get("psr").unwrap_or_default() & PSR_EXCEPTION != 0
}

/// The upper half of the stack pointer counts for all blocks if its lower half is in one of them.
fn high_half(dump: &Dump<'_>, cpus: &[Registers]) -> u64 {
    const LOW: u64 = 0xffff_ffff;
    let holds = |low: u64| {
        dump.memory().any(|block| (low.wrapping_sub(block.address.into()) & LOW) < block.payload.len() as u64)
    };
    cpus.iter().map(Registers::sp).find(|sp| holds(sp & LOW)).unwrap_or_default() & !LOW
}
