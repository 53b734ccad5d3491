@ Code without C. low_copy lies where the debug information of functions points that the linker
@ threw away; the code behind high_copy belongs to no function.
  .syntax unified
  .thumb

  .macro copy_function name, section
  .section \section, "ax"
  .global \name
  .type \name, %function
\name:
  nop
  nop
  bx lr
  .size \name, . - \name
  .endm

  copy_function low_copy, .text.low
  copy_function high_copy, .text.high

  b high_copy
  b high_copy
