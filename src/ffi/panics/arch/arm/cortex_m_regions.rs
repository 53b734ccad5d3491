//! What a Cortex-M adds to a coredump: system control registers, interrupt controller, MPU (spec 50 chapter 8).

use crate::config::Config;
use crate::ffi::cell::Global;
use crate::ffi::config::Firmware;
use crate::ffi::panics::platform::coredump::{eMfltCoredumpRegionType, sMfltCoredumpRegion};
use core::cell::Cell;
use core::ffi::c_void;
use core::ptr;
use core::sync::atomic::{Ordering, compiler_fence};

/// SHCSR, CFSR, HFSR, DFSR, MMFAR, BFAR, AFSR.
const FAULT_REGISTERS: usize = 0xE000_ED24;
const FAULT_REGISTER_COUNT: usize = 7;

/// Interrupts whose state is captured: the registers of the interrupt controller hold 32 each.
const INTERRUPTS: usize = Firmware::NVIC_INTERRUPTS_TO_COLLECT.next_multiple_of(32);
const _: () = assert!(INTERRUPTS <= 512, "MEMFAULT_NVIC_INTERRUPTS_TO_COLLECT: at most 512");

/// Address and bytes of registers that go in word by word.
const INTERRUPT_STATE: [(usize, usize); 8] = [
    (0xE000_ED18, 12),             // SHPR1 to SHPR3: priorities of the exceptions
    (0xE000_E004, 16),             // ICTR, ACTLR, a reserved word, SYST_CSR
    (0xE000_ED04, 8),              // ICSR, VTOR
    (0xE000_EDFC, 4),              // DEMCR
    (0xE000_E100, INTERRUPTS / 8), // NVIC_ISER: enabled
    (0xE000_E200, INTERRUPTS / 8), // NVIC_ISPR: pending
    (0xE000_E300, INTERRUPTS / 8), // NVIC_IABR: active
    (0xE000_E400, INTERRUPTS),     // NVIC_IPR: priorities
];

const FAULT_REGIONS: usize = Firmware::COLLECT_FAULT_REGS as usize;
const INTERRUPT_REGIONS: usize = if Firmware::COLLECT_INTERRUPT_STATE { INTERRUPT_STATE.len() } else { 0 };
const MPU_REGIONS: usize = Firmware::COLLECT_MPU_STATE as usize;
const REGION_COUNT: usize = FAULT_REGIONS + INTERRUPT_REGIONS + MPU_REGIONS;

/// The list never changes, so it lies in flash.
#[repr(transparent)]
struct Regions([sMfltCoredumpRegion; REGION_COUNT]);
// SAFETY: the pointers in it are addresses of registers and statics, and nobody writes through them.
unsafe impl Sync for Regions {}

/// IMPROVE (spec 50 section 8.1): without `MEMFAULT_COLLECT_FAULT_REGS` there is no first entry, instead of one that reads a
/// cached block at address 0.
static REGIONS: Regions = {
    let mut regions =
        [const { region(eMfltCoredumpRegionType::kMfltCoredumpRegionType_Memory, ptr::null(), 0) }; REGION_COUNT];
    let mut count = 0;
    if Firmware::COLLECT_FAULT_REGS {
        regions[count] = if Firmware::CACHE_FAULT_REGS {
            region(
                eMfltCoredumpRegionType::kMfltCoredumpRegionType_CachedMemory,
                (&raw const CACHED_FAULT_REGISTERS).cast(),
                size_of::<[u32; CACHE_WORDS]>(),
            )
        } else {
            registers(FAULT_REGISTERS, 4 * FAULT_REGISTER_COUNT)
        };
        count += 1;
    }
    let mut i = 0;
    while i < INTERRUPT_REGIONS {
        regions[count] = registers(INTERRUPT_STATE[i].0, INTERRUPT_STATE[i].1);
        count += 1;
        i += 1;
    }
    if Firmware::COLLECT_MPU_STATE {
        regions[count] = region(
            eMfltCoredumpRegionType::kMfltCoredumpRegionType_ArmV6orV7MpuUnrolled,
            (&raw const MPU_STATE).cast(),
            size_of::<[u32; MPU_WORDS]>(),
        );
    }
    Regions(regions)
};

const fn registers(address: usize, size: usize) -> sMfltCoredumpRegion {
    let start = ptr::without_provenance(address);
    region(eMfltCoredumpRegionType::kMfltCoredumpRegionType_MemoryWordAccessOnly, start, size)
}

const fn region(kind: eMfltCoredumpRegionType, region_start: *const c_void, size: usize) -> sMfltCoredumpRegion {
    sMfltCoredumpRegion { r#type: kind as _, region_start, region_size: size as u32 }
}

/// The regions of the architecture, and how many to `*num_regions`. The list is valid for ever.
///
/// Reads the MPU and, if they are cached and were not yet, the fault registers. Spec 50 chapter 8.
///
/// # Safety
/// `num_regions` is writable or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_coredump_get_arch_regions(num_regions: *mut usize) -> *const sMfltCoredumpRegion {
    // QUIRK: what is valid once is not read again, so a size computation at boot makes the copy of a later crash, unless the
    // port calls memfault_coredump_cache_fault_regs() in every one.
    if Firmware::COLLECT_FAULT_REGS && Firmware::CACHE_FAULT_REGS && CACHED_FAULT_REGISTERS[VALID].get() == 0 {
        memfault_coredump_cache_fault_regs();
    }
    if Firmware::COLLECT_MPU_STATE {
        read_mpu();
    }
    if !num_regions.is_null() {
        // SAFETY: not NULL, else the caller's promise.
        unsafe { num_regions.write(REGION_COUNT) };
    }
    REGIONS.0.as_ptr()
}

/// Words of an `sMfltCachedBlock`: valid, address, bytes, data.
const CACHE_WORDS: usize = 3 + FAULT_REGISTER_COUNT;
const VALID: usize = 0;
static CACHED_FAULT_REGISTERS: Global<[Cell<u32>; CACHE_WORDS]> = Global::new([const { Cell::new(0) }; CACHE_WORDS]);

/// Copies the fault status registers before something else clears them; the coredump then has the copy. With
/// `MEMFAULT_CACHE_FAULT_REGS`. Call it first thing in a fault. Spec 50 section 8.2.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_coredump_cache_fault_regs() {
    let [valid, address, size, words @ ..] = &*CACHED_FAULT_REGISTERS;
    address.set(FAULT_REGISTERS as u32);
    size.set(4 * FAULT_REGISTER_COUNT as u32);
    for (i, word) in words.iter().enumerate() {
        word.set(read(FAULT_REGISTERS + 4 * i));
    }
    compiler_fence(Ordering::SeqCst); // last, should a fault come in between
    valid.set(1);
}

const MPU_TYPE: usize = 0xE000_ED90;
const MPU_CTRL: usize = 0xE000_ED94;
const MPU_RNR: usize = 0xE000_ED98;
const MPU_RBAR: usize = 0xE000_ED9C;
const MPU_RASR: usize = 0xE000_EDA0;

/// TYPE, CTRL, then RBAR and RASR (Armv8-M: RLAR) of each region.
const MPU_WORDS: usize = 2 + 2 * Firmware::MPU_REGIONS_TO_COLLECT;
static MPU_STATE: Global<[Cell<u32>; MPU_WORDS]> = Global::new([const { Cell::new(0) }; MPU_WORDS]);

/// Copies the MPU's regions. QUIRK: the region number register is left where the walk ends.
fn read_mpu() {
    let [mpu_type, ctrl, regions @ ..] = &*MPU_STATE;
    mpu_type.set(read(MPU_TYPE));
    if mpu_type.get() == 0 {
        return;
    }
    ctrl.set(read(MPU_CTRL));
    let available = (mpu_type.get() >> 8) & 0xFF;
    for (number, [rbar, rasr]) in (0..available).zip(regions.as_chunks::<2>().0) {
        // SAFETY: selects the region that the next two registers show; changes no region.
        unsafe { ptr::without_provenance_mut::<u32>(MPU_RNR).write_volatile(number) };
        rbar.set(read(MPU_RBAR));
        rasr.set(read(MPU_RASR));
    }
}

fn read(register: usize) -> u32 {
    // SAFETY: only called for registers that every Cortex-M has or that read as 0, none with a side effect on reading.
    unsafe { ptr::without_provenance::<u32>(register).read_volatile() }
}
