//! The exception index of 32-bit Arm (`.ARM.exidx`, `.ARM.extab`; Exception Handling ABI for the Arm Architecture).
//!
//! | Word of an entry | Content |
//! |---|---|
//! | 0 | start of a function, relative to this word (31 bits); the function ends where the next entry begins |
//! | 1 | 1: cannot be unwound; bit 31 set: up to 3 instructions; else the place of more, relative to this word |

use super::Stack;
use super::cfi::Caller;
use super::state::State;

const ENTRY_LEN: usize = 8;
const CANNOT_UNWIND: u32 = 1;
const IS_COMPACT: u32 = 1 << 31;
/// Most instruction words: their number has 8 bits.
const MAX_WORDS: u32 = 256;
const FINISH: u8 = 0xb0;
const SP: u16 = 13;
const LR: u16 = 14;
const PC: u16 = 15;

/// The section.
#[derive(Debug)]
pub struct Exidx {
    address: u64,
    /// The two words of each entry.
    entries: Vec<[u32; 2]>,
}

impl Exidx {
    /// Takes the section at its address.
    pub fn new(address: u64, section: &[u8]) -> Self {
        let word = |bytes: &[u8]| bytes.first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
        let entries = section.chunks_exact(ENTRY_LEN).map(|entry| [word(entry), word(&entry[4..])]);
        Self { address, entries: entries.collect() }
    }

    fn place(&self, index: usize) -> u64 {
        self.address.wrapping_add((index * ENTRY_LEN) as u64)
    }

    fn start(&self, index: usize) -> Option<u64> {
        self.entries.get(index).map(|entry| relative(self.place(index), entry[0]))
    }

    /// One frame outwards; `None`: nothing is known about the function. It is right behind the function's prologue.
    pub(super) fn step(&self, state: &State, lookup: u64, stack: &Stack<'_>) -> Option<Caller> {
        let (mut low, mut high) = (0, self.entries.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.start(middle)? <= lookup { low = middle + 1 } else { high = middle }
        }
        let index = low.checked_sub(1)?;
        let code = self.instructions(index, stack)?;
        Some(execute(&code, state, stack))
    }

    fn instructions(&self, index: usize, stack: &Stack<'_>) -> Option<Vec<u8>> {
        let [_, word] = *self.entries.get(index)?;
        if word == CANNOT_UNWIND {
            return None;
        }
        let low_bytes = |word: u32, count: usize| word.to_be_bytes().into_iter().skip(4 - count).collect::<Vec<u8>>();
        if word & IS_COMPACT != 0 {
            return Some(low_bytes(word, 3));
        }
        let mut at = relative(self.place(index).wrapping_add(4), word);
        let mut next = || {
            let word = stack.number(at, 4)? as u32;
            at += 4;
            Some(word)
        };
        let first = next()?;
        let (mut code, more) = match (first & IS_COMPACT != 0, first >> 24 & 15) {
            (true, 0) => (low_bytes(first, 3), 0),
            (true, 1 | 2) => (low_bytes(first, 2), first >> 16 & 0xff),
            (true, _) => return None,
            // A personality routine of a language; its data begins as in the compact form.
            (false, _) => {
                let second = next()?;
                (low_bytes(second, 3), second >> 24)
            }
        };
        for _ in 0..more.min(MAX_WORDS) {
            code.extend(next()?.to_be_bytes());
        }
        Some(code)
    }
}

/// A 31-bit distance from the place where it stands.
fn relative(place: u64, word: u32) -> u64 {
    let distance = ((word << 1) as i32) >> 1;
    place.wrapping_add_signed(distance.into()) & 0xffff_ffff
}

fn execute(code: &[u8], state: &State, stack: &Stack<'_>) -> Caller {
    let mut caller = state.kept();
    caller.set(LR, state.get(LR));
    let mut sp = state.sp();
    let mut pc = None;
    let mut code = code.iter().copied();
    let mut unread = None;
    while let Some(op) = code.next().filter(|op| *op != FINISH) {
        let low = u64::from(op & 0x3f);
        let mut pop = |registers: &mut dyn Iterator<Item = u16>| {
            // The stack pointer itself is taken last, if it is one of them.
            let mut new_sp = None;
            for register in registers {
                let value = stack.number(sp, 4);
                unread = unread.or(value.is_none().then_some(sp));
                match register {
                    SP => new_sp = value,
                    PC => pc = value,
                    _ => caller.set(register, value),
                }
                sp = sp.wrapping_add(4);
            }
            sp = new_sp.unwrap_or(sp);
        };
        match op {
            0x00..=0x3f => sp = sp.wrapping_add(4 * low + 4),
            0x40..=0x7f => sp = sp.wrapping_sub(4 * low + 4),
            0x80..=0x8f => {
                let mask = u16::from(op & 15) << 8 | u16::from(code.next().unwrap_or_default());
                if mask == 0 {
                    return Caller::Lost;
                }
                pop(&mut (0..12).filter(|bit| mask >> bit & 1 != 0).map(|bit| bit + 4));
            }
            0x90..=0x9f => match state.get(u16::from(op & 15)) {
                Some(value) => sp = value,
                None => return Caller::Lost,
            },
            0xa0..=0xa7 => pop(&mut (4..=4 + u16::from(op & 7))),
            0xa8..=0xaf => pop(&mut (4..=4 + u16::from(op & 7)).chain([LR])),
            0xb1 => {
                let mask = code.next().unwrap_or_default();
                pop(&mut (0..4).filter(|bit| mask >> bit & 1 != 0));
            }
            0xb2 => {
                let mut amount = 0u64;
                for (index, byte) in code.by_ref().take(5).enumerate() {
                    amount |= u64::from(byte & 0x7f) << (7 * index);
                    if byte & 0x80 == 0 {
                        break;
                    }
                }
                sp = sp.wrapping_add(0x204 + 4 * amount);
            }
            // Floating-point registers: they are not in coredumps, only their place matters.
            0xb3 => sp = sp.wrapping_add(8 * (u64::from(code.next().unwrap_or_default() & 15) + 1) + 4),
            0xb4 => sp = sp.wrapping_add(4),
            0xb8..=0xbf => sp = sp.wrapping_add(8 * (u64::from(op & 7) + 1) + 4),
            0xc8 | 0xc9 => sp = sp.wrapping_add(8 * (u64::from(code.next().unwrap_or_default() & 15) + 1)),
            0xd0..=0xd7 => sp = sp.wrapping_add(8 * (u64::from(op & 7) + 1)),
            _ => return Caller::Lost,
        }
    }
    if let Some(at) = unread {
        return Caller::NotCaptured(at);
    }
    caller.set_sp(sp & 0xffff_ffff);
    match pc.or(caller.get(LR)) {
        Some(address) => {
            caller.set_pc(address);
            Caller::Frame(caller)
        }
        None => Caller::Lost,
    }
}
