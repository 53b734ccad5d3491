// The test firmware on Cortex-M: vectors, ways to crash, tasks with the names of FreeRTOS.

#include "pump.h"

#ifndef CASE_TASKS
#define CASE_TASKS 0
#endif
#ifndef CASE_SWITCH
#define CASE_SWITCH 0
#endif

extern uint8_t stack_end[];
int main(void);

// Frame, MSP, PSP, EXC_RETURN, r4 to r11.
uint32_t g_saved[12];
uint32_t g_process_stack[256] __attribute__((aligned(8)));

__attribute__((naked)) void fault(void) {
  __asm__ volatile(
      "tst lr, #4\n ite eq\n mrseq r0, msp\n mrsne r0, psp\n ldr r1, =g_saved\n str r0, [r1]\n"
      "mrs r2, msp\n str r2, [r1, #4]\n mrs r2, psp\n str r2, [r1, #8]\n str lr, [r1, #12]\n"
      "adds r1, #16\n stm r1, {r4-r11}\n b report\n .ltorg\n");
}

// The registers as spec 50 section 9.6 has them.
__attribute__((used)) static void report(void) {
  const uint32_t *frame = (const uint32_t *)g_saved[0];
  const uint32_t exc_return = g_saved[3];
  const uint32_t frame_len = (exc_return & 0x10) == 0 ? 0x68 : 0x20;
  const uint32_t sp = g_saved[0] + frame_len + ((frame[7] & 0x200) != 0 ? 4 : 0);
  static uint32_t s_registers[19];
  for (uint32_t i = 0; i < 4; i++) {
    s_registers[i] = frame[i];
  }
  for (uint32_t i = 0; i < 8; i++) {
    s_registers[4 + i] = g_saved[4 + i];
  }
  s_registers[12] = frame[4];
  s_registers[13] = sp;
  s_registers[14] = frame[5];
  s_registers[15] = frame[6];
  s_registers[16] = frame[7];
  s_registers[17] = (exc_return & 4) == 0 ? sp : g_saved[1];
  s_registers[18] = (exc_return & 4) != 0 ? sp : g_saved[2];
  // The fault registers are read like any other memory: they go behind the block.
  static uint32_t s_out[19 + 7];
  for (uint32_t i = 0; i < 19; i++) {
    s_out[i] = s_registers[i];
  }
  for (uint32_t i = 0; i < 7; i++) {
    s_out[19 + i] = ((volatile uint32_t *)0xe000ed24)[i];
  }
  finish(s_out, sizeof(s_out));
}

// Not every CASE uses all of these.
#define PART __attribute__((noinline, unused)) static

PART void on_tick(uint32_t number) {
  g_pump.starts = number;
  run();
  keep(&number);
}

PART void wait_for_tick(uint32_t ticks) {
  uint32_t wanted = ticks * 7;
  keep(&wanted);
#if CASE_FPU
  __asm__ volatile("vmov s0, %0" : : "r"(wanted));
#endif
#if CASE_SWITCH
  // PendSV, by the bit that makes it pending.
  __asm__ volatile("mov r4, #0x44\n mov r9, #0x99\n str %0, [%1]\n dsb\n isb"
                   :
                   : "r"(1u << 28), "r"(0xe000ed04u)
                   : "r4", "r9", "memory");
#else
  __asm__ volatile("mov r4, #0x44\n mov r9, #0x99\n svc #0" : : : "r4", "r9", "memory");
#endif
  keep(&wanted);
}

typedef struct tskTaskControlBlock {
  volatile uint32_t *pxTopOfStack;
  uint32_t uxPriority;
  char pcTaskName[12];
} tskTCB;

tskTCB *volatile pxCurrentTCB;
tskTCB g_brew_tcb = { .uxPriority = 2, .pcTaskName = "brew" };
tskTCB g_clean_tcb = { .uxPriority = 1, .pcTaskName = "clean" };
tskTCB *s_task_tcbs[4];
uint32_t g_clean_stack[256] __attribute__((aligned(8)));

#if CASE_SWITCH
// The kernel finds something wrong with the task whose registers it has just saved.
__attribute__((used)) static void choose_task(void) {
  run();
  keep(&g_pump);
}

__attribute__((naked)) void svc(void) {
  __asm__ volatile(
      "mrs r0, psp\n"
#if __ARM_FP
      "tst lr, #0x10\n it eq\n vstmdbeq r0!, {s16-s31}\n"
#endif
      "stmdb r0!, {r4-r11, lr}\n ldr r1, =pxCurrentTCB\n ldr r2, [r1]\n str r0, [r2]\n"
      "mov r4, #0\n mov r9, #0\n push {r0, r3}\n bl choose_task\n .ltorg\n");
}
#elif CASE_TASKS
// What the kernel does when a task gives the CPU away: the rest of its registers go on its stack.
__attribute__((naked)) void svc(void) {
#if __ARM_FP
  __asm__ volatile(
      "mrs r0, psp\n tst lr, #0x10\n it eq\n vstmdbeq r0!, {s16-s31}\n stmdb r0!, {r4-r11, lr}\n"
      "ldr r1, =pxCurrentTCB\n ldr r2, [r1]\n str r0, [r2]\n ldr r2, =g_clean_tcb\n str r2, [r1]\n"
      "ldr r0, =g_clean_stack + 1024 - 32\n msr psp, r0\n mvn lr, #2\n bx lr\n .ltorg\n");
#else
  __asm__ volatile(
      "mrs r0, psp\n stmdb r0!, {r4-r11}\n ldr r1, =pxCurrentTCB\n ldr r2, [r1]\n str r0, [r2]\n"
      "ldr r2, =g_clean_tcb\n str r2, [r1]\n ldr r0, =g_clean_stack + 1024 - 32\n msr psp, r0\n"
      "bx lr\n .ltorg\n");
#endif
}
#else
PART void tick_handler(void) {
  on_tick(1234);
}

// The name of a handler: nothing but a function.
void svc(void) {
  tick_handler();
  keep(&g_pump);
}
#endif

PART __attribute__((noreturn)) void brew_task(void) {
  for (;;) {
    wait_for_tick(6);
  }
}

PART __attribute__((noreturn)) void clean_task(void) {
  for (;;) {
    run();
  }
}

#if CASE_TASKS
// Where the kernel lets a task return to, by its name: nobody calls it.
PART void prvTaskExitError(void) {
  for (;;) {
  }
}
#else
#define prvTaskExitError 0
#endif

// Goes on in thread mode on the process stack.
static inline void use_process_stack(uint32_t *end) {
  __asm__ volatile("msr psp, %0\n mov r0, #2\n msr control, r0\n isb"
                   :
                   : "r"(end)
                   : "r0", "memory");
}

PART __attribute__((naked)) void thread_entry(void) {
  // lr is 0: there is nobody to return to.
  __asm__ volatile("mov lr, #0\n b brew_task_entry\n");
}

__attribute__((used, noreturn)) static void brew_task_entry(void) {
#if CASE_TASKS || CASE_ISR_PSP
  brew_task();
#else
  clean_task();
#endif
}

void crash_here(void) {
#if CASE_ISR_MSP
  wait_for_tick(5);
#elif CASE_ISR_PSP || CASE_PSP || CASE_TASKS
  // The task that runs second begins with a frame of the hardware.
  uint32_t *frame = &g_clean_stack[256 - 8];
  frame[5] = (uint32_t)prvTaskExitError;
  frame[6] = (uint32_t)clean_task & ~1u;
  frame[7] = 0x01000000;
  pxCurrentTCB = &g_brew_tcb;
  s_task_tcbs[0] = &g_brew_tcb;
  s_task_tcbs[2] = CASE_TASKS ? &g_clean_tcb : 0;
  use_process_stack(&g_process_stack[256]);
  thread_entry();
#elif CASE_NULL_CALL
  void (*volatile nobody)(void) = 0;
  nobody();
#else
  run();
#endif
}

__attribute__((naked, noreturn)) void reset(void) {
#if __ARM_FP
  __asm__ volatile("ldr r0, =0xe000ed88\n ldr r1, =0x00f00000\n str r1, [r0]\n dsb\n isb\n");
#endif
  __asm__ volatile(
      "ldr r0, =0xe000ed24\n ldr r1, =0x00070000\n str r1, [r0]\n bl main\n b .\n .ltorg\n");
}

__attribute__((section(".vectors"), used)) static const uintptr_t s_vectors[16] = {
  (uintptr_t)stack_end, (uintptr_t)reset, (uintptr_t)fault, (uintptr_t)fault, (uintptr_t)fault,
  (uintptr_t)fault,     (uintptr_t)fault, 0,                0,                0,
  0,                    (uintptr_t)svc,   (uintptr_t)fault, 0,                (uintptr_t)svc,
  (uintptr_t)fault,
};
