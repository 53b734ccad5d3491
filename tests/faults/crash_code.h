/* Crashes with known registers. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Offsets are known to the assembly in crash_code.c. */
typedef struct {
  uint32_t r[13];
  uint32_t lr;
  uint32_t flags; /* the upper five bits of the PSR */
} registers_t;

/* Loads the registers, changes over to the stack `sp`, of a task if `process_stack`, and jumps to
 * `code`. Comes back when crash_is_over() is called. */
void crash(const registers_t *registers, uint32_t sp, bool process_stack, void (*code)(void));

/* The main stack pointer at the time of the crash. */
extern uint32_t g_crash_msp;

/* From the handler of the crash: lets crash() return. Not from inside an interrupt. */
void crash_is_over(void) __attribute__((noreturn));

/* Code to crash in: its first instruction does it. */
void code_undefined_instruction(void);
void code_load(void);         /* from r1 */
void code_store(void);        /* to r1; what that pends comes behind it */
void code_divide(void);       /* by r2; not on Armv6-M */
void code_jump(void);         /* to r1 */
void code_assert(void);       /* r0 and r1 are given as pc and lr */
void code_assert_extra(void); /* the same, with the struct at r2 */
