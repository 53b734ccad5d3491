"""What all parts of the ABI check use: counting, running programs, compilers, option sets."""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "lib"))
from runner import ROOT, Report  # noqa: E402

INCLUDE = ROOT / "include"

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Werror=undef"]
CORTEX_M4 = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
RISCV = ["riscv64-unknown-elf-gcc", "-march=rv32imac_zicsr", "-mabi=ilp32", "-ffreestanding"]

# These stop with #error in any other way of use, or are for compilers that nobody has here.
NOT_ALONE = {"memfault/default_config.h", "memfault/core/compiler_armcc.h",
             "memfault/core/compiler_iar.h", "memfault/core/compiler_ti_arm.h"}

# Options that are off by default and can be on together. The value is 1 where none is given.
ALL_ON = {
    "USE_GNU_BUILD_ID": "1", "ASSERT_HALT_IF_DEBUGGING_ENABLED": "1", "EVENT_INCLUDE_DEVICE_SERIAL": "1",
    "LOG_RESTORE_STATE": "1", "EVENT_STORAGE_READ_BATCHING_ENABLED": "1",
    "EVENT_STORAGE_NV_SUPPORT_ENABLED": "1", "EVENT_STORAGE_RESTORE_STATE": "1", "COREDUMP_COLLECT_LOG_REGIONS": "1",
    "MESSAGE_HEADER_CONTAINS_PROJECT_KEY": "1", "PROJECT_KEY": '"0123456789abcdef0123456789abcdef"',
    "COREDUMP_COLLECT_HEAP_STATS": "1", "TASK_WATCHDOG_ENABLE": "1", "COREDUMP_COLLECT_TASK_WATCHDOG_REGION": "1",
    "REBOOT_REASON_CUSTOM_ENABLE": "1", "METRICS_SYNC_SUCCESS": "1", "METRICS_MEMFAULT_SYNC_SUCCESS": "1",
    "METRICS_CONNECTIVITY_CONNECTED_TIME": "1", "METRICS_BATTERY_ENABLE": "1", "METRICS_RESTORE_STATE": "1",
    "COLLECT_MPU_STATE": "1", "CACHE_FAULT_REGS": "1", "PLATFORM_FAULT_HANDLER_CUSTOM": "1", "FAULT_HANDLER_RETURN": "1",
    "FAULT_HANDLER_WATCHDOG_RETURN": "1", "DEMO_CLI_SELF_TEST": "1", "DEMO_CLI_SELF_TEST_COREDUMP_STORAGE": "1",
    "DEMO_CLI_WATCHDOG": "1", "DEMO_SHELL_COMMAND_EXTENSIONS": "1", "CDR_ENABLE": "1",
    "PLATFORM_COREDUMP_STORAGE_RAM_CUSTOM": "1", "PLATFORM_COREDUMP_STORAGE_REGIONS_CUSTOM": "1",
    "PLATFORM_METRICS_CONNECTIVITY_BOOT": "1", "OS_VERSION_NAME": '"abi"', "OS_VERSION_STRING": '"1.0"',
}  # fmt: skip
# Off by default, and not among them.
NOT_ON = {
    "PLATFORM_CONFIG_STRICT": "leaves every default out",
    "PLATFORM_CONFIG_DISABLED": "leaves the firmware's configuration out",
    "PLATFORM_CONFIG_INCLUDE_DEFAULTS": "an internal marker",
    "COMPACT_LOG_ENABLE": "an option set of its own: it replaces functions",
    "PLATFORM_HAS_LOG_CONFIG": "replaces the log macros that abi_check.c looks for",
    "SDK_LOG_SAVE_DISABLE": "switches something off",
    "DISABLE_USER_TRACE_REASONS": "switches something off",
    "DISABLE_OLD_MEMMANAGE_HANDLER": "switches something off",
    "DEMO_DISABLE_CASSERT": "switches something off",
    "FREERTOS_PORT_HEAP_STATS_ENABLE": "excludes COREDUMP_HEAP_STATS_LOCK_ENABLE, which is on",
    "PLATFORM_COREDUMP_STORAGE_USE_FLASH": "excludes PLATFORM_COREDUMP_STORAGE_USE_RAM, which is on",
    "UNITTEST": "for tests on a development machine",
    "UNITTEST_SELF_TEST": "for tests on a development machine",
    "UNITY_INCLUDE_CONFIG_H": "for tests on a development machine",
    "USE_ARMV6M_FAULT_HANDLER": "the processor decides",
    "USE_ARMV8M_BASE_FAULT_HANDLER": "the processor decides",
}  # fmt: skip
OPTION_SETS = {
    "defaults": {},
    "all on": ALL_ON,
    "compact logs": {"COMPACT_LOG_ENABLE": "1"},
    "no timestamps": {"LOG_TIMESTAMPS_ENABLE": "0"},
}


class Target:
    """Where abi_check.c is compiled, linked with the library and run."""

    def __init__(self, compiler, rust=None, prefix="", board=None):
        self.compiler = compiler
        self.rust = rust  # target of rustc, None: this machine
        self.nm = prefix + "nm"
        self.board = board


TARGETS = {
    "host": Target(["gcc"]),
    "Cortex-M0": Target(["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"], "thumbv6m-none-eabi", "arm-none-eabi-", "microbit"),
    "Cortex-M4": Target(CORTEX_M4, "thumbv7em-none-eabi", "arm-none-eabi-", "mps2-an386"),
    "Cortex-M4, int enums": Target([*CORTEX_M4, "-fno-short-enums"], "thumbv7em-none-eabi", "arm-none-eabi-", "mps2-an386"),
    "Cortex-M33": Target(["arm-none-eabi-gcc", "-mcpu=cortex-m33", "-mthumb"], "thumbv8m.main-none-eabi", "arm-none-eabi-", "mps2-an505"),
    "RV32": Target(RISCV, "riscv32imac-unknown-none-elf", "riscv64-unknown-elf-", "riscv32-virt"),
}  # fmt: skip
# For its symbols only.
CORTEX_R5 = Target(["arm-none-eabi-gcc", "-mcpu=cortex-r5"], "armv7r-none-eabihf", "arm-none-eabi-")


def definitions_of(option_set):
    """The option set on the command line of a compiler."""
    return [f"-DMEMFAULT_{name}={value}" for name, value in OPTION_SETS[option_set].items()]


def includes(config):
    """The public headers and a configuration."""
    return [f"-I{INCLUDE}", f"-I{HERE / config}"]


class Checks(Report):
    """Counts and prints."""

    def add(self, name, problem):
        """One check; `problem` is None or empty when it holds."""
        self.check(not problem, name, "\n     ".join(["", *(problem or "").strip().splitlines()[:12]]))

    def add_all(self, jobs):
        """jobs: (name, function that returns a problem or nothing). Run in parallel, printed in order."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for (name, _), problem in zip(jobs, pool.map(lambda job: job[1](), jobs)):
                self.add(name, problem)


def run(command, text=None):
    """Runs a program; its messages if it fails, else nothing."""
    done, output = output_of(command, text)
    return None if done else output or "failed without a message"


def output_of(command, text=None, **environment):
    command = [str(word) for word in command]
    try:
        result = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, env={**os.environ, **environment})
    except FileNotFoundError:
        return False, f"{command[0]} is not installed"
    return result.returncode == 0, result.stdout if result.returncode == 0 else result.stderr + result.stdout


def rows_of(name):
    """The rows of a table in this folder, each a dictionary."""
    names, *rows = [line.split("\t") for line in (HERE / name).read_text().splitlines()]
    return [dict(zip(names, row, strict=True)) for row in rows]
