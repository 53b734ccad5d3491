// What calls main(), and a function for each way in which an address can have a name.

#include "kettle.h"

// In front of the call, so that the return address of the example is that of this line.
#define STRETCH() __asm__ volatile(".rept 9\n nop\n .endr")

static inline __attribute__((always_inline)) int stir(int value) {
  __asm__ volatile(".globl stir_here\nstir_here: nop");
  return value * 3;
}

// The linker throws it away, but its debug information stays, at address 0.
void unused(void) {
  __asm__ volatile(".rept 64\n nop\n .endr");
}

void reset(void) {
  STRETCH(); main(); STRETCH();
  for (;;) {
  }
}

int spoon(int value) {
  return stir(value) + 1;
}
