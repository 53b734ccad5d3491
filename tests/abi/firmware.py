"""abi_check.c, linked with the library as firmware and run: for every target with every set of options."""
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

import symbols
from common import CORTEX_R5, HERE, OPTION_SETS, ROOT, TARGETS, WARNINGS, definitions_of, includes, output_of, run

COMPONENTS = "core,util,metrics,panics,http,demo"
BOARDS = ROOT / "c_examples" / "common"
STUBS = ROOT / "tests" / "stubs"
FIRMWARE = [HERE / "firmware" / "main.c", HERE / "firmware" / "hooks.c", STUBS / "platform.c", STUBS / "no_coredumps.c"]
RISCV_PORT = ROOT / "ports" / "riscv"
# What a decoder finds by name in an image with debug information (spec 40 chapter 4.4).
DECODER_NAMES = ["MfltMetricsIndex", "eMfltMetricsIndexV2", "eMfltMetricsIndex", "kMfltMetricsIndex_heartbeat__uptime_s",
                 "MfltMetricSessionIndex", "eMfltMetricsSessionIndex", "kMfltMetricsSessionKey_heartbeat",
                 "MemfaultMetricValueType", "eMemfaultMetricType", "kMemfaultMetricType_Timer", "MemfaultMetricKVPair"]
KEY_TABLE = "s_memfault_heartbeat_keys"
KEY_TABLE_ENTRY = 24
# Functions and objects that abi_check.c refers to, in the smallest configuration.
MIN_REFERENCES = 250

# Sources and flags of the boards, as in c_examples/common/CMakeLists.txt.
CORTEX_M = ["startup.c", "cortex_m.c", "retained.c"]


def mps2(hz, uart, timer, timer_irq):
    return ([*CORTEX_M, "soc_cmsdk.c"],
            [f"-DBOARD_CPU_HZ={hz}u", f"-DBOARD_UART0_BASE={uart}u", f"-DBOARD_TIMER0_BASE={timer}u", f"-DBOARD_TIMER0_IRQ={timer_irq}u"])


BOARD_SOURCES = {
    None: (["host.c"], []),
    "microbit": ([*CORTEX_M, "soc_nrf51.c"], []),
    "mps2-an386": mps2(25000000, "0x40004000", "0x40000000", 8),
    "mps2-an505": mps2(20000000, "0x50200000", "0x50000000", 3),
    "riscv32-virt": (["riscv_start.S", "riscv_virt.c", "virt.c", "retained.c", "freestanding/freestanding.c",
                      RISCV_PORT / "memfault_riscv_trap.S", RISCV_PORT / "memfault_riscv_port.c"],
                     [f"-I{BOARDS / 'freestanding'}", f"-I{ROOT / 'ports' / 'include'}"]),
}  # fmt: skip


def link_flags(board):
    """How the linker is called for a board."""
    if board is None:
        # Ids of compact logs are addresses of 32 bits.
        return ["-no-pie", "-Wl,--build-id", f"-Wl,-T,{HERE / 'firmware' / 'host.ld'}"]
    flags = ["-nostartfiles", f"-L{BOARDS / 'boards'}", f"-T{BOARDS / 'boards' / board}.ld", "-Wl,--gc-sections", "-Wl,--build-id"]
    return [*flags, "-nostdlib", "-lgcc"] if board.startswith("riscv") else [*flags, "--specs=nano.specs"]


class Build:
    """The archive and the firmware of one target with one set of options. Each step gives a problem or None."""

    # Cargo builds one archive after the other, and each replaces the one before.
    cargo = threading.Lock()

    def __init__(self, name, target, option_set, work):
        self.name = name
        self.target = target
        self.option_set = option_set
        self.title = f"{name}, {option_set}"
        folder = re.sub(r"\W+", "-", self.title).lower()
        self.archive = ROOT / "target" / "abi" / folder / "libmemfault_rs.a"
        self.stem = work / folder
        self.stem.mkdir()
        # Not as a position-independent program: the addresses that abi_check.c keeps are constants then, as on the boards.
        self.flags = [*target.compiler, "-std=gnu11", *WARNINGS, *includes("config"), *definitions_of(option_set), "-Os", "-fno-pie"]

    def build_archive(self):
        enums = [flag for flag in self.target.compiler if flag == "-fno-short-enums"]
        options = [flag.replace('"', '\\"') for flag in definitions_of(self.option_set)]
        command = ["cargo", "run", "--quiet", "--package", "xtask", "--no-default-features", "--", "archive", "--quiet",
                   "--config-header", HERE / "config" / "memfault_platform_config.h", "--features", COMPONENTS,
                   "--out", self.archive.parent, *(["--target", self.target.rust] if self.target.rust else [])]
        with self.cargo:
            done, output = output_of(command, MEMFAULT_CONFIG_CFLAGS=" ".join([*includes("config")[1:], *enums, *options]))
        return None if done else output

    def names(self):
        return symbols.differences(self.name, self.target, self.option_set, self.archive)

    def compile_check(self):
        """Types, layouts, enum values, prototypes, constants."""
        checks = ["-DCHECK_DECODER_SYMBOLS", "-DCHECK_PLATFORM_HOOKS"]
        if self.option_set == "defaults":
            checks.append("-DCHECK_DEFAULT_CONFIG")
        return run([*self.flags, *checks, "-fdata-sections", "-c", HERE / "abi_check.c", "-o", self.stem / "check.o"])

    def link(self, board_objects):
        gathered = self.stem / "gathered.o"
        script = HERE / "firmware" / "gather.ld"
        problem = run([*self.target.compiler, "-r", "-nostdlib", f"-Wl,-T,{script}", self.stem / "check.o", "-o", gathered])
        objects = []
        for source in FIRMWARE:
            objects.append(self.stem / f"{source.stem}.o")
            board = [f"-I{BOARDS}", *BOARD_SOURCES[self.target.board][1]]
            problem = problem or run([*self.flags, *board, "-c", source, "-o", objects[-1]])
        if problem:
            return problem
        # Firmware first: ld compares the enum size of all objects with that of the first one.
        command = [*self.target.compiler, *objects, gathered, *board_objects, self.archive, *link_flags(self.target.board),
                   "-o", self.stem / "firmware.elf"]
        result = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
        # A warning about the library (its enums have the wrong width, say) is a failure, too.
        about_us = "\n".join(line for line in result.stderr.splitlines() if "libmemfault_rs" in line)
        return about_us if result.returncode == 0 else result.stderr

    def run(self):
        """Every address that abi_check.c keeps is one of the array in the firmware, and the firmware finds nothing wrong."""
        done, symbols_of_check = output_of([self.target.nm, self.stem / "check.o"])
        wanted = len(re.findall(r" [rd] check_\w+$", symbols_of_check, re.MULTILINE))
        elf = self.stem / "firmware.elf"
        done, output = output_of([ROOT / "scripts" / "qemu-run.sh", self.target.board, elf] if self.target.board else [elf])
        summary = re.search(r"^(\d+) references, 0 null, 0 mismatches, (\d+) checks, 0 failed$", output, re.MULTILINE)
        if not done or not summary or not MIN_REFERENCES <= wanted == int(summary[1]):
            return f"{output}\nwanted {wanted} references, at least {MIN_REFERENCES}"
        return None

    def find_metrics(self):
        """What a decoder lacks: the table of the metrics' names, and the debug information."""
        elf = self.stem / "firmware.elf"
        done, symbols_of_elf = output_of([self.target.nm, "--print-size", elf])
        if not done:
            return symbols_of_elf
        sizes = [int(line.split()[1], 16) for line in symbols_of_elf.splitlines() if line.endswith(f" {KEY_TABLE}")]
        if len(sizes) != 1 or sizes[0] == 0 or sizes[0] % KEY_TABLE_ENTRY != 0:
            return f"{KEY_TABLE}: sizes {sizes}, wanted one of {KEY_TABLE_ENTRY} bytes per metric"
        done, debug = output_of(["readelf", "--wide", "--debug-dump=info", elf])
        if not done:
            return debug
        found = set(re.findall(r"DW_AT_name\s*: (?:\(.*\): )?(\w+)", debug))
        missing = [name for name in DECODER_NAMES if name not in found]
        return f"not in the debug information: {', '.join(missing)}" if missing else None


def compile_board(target, folder):
    """Start-up code and drivers, the same for all option sets: (objects, problem)."""
    sources, flags = BOARD_SOURCES[target.board]
    folder.mkdir()
    objects = []
    for source in sources:
        source = BOARDS / source
        objects.append(folder / f"{source.stem}.o")
        language = ["-x", "assembler-with-cpp"] if source.suffix == ".S" else ["-std=gnu11", *WARNINGS]
        problem = run([*target.compiler, *language, f"-I{BOARDS}", *includes("config"), *flags, "-Os", "-c", source, "-o", objects[-1]])
        if problem:
            return objects, problem
    return objects, None


def check_archive(build, make):
    """[(what, problem)] of an archive; `make`: builds it first."""
    results = [("cargo xtask archive", build.build_archive())] if make else []
    if not build.archive.is_file():
        return [*results, ("the archive", f"{build.archive} does not exist; --build makes it")]
    return [*results, ("every name is in the archive, weak or strong as listed", build.names())]


def check_build(build, make, board_objects):
    """[(what, problem)] of an archive and its firmware, as far as one goes."""
    results = check_archive(build, make)
    if not build.archive.is_file():
        return results
    for what, step in (("abi_check.c compiles", build.compile_check), ("abi_check.c links", lambda: build.link(board_objects)),
                       ("abi_check.c runs", build.run), ("a decoder finds the metrics", build.find_metrics)):
        results.append((what, step()))
        if results[-1][1]:
            break
    return results


def check_firmware(checks, work, make):
    """All targets with all sets of options; `make`: builds the archives first."""
    jobs = []
    for name, target in TARGETS.items():
        board_objects, problem = compile_board(target, work / f"board of {name}")
        if problem:
            checks.add(f"{name}: the board's code compiles", problem)
        for option_set in OPTION_SETS:
            build = Build(name, target, option_set, work)
            jobs.append((build, lambda b=build, o=board_objects: check_build(b, make, o)))
    build = Build("Cortex-R5", CORTEX_R5, "all on", work)
    jobs.append((build, lambda b=build: check_archive(b, make)))
    # While cargo builds an archive, the one before is linked and run.
    with ThreadPoolExecutor(2) as pool:
        for (build, _), results in zip(jobs, pool.map(lambda job: job[1](), jobs)):
            for what, problem in results:
                checks.add(f"{build.title}: {what}", problem)
    symbols.check_completeness(checks)
