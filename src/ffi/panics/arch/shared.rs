//! What several architectures have in common: functions that differ in a few instructions or a type only.
#![allow(unused_macros)] // not every architecture has both

/// `memfault_fault_handling_assert` and `memfault_fault_handling_assert_extra` in assembly: they mark the reset and raise an
/// exception, whose handler saves the coredump.
///
/// * `name`: the directives in front of a name, up to the one that takes it;
/// * `assert`, `assert_extra`: load the reason into the third argument;
/// * `save`: stacks nothing but the return address, so that the registers that a function preserves are the caller's when the
///   exception comes;
/// * `call`: calls a function; `trap`: raises the exception.
macro_rules! assert_functions {
    {
        name: $name:literal,
        assert: $assert:expr,
        assert_extra: $assert_extra:literal,
        save: $save:literal,
        call: $call:literal,
        trap: $trap:literal,
    } => {
        ::core::arch::global_asm!(
            ".cfi_sections .debug_frame",
            assert_functions!(@one "memfault_fault_handling_assert", $name, $assert, $save, $call, $trap),
            assert_functions!(@one "memfault_fault_handling_assert_extra", $name, $assert_extra, $save, $call, $trap),
            assert_failed = sym $crate::ffi::panics::crash::assert_failed,
            reboot = sym $crate::ffi::core::platform::core::memfault_platform_reboot,
        );
    };
    (@one $function:literal, $name:literal, $load_reason:expr, $save:literal, $call:literal, $trap:literal) => {
        concat!(
            concat!(".pushsection .text.", $function, ",\"ax\",%progbits\n"),
            concat!($name, " ", $function, "\n"),
            concat!(".type ", $function, ", %function\n"),
            concat!($function, ":\n"),
            ".cfi_startproc\n",
            concat!($load_reason, "\n"),
            concat!($save, "\n"),
            concat!($call, " {assert_failed}\n"),
            concat!($trap, "\n"),
            // Should the trap return.
            concat!($call, " {reboot}\n"),
            ".cfi_endproc\n",
            concat!(".size ", $function, ", . - ", $function, "\n"),
            ".popsection"
        )
    };
}

/// The size of a coredump whose register block is a `$block`.
macro_rules! compute_size_required {
    ($block:ty) => {
        /// Bytes that a coredump would have now. Spec 50 chapter 6.
        #[unsafe(no_mangle)]
        pub extern "C" fn memfault_coredump_storage_compute_size_required() -> usize {
            let block = ::core::mem::MaybeUninit::<$block>::uninit();
            $crate::ffi::panics::crash::size_required(::core::ptr::null(), &block)
        }
    };
}
