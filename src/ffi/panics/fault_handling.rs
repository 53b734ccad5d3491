//! `memfault/panics/fault_handling.h` (spec 50 chapter 9). Its functions are in [`super::arch`], one file per architecture.

use crate::ffi::abi;
use core::mem::offset_of;

// C header:
// | #include "memfault/config.h"
// | #include "memfault/core/compiler.h"
// | #include "memfault/core/inttypes_compat.h"
// | #include "memfault/core/reboot_reason_types.h"
// |
// | #if MEMFAULT_COMPILER_ARM_CORTEX_M
// | /** Exception handlers for the vector table, under the names of the configuration. */
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_NMI(void);
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_HARD_FAULT(void);
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_MEMORY_MANAGEMENT(void);
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_BUS_FAULT(void);
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_USAGE_FAULT(void);
// | MEMFAULT_NAKED_FUNC void MEMFAULT_EXC_HANDLER_WATCHDOG(void);
// | #endif

/// What an assertion knows besides its place. It lies on the stack of the function that failed, which the coredump shows.
/// cbindgen:tag=MemfaultAssertInfo
#[repr(C)]
pub struct sMemfaultAssertInfo {
    /// Any number; it is seen on the captured stack and stored nowhere else.
    pub extra: u32,
    /// The reason that the next boot reports.
    pub assert_reason: abi::eMemfaultRebootReason,
}

// C header:
// | /**
// |  * A failed assertion: marks the reset, then raises the exception that takes the coredump. Use the
// |  * macros of memfault/panics/assert.h.
// |  */
// | #if !defined(__CC_ARM) && !defined(__ICCARM__) && !defined(__clang__)
// | MEMFAULT_NORETURN
// | #endif
// | void memfault_fault_handling_assert(void *pc, void *lr);
// |
// | /** The same with a number and a reboot reason. */
// | #if !defined(__CC_ARM) && !defined(__ICCARM__) && !defined(__clang__)
// | MEMFAULT_NORETURN
// | #endif
// | void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *extra_info);
// |
// | /** Declared for completeness: neither the SDK nor this library has it. */
// | void memfault_fault_handling_common(void);

const _: () = {
    assert!(size_of::<sMemfaultAssertInfo>() == 8 && offset_of!(sMemfaultAssertInfo, assert_reason) == 4);
};
