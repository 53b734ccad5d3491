/* Names the Rust target that fits the compiler and its flags, as MFLT_RUST_TARGET (a string), for
 * config_probe.c.
 *
 * What counts is the architecture, the float calling convention and whether an operating system is
 * there. The list holds the targets for which Rust has a core library; others leave the macro out.
 * -ffreestanding makes a Linux cross compiler (aarch64-linux-gnu-gcc) a bare-metal one.
 */
#if !defined(__STDC_HOSTED__) || __STDC_HOSTED__
#if defined(__linux__)
#define MFLT_ON_LINUX
#elif defined(__APPLE__)
#define MFLT_ON_APPLE
#elif defined(_WIN32)
#define MFLT_ON_WINDOWS
#endif
#endif

#if defined(__ARM_PCS_VFP)
#define MFLT_EABI "eabihf"
#else
#define MFLT_EABI "eabi"
#endif

#if defined(__x86_64__)
#if defined(MFLT_ON_LINUX)
#define MFLT_RUST_TARGET "x86_64-unknown-linux-gnu"
#elif defined(MFLT_ON_APPLE)
#define MFLT_RUST_TARGET "x86_64-apple-darwin"
#elif defined(MFLT_ON_WINDOWS)
#define MFLT_RUST_TARGET "x86_64-pc-windows-gnu"
#else
#define MFLT_RUST_TARGET "x86_64-unknown-none"
#endif

#elif defined(__i386__) && defined(MFLT_ON_LINUX)
#define MFLT_RUST_TARGET "i686-unknown-linux-gnu"

#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#if defined(MFLT_ON_LINUX)
#define MFLT_RUST_TARGET "aarch64-unknown-linux-gnu"
#elif defined(MFLT_ON_APPLE)
#define MFLT_RUST_TARGET "aarch64-apple-darwin"
#elif defined(__ARM_FP)
#define MFLT_RUST_TARGET "aarch64-unknown-none"
#else
#define MFLT_RUST_TARGET "aarch64-unknown-none-softfloat"
#endif

#elif defined(__arm__) && !defined(__ARM_BIG_ENDIAN) && !defined(__ARMEB__)
#if defined(MFLT_ON_LINUX)
#if __ARM_ARCH >= 7 && defined(__ARM_PCS_VFP)
#define MFLT_RUST_TARGET "armv7-unknown-linux-gnueabihf"
#else
#define MFLT_RUST_TARGET "arm-unknown-linux-gnu" MFLT_EABI
#endif
#elif !defined(__ARM_ARCH_PROFILE)
/* Older than Armv7: the compiler was told no CPU. */
#elif __ARM_ARCH_PROFILE == 'M'
#if __ARM_ARCH == 6
#define MFLT_RUST_TARGET "thumbv6m-none-eabi"
#elif __ARM_ARCH == 7 && defined(__ARM_FEATURE_DSP)
#define MFLT_RUST_TARGET "thumbv7em-none-" MFLT_EABI
#elif __ARM_ARCH == 7
#define MFLT_RUST_TARGET "thumbv7m-none-eabi"
#elif __ARM_ARCH_ISA_THUMB == 1
#define MFLT_RUST_TARGET "thumbv8m.base-none-eabi"
#else
#define MFLT_RUST_TARGET "thumbv8m.main-none-" MFLT_EABI
#endif
#elif __ARM_ARCH_PROFILE == 'R' && __ARM_ARCH == 7
#define MFLT_RUST_TARGET "armv7r-none-" MFLT_EABI
#elif __ARM_ARCH_PROFILE == 'R' && defined(__ARM_PCS_VFP)
#define MFLT_RUST_TARGET "armv8r-none-eabihf"
#elif __ARM_ARCH_PROFILE == 'A'
#define MFLT_RUST_TARGET "armv7a-none-" MFLT_EABI
#endif

#elif defined(__riscv) && __riscv_xlen == 32
#if defined(__riscv_float_abi_double)
/* Rust has no such target. */
#elif defined(__riscv_float_abi_single)
#define MFLT_RUST_TARGET "riscv32imafc-unknown-none-elf"
#elif defined(__riscv_atomic) && defined(__riscv_compressed) && defined(__riscv_mul)
#define MFLT_RUST_TARGET "riscv32imac-unknown-none-elf"
#elif defined(__riscv_atomic) && defined(__riscv_mul)
#define MFLT_RUST_TARGET "riscv32ima-unknown-none-elf"
#elif defined(__riscv_compressed) && defined(__riscv_mul)
#define MFLT_RUST_TARGET "riscv32imc-unknown-none-elf"
#elif defined(__riscv_mul)
#define MFLT_RUST_TARGET "riscv32im-unknown-none-elf"
#else
#define MFLT_RUST_TARGET "riscv32i-unknown-none-elf"
#endif

#elif defined(__riscv) && __riscv_xlen == 64
#if defined(MFLT_ON_LINUX)
#define MFLT_RUST_TARGET "riscv64gc-unknown-linux-gnu"
#elif defined(__riscv_float_abi_double)
#define MFLT_RUST_TARGET "riscv64gc-unknown-none-elf"
#elif defined(__riscv_atomic) && defined(__riscv_compressed) && defined(__riscv_mul)
#define MFLT_RUST_TARGET "riscv64imac-unknown-none-elf"
#endif
#endif
