//! `memfault/panics/arch/riscv/`.

pub mod riscv;
