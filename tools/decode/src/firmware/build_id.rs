//! Which build a firmware is (spec 20 §14).
//!
//! The record `g_memfault_build_id` says where the id is:
//!
//! | Type (byte 0) | Id |
//! |---|---|
//! | 1 | none: the post-link tool has not patched the file, its devices send none |
//! | 2 | the linker's note, to which the record points |
//! | 3 | 20 bytes at `g_memfault_sdk_derived_build_id`, put there by the post-link tool |

use super::elf::{Elf, Place};
use crate::event::lossy;
use object::ReadRef;

/// Length of a build id in bytes.
pub const ID_LEN: usize = 20;
/// Longest name or version of an operating system that is shown.
const MAX_TEXT_LEN: u64 = 64;

/// What is known about a build.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildInfo {
    /// The id.
    pub id: Option<[u8; ID_LEN]>,
    /// Where it is from: `memfault` (post-link tool), `gnu` (linker) or `none`.
    pub kind: &'static str,
    /// The SDK's record is there.
    pub record: bool,
    /// Version of the SDK.
    pub sdk_version: Option<[u8; 3]>,
    /// Name and version of the operating system.
    pub os: Option<(String, String)>,
}

/// The build id of an ELF file, reading only what is needed for that. `None` for a file without one; an error for what is no
/// linked ELF file.
pub fn identify<'d, R: ReadRef<'d>>(file: R) -> Result<Option<[u8; ID_LEN]>, String> {
    Ok(BuildInfo::read(&Elf::parse(file)?).id)
}

impl BuildInfo {
    pub(super) fn read<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>) -> Self {
        let linker = || elf.gnu_build_id().and_then(|id| id.try_into().ok());
        let pointer_len = elf.pointer_len();
        let record_len = 5 * pointer_len;
        let Some(record) = elf
            .symbol("g_memfault_build_id", false)
            .and_then(|Place { address, .. }| elf.memory(address, record_len as u64))
        else {
            // A note identifies a file as well.
            let id = linker();
            return Self { id, kind: if id.is_some() { "gnu" } else { "none" }, ..Self::default() };
        };
        let pointer = |at: usize| {
            let bytes = record.get(at..).and_then(|rest| rest.get(..pointer_len)).unwrap_or_default();
            bytes.iter().rev().fold(0u64, |value, &byte| value << 8 | u64::from(byte))
        };
        let (id, kind) = match record.first() {
            Some(3) => {
                let place = elf.symbol("g_memfault_sdk_derived_build_id", false);
                let id = place.and_then(|place| elf.memory(place.address, ID_LEN as u64));
                (id.and_then(|id| id.try_into().ok()), "memfault")
            }
            // Linker scripts can put the note where nobody recognises it as one.
            Some(2) => (note_id(elf, pointer(pointer_len)).or_else(linker), "gnu"),
            _ => (None, "none"),
        };
        // type, len, short_len, padding; pointer; version and padding; two pointers.
        let version = record.get(2 * pointer_len..).and_then(<[u8]>::first_chunk).copied();
        let texts = 2 * pointer_len + 4usize.next_multiple_of(pointer_len);
        let name = text(elf, pointer(texts));
        let os = name.map(|name| (name, text(elf, pointer(texts + pointer_len)).unwrap_or_default()));
        Self { id, kind: if id.is_some() { kind } else { "none" }, record: true, sdk_version: version, os }
    }
}

/// The id in the note at an address, found as the SDK does on the device (spec 20 §14.3).
fn note_id<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, address: u64) -> Option<[u8; ID_LEN]> {
    const HEAD_LEN: u64 = 12;
    let head = elf.memory(address, HEAD_LEN)?;
    let name_len = u32::from_le_bytes(*head.first_chunk()?);
    let id = elf.memory(address.checked_add(HEAD_LEN + u64::from(name_len))?, ID_LEN as u64)?;
    id.try_into().ok()
}

/// A C string in the initialised memory; `None` if it is empty or not there.
fn text<'d, R: ReadRef<'d>>(elf: &Elf<'d, R>, address: u64) -> Option<String> {
    let letters = (0..MAX_TEXT_LEN).map_while(|at| elf.memory(address.checked_add(at)?, 1)?.first().copied());
    let letters: Vec<u8> = letters.take_while(|&letter| letter != 0).collect();
    (!letters.is_empty()).then(|| lossy(&letters))
}
