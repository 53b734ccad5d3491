//! `memfault/core/arch.h` (spec 20 §17.4): what the library asks the processor.
//!
//! Cortex-M is always answered here; Armv7-A/R, AArch64 and 32-bit POSIX only with the component `panics`, as in the original. On
//! everything else (x86-64, bare RISC-V) the port or the firmware supplies the functions, so the names stay undefined.

// C header:
// | #include <stdbool.h>

#[cfg(thumb)]
mod cortex_m {
    use core::arch::asm;
    use core::ptr;

    /// System Handler Control and State Register.
    const SHCSR: *mut u32 = 0xE000_ED24 as *mut u32;
    /// Enable bits of MemManage, BusFault, UsageFault and SecureFault.
    const SHCSR_FAULTS_ENABLED: u32 = 0x000F_0000;
    /// Debug Halting Control and Status Register.
    const DHCSR: *const u32 = 0xE000_EDF0 as *const u32;
    const DHCSR_DEBUGGER_ATTACHED: u32 = 1;

    /// True in an interrupt or any other exception handler.
    ///
    /// IMPROVE (spec 20 §17.4): all nine bits of the exception number count. They come from IPSR and not from ICSR,
    /// which holds the same number but faults when an unprivileged thread reads it.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_arch_is_inside_isr() -> bool {
        let exception: u32;
        // SAFETY: reads a special register; an unprivileged thread reads 0, which is right for a thread.
        unsafe { asm!("mrs {}, IPSR", out(reg) exception, options(nomem, nostack, preserves_flags)) };
        exception & 0x1FF != 0
    }

    /// Turns off the configurable faults, so that each of them becomes a HardFault.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_arch_disable_configurable_faults() {
        // SAFETY: a register that every Cortex-M has at this address; there are no bits with side effects on reading.
        let enabled = unsafe { ptr::read_volatile(SHCSR) };
        // SAFETY: as above. Fewer enabled handlers break no promise of the program.
        unsafe { ptr::write_volatile(SHCSR, enabled & !SHCSR_FAULTS_ENABLED) };
    }

    weak_fn!("memfault_platform_halt_if_debugging" = halt_if_debugging_default);

    /// Stops in the debugger if one is attached.
    extern "C" fn halt_if_debugging_default() {
        // SAFETY: a register that every Cortex-M has at this address, without side effects on reading.
        if unsafe { ptr::read_volatile(DHCSR) } & DHCSR_DEBUGGER_ATTACHED != 0 {
            // SAFETY: a breakpoint with a debugger attached halts; the program goes on from here.
            unsafe { asm!("bkpt 77", options(nomem, nostack, preserves_flags)) };
        }
    }
}

#[cfg(all(feature = "panics", target_arch = "arm", not(thumb)))]
mod v7_a_r {
    use crate::fault::cortex_ar;
    use core::arch::asm;

    /// Bit of DBGDSCR: a debugger has enabled halting.
    const DBGDSCR_HALTING_DEBUG: u32 = 1 << 14;

    /// True in an interrupt or any other exception handler: in every mode but User, Supervisor and System.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_arch_is_inside_isr() -> bool {
        let cpsr: u32;
        // SAFETY: reads the state of the processor.
        unsafe { asm!("mrs {}, cpsr", out(reg) cpsr, options(nomem, nostack, preserves_flags)) };
        cortex_ar::is_exception_mode(cpsr)
    }

    /// Stops in the debugger if one is attached.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_platform_halt_if_debugging() {
        let dbgdscr: u32;
        // SAFETY: reads a debug register.
        unsafe { asm!("mrc p14, 0, {}, c0, c1, 0", out(reg) dbgdscr, options(nomem, nostack, preserves_flags)) };
        if dbgdscr & DBGDSCR_HALTING_DEBUG != 0 {
            // SAFETY: a breakpoint with a debugger attached halts; the program goes on from here.
            unsafe { asm!("bkpt 77", options(nomem, nostack, preserves_flags)) };
        }
    }
}

#[cfg(all(feature = "panics", any(target_arch = "aarch64", target_arch = "x86")))]
mod unknown {
    /// False: this architecture does not tell.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_arch_is_inside_isr() -> bool {
        false
    }

    /// Does nothing: this architecture does not tell if a debugger is attached.
    #[unsafe(no_mangle)]
    pub extern "C" fn memfault_platform_halt_if_debugging() {}
}

unsafe extern "C" {
    /// True in an interrupt or any other exception handler.
    ///
    /// The library has it for Cortex-M; with the component panics also for Armv7-A/R and AArch64. Elsewhere the port or the
    /// firmware defines it.
    pub fn memfault_arch_is_inside_isr() -> bool;
}

// C header:
// | /** Turns off the configurable faults, so that each of them becomes a HardFault. Cortex-M only. */
// | void memfault_arch_disable_configurable_faults(void);
