/* The assembly of the fault tests, with the instructions that every Cortex-M has. */
#include "crash_code.h"

uint32_t g_crash_msp;

/* Where crash() goes on: its stack pointer, below which its caller's registers lie. */
static uint32_t s_resume_sp __attribute__((used));

__attribute__((naked)) void crash(const registers_t *registers, uint32_t sp, bool process_stack,
                                  void (*code)(void)) {
  (void)registers;
  (void)sp;
  (void)process_stack;
  (void)code;
  __asm volatile(
    ".syntax unified\n"
    "push {r3-r7, lr}\n"
    "mov r4, r8\n"
    "mov r5, r9\n"
    "mov r6, r10\n"
    "mov r7, r11\n"
    "push {r4-r7}\n"
    "ldr r4, =s_resume_sp\n"
    "mov r5, sp\n"
    "str r5, [r4]\n"
    "ldr r4, =g_crash_msp\n"
    "str r5, [r4]\n"
    "movs r7, r0\n"
    "cmp r2, #0\n"
    "beq 1f\n"
    "msr psp, r1\n"
    "mrs r0, control\n"
    "movs r2, #2\n"
    "orrs r0, r2\n"
    "msr control, r0\n"
    "isb\n"
    "b 2f\n"
    "1:\n"
    "mov sp, r1\n"
    "2:\n"
    /* r0 to r7 and the code, popped in the end */
    "push {r3}\n"
    "sub sp, sp, #32\n"
    "mov r5, sp\n"
    "movs r4, #0\n"
    "3:\n"
    "ldr r6, [r7, r4]\n"
    "str r6, [r5, r4]\n"
    "adds r4, #4\n"
    "cmp r4, #32\n"
    "bne 3b\n"
    "ldr r0, [r7, #32]\n"
    "mov r8, r0\n"
    "ldr r0, [r7, #36]\n"
    "mov r9, r0\n"
    "ldr r0, [r7, #40]\n"
    "mov r10, r0\n"
    "ldr r0, [r7, #44]\n"
    "mov r11, r0\n"
    "ldr r0, [r7, #48]\n"
    "mov r12, r0\n"
    "ldr r0, [r7, #52]\n"
    "mov lr, r0\n"
    "ldr r0, [r7, #56]\n"
#if __ARM_ARCH_ISA_THUMB == 1
    "msr apsr, r0\n"
#else
    "msr apsr_nzcvq, r0\n"
#endif
    "pop {r0-r7, pc}\n"
    ".ltorg\n");
}

/* Returns from the exception to the end of crash(), with a frame made for it on the main stack. */
__attribute__((naked)) void crash_is_over(void) {
  __asm volatile(
    ".syntax unified\n"
    "ldr r0, =s_resume_sp\n"
    "ldr r0, [r0]\n"
    "mov sp, r0\n"
    "sub sp, sp, #32\n"
    "ldr r0, =1f\n"
    "str r0, [sp, #24]\n"
    "movs r0, #1\n"
    "lsls r0, r0, #24\n"
    "str r0, [sp, #28]\n"
    "ldr r0, =0xFFFFFFF9\n"
    "bx r0\n"
    ".thumb_func\n"
    "1:\n"
    "pop {r4-r7}\n"
    "mov r8, r4\n"
    "mov r9, r5\n"
    "mov r10, r6\n"
    "mov r11, r7\n"
    "pop {r3-r7, pc}\n"
    ".ltorg\n");
}

__attribute__((naked)) void code_undefined_instruction(void) {
  __asm volatile("udf #7");
}

__attribute__((naked)) void code_load(void) {
  __asm volatile("ldr r0, [r1]\n b .");
}

__attribute__((naked)) void code_store(void) {
  __asm volatile("str r0, [r1]\n b .");
}

__attribute__((naked)) void code_divide(void) {
#if __ARM_ARCH_ISA_THUMB > 1
  __asm volatile("udiv r0, r1, r2");
#endif
  __asm volatile("b .");
}

__attribute__((naked)) void code_assert(void) {
  __asm volatile("bl memfault_fault_handling_assert");
}

__attribute__((naked)) void code_assert_extra(void) {
  __asm volatile("bl memfault_fault_handling_assert_extra");
}

__attribute__((naked)) void code_jump(void) {
  __asm volatile("bx r1");
}
