// What the parts of the test firmware share.

#pragma once

#include <stdint.h>

typedef enum { PUMP_OFF, PUMP_WARM, PUMP_BOIL } pump_mode_t;

typedef struct {
  const char *name;
  uint32_t starts;
  int16_t temperature;
  pump_mode_t mode;
} pump_t;

extern pump_t g_pump;
extern uint8_t ram_start[];
extern uint8_t ram_end[];

// The compiler must have the memory as the source says.
static inline void keep(const void *memory) {
  __asm__ volatile("" : : "r"(memory) : "memory");
}

void run(void);
void pump_control(uint32_t channel);
// Crashes in the way of CASE.
void crash_here(void);
// Writes the files and ends QEMU.
__attribute__((noreturn)) void finish(const void *registers, uintptr_t len);
