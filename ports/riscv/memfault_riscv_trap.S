/*
 * Trap vector of a bare-metal RISC-V (RV32, machine mode): stores all registers as the SDK's
 * sMfltRegState (spec 50, 9.9), then calls memfault_port_riscv_trap() in memfault_riscv_port.c.
 * What is stored is restored on return, so it serves interrupts as well.
 *
 * The firmware sets mtvec to memfault_port_riscv_trap_entry (direct mode) and mscratch to the top
 * of a stack for traps (16-byte aligned), so that a task that ran out of stack still gets a
 * coredump. While a trap is handled mscratch is 0; a trap inside a trap goes on with the same
 * stack.
 *
 * Compilers that count Zicsr as an extension of its own need it in -march, such as rv32imac_zicsr.
 * Floating-point registers are not stored: interrupt handlers must not use them.
 */

#define MEPC 0
#define RA 4
#define SP 8
#define GP 12
#define TP 16
#define T0 20
#define T1 24
#define T2 28
#define T3 32
#define T4 36
#define T5 40
#define T6 44
#define S(n) (48 + 4 * (n))
#define A(n) (96 + 4 * (n))
#define MSTATUS 128
#define MTVEC 132
#define MCAUSE 136
#define MTVAL 140
#define MHARTID 144
#define FRAME_SIZE 160 /* 148, and the stack stays aligned to 16 */

  /* For the debugger: the caller's registers lie in the frame, its pc is mepc. Column 64 is no real
   * register; it stands for the pc of interrupted code, where ra is a register like any other. */
  .cfi_sections .debug_frame
  .section .text.memfault_port_riscv_trap_entry, "ax", @progbits
  .globl memfault_port_riscv_trap_entry
  .type memfault_port_riscv_trap_entry, @function
  .balign 4
memfault_port_riscv_trap_entry:
  .cfi_startproc
  .cfi_signal_frame
  .cfi_return_column 64
  csrrw sp, mscratch, sp
  bnez sp, .Lfrom_thread

  /* A trap inside a trap: back to the stack that is in use. mscratch becomes 0 again. */
  csrrw sp, mscratch, sp
  addi sp, sp, -FRAME_SIZE
  sw t0, T0(sp)
  addi t0, sp, FRAME_SIZE
  j .Lhave_sp_in_t0

.Lfrom_thread:
  addi sp, sp, -FRAME_SIZE
  sw t0, T0(sp)
  csrrw t0, mscratch, zero

.Lhave_sp_in_t0:
  sw t0, SP(sp)
  sw ra, RA(sp)
  sw gp, GP(sp)
  sw tp, TP(sp)
  sw t1, T1(sp)
  sw t2, T2(sp)
  sw t3, T3(sp)
  sw t4, T4(sp)
  sw t5, T5(sp)
  sw t6, T6(sp)
  sw s0, S(0)(sp)
  sw s1, S(1)(sp)
  sw s2, S(2)(sp)
  sw s3, S(3)(sp)
  sw s4, S(4)(sp)
  sw s5, S(5)(sp)
  sw s6, S(6)(sp)
  sw s7, S(7)(sp)
  sw s8, S(8)(sp)
  sw s9, S(9)(sp)
  sw s10, S(10)(sp)
  sw s11, S(11)(sp)
  sw a0, A(0)(sp)
  sw a1, A(1)(sp)
  sw a2, A(2)(sp)
  sw a3, A(3)(sp)
  sw a4, A(4)(sp)
  sw a5, A(5)(sp)
  sw a6, A(6)(sp)
  sw a7, A(7)(sp)
  csrr t0, mepc
  sw t0, MEPC(sp)
  csrr t0, mstatus
  sw t0, MSTATUS(sp)
  csrr t0, mtvec
  sw t0, MTVEC(sp)
  csrr t0, mcause
  sw t0, MCAUSE(sp)
  csrr t0, mtval
  sw t0, MTVAL(sp)
  csrr t0, mhartid
  sw t0, MHARTID(sp)

  .cfi_def_cfa sp, 0
  .cfi_offset 64, MEPC
  .cfi_offset ra, RA
  .cfi_offset sp, SP
  .cfi_offset s0, S(0)
  .cfi_offset s1, S(1)
  .cfi_offset s2, S(2)
  .cfi_offset s3, S(3)
  .cfi_offset s4, S(4)
  .cfi_offset s5, S(5)
  .cfi_offset s6, S(6)
  .cfi_offset s7, S(7)
  .cfi_offset s8, S(8)
  .cfi_offset s9, S(9)
  .cfi_offset s10, S(10)
  .cfi_offset s11, S(11)
  mv a0, sp
  call memfault_port_riscv_trap

  lw t0, MEPC(sp)
  csrw mepc, t0
  lw t0, MSTATUS(sp)
  csrw mstatus, t0
  lw t0, SP(sp)
  addi t1, sp, FRAME_SIZE
  beq t0, t1, .Lback_to_trap
  csrw mscratch, t1
.Lback_to_trap:
  lw ra, RA(sp)
  lw t1, T1(sp)
  lw t2, T2(sp)
  lw t3, T3(sp)
  lw t4, T4(sp)
  lw t5, T5(sp)
  lw t6, T6(sp)
  lw s0, S(0)(sp)
  lw s1, S(1)(sp)
  lw s2, S(2)(sp)
  lw s3, S(3)(sp)
  lw s4, S(4)(sp)
  lw s5, S(5)(sp)
  lw s6, S(6)(sp)
  lw s7, S(7)(sp)
  lw s8, S(8)(sp)
  lw s9, S(9)(sp)
  lw s10, S(10)(sp)
  lw s11, S(11)(sp)
  lw a0, A(0)(sp)
  lw a1, A(1)(sp)
  lw a2, A(2)(sp)
  lw a3, A(3)(sp)
  lw a4, A(4)(sp)
  lw a5, A(5)(sp)
  lw a6, A(6)(sp)
  lw a7, A(7)(sp)
  lw t0, T0(sp)
  lw sp, SP(sp)
  mret
  .cfi_endproc
  .size memfault_port_riscv_trap_entry, . - memfault_port_riscv_trap_entry
