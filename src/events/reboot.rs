//! Reboot tracking (spec 20 §12): why the device restarted, kept in RAM that survives the restart.
//!
//! The region is 64 bytes, of any alignment, native endian, shared with older firmware and with a bootloader:
//!
//! | Offset | Size | Field |
//! |---|---|---|
//! | 0 | 4 | magic `0x21544252` |
//! | 4 | 1 | version: 2 when created, never looked at |
//! | 5 | 1 | crash count, wraps |
//! | 6 | 1 | 0 |
//! | 7 | 1 | 1: a coredump was saved |
//! | 8 | 4 | reason of the reboot, `0xFFFFFFFF`: none recorded |
//! | 12, 16 | 4, 4 | pc and lr of whoever recorded it |
//! | 20 | 4 | the reset reason register of the hardware |
//! | 24 | 4 | metrics sessions that were active, one bit each |
//! | 28 | 36 | 0 when created |
//!
//! The priority rule: the first reason recorded since the last clear wins, its pc and lr included. A reason that is
//! marked before the reset therefore beats what the hardware reports at boot. QUIRK (spec 20 §12.4): a reason that
//! nobody collects stays first for ever, and counts as a crash at every boot if it is an unexpected one.
//!
//! The stored reason is a 32-bit word; everything but "is one recorded" looks at it in the width of the firmware's
//! enum.

use core::cell::Cell;
use core::sync::atomic::{Ordering, compiler_fence};

pub mod reason;

const NO_REASON: u32 = u32::MAX;

const MAGIC: u32 = 0x2154_4252;
const VERSION: u8 = 2;
const COREDUMP_SAVED: u8 = 1;

/// A reboot reason in the width that `eMemfaultRebootReason` has for the firmware's compiler.
pub trait Reason: Copy + PartialEq {
    /// A stored word, cut to the width.
    fn from_word(word: u32) -> Self;
    /// Extended with zeros.
    fn word(self) -> u32;
}

/// Firmware with short enums.
impl Reason for u16 {
    fn from_word(word: u32) -> Self {
        word as Self
    }

    fn word(self) -> u32 {
        self.into()
    }
}

/// Firmware with enums of four bytes.
impl Reason for u32 {
    fn from_word(word: u32) -> Self {
        word
    }

    fn word(self) -> u32 {
        self
    }
}

/// A native-endian word of any alignment.
#[repr(transparent)]
#[derive(Default)]
pub struct Word(Cell<[u8; 4]>);

impl Word {
    /// The value.
    pub fn get(&self) -> u32 {
        u32::from_ne_bytes(self.0.get())
    }

    fn set(&self, value: u32) {
        self.0.set(value.to_ne_bytes());
    }
}

/// The retained bytes; the layout is that of the table above.
#[repr(C)]
#[derive(Default)]
pub struct Region {
    magic: Word,
    version: Cell<u8>,
    crash_count: Cell<u8>,
    reserved: Cell<u8>,
    coredump_saved: Cell<u8>,
    last_reboot_reason: Word,
    pc: Word,
    lr: Word,
    reset_reason_reg: Word,
    active_sessions: Word,
    unused: [Word; 9],
}

const _: () = assert!(size_of::<Region>() == 64 && align_of::<Region>() == 1);
const _: () =
    assert!(core::mem::offset_of!(Region, last_reboot_reason) == 8 && core::mem::offset_of!(Region, unused) == 28);

/// Where the four fields of one byte lie, in words.
const SINGLE_BYTES: usize = 1;

impl Region {
    /// The size of the region in bytes.
    pub const SIZE: usize = 64;

    /// A copy of the region, for a [`Backup`].
    pub fn to_bytes(&self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        let mut words = self.words();
        for (index, to) in bytes.as_chunks_mut::<4>().0.iter_mut().enumerate() {
            if index == SINGLE_BYTES {
                *to = self.single_bytes().map(Cell::get);
            } else if let Some(word) = words.next() {
                *to = word.0.get();
            }
        }
        bytes
    }

    /// Overwrites the region, whatever it held: with a copy, or with what retained RAM holds after a reset.
    pub fn set_bytes(&self, bytes: &[u8; Self::SIZE]) {
        let mut words = self.words();
        for (index, from) in bytes.as_chunks::<4>().0.iter().enumerate() {
            if index == SINGLE_BYTES {
                for (cell, byte) in self.single_bytes().into_iter().zip(from) {
                    cell.set(*byte);
                }
            } else if let Some(word) = words.next() {
                word.0.set(*from);
            }
        }
    }

    fn words(&self) -> impl Iterator<Item = &Word> {
        let named =
            [&self.magic, &self.last_reboot_reason, &self.pc, &self.lr, &self.reset_reason_reg, &self.active_sessions];
        named.into_iter().chain(&self.unused)
    }

    fn single_bytes(&self) -> [&Cell<u8>; 4] {
        [&self.version, &self.crash_count, &self.reserved, &self.coredump_saved]
    }

    fn is_valid(&self) -> bool {
        self.magic.get() == MAGIC
    }

    fn create(&self) {
        self.magic.set(MAGIC);
        self.version.set(VERSION);
        self.crash_count.set(0);
        self.reserved.set(0);
        self.active_sessions.set(0);
        for word in &self.unused {
            word.set(0);
            // Keeps the loop a loop: firmware may have no other use for memset.
            core::hint::black_box(());
        }
        self.clear_reset_info();
    }

    fn clear_reset_info(&self) {
        self.last_reboot_reason.set(NO_REASON);
        self.coredump_saved.set(0);
        self.pc.set(0);
        self.lr.set(0);
        self.reset_reason_reg.set(0);
    }
}

/// A copy of the region that the platform keeps elsewhere, for devices whose RAM does not survive.
pub trait Backup {
    /// May overwrite the region with the copy. Called once per boot, before the region is looked at.
    fn load(&self, region: &Region);
    /// May copy the region. Called once per mark, also from a fault handler: no locks, no logs.
    fn save(&self, region: &Region);
}

/// What the hardware says about the last reset.
#[repr(C)]
pub struct BootupInfo<R> {
    /// The reset reason register, as it is.
    pub reset_reason_reg: u32,
    /// What the port makes of it.
    pub reset_reason: R,
}

/// Where a reboot was asked for.
#[repr(C)]
pub struct Registers {
    /// Program counter.
    pub pc: u32,
    /// Return address.
    pub lr: u32,
}

/// What is known about the last reset and not yet collected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResetInfo<R> {
    /// The recorded reason.
    pub reason: R,
    /// Program counter of the one who recorded it, or 0.
    pub pc: u32,
    /// Return address, or 0.
    pub lr: u32,
    /// The reset reason register of the newest boot.
    pub reset_reason_reg: u32,
    /// True when a coredump was saved.
    pub coredump_saved: bool,
}

/// The two views of the reason for the last reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BootReasons<R> {
    /// What the hardware reported.
    pub reg: R,
    /// What was recorded first: the same, or a mark from before the reset.
    pub prior: R,
}

/// The reboot tracker. All-zero before its boot; then nothing is recorded and nothing is known.
pub struct RebootTracking<'a, R> {
    region: Cell<Option<&'a Region>>,
    reg_reason: Cell<R>,
    prior_reason: Cell<R>,
    reasons_known: Cell<bool>,
}

impl<'a, R: Reason> RebootTracking<'a, R> {
    /// A tracker that is not booted. `no_reason` is 0, which a constant function cannot say for a generic type.
    pub const fn new(no_reason: R) -> Self {
        Self {
            region: Cell::new(None),
            reg_reason: Cell::new(no_reason),
            prior_reason: Cell::new(no_reason),
            reasons_known: Cell::new(false),
        }
    }

    /// Starts tracking with `region`; `None` stops it and leaves the boot reasons alone (spec 20 §12.4).
    ///
    /// Meant to be called once per run; each further call records and counts again.
    pub fn boot(&self, region: Option<&'a Region>, info: Option<&BootupInfo<R>>, backup: &impl Backup) {
        self.region.set(region);
        if let Some(region) = region {
            backup.load(region);
        }
        let Some(region) = self.checked_region() else { return };
        let reason = match info {
            Some(info) => {
                region.reset_reason_reg.set(info.reset_reason_reg);
                info.reset_reason
            }
            None => R::from_word(reason::UNKNOWN),
        };
        self.record(region, reason, None);
        if self.is_unexpected() {
            region.crash_count.set(region.crash_count.get().wrapping_add(1));
        }
    }

    /// Records why a reset is about to happen. Callable from a fault handler: no locks, no logs.
    pub fn mark_reset_imminent(&self, reason: R, registers: Option<&Registers>, backup: &impl Backup) {
        let Some(region) = self.checked_region() else { return };
        self.record(region, reason, registers);
        backup.save(region);
    }

    /// What is known and not collected. `None`: no region, or neither a reason nor a register value is stored.
    pub fn reset_info(&self) -> Option<ResetInfo<R>> {
        let region = self.checked_region()?;
        let word = region.last_reboot_reason.get();
        let reset_reason_reg = region.reset_reason_reg.get();
        if word == NO_REASON && reset_reason_reg == 0 {
            return None;
        }
        Some(ResetInfo {
            reason: R::from_word(word),
            pc: region.pc.get(),
            lr: region.lr.get(),
            reset_reason_reg,
            coredump_saved: region.coredump_saved.get() == COREDUMP_SAVED,
        })
    }

    /// Forgets what [`RebootTracking::reset_info`] tells, so that the next reason is recorded. The crash count, the
    /// sessions and the boot reasons stay.
    pub fn clear_reset_info(&self) {
        if let Some(region) = self.checked_region() {
            region.clear_reset_info();
        }
    }

    /// Boots that followed an unexpected reset, modulo 256; 0 without a region.
    pub fn crash_count(&self) -> u8 {
        self.checked_region().map_or(0, |region| region.crash_count.get())
    }

    /// Starts counting from 0.
    pub fn reset_crash_count(&self) {
        if let Some(region) = self.checked_region() {
            region.crash_count.set(0);
        }
    }

    /// Remembers that the coming reset leaves a coredump behind.
    pub fn mark_coredump_saved(&self) {
        if let Some(region) = self.checked_region() {
            region.coredump_saved.set(COREDUMP_SAVED);
        }
    }

    /// The reasons of the newest boot or mark. Looks neither at the region nor at its magic.
    pub fn boot_reasons(&self) -> Option<BootReasons<R>> {
        self.reasons_known.get().then(|| BootReasons { reg: self.reg_reason.get(), prior: self.prior_reason.get() })
    }

    /// Was the reset that led to this boot an unexpected one? `None`: nothing is known.
    pub fn unexpected_reboot_occurred(&self) -> Option<bool> {
        self.reasons_known.get().then(|| self.is_unexpected())
    }

    /// Forgets the boot reasons.
    pub fn clear_boot_reasons(&self) {
        self.reasons_known.set(false);
        self.reg_reason.set(R::from_word(0));
        self.prior_reason.set(R::from_word(0));
    }

    /// True with a region whose magic is good. Repairs nothing.
    pub fn booted(&self) -> bool {
        self.region.get().is_some_and(Region::is_valid)
    }

    /// Remembers that the metrics session `index` is running, or no longer.
    ///
    /// IMPROVE (spec 20 §12.3): sessions from 32 on cannot be tracked and are ignored.
    pub fn set_session_active(&self, active: bool, index: u32) {
        if let (Some(region), Some(bit)) = (self.checked_region(), 1u32.checked_shl(index)) {
            let others = region.active_sessions.get() & !bit;
            region.active_sessions.set(if active { others | bit } else { others });
        }
    }

    /// Was the metrics session `index` running at the last reset, or is it now? False from 32 on.
    pub fn session_was_active(&self, index: u32) -> bool {
        let sessions = self.checked_region().map_or(0, |region| region.active_sessions.get());
        sessions.checked_shr(index).is_some_and(|shifted| shifted & 1 != 0)
    }

    /// No session is running.
    pub fn clear_sessions(&self) {
        if let Some(region) = self.checked_region() {
            region.active_sessions.set(0);
        }
    }

    /// The region, created anew when its magic is bad: the first boot ever, or memory that something overwrote.
    #[inline(never)]
    fn checked_region(&self) -> Option<&'a Region> {
        // Keeps the next load from moving into the ten callers, where it would be 100 bytes of code.
        compiler_fence(Ordering::SeqCst);
        let region = self.region.get()?;
        if !region.is_valid() {
            region.create();
        }
        Some(region)
    }

    fn record(&self, region: &Region, reason: R, registers: Option<&Registers>) {
        let stored = region.last_reboot_reason.get();
        let first = stored == NO_REASON;
        self.reg_reason.set(reason);
        self.prior_reason.set(if first { reason } else { R::from_word(stored) });
        self.reasons_known.set(true);
        if first {
            region.last_reboot_reason.set(reason.word());
            if let Some(registers) = registers {
                region.pc.set(registers.pc);
                region.lr.set(registers.lr);
            }
        }
    }

    /// QUIRK (spec 20 §12.2): a stored word that is cut to "none recorded" leaves the decision to the hardware's
    /// reason.
    fn is_unexpected(&self) -> bool {
        let prior = self.prior_reason.get();
        let decisive = if prior == R::from_word(NO_REASON) { self.reg_reason.get() } else { prior };
        reason::is_unexpected(decisive.word())
    }
}

#[cfg(test)]
mod tests;
