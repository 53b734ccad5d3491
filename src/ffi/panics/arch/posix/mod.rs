//! `memfault/panics/arch/posix/`: programs on a development machine.

#[cfg(target_arch = "x86")]
pub mod posix;
#[cfg(target_arch = "x86_64")]
pub mod x86_64;
