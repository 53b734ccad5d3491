# The test firmware on RISC-V: trap entry and the registers as spec 50 section 3.4 has them.

  .section .vectors, "ax"
  .global reset
reset:
  la sp, stack_end
  la t0, trap
  csrw mtvec, t0
  li ra, 0
  call main
  j .
  .text
  .balign 4
trap:
  csrw mscratch, a0
  la a0, g_registers
  sw ra, 4(a0)
  sw sp, 8(a0)
  sw gp, 12(a0)
  sw tp, 16(a0)
  sw t0, 20(a0)
  sw t1, 24(a0)
  sw t2, 28(a0)
  sw t3, 32(a0)
  sw t4, 36(a0)
  sw t5, 40(a0)
  sw t6, 44(a0)
  sw s0, 48(a0)
  sw s1, 52(a0)
  sw s2, 56(a0)
  sw s3, 60(a0)
  sw s4, 64(a0)
  sw s5, 68(a0)
  sw s6, 72(a0)
  sw s7, 76(a0)
  sw s8, 80(a0)
  sw s9, 84(a0)
  sw s10, 88(a0)
  sw s11, 92(a0)
  csrr t0, mscratch
  sw t0, 96(a0)
  sw a1, 100(a0)
  sw a2, 104(a0)
  sw a3, 108(a0)
  sw a4, 112(a0)
  sw a5, 116(a0)
  sw a6, 120(a0)
  sw a7, 124(a0)
  csrr t0, mepc
  sw t0, 0(a0)
  csrr t0, mstatus
  sw t0, 128(a0)
  csrr t0, mtvec
  sw t0, 132(a0)
  csrr t0, mcause
  sw t0, 136(a0)
  csrr t0, mtval
  sw t0, 140(a0)
  csrr t0, mhartid
  sw t0, 144(a0)
  la sp, fault_stack_end
  # The handler itself uses breakpoints, for semihosting: QEMU takes them before the hart does.
  li a1, 148
  call finish

  .bss
  .balign 4
  .global g_registers
g_registers: .space 148
  .space 1024
  .balign 16
fault_stack_end:
