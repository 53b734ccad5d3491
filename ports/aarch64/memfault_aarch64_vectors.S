/*
 * Exception vectors of a bare-metal AArch64 at EL1: store all registers as the SDK's sMfltRegState
 * (spec 50, 9.8), then call memfault_port_aarch64_exception() in memfault_aarch64_port.c. What is
 * stored is restored on return, so they serve interrupts as well.
 *
 * The firmware sets VBAR_EL1 to memfault_port_aarch64_vectors and SP_EL1 to the top of a stack for
 * exceptions. Its threads run with SPSel = 0 on SP_EL0, so that one that ran out of stack still
 * gets a coredump. General registers only: exception handlers are compiled with
 * -mgeneral-regs-only.
 */

#define REG_SP 0
#define REG_PC 8
#define REG_CPSR 16
#define REG_X(n) (24 + 8 * (n))
#define FRAME_SIZE 272

  .macro vector number
  .balign 0x80
  sub sp, sp, #FRAME_SIZE
  stp x0, x1, [sp, #REG_X(0)]
  mov x1, #\number
  b memfault_port_aarch64_entry
  .endm

  .cfi_sections .debug_frame
  .section .text.memfault_port_aarch64_vectors, "ax", @progbits
  .globl memfault_port_aarch64_vectors
  .type memfault_port_aarch64_vectors, @object
  .balign 0x800
memfault_port_aarch64_vectors:
  /* From EL1 on SP_EL0, from EL1 on SP_EL1, from a lower level in 64 and in 32 bits: a synchronous
   * exception, IRQ, FIQ, SError each. */
  .set number, 0
  .rept 16
  vector number
  .set number, number + 1
  .endr
  .size memfault_port_aarch64_vectors, . - memfault_port_aarch64_vectors

  .type memfault_port_aarch64_entry, @function
memfault_port_aarch64_entry:
  .cfi_startproc
  .cfi_signal_frame
  .cfi_return_column 32 /* of the interrupted code: x30 is a register like any other */
  stp x2, x3, [sp, #REG_X(2)]
  stp x4, x5, [sp, #REG_X(4)]
  stp x6, x7, [sp, #REG_X(6)]
  stp x8, x9, [sp, #REG_X(8)]
  stp x10, x11, [sp, #REG_X(10)]
  stp x12, x13, [sp, #REG_X(12)]
  stp x14, x15, [sp, #REG_X(14)]
  stp x16, x17, [sp, #REG_X(16)]
  stp x18, x19, [sp, #REG_X(18)]
  stp x20, x21, [sp, #REG_X(20)]
  stp x22, x23, [sp, #REG_X(22)]
  stp x24, x25, [sp, #REG_X(24)]
  stp x26, x27, [sp, #REG_X(26)]
  stp x28, x29, [sp, #REG_X(28)]
  str x30, [sp, #REG_X(30)]
  /* The first four vectors interrupt SP_EL0, the next four this stack, the rest SP_EL0 again. */
  sub x3, x1, #4
  mrs x2, sp_el0
  cmp x3, #4
  b.hs 1f
  add x2, sp, #FRAME_SIZE
1:
  str x2, [sp, #REG_SP]
  mrs x2, elr_el1
  str x2, [sp, #REG_PC]
  mrs x2, spsr_el1
  str x2, [sp, #REG_CPSR]

  .cfi_def_cfa sp, 0
  .cfi_offset 32, REG_PC
  .cfi_offset sp, REG_SP
  .cfi_offset x19, REG_X(19)
  .cfi_offset x20, REG_X(20)
  .cfi_offset x21, REG_X(21)
  .cfi_offset x22, REG_X(22)
  .cfi_offset x23, REG_X(23)
  .cfi_offset x24, REG_X(24)
  .cfi_offset x25, REG_X(25)
  .cfi_offset x26, REG_X(26)
  .cfi_offset x27, REG_X(27)
  .cfi_offset x28, REG_X(28)
  .cfi_offset x29, REG_X(29)
  .cfi_offset x30, REG_X(30)
  mov x0, sp
  and x1, x1, #3
  bl memfault_port_aarch64_exception

  ldr x2, [sp, #REG_PC]
  msr elr_el1, x2
  ldr x2, [sp, #REG_CPSR]
  msr spsr_el1, x2
  ldp x0, x1, [sp, #REG_X(0)]
  ldp x2, x3, [sp, #REG_X(2)]
  ldp x4, x5, [sp, #REG_X(4)]
  ldp x6, x7, [sp, #REG_X(6)]
  ldp x8, x9, [sp, #REG_X(8)]
  ldp x10, x11, [sp, #REG_X(10)]
  ldp x12, x13, [sp, #REG_X(12)]
  ldp x14, x15, [sp, #REG_X(14)]
  ldp x16, x17, [sp, #REG_X(16)]
  ldp x18, x19, [sp, #REG_X(18)]
  ldp x20, x21, [sp, #REG_X(20)]
  ldp x22, x23, [sp, #REG_X(22)]
  ldp x24, x25, [sp, #REG_X(24)]
  ldp x26, x27, [sp, #REG_X(26)]
  ldp x28, x29, [sp, #REG_X(28)]
  ldr x30, [sp, #REG_X(30)]
  add sp, sp, #FRAME_SIZE
  eret
  .cfi_endproc
  .size memfault_port_aarch64_entry, . - memfault_port_aarch64_entry
