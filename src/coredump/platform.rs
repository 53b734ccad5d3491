//! What coredumps need from outside.

use crate::events::envelope::Identity;

/// Some bytes of the target's memory. Holding it gives no access; reading it is up to the storage driver.
///
/// Registers of the hardware and the stack of the running code are among them, so they never become a Rust slice.
#[allow(clippy::len_without_is_empty)]
pub trait Memory: Copy {
    /// Low 32 bits of where it lies.
    fn address(self) -> u32;
    /// How many bytes.
    fn len(self) -> usize;
    /// A null pointer: nothing is there, whatever the length.
    fn is_nowhere(self) -> bool;
    /// `len` bytes from `start`.
    fn part(self, start: usize, len: usize) -> Self;
    /// Start and length are multiples of four.
    fn is_words(self) -> bool;
    /// Reads one word with one aligned access. It lies inside.
    fn word(self, index: usize) -> u32;
}

/// How a region is captured (spec 50 §2.1). Other values count as memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionKind(pub u8);

impl RegionKind {
    /// Memory that the driver reads as it likes.
    pub const MEMORY: Self = Self(0);
    /// Registers of the hardware that are read word by word.
    pub const WORD_ACCESS: Self = Self(1);
    /// The unrolled MPU of a Cortex-M.
    pub const MPU: Self = Self(3);
    /// Three words in memory (valid unless 0, address, length in bytes) and then a copy of what was at that address. The length
    /// of [`Region::memory`] is not looked at.
    pub const CACHED: Self = Self(4);
}

/// One entry of a list of regions.
#[derive(Clone, Copy)]
pub struct Region<M> {
    /// How it is captured.
    pub kind: RegionKind,
    /// What is captured.
    pub memory: M,
}

/// The driver of the storage (spec 50 §12). Called in a fault handler, with interrupts off.
pub trait Storage {
    /// What it can write.
    type Memory<'a>: Memory + From<&'a [u8]>;

    /// Prepares for a save: first the port, then, if that was successful, the application. False prevents it.
    fn begin_save(&self) -> bool;
    /// Bytes of the storage; 0 if there is none.
    fn size(&self) -> usize;
    /// Reads `buf.len()` bytes at `offset`.
    fn read(&self, offset: u32, buf: &mut [u8]) -> bool;
    /// Writes at `offset`. Offsets ascend without gaps from [`HEADER_LEN`](super::format::HEADER_LEN); the header comes last.
    fn write(&self, offset: u32, data: Self::Memory<'_>) -> bool;
    /// Erases the first `len` bytes: all of them.
    fn erase(&self, len: usize) -> bool;
    /// Makes the coredump invalid. Not called in a crash.
    fn clear(&self);
    /// Reads as the running system does, not the fault handler: the firmware may lock here, or refuse.
    fn read_when_running(&self, offset: u32, buf: &mut [u8]) -> bool;
}

/// All that a coredump is made from.
pub trait Platform: Storage {
    /// Whom the coredump is about.
    type Identity: Identity;
    /// A list of regions.
    type Regions: ExactSizeIterator<Item = Region<Self::Memory<'static>>> + Clone;

    /// Whom the coredump is about. The strings are asked for once, then the build id if coredumps carry it.
    fn identity(&self) -> &Self::Identity;
    /// The regions of the architecture. Asked once per save, before the next.
    fn arch_regions(&self) -> Self::Regions;
    /// The regions of the library itself. Asked once per save.
    fn sdk_regions(&self) -> Self::Regions;
}
