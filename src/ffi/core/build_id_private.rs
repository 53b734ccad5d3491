//! `memfault_build_id_private.h` (spec 20 §14.1): the record of the build id, which a tool patches after the link.
//!
//! Both objects are C (`shim/memfault_rs_build_id.c`). All reads are volatile: what the linker placed is not what the device finds.

use crate::events::build_id::BuildId;
use crate::events::envelope::BUILD_ID_LEN;
use core::ffi::{c_char, c_void};
use core::mem::offset_of;
use core::ptr;

/// Who supplied the build id; the first byte of the record.
pub mod build_id_type {
    /// The linker, in a note.
    pub const GNU: u8 = 2;
    /// The patch tool.
    pub const MEMFAULT: u8 = 3;
}

/// The record; name, size and the bytes 0 and 2 are known to host tools.
#[repr(C)]
pub struct sMemfaultBuildIdStorage {
    kind: u8,
    len: u8,
    short_len: u8,
    rsvd: u8,
    storage: *const c_void,
    sdk_version: [u8; 3],
    os_name: *const c_char,
    os_version: *const c_char,
}

const _: () = assert!(size_of::<sMemfaultBuildIdStorage>() == if size_of::<usize>() == 8 { 40 } else { 20 });
const _: () = assert!(offset_of!(sMemfaultBuildIdStorage, sdk_version) == 2 * size_of::<usize>());

/// Bytes of a GNU note before the owner's name: its length, the length of the id, and the type of the note.
const NOTE_HEADER_LEN: usize = 12;

unsafe extern "C" {
    // Mutable: unit tests of firmware write to it.
    static mut g_memfault_build_id: sMemfaultBuildIdStorage;
}

/// The type byte as it is now.
pub fn kind() -> u8 {
    // SAFETY: the object exists in every build; a byte may be read at any time.
    unsafe { ptr::read_volatile(&raw const g_memfault_build_id.kind) }
}

/// Writes the build id as it is now to `out`. False, and nothing is written: there is none.
///
/// # Safety
/// `out` is writable for [`BUILD_ID_LEN`] bytes.
pub unsafe fn read_to(out: *mut u8) -> bool {
    let Some(id) = locate() else { return false };
    // SAFETY: the record's contract is that an id of 20 bytes lies there; the rest is the caller's promise.
    unsafe { copy(id, out, BUILD_ID_LEN) };
    true
}

/// The build id, if there is one.
pub fn get() -> Option<&'static BuildId> {
    // SAFETY: the record's contract is that an id of 20 bytes lies there. The pointer was read as it is now, so the compiler does
    // not know what the linker placed there.
    locate().map(|id| unsafe { &*id.cast() })
}

/// Where the build id lies now.
fn locate() -> Option<*const u8> {
    // SAFETY: as in `kind`.
    let storage: *const u8 = unsafe { ptr::read_volatile(&raw const g_memfault_build_id.storage) }.cast();
    match kind() {
        build_id_type::MEMFAULT => Some(storage),
        build_id_type::GNU => {
            // SAFETY: with this type the pointer leads to a note, whose first field is the length of the owner's name. As in
            // `get`, the compiler does not know where.
            let name_len = unsafe { storage.cast::<u32>().read_unaligned() };
            // QUIRK (spec 20 §14.3): the name is not padded to a multiple of four.
            Some(storage.wrapping_add(NOTE_HEADER_LEN).wrapping_add(name_len as usize))
        }
        _ => None,
    }
}

/// Copies bytes of any alignment that may have changed after the link.
///
/// # Safety
/// `from` is readable and `to` writable for `len` bytes.
unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    for i in 0..len {
        // SAFETY: `i` is below `len`.
        unsafe { to.add(i).write(ptr::read_volatile(from.add(i))) };
    }
}
