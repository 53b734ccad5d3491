/*
 * Proof of the counter: functions of known length. Each line `expect <id> <n>` names the
 * instructions that the function executes besides its return; the count minus "empty" has to be
 * exactly that.
 *
 * Run by `cargo xtask bench`; prints `count` and `expect` lines.
 */
#include "measure.h"
#include "report.h"

#include <stddef.h>

typedef struct {
  const char *id;
  unsigned long expected;
  bench_fn fn;
} known_length;

#if defined(__arm__)

__attribute__((naked)) static void loop_2x1000(void) {
  __asm__ volatile("movw r0, #1000\n1: subs r0, #1\nbne 1b\nbx lr");
}

__attribute__((naked)) static void loop_2x1000000(void) {
  __asm__ volatile("movw r0, #0x4240\nmovt r0, #0xf\n1: subs r0, #1\nbne 1b\nbx lr");
}

__attribute__((naked)) static void ten_nops(void) {
  __asm__ volatile("nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nbx lr");
}

/* Half of the conditional instructions are skipped; a skipped one counts like an executed one. */
__attribute__((naked)) static void it_block_loop(void) {
  __asm__ volatile(
    "movs r0, #100\n1: tst r0, #1\nite eq\nmoveq r1, #1\nmovne r1, #2\nsubs r0, #1\nbne 1b\nbx lr");
}

__attribute__((naked)) static void push_pop_loop(void) {
  __asm__ volatile("movs r0, #100\n1: push {r0-r3}\npop {r0-r3}\nsubs r0, #1\nbne 1b\nbx lr");
}

__attribute__((naked)) static void divide_loop(void) {
  __asm__ volatile("movs r0, #100\nmovs r1, #7\n1: udiv r2, r0, r1\nsubs r0, #1\nbne 1b\nbx lr");
}

static const known_length s_functions[] = {
  { "loop-2x1000", 1 + 2 * 1000, loop_2x1000 },
  { "loop-2x1000000", 2 + 2 * 1000000, loop_2x1000000 },
  { "nops-10", 10, ten_nops },
  { "it-block-loop", 1 + 6 * 100, it_block_loop },
  { "push-pop-loop", 1 + 4 * 100, push_pop_loop },
  { "divide-loop", 2 + 3 * 100, divide_loop },
};

#elif defined(__x86_64__)

__attribute__((naked)) static void loop_2x1000(void) {
  __asm__ volatile("movl $1000, %ecx\n1: decl %ecx\njnz 1b\nret");
}

__attribute__((naked)) static void loop_2x1000000(void) {
  __asm__ volatile("movl $1000000, %ecx\n1: decl %ecx\njnz 1b\nret");
}

__attribute__((naked)) static void ten_nops(void) {
  __asm__ volatile("nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nnop\nret");
}

__attribute__((naked)) static void push_pop_loop(void) {
  __asm__ volatile("movl $100, %ecx\n1: pushq %rcx\npopq %rcx\ndecl %ecx\njnz 1b\nret");
}

static const known_length s_functions[] = {
  { "loop-2x1000", 1 + 2 * 1000, loop_2x1000 },
  { "loop-2x1000000", 1 + 2 * 1000000, loop_2x1000000 },
  { "nops-10", 10, ten_nops },
  { "push-pop-loop", 1 + 4 * 100, push_pop_loop },
};

#else
#error "Add functions of known length for this architecture."
#endif

int main(void) {
  bench_counter_start();
  bench_count_empty();
  for (size_t i = 0; i < sizeof(s_functions) / sizeof(s_functions[0]); i++) {
    bench_count(s_functions[i].id, s_functions[i].fn);
    bench_report("expect %s %lu", s_functions[i].id, s_functions[i].expected);
  }
  bench_done();
  return 0;
}
