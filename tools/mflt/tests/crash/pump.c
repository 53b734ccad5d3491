// A firmware that crashes for real: the tests of `mflt core` and `mflt backtrace` run it in QEMU.
// It controls a pump and reads a sensor that is not there. Its fault handler writes the registers
// (as the coredump of its machine has them, spec 50 section 3.4) and the whole RAM to the files
// regs.bin and ram.bin. CASE_... chooses where it crashes.

#include "pump.h"

pump_t g_pump = { .name = "boiler", .temperature = -40, .mode = PUMP_OFF };
uint32_t g_never_touched = 0x600dcafe;
uint32_t g_history[16];
static volatile uint32_t *const s_sensor = (volatile uint32_t *)MISSING_SENSOR;

static inline __attribute__((always_inline)) uint32_t read_sensor(uint32_t channel) {
  return s_sensor[channel];
}

__attribute__((noinline)) uint32_t pump_measure(uint32_t channel) {
  uint32_t samples[4];
  for (uint32_t i = 0; i < 4; i++) {
    samples[i] = 0x5a000000u + channel + i;
  }
  keep(samples);
  g_history[channel & 15] = samples[2];
  const uint32_t value = read_sensor(channel);
  keep(&samples[1]);
  return value + samples[channel & 3];
}

__attribute__((noinline)) void pump_control(uint32_t channel) {
  g_pump.starts = 42;
  g_pump.temperature = -37;
  g_pump.mode = PUMP_BOIL;
  const uint32_t value = pump_measure(channel);
  keep(&value);
  g_pump.starts += value;
}

__attribute__((noinline)) void run(void) {
  uint32_t channel = 3;
  keep(&channel);
  pump_control(channel);
  keep(&channel);
}

int main(void) {
  crash_here();
  return 0;
}

static uintptr_t semihost(uintptr_t operation, const void *argument) {
#if defined(__aarch64__)
  register uintptr_t x0 __asm__("x0") = operation;
  register uintptr_t x1 __asm__("x1") = (uintptr_t)argument;
  __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
  return x0;
#elif defined(__riscv)
  register uintptr_t a0 __asm__("a0") = operation;
  register uintptr_t a1 __asm__("a1") = (uintptr_t)argument;
  __asm__ volatile(".option push\n.option norvc\n.balign 16\n"
                   "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n.option pop"
                   : "+r"(a0)
                   : "r"(a1)
                   : "memory");
  return a0;
#elif defined(__thumb__)
  register uintptr_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = (uintptr_t)argument;
#if __ARM_ARCH_PROFILE == 'M'
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
#else
  __asm__ volatile("svc 0xab" : "+r"(r0) : "r"(r1) : "memory", "lr");
#endif
  return r0;
#else
  register uintptr_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = (uintptr_t)argument;
  __asm__ volatile("svc 0x123456" : "+r"(r0) : "r"(r1) : "memory", "lr");
  return r0;
#endif
}

static void write_file(const char *name, uintptr_t name_len, const void *data, uintptr_t len) {
  const uintptr_t open_args[] = { (uintptr_t)name, 5 /* wb */, name_len };
  const uintptr_t file = semihost(0x01, open_args);
  const uintptr_t write_args[] = { file, (uintptr_t)data, len };
  semihost(0x05, write_args);
  semihost(0x02, &file);
}

__attribute__((noreturn)) void finish(const void *registers, uintptr_t len) {
  write_file("regs.bin", 8, registers, len);
  write_file("ram.bin", 7, ram_start, (uintptr_t)(ram_end - ram_start));
  // ADP_Stopped_ApplicationExit; machines with 32 bits take it in the register.
#if UINTPTR_MAX == UINT32_MAX
  semihost(0x18, (const void *)0x20026);
#else
  const uintptr_t exit_args[] = { 0x20026, 0 };
  semihost(0x18, exit_args);
#endif
  for (;;) {
  }
}
