/* First instructions on AArch64 boards, at EL1 with the MMU off. */
  .section .vectors, "ax", @progbits
  .globl Reset_Handler
  .type Reset_Handler, @function
Reset_Handler:
  ldr x0, =memfault_port_aarch64_vectors
  msr vbar_el1, x0
  /* Exceptions get a stack of their own: SP_EL1. Everything else runs on SP_EL0. */
  msr spsel, #1
  ldr x0, =board_trap_stack_top
  mov sp, x0
  msr spsel, #0
  ldr x0, =board_stack_top
  mov sp, x0
  isb
  mov x29, #0
  mov x30, #0 /* nobody called: debuggers stop here */
  b board_start
  .size Reset_Handler, . - Reset_Handler
  .ltorg

/* void board_call_on_stack(void (*work)(void), uintptr_t stack_top) */
  .cfi_sections .debug_frame
  .text
  .globl board_call_on_stack
  .type board_call_on_stack, @function
board_call_on_stack:
  .cfi_startproc
  .cfi_undefined x30 /* for a debugger, the task begins here */
  mov x2, sp
  mov sp, x1
  stp x2, x30, [sp, #-16]!
  blr x0
  ldp x2, x30, [sp]
  mov sp, x2
  ret
  .cfi_endproc
  .size board_call_on_stack, . - board_call_on_stack
