/* First instructions on RISC-V boards. The emulator jumps to the begin of RAM, so this is linked
 * first (sections.ld). */
  .section .vectors, "ax", @progbits
  .globl Reset_Handler
  .type Reset_Handler, @function
Reset_Handler:
  .option push
  .option norelax /* gp is not set yet */
  la gp, __global_pointer$
  .option pop
  la sp, board_stack_top
  csrw mie, zero
  la t0, board_trap_stack_top
  csrw mscratch, t0
  la t0, memfault_port_riscv_trap_entry
  csrw mtvec, t0
  li ra, 0 /* nobody called: debuggers stop here */
  j board_start
  .size Reset_Handler, . - Reset_Handler

/* void board_call_on_stack(void (*work)(void), uintptr_t stack_top) */
  .cfi_sections .debug_frame
  .text
  .globl board_call_on_stack
  .type board_call_on_stack, @function
board_call_on_stack:
  .cfi_startproc
  .cfi_undefined ra /* for a debugger, the task begins here */
  addi a1, a1, -16
  sw ra, 12(a1)
  sw sp, 8(a1)
  mv sp, a1
  jalr a0
  lw ra, 12(sp)
  lw sp, 8(sp)
  ret
  .cfi_endproc
  .size board_call_on_stack, . - board_call_on_stack
