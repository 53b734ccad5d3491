// Real exceptions. Each vector has the board to itself, from its reset on.
#include "memfault/panics/coredump.h"

#include <string.h>

#include "memfault/core/reboot_tracking.h"
#include "memfault/panics/arch/arm/cortex_m.h"

#include "coredump_storage.h"
#include "environment.h"
#include "fixed_memory.h"
#include "isolate.h"
#include "memory.h"
#include "module.h"
#include "recorder.h"
#include "step.h"

// Private function of the library (spec 20 section 12.3).
void memfault_reboot_tracking_clear_reset_info(void);

#define SHCSR (*(volatile uint32_t *)0xE000ED24)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SHCSR_USGFAULTENA (1u << 18)
#define CCR (*(volatile uint32_t *)0xE000ED14)
#define CCR_DIV_0_TRP (1u << 4)
#define NVIC_ISER0 (*(volatile uint32_t *)0xE000E100)

#define STORAGE_SIZE 4096
#define COREDUMP_SAVED 7  // offset in the region of reboot tracking (spec 20 section 12.2)
#define REASON 8
#define PC 12
#define LR 16

static struct {
  uint8_t *storage;
  uint8_t *reboot_region;
  sMfltCoredumpRegion region;
} s_state;

void module_reset(void) {
  environment_reset();
  environment_hide_calls();
  fixed_memory_reset();
  memset(&s_state, 0, sizeof(s_state));
  s_state.storage = arena_alloc(STORAGE_SIZE);
  s_state.reboot_region = arena_alloc(MEMFAULT_REBOOT_TRACKING_REGION_SIZE);
  memfault_reboot_tracking_boot(s_state.reboot_region, NULL);
}

static void start_anew(void) {
  memset(s_state.storage, 0xFF, STORAGE_SIZE);
  coredump_storage_attach(s_state.storage, STORAGE_SIZE);
  coredump_storage_hide_calls();
  memfault_reboot_tracking_clear_reset_info();

  size_t len;
  const uint8_t *data = arg_bytes("region.data", &len);
  uint8_t *memory = fixed_memory((uint32_t)arg_uint("region.addr"), len);
  memcpy(memory, data, len);
  s_state.region = MEMFAULT_COREDUMP_MEMORY_REGION_INIT(memory, (uint32_t)len);
}

// --- hooks ---

static uint32_t region_word(const uint8_t *region, size_t at) {
  uint32_t word;
  memcpy(&word, region + at, sizeof(word));
  return word;
}

// Runs whenever a reset is announced.
void memfault_reboot_tracking_save(const sMemfaultRebootTrackingStorage *src) {
  const uint8_t *region = (const void *)src;
  json_list *call = call_begin("mark_reset_imminent");
  list_uint(call, region_word(region, REASON));
  list_uint(call, region_word(region, PC));
  list_uint(call, region_word(region, LR));
  call_end();
}

void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  (void)regs;
  list_uint(call_begin("platform_fault_handler"), reason);
  call_end();
}

const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(
  const sCoredumpCrashInfo *crash_info, size_t *num_regions) {
  json_list *call = call_begin("get_regions");
  list_uint(call, (uintptr_t)crash_info->stack_address);
  list_uint(call, crash_info->trace_reason);
  list_bool(call, crash_info->exception_reg_state != NULL);
  call_end();
  *num_regions = 1;
  return &s_state.region;
}

static void show_mark_of_coredump(void) {
  if (s_state.reboot_region[COREDUMP_SAVED] == 1) {
    (void)call_begin("mark_coredump_saved");
    call_end();
  }
}

MEMFAULT_NORETURN void memfault_platform_reboot(void) {
  show_mark_of_coredump();
  (void)call_begin("platform_reboot");
  call_end();
  coredump_storage_out_image("image", NULL, "mask");
  step_end();
  end_vector();  // from inside the exception: the board is not used again
}

// --- steps ---

static void call_fault_handler(void) {
  start_anew();
  size_t len;
  const uint8_t *frame_bytes = arg_bytes("frame", &len);
  uint8_t *frame = fixed_memory((uint32_t)arg_uint("frame_addr"), len);
  memcpy(frame, frame_bytes, len);
  sMfltRegState state = {
    .exception_frame = (sMfltExceptionFrame *)(void *)frame,
    .exc_return = (uint32_t)arg_uint("exc_return"),
  };
  uint32_t r4_r11[8];
  for (size_t i = 0; i < 8; i++) {
    r4_r11[i] = (uint32_t)arg_uint(item_key("r4_r11", i, NULL));
  }
  memcpy((uint8_t *)&state + 4, r4_r11, sizeof(r4_r11));
  __asm__ volatile("msr psp, %0" ::"r"((uint32_t)arg_uint("psp_register")));
  memfault_fault_handler(&state, (eMemfaultRebootReason)arg_uint("reason"));
  show_mark_of_coredump();
  coredump_storage_out_image("image", "register_block", "mask");
}

static void prepare(const char *kind) {
  if (strcmp(kind, "div_by_zero") == 0) {
    CCR |= CCR_DIV_0_TRP;
    SHCSR |= SHCSR_USGFAULTENA;
  } else if (strcmp(kind, "udf_usagefault_enabled") == 0) {
    SHCSR |= SHCSR_USGFAULTENA;
  } else if (strcmp(kind, "ldr_busfault_enabled") == 0) {
    SHCSR |= SHCSR_BUSFAULTENA;
  } else if (strcmp(kind, "watchdog_irq") == 0) {
    NVIC_ISER0 = 1;
  }
}

static void cause_exception(void) {
  static uint32_t registers[15];  // r0-r12, lr, APSR
  start_anew();
  size_t len;
  const uint8_t *code = arg_bytes("code", &len);
  uint8_t *function = fixed_memory((uint32_t)arg_uint("code_addr"), len);
  memcpy(function, code, len);
  for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++) {
    registers[i] = (uint32_t)arg_uint(item_key("r0_r12_lr_apsr", i, NULL));
  }
  const bool process_stack = strcmp(arg_text("stack"), "psp") == 0;
  const uint32_t sp = (uint32_t)arg_uint("sp");
  const uint32_t psp = process_stack ? sp : (uint32_t)arg_uint("psp_register");
  __asm__ volatile("msr psp, %0" ::"r"(psp));
  prepare(arg_text("kind"));
  if (arg_bool("fp_context")) {
    __asm__ volatile(".fpu fpv4-sp-d16\n vmov.f32 s0, s0" ::: "memory");
  }
  register const uint32_t *r0 __asm__("r0") = registers;
  const uintptr_t entry = (uintptr_t)function | 1u;
  if (process_stack) {
    uint32_t control;
    __asm__ volatile("mrs %0, control" : "=r"(control));
    __asm__ volatile("msr control, %1\n isb\n bx %2" ::"r"(r0), "r"(control | 2u), "r"(entry)
                     : "memory");
  } else {
    __asm__ volatile("msr msp, %1\n bx %2" ::"r"(r0), "r"(sp), "r"(entry) : "memory");
  }
  __builtin_unreachable();
}

void module_step(void) {
  if (environment_step()) {
    return;
  }
  if (step_is("memfault_fault_handler")) {
    call_fault_handler();
  } else if (step_is("exception")) {
    cause_exception();
  } else {
    step_abort("unknown operation");
  }
}
