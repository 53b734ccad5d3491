/*
 * Painting the stack and looking where the paint is gone.
 */
#include "depth.h"

#define PAINTED_LEN (16u * 1024u)
#define PAINT 0x5AA5C33Cu

uintptr_t g_call_sp;
static uint32_t *s_lowest;

__attribute__((noinline)) void depth_paint(void) {
  uint32_t *sp;
  __asm__ volatile("mov %0, sp" : "=r"(sp));
  s_lowest = sp - PAINTED_LEN / sizeof(uint32_t);
  for (uint32_t *word = s_lowest; word < sp; word++) {
    *(volatile uint32_t *)word = PAINT;
  }
}

uint32_t depth_reached(void) {
  const uint32_t *deepest = s_lowest;
  while (*(const volatile uint32_t *)deepest == PAINT) {
    deepest++;
  }
  return (uint32_t)(g_call_sp - (uintptr_t)deepest);
}

__attribute__((noinline)) uint32_t depth_of(void (*fn)(void)) {
  depth_paint();
  fn();
  return depth_reached();
}
