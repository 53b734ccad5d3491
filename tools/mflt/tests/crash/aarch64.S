// The test firmware on AArch64: vectors and the registers as spec 50 section 3.4 has them.

  .section .vectors, "ax"
  .global reset
reset:
  ldr x0, =vectors
  msr vbar_el1, x0
  ldr x0, =stack_end
  mov sp, x0
  mov x29, #0
  mov x30, #0
  bl main
  b .
  .balign 2048
vectors:
  .space 0x200
  // Synchronous, current level, its own stack.
  msr tpidr_el1, x0
  ldr x0, =g_registers
  str x1, [x0, #32]
  stp x2, x3, [x0, #40]
  stp x4, x5, [x0, #56]
  stp x6, x7, [x0, #72]
  stp x8, x9, [x0, #88]
  stp x10, x11, [x0, #104]
  stp x12, x13, [x0, #120]
  b more_registers
  .balign 128
  .space 0x580
  .text
more_registers:
  stp x14, x15, [x0, #136]
  stp x16, x17, [x0, #152]
  stp x18, x19, [x0, #168]
  stp x20, x21, [x0, #184]
  stp x22, x23, [x0, #200]
  stp x24, x25, [x0, #216]
  stp x26, x27, [x0, #232]
  stp x28, x29, [x0, #248]
  str x30, [x0, #264]
  mov x1, sp
  mrs x2, elr_el1
  stp x1, x2, [x0]
  mrs x1, spsr_el1
  mrs x2, tpidr_el1
  stp x1, x2, [x0, #16]
  ldr x1, =fault_stack_end
  mov sp, x1
  mov x1, #272
  bl finish

  .bss
  .balign 16
  .global g_registers
g_registers: .space 272
  .space 1024
  .balign 16
fault_stack_end:
