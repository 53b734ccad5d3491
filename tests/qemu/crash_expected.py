"""What each crash of c_examples/crash must look like, board by board."""

import dataclasses

# The kinds in the order in which the firmware goes through them, with the function that crashes and the one that
# called it. What is not there has its own rule in crash.py.
FUNCTIONS = {
    "assert": ("fail_assertion", "crash_now"),
    "c_assert": ("fail_c_assertion", "crash_now"),
    "null_read": ("read_null", "crash_now"),
    "null_call": (None, "call_null"),
    "unaligned": ("read_misaligned", "crash_now"),
    "bus_fault": ("read_no_device", "crash_now"),
    "undefined_instruction": ("run_undefined_instruction", "crash_now"),
    "divide_by_zero": ("divide_by_zero", "crash_now"),
    "stack_overflow": ("use_up_stack", "use_up_stack"),
    "fault_in_isr": ("read_no_device_in_interrupt", None),
    "fault_in_task": ("read_no_device_in_task", None),
    "watchdog": ("wait_forever", "hang"),
}
ASSERTS = ("assert", "c_assert")

ASSERT, STACK_OVERFLOW, WATCHDOG = ("Assert", 0x8001), ("StackOverflow", 0x800B), ("SoftwareWatchdog", 0x8006)
BUS, MEMORY, USAGE, HARD = ("BusFault", 0x9100), ("MemFault", 0x9200), ("UsageFault", 0x9300), ("HardFault", 0x9400)

# Fault registers: numbers, or these words for addresses that the test knows at run time only.
WORD, GUARD = "the address of the word on the stack, plus 1", "an address in the guard of the stack"

# Armv7-M and v8-M: CFSR, HFSR, MMFAR, BFAR (None: not valid, anything).
CORTEX_M_FAULTS = {
    "assert": (0x00010000, 0, None, None),  # UNDEFINSTR: the assertion ends in "udf"
    "c_assert": (0x00010000, 0, None, None),
    "null_read": (0x00000082, 0, 0, None),  # DACCVIOL, MMARVALID
    "null_call": (0x00000001, 0, None, None),  # IACCVIOL
    "unaligned": (0x01000000, 0, None, None),
    "bus_fault": (0x00008200, 0, None, 0x70000000),  # PRECISERR, BFARVALID
    "undefined_instruction": (0x00010000, 0, None, None),
    "divide_by_zero": (0x02000000, 0, None, None),
    "stack_overflow": (0x00000092, 0, GUARD, None),  # DACCVIOL, MSTKERR, MMARVALID
    # The interrupt and BusFault have the same priority, so it becomes a HardFault: FORCED.
    "fault_in_isr": (0x00008200, 0x40000000, None, 0x70000000),
    "fault_in_task": (0x00008200, 0, None, 0x70000000),
    "watchdog": (0, 0, None, None),
}
CORTEX_M_REASONS = {
    "assert": ASSERT, "c_assert": ASSERT, "null_read": MEMORY, "null_call": MEMORY, "unaligned": USAGE, "bus_fault": BUS,
    "undefined_instruction": USAGE, "divide_by_zero": USAGE, "stack_overflow": MEMORY, "fault_in_isr": HARD,
    "fault_in_task": BUS, "watchdog": WATCHDOG,
}

# Armv6-M has no fault registers (they read as 0), no MPU and one fault.
CORTEX_M0_REASONS = dict.fromkeys(FUNCTIONS, HARD) | {
    "assert": ASSERT, "c_assert": ASSERT, "stack_overflow": STACK_OVERFLOW, "watchdog": WATCHDOG}

# mcause, mtval.
RISCV_FAULTS = {
    "assert": (2, 0),  # the assertion ends in an illegal instruction
    "c_assert": (2, 0),
    "null_read": (5, 0),
    "null_call": (1, 0),
    "unaligned": (4, WORD),
    "bus_fault": (5, 0x18000000),
    "undefined_instruction": (2, 0),
    "stack_overflow": (7, GUARD),
    "fault_in_isr": (5, 0x18000000),
    "fault_in_task": (5, 0x18000000),
    "watchdog": (0x80000007, 0),
}
RISCV_REASONS = CORTEX_M_REASONS | {"bus_fault": MEMORY, "fault_in_isr": MEMORY, "fault_in_task": MEMORY}

# ESR_EL1, FAR_EL1 (None: not valid).
AARCH64_FAULTS = {
    "assert": (0xF20003E8, None),  # the assertion ends in "brk"
    "c_assert": (0xF20003E8, None),
    "null_read": (0x96000006, 0),
    "null_call": (0x86000006, 0),
    "unaligned": (0x96000021, WORD),
    "bus_fault": (0x96000010, 0x0B000000),
    "undefined_instruction": (0x02000000, None),
    "stack_overflow": (0x96000047, GUARD),
    "fault_in_isr": (0x96000010, 0x0B000000),
    "fault_in_task": (0x96000010, 0x0B000000),
    "watchdog": (0, None),  # an interrupt
}
AARCH64_REASONS = CORTEX_M_REASONS | {"fault_in_isr": BUS}


@dataclasses.dataclass
class Board:
    """One board and what its processor does with each mistake."""
    name: str
    machine: int
    reasons: dict
    faults: dict = None
    survives: tuple = ()
    fpu: bool = False
    guard_size: int = 256
    options: tuple = ()
    pc: str = "pc"
    lr: str = "lr"
    pointer_size: int = 4
    # Who calls work on the stack of a task, and in an interrupt (besides EXC_RETURN of Cortex-M).
    task_caller: str = "call_on_process_stack"
    interrupt_callers: tuple = ("PendSV_Handler",)
    # The function that traps after a failed assertion.
    assert_trap: str = "memfault_fault_handling_assert"
    # The core moves sp only as far as the limit, so the registers still fit on the stack.
    stack_limit: bool = False

    @property
    def is_cortex_m(self):
        return self.machine == 40

    @property
    def is_v6m(self):
        return self.is_cortex_m and self.faults is None


BOARDS = [
    Board("microbit", 40, CORTEX_M0_REASONS, survives=("null_read", "divide_by_zero")),
    Board("mps2-an385", 40, CORTEX_M_REASONS, CORTEX_M_FAULTS),
    Board("mps2-an386", 40, CORTEX_M_REASONS, CORTEX_M_FAULTS, fpu=True, options=("-DHARD_FLOAT=ON",)),
    Board("mps2-an500", 40, CORTEX_M_REASONS, CORTEX_M_FAULTS),
    Board("mps2-an505", 40, CORTEX_M_REASONS | {"stack_overflow": USAGE},
          CORTEX_M_FAULTS | {"stack_overflow": (0x00100000, 0, None, None)}, stack_limit=True),  # STKOF
    Board("riscv32-virt", 243, RISCV_REASONS, RISCV_FAULTS, survives=("divide_by_zero",), guard_size=4096, pc="mepc",
          lr="ra", task_caller="board_call_on_stack",
          interrupt_callers=("memfault_port_riscv_trap", "memfault_port_riscv_interrupt")),
    Board("aarch64-virt", 183, AARCH64_REASONS, AARCH64_FAULTS, survives=("divide_by_zero",), guard_size=4096, lr="x30",
          pointer_size=8, task_caller="board_call_on_stack", interrupt_callers=("memfault_port_aarch64_interrupt",)),
]
