/*
 * Painting the stack and looking where the paint is gone.
 */
#include "depth.h"

#define PAINTED_LEN (16u * 1024u)
#define PAINT 0x5AA5C33Cu

uintptr_t g_call_sp;

__attribute__((noinline)) uint32_t depth_of(void (*fn)(void)) {
  uint32_t *sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  uint32_t *const lowest = sp - PAINTED_LEN / sizeof(uint32_t);
  for (uint32_t *word = lowest; word < sp; word++) {
    *(volatile uint32_t *)word = PAINT;
  }
  fn();
  const uint32_t *deepest = lowest;
  while (*(const volatile uint32_t *)deepest == PAINT) {
    deepest++;
  }
  return (uint32_t)(g_call_sp - (uintptr_t)deepest);
}
