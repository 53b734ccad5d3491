//! `memfault/panics/arch/arm/`.

#[cfg(target_arch = "aarch64")]
pub mod aarch64;
#[cfg(thumb)]
pub mod cortex_m;
#[cfg(thumb)]
pub mod cortex_m_regions;
#[cfg(all(target_arch = "arm", not(thumb)))]
pub mod v7_a_r;

use crate::ffi::abi;
use crate::ffi::panics::crash::sMfltRegState;

unsafe extern "C" {
    /// First thing in a crash. Weak, does nothing.
    fn memfault_platform_fault_handler(regs: *const sMfltRegState, reason: abi::eMemfaultRebootReason);
}

// With the option PLATFORM_FAULT_HANDLER_CUSTOM the name stays undefined, so that the linker looks for it in archives too.
core::arch::global_asm!(
    ".if {custom} == 0",
    ".weak memfault_platform_fault_handler",
    concat!(function_alias!(), "memfault_platform_fault_handler, {default}"),
    ".type memfault_platform_fault_handler, %function",
    ".endif",
    custom = const <crate::ffi::config::Firmware as crate::config::Config>::PLATFORM_FAULT_HANDLER_CUSTOM as u8,
    default = sym fault_handler_default,
);

extern "C" fn fault_handler_default(_: *const sMfltRegState, _: abi::eMemfaultRebootReason) {}
