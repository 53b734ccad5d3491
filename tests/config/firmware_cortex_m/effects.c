/* What the options of fault handling change on a Cortex-M: the regions that a coredump gets, and
 * what becomes of a fault.
 *
 * Compiled and linked once per configuration by tests/config/run.py, and run in QEMU (mps2-an386);
 * prints one line "name value" for each observation. Output goes through semihosting.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memfault/components.h"
#include "memfault/panics/arch/arm/cortex_m.h"
#include "memfault/panics/assert.h"
#include "memfault/panics/coredump_impl.h"

/* From the linker script, which wants an entry of that name. */
extern uint32_t board_stack_top[];
void board_start(void);

void initialise_monitor_handles(void);

static jmp_buf s_before_fault;
static unsigned int s_halts;
static bool s_hook_called;

/* The hooks that this firmware looks at; tests/stubs has the others */

void memfault_platform_halt_if_debugging(void) {
  s_halts++;
}

void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason) {
  (void)regs;
  (void)reason;
  s_hook_called = true;
}

/* Back to the caller, perhaps in the middle of an exception. */
void memfault_platform_reboot(void) {
  longjmp(s_before_fault, 1);
}

/* One observation each */

static void observe_regions(void) {
  size_t count = 0;
  const sMfltCoredumpRegion *regions = memfault_coredump_get_arch_regions(&count);
  printf("regions");
  for (size_t i = 0; i < count; i++) {
    const uintptr_t address = (uintptr_t)regions[i].region_start;
    if (address >= 0xE0000000) {
      printf(" 0x%lx", (unsigned long)address);
    } else {
      printf(" ram");
    }
    printf(":%lu:%u", (unsigned long)regions[i].region_size, (unsigned int)regions[i].type);
  }
  printf("\n");
}

static void observe_fault(const char *name, eMemfaultRebootReason reason) {
  static sMfltExceptionFrame frame;
  static sMfltRegState state = { .exception_frame = &frame, .exc_return = 0xFFFFFFF9 };
  if (setjmp(s_before_fault) == 0) {
    memfault_fault_handler(&state, reason);
    printf("%s returns\n", name);
  } else {
    printf("%s reboots\n", name);
  }
}

/* A real exception: its handler leaves by the reboot hook, so this is the last observation. */
static void observe_assert(void) {
#if MEMFAULT_FAULT_HANDLER_RETURN
  printf("assert -\n"); /* would return to the trap, for ever */
#else
  if (setjmp(s_before_fault) == 0) {
    MEMFAULT_ASSERT(0);
  } else {
    printf("assert reboots\n");
  }
#endif
}

void board_start(void) {
  initialise_monitor_handles();
  observe_regions();
  observe_fault("fault", kMfltRebootReason_HardFault);
  observe_fault("watchdog_fault", kMfltRebootReason_SoftwareWatchdog);
  printf("custom_hook %s\n", s_hook_called ? "called" : "-");
  observe_assert();
  printf("halts %u\n", s_halts);
  exit(0);
}

__attribute__((section(".vectors"), used)) static void (*const s_vectors[16])(void) = {
  (void (*)(void))(uintptr_t)board_stack_top, board_start, NMI_Handler, HardFault_Handler,
  MemManage_Handler,                          BusFault_Handler, UsageFault_Handler,
};

void _init(void) {}
void _fini(void) {}
