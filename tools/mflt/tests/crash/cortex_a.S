// The test firmware on Cortex-A: vectors and the registers as spec 50 section 3.4 has them.

  .syntax unified
  .arm
  .section .vectors, "ax"
  .global reset
reset:
  b start
  b fault_undefined
  b .
  b fault_prefetch
  b fault_data
  .text
start:
  ldr r0, =reset
  mcr p15, 0, r0, c12, c0, 0
  cps #0x17
  ldr sp, =abort_stack_end
  cps #0x13
  ldr sp, =stack_end
  mov lr, #0
  bl main
  b .

fault_undefined:
fault_prefetch:
  b .
fault_data:
  sub lr, lr, #8
  push {r0, lr}
  ldr r0, =g_registers + 4
  stm r0, {r1-r12}
  pop {r1, r2}
  ldr r0, =g_registers
  str r1, [r0]
  str r2, [r0, #60]
  mrs r1, spsr
  str r1, [r0, #64]
  // The banked registers of the code that crashed.
  cps #0x13
  str sp, [r0, #52]
  str lr, [r0, #56]
  cps #0x17
  mov r1, #68
  bl finish

  .bss
  .align 3
  .global g_registers
g_registers: .space 72
  .space 1024
abort_stack_end:
