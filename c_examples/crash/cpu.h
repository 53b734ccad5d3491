/* Instructions that the crashes need and that C has no words for. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CPU_INLINE static inline __attribute__((always_inline))

#if defined(__riscv)
#define CPU_MOVE "mv"
#else
#define CPU_MOVE "mov"
#endif

/* The stack pointer of the function that calls this. */
CPU_INLINE uintptr_t cpu_stack_pointer(void) {
  uintptr_t sp;
  __asm volatile(CPU_MOVE " %0, sp" : "=r"(sp));
  return sp;
}

/* Uses the FPU, if the firmware is built for one: an exception then stores more registers. Returns
 * whether it will. */
CPU_INLINE bool cpu_use_fpu(void) {
#if defined(__ARM_FP) && defined(__arm__)
  uint32_t control;
  __asm volatile("vmov.f32 s0, #1.0\n mrs %0, control" : "=r"(control)::"s0");
  return (control & (1u << 2)) != 0; /* FPCA: floating-point context active */
#else
  return false;
#endif
}

/* Reads in a way that needs an aligned address on every core; most loads of most cores do not. */
#if defined(__arm__) && !defined(__ARM_ARCH_6M__)
#define CPU_ALIGNED_LOAD(address) \
  __asm volatile("ldrd r2, r3, [%0]" ::"r"(address) : "r2", "r3", "memory")
#elif defined(__arm__)
#define CPU_ALIGNED_LOAD(address) __asm volatile("ldr r2, [%0]" ::"r"(address) : "r2", "memory")
#elif defined(__riscv)
#define CPU_ALIGNED_LOAD(address) __asm volatile("lr.w t0, (%0)" ::"r"(address) : "t0", "memory")
#elif defined(__aarch64__)
#define CPU_ALIGNED_LOAD(address) __asm volatile("ldar w2, [%0]" ::"r"(address) : "x2", "memory")
#endif

/* Puts 0xC0DE0000 + n into each general register n, except those for the stack, the return address
 * and (RISC-V) the global data, and runs into an undefined instruction. Does not come back. */
#if defined(__arm__)
#define CPU_UNDEFINED_INSTRUCTION()                                                     \
  __asm volatile("ldr r0, =0xC0DE0008\n mov r8, r0\n ldr r0, =0xC0DE0009\n mov r9, r0\n" \
                 "ldr r0, =0xC0DE000A\n mov r10, r0\n ldr r0, =0xC0DE000B\n mov r11, r0\n" \
                 "ldr r0, =0xC0DE000C\n mov r12, r0\n ldr r0, =0xC0DE0000\n"              \
                 "ldr r1, =0xC0DE0001\n ldr r2, =0xC0DE0002\n ldr r3, =0xC0DE0003\n"      \
                 "ldr r4, =0xC0DE0004\n ldr r5, =0xC0DE0005\n ldr r6, =0xC0DE0006\n"      \
                 "ldr r7, =0xC0DE0007\n udf #1")
#elif defined(__riscv)
#define CPU_UNDEFINED_INSTRUCTION()                                                            \
  __asm volatile("li x5, 0xC0DE0005\n li x6, 0xC0DE0006\n li x7, 0xC0DE0007\n"                 \
                 "li x8, 0xC0DE0008\n li x9, 0xC0DE0009\n li x10, 0xC0DE000A\n"                \
                 "li x11, 0xC0DE000B\n li x12, 0xC0DE000C\n li x13, 0xC0DE000D\n"              \
                 "li x14, 0xC0DE000E\n li x15, 0xC0DE000F\n li x16, 0xC0DE0010\n"              \
                 "li x17, 0xC0DE0011\n li x18, 0xC0DE0012\n li x19, 0xC0DE0013\n"              \
                 "li x20, 0xC0DE0014\n li x21, 0xC0DE0015\n li x22, 0xC0DE0016\n"              \
                 "li x23, 0xC0DE0017\n li x24, 0xC0DE0018\n li x25, 0xC0DE0019\n"              \
                 "li x26, 0xC0DE001A\n li x27, 0xC0DE001B\n li x28, 0xC0DE001C\n"              \
                 "li x29, 0xC0DE001D\n li x30, 0xC0DE001E\n li x31, 0xC0DE001F\n unimp")
#elif defined(__aarch64__)
#define CPU_UNDEFINED_INSTRUCTION()                                                            \
  __asm volatile("ldr x0, =0xC0DE0000\n ldr x1, =0xC0DE0001\n ldr x2, =0xC0DE0002\n"           \
                 "ldr x3, =0xC0DE0003\n ldr x4, =0xC0DE0004\n ldr x5, =0xC0DE0005\n"           \
                 "ldr x6, =0xC0DE0006\n ldr x7, =0xC0DE0007\n ldr x8, =0xC0DE0008\n"           \
                 "ldr x9, =0xC0DE0009\n ldr x10, =0xC0DE000A\n ldr x11, =0xC0DE000B\n"         \
                 "ldr x12, =0xC0DE000C\n ldr x13, =0xC0DE000D\n ldr x14, =0xC0DE000E\n"        \
                 "ldr x15, =0xC0DE000F\n ldr x16, =0xC0DE0010\n ldr x17, =0xC0DE0011\n"        \
                 "ldr x18, =0xC0DE0012\n ldr x19, =0xC0DE0013\n ldr x20, =0xC0DE0014\n"        \
                 "ldr x21, =0xC0DE0015\n ldr x22, =0xC0DE0016\n ldr x23, =0xC0DE0017\n"        \
                 "ldr x24, =0xC0DE0018\n ldr x25, =0xC0DE0019\n ldr x26, =0xC0DE001A\n"        \
                 "ldr x27, =0xC0DE001B\n ldr x28, =0xC0DE001C\n ldr x29, =0xC0DE001D\n udf #1")
#endif
