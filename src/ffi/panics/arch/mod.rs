//! `memfault/panics/arch/`: how a crash begins, one file per architecture (spec 50 sections 9.6 to 9.11), and what the
//! architecture adds to a coredump (chapter 8). Xtensa is not there: stable Rust has no such target.

#[macro_use]
mod shared;

#[cfg(any(target_arch = "arm", target_arch = "aarch64"))]
pub mod arm;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub mod posix;
#[cfg(any(target_arch = "riscv32", target_arch = "riscv64"))]
pub mod riscv;
