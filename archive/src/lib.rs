//! `libmemfault_rs.a`: all symbols of the library plus the panic handler that a static library needs.
#![cfg_attr(not(test), no_std)]

use sdk as _; // keeps the exported symbols and the assembly of weak names

#[cfg(not(test))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    #[cfg(feature = "prove-no-panic")]
    {
        unsafe extern "C" {
            safe fn memfault_rs_there_is_a_panic_in_this_image() -> !;
        }
        memfault_rs_there_is_a_panic_in_this_image()
    }
    #[cfg(not(feature = "prove-no-panic"))]
    loop {}
}
