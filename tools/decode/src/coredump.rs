//! Coredumps: what a device wrote when it crashed (spec 50 §3 and §17, spec 80 §7.7).
//!
//! ```text
//!  bytes --dump--> blocks --machine--> registers, --memory--> map of --elf_core, notes--> ELF core
//!                                |                           addresses
//!                                '-- faults: what the processor says
//! ```

mod cache_lines;
mod crash;
mod dump;
mod elf_core;
mod faults;
mod machine;
mod memory;
mod notes;
mod threads;

pub use crash::{Crash, Options};
pub use dump::{Block, Dump, MAGIC, kind};
pub use elf_core::{Note, write as write_elf_core};
pub use faults::Faults;
pub use machine::{Machine, Registers};
pub use memory::{Memory, Piece, in_handler_mode};
pub use notes::{metadata, prstatus, signal};
pub use threads::{Origin, Thread, Threads};

use crate::model::Coredump;

/// Reads what a coredump says about itself. `Err`: it is none, or its header is not usable.
pub fn describe(file: &[u8]) -> Result<Coredump, String> {
    Crash::read(file, Options::default()).map(|crash| crash.description())
}

#[cfg(test)]
mod tests;
