#!/usr/bin/env python3
"""Checks the public headers and the library's symbols against the interface of the SDK.

  headers    every header alone, in seven compilers, C99 and C++17, all warnings are errors
  inventory  every macro of macros.tsv is defined, with its number of parameters
  compile    abi_check.c (types, layouts, enum values, prototypes, constants) for many ABIs and option sets
  macros     what the macros do: macro_test.c, run as C and C++; what must not compile: rejected/*.c
  link       abi_check.c linked with the library; on the host the program is run

  tests/abi/run.py [--only PART]... [--build] [--archive NAME=PATH]...

The archives for `link` are target/abi/<NAME>/libmemfault_rs.a unless --archive or the environment
variable ABI_ARCHIVE_<NAME> (upper case, '_' for '-') says otherwise; --build makes them with
"cargo xtask archive". Names: host, m4-short-enums, m4-int-enums, and each of them with -options.

The last line is "N passed, N failed"; the exit status is 0 only if nothing failed.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
INCLUDE = ROOT / "include"

WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Werror=undef"]
CORTEX_M4 = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
RISCV = ["riscv64-unknown-elf-gcc", "-march=rv32imac", "-mabi=ilp32", "-ffreestanding"]

# These stop with #error in any other way of use, or are for compilers that nobody has here.
NOT_ALONE = {"memfault/default_config.h", "memfault/core/compiler_armcc.h",
             "memfault/core/compiler_iar.h", "memfault/core/compiler_ti_arm.h"}
# Counting macro arguments needs the GNU form of variadic macros.
NEEDS_GNU = {"memfault/core/preprocessor.h"}

ABIS = {
    "host gcc": ["gcc"],
    "host clang": ["clang"],
    "Cortex-M0": ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb"],
    "Cortex-M4, short enums": CORTEX_M4,
    "Cortex-M4, int enums": [*CORTEX_M4, "-fno-short-enums"],
    "Cortex-M33": ["arm-none-eabi-gcc", "-mcpu=cortex-m33", "-mthumb"],
    "Cortex-R5": ["arm-none-eabi-gcc", "-mcpu=cortex-r5", "-mthumb"],
    "RV32, no C library": RISCV,
    "Cortex-M4 clang, no C library": ["clang", "--target=thumbv7em-none-eabi", "-ffreestanding"],
    "AArch64 clang, no C library": ["clang", "--target=aarch64-none-elf", "-ffreestanding"],
}

ON = ["LOG_RESTORE_STATE", "EVENT_STORAGE_RESTORE_STATE", "METRICS_RESTORE_STATE",
      "EVENT_STORAGE_NV_SUPPORT_ENABLED", "EVENT_STORAGE_READ_BATCHING_ENABLED",
      "METRICS_SYNC_SUCCESS", "METRICS_MEMFAULT_SYNC_SUCCESS",
      "METRICS_CONNECTIVITY_CONNECTED_TIME", "METRICS_BATTERY_ENABLE", "TASK_WATCHDOG_ENABLE",
      "REBOOT_REASON_CUSTOM_ENABLE", "CDR_ENABLE", "EVENT_INCLUDE_DEVICE_SERIAL",
      "CACHE_FAULT_REGS", "COLLECT_MPU_STATE", "DEMO_SHELL_COMMAND_EXTENSIONS",
      "DEMO_CLI_SELF_TEST", "DEMO_CLI_WATCHDOG", "COREDUMP_COLLECT_LOG_REGIONS"]
OPTION_SETS = {
    "defaults": ["-DCHECK_DEFAULT_CONFIG"],
    "all features": [f"-DMEMFAULT_{option}=1" for option in ON],
    "compact logs": ["-DMEMFAULT_COMPACT_LOG_ENABLE=1"],
    "no timestamps": ["-DMEMFAULT_LOG_TIMESTAMPS_ENABLE=0"],
}

# No start-up file: it has short enums, and ld compares every object with the first one that it sees.
BARE = ["--specs=nosys.specs", "-nostartfiles", "-Wl,--entry=main"]
# name: compiler, flags of the link, Rust target, nm
LINKS = {
    "host": (["gcc"], [], None, "nm"),
    "m4-short-enums": (CORTEX_M4, BARE, "thumbv7em-none-eabi", "arm-none-eabi-nm"),
    "m4-int-enums": ([*CORTEX_M4, "-fno-short-enums"], BARE, "thumbv7em-none-eabi", "arm-none-eabi-nm"),
}
COMPONENTS = "core,util,metrics,panics,http,demo"
# Each library also with these: they bring functions and hooks along.
OPTIONS = [f"-DMEMFAULT_{option}=1" for option in (
    "CACHE_FAULT_REGS", "COLLECT_MPU_STATE", "COREDUMP_COLLECT_LOG_REGIONS", "COREDUMP_COLLECT_HEAP_STATS", "TASK_WATCHDOG_ENABLE",
    "COREDUMP_COLLECT_TASK_WATCHDOG_REGION", "CDR_ENABLE", "LOG_RESTORE_STATE", "ASSERT_HALT_IF_DEBUGGING_ENABLED",
    "METRICS_SYNC_SUCCESS", "METRICS_MEMFAULT_SYNC_SUCCESS", "METRICS_CONNECTIVITY_CONNECTED_TIME", "METRICS_BATTERY_ENABLE",
    "METRICS_RESTORE_STATE", "PLATFORM_METRICS_CONNECTIVITY_BOOT", "DEMO_CLI_SELF_TEST", "DEMO_CLI_SELF_TEST_COREDUMP_STORAGE",
    "DEMO_CLI_WATCHDOG", "DEMO_SHELL_COMMAND_EXTENSIONS")]
VARIANTS = {"": [], "-options": OPTIONS}
# What a decoder finds by name in an image with debug information (spec 40 chapter 4.4).
DECODER_NAMES = ["MfltMetricsIndex", "eMfltMetricsIndexV2", "eMfltMetricsIndex", "kMfltMetricsIndex_heartbeat__uptime_s",
                 "MfltMetricSessionIndex", "eMfltMetricsSessionIndex", "kMfltMetricsSessionKey_heartbeat",
                 "MemfaultMetricValueType", "eMemfaultMetricType", "kMemfaultMetricType_Timer", "MemfaultMetricKVPair"]
KEY_TABLE = "s_memfault_heartbeat_keys"
KEY_TABLE_ENTRY = 24


class Checks:
    """Counts and prints."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def add(self, name, problem):
        if problem:
            self.failed += 1
            print(f"FAIL {name}")
            for line in problem.strip().splitlines()[:12]:
                print(f"     {line}")
        else:
            self.passed += 1
            print(f"ok   {name}")

    def add_all(self, jobs):
        """jobs: (name, function that returns a problem or nothing). Run in parallel, printed in order."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for (name, _), problem in zip(jobs, pool.map(lambda job: job[1](), jobs)):
                self.add(name, problem)


def run(command, text=None):
    """Runs a program; its messages if it fails, else nothing."""
    done, output = output_of(command, text)
    return None if done else output or "failed without a message"


def output_of(command, text=None):
    command = [str(word) for word in command]
    try:
        result = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT)
    except FileNotFoundError:
        return False, f"{command[0]} is not installed"
    return result.returncode == 0, result.stdout if result.returncode == 0 else result.stderr + result.stdout


def all_headers():
    return sorted(str(path.relative_to(INCLUDE)) for path in INCLUDE.rglob("*.h"))


def includes(config):
    return [f"-I{INCLUDE}", f"-I{HERE / config}"]


# ---- headers ----

def compile_alone(header, options):
    gnu = header in NEEDS_GNU or bool(options)
    c, cpp = ("-std=gnu11", "-std=gnu++17") if gnu else ("-std=c99", "-std=c++17")
    compilers = [["gcc", c], ["clang", c], [*CORTEX_M4, c], [*RISCV, c],
                 ["g++", cpp], ["clang++", cpp], ["arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", cpp]]
    # A translation unit must not be empty.
    text = f'#include "{header}"\ntypedef int not_empty;\n'
    for compiler in compilers:
        language = "c++" if "++" in compiler[0] else "c"
        problem = run([*compiler, *WARNINGS, "-Wpedantic", *includes("config"), *options, "-fsyntax-only",
                       "-x", language, "-"], text)
        if problem:
            return f"{' '.join(compiler)}\n{problem}"
    return None


def check_headers(checks):
    jobs = []
    for header in all_headers():
        if header not in NOT_ALONE:
            jobs.append((f"{header} alone", lambda h=header: compile_alone(h, [])))
    for header in ("memfault/components.h", "memfault/core/log.h", "memfault/core/trace_event.h",
                   "memfault/core/compact_log_helpers.h", "memfault/core/compact_log_compile_time_checks.h"):
        options = OPTION_SETS["compact logs"]
        jobs.append((f"{header} alone, compact logs", lambda h=header, o=options: compile_alone(h, o)))

    def refuses_to_stand_alone():
        text = '#include "memfault/default_config.h"\n'
        done, _ = output_of(["gcc", *includes("config"), "-fsyntax-only", "-x", "c", "-"], text)
        return "it compiles without memfault/config.h" if done else None

    jobs.append(("memfault/default_config.h refuses to be included alone", refuses_to_stand_alone))
    jobs.append(("memfault/components.h, strict configuration", strict_configuration))
    checks.add_all(jobs)


def strict_configuration():
    """Firmware that sets every option by itself gets no default, and no header needs an option more."""
    defaults = (INCLUDE / "memfault" / "default_config.h").read_text()
    options = re.findall(r"#ifndef MEMFAULT_\w+\n\s*(#define MEMFAULT_\w+ .+)", defaults)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "strict_config.h"
        lines = ["#define MEMFAULT_PLATFORM_CONFIG_STRICT 1", "#define MEMFAULT_HTTP_APIS_DEFAULT_SCHEME \"https\"", *options]
        config.write_text("\n".join(lines) + "\n")
        text = '#include "memfault/components.h"\ntypedef int not_empty;\n'
        return run(["gcc", "-std=gnu11", *WARNINGS, f'-DMEMFAULT_PLATFORM_CONFIG_FILE="{config}"', *includes("config"),
                    "-fsyntax-only", "-x", "c", "-"], text)


# ---- inventory ----

def parameters(text):
    """Number of parameters and whether more may follow; None for a macro without parentheses."""
    text = text.strip()
    if not text.startswith("("):
        return None
    names = [name.strip() for name in text[1:].rstrip(")").split(",") if name.strip()]
    return len(names), bool(names) and names[-1].endswith("...")


def definitions(header, name):
    """Parameter lists of all definitions of a macro in the text of a header, continued lines joined."""
    text = (INCLUDE / header).read_text().replace("\\\n", " ")
    found = re.findall(rf"#\s*define\s+{re.escape(name)}\b(\([^)]*\))?", text)
    return [parameters(params) for params in found]


def check_inventory(checks):
    rows = [line.rstrip("\n").split("\t") for line in (HERE / "macros.tsv").read_text().splitlines()[1:]]
    by_header = {}
    for header, name, params, kind, condition in rows:
        by_header.setdefault(header, []).append((name, params, kind, condition))
    for header, macros in by_header.items():
        checks.add(f"{len(macros)} macros of {header}", missing_macros(header, macros))


def missing_macros(header, macros):
    problems = []
    visible = None
    if header not in NOT_ALONE:
        done, visible = output_of(["gcc", "-std=gnu11", "-dM", "-E", *includes("config"), "-x", "c", "-"],
                                  f'#include "{header}"\n')
        if not done:
            return visible
    for name, params, kind, condition in macros:
        have = definitions(header, name)
        for form in params.split(" | "):
            if parameters("" if form == "-" else form) not in have:
                problems.append(f"{name}{form if form != '-' else ''} is not defined like that")
        if visible and not condition and kind != "X-macro" and not re.search(rf"#define {re.escape(name)}\b", visible):
            problems.append(f"{name} is not there after the header was included")
    return "\n".join(problems)


# ---- compile ----

def without_c_library(compiler):
    """Hides the headers of a C library that the host compiler finds by accident."""
    if compiler[0] == "clang" and "-ffreestanding" in compiler:
        done, folder = output_of(["clang", "-print-resource-dir"])
        return ["-nostdinc", "-isystem", f"{folder.strip()}/include"] if done else []
    return []


def check_compile(checks, work):
    jobs = []
    for abi, compiler in ABIS.items():
        for options_name, options in OPTION_SETS.items():
            output = work / f"{len(jobs)}.o"
            command = [*compiler, *without_c_library(compiler), "-std=gnu11", *WARNINGS, *includes("config"), *options,
                       "-c", HERE / "abi_check.c", "-o", output]
            jobs.append((f"abi_check.c: {abi}, {options_name}", lambda c=command: run(c)))
    checks.add_all(jobs)


# ---- macros ----

def check_macros(checks, work):
    sets = {
        "defaults": [],
        "saving disabled": ["-DMEMFAULT_SDK_LOG_SAVE_DISABLE=1"],
        "compact logs": ["-DMEMFAULT_COMPACT_LOG_ENABLE=1"],
        "range and session": ["-DMACRO_TEST_RANGE_AND_SESSION"],
        "own log macros": ["-DMEMFAULT_PLATFORM_HAS_LOG_CONFIG=1"],
    }
    jobs = []
    for name, options in sets.items():
        for c, cpp in (("gcc", None), ("clang", None), ("gcc", "g++"), ("clang", "clang++")):
            for level in ("-O0", "-O2"):
                jobs.append((f"macro_test.{'c' if cpp is None else 'cpp'}: {cpp or c} {level}, {name}",
                             lambda a=(c, cpp, level, options, work / str(len(jobs))): run_macro_test(*a)))
    for name, options in sets.items():
        command = [*CORTEX_M4, "-std=gnu11", *WARNINGS, *includes("user_config"), f"-I{HERE}", *options, "-Os", "-c",
                   HERE / "macro_test.c", "-o", work / f"m4-{len(jobs)}.o"]
        jobs.append((f"macro_test.c compiles: Cortex-M4, {name}", lambda c=command: run(c)))
    for compiler in (["gcc"], ["clang"], CORTEX_M4):
        # What is rejected below is not rejected for another reason.
        command = [*compiler, "-std=gnu11", *WARNINGS, *includes("user_config"), "-fsyntax-only"]
        unit = ROOT / "shim" / "memfault_rs_metrics.c"
        jobs.append((f"{unit.name} compiles: {' '.join(compiler)}", lambda c=[*command, unit]: run(c)))
    for source in sorted((HERE / "rejected").glob("*.c")):
        jobs.append((f"rejected: {source.stem}", lambda s=source: is_rejected(s)))
    checks.add_all(jobs)


def is_rejected(source):
    """The first line of the file says what the compilers must say."""
    text = source.read_text()
    expected = text.splitlines()[0].removeprefix("/* Must not compile: ").removesuffix(" */")
    compilers = [["gcc", "-std=gnu11"], ["clang", "-std=gnu11"]]
    if "/shim/" not in text:  # those units are C
        compilers.append(["g++", "-std=gnu++17", "-x", "c++"])
    for compiler in compilers:
        command = [*compiler, *WARNINGS, *includes("user_config"), f"-I{source.parent}", "-fsyntax-only", source]
        done, output = output_of(command)
        if done:
            return f"{compiler[0]} compiles it"
        # The message may be a string of several literals.
        if expected not in output.replace('" "', ""):
            return f'{compiler[0]} does not say "{expected}":\n{output}'
    return None


def run_macro_test(c, cpp, level, options, program):
    # Ids of compact logs are addresses of 32 bits, so the program must lie in the lowest 4 GiB.
    flags = [*WARNINGS, *includes("user_config"), f"-I{HERE}", level, "-g", "-fno-pie", *options]
    stubs, test = f"{program}-stubs.o", f"{program}-test.o"
    source = "macro_test.cpp" if cpp else "macro_test.c"
    problem = (run([c, "-std=gnu11", *flags, "-c", HERE / "macro_stubs.c", "-o", stubs])
               or run([cpp or c, "-std=gnu++17" if cpp else "-std=gnu11", *flags, "-c", HERE / source, "-o", test])
               or run([cpp or c, "-no-pie", test, stubs, "-o", program]))
    return problem or run([program])


# ---- link ----

def not_yet():
    """Names that the library does not have yet, and the macro that needs each of them."""
    names = {}
    for line in (HERE / "not_yet.txt").read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            names[words[0]] = words[1] if len(words) > 1 else None
    return names


def filtered_check(names):
    """abi_check.c without the references to these names."""
    kept = []
    macros = tuple(f"{macro}(" for macro in names.values() if macro)
    for line in (HERE / "abi_check.c").read_text().splitlines():
        reference = re.search(r"\bcheck_(\w+)\b.* ABI_USED = ", line)
        if not (reference and reference.group(1) in names) and not line.strip().startswith(macros):
            kept.append(line)
    return "\n".join(kept) + "\n"


def archive_path(name, arguments):
    given = arguments.get(name) or os.environ.get(f"ABI_ARCHIVE_{name.upper().replace('-', '_')}")
    return Path(given) if given else ROOT / "target" / "abi" / name / "libmemfault_rs.a"


def build_archive(name, link_name, options):
    compiler, _, target, _ = LINKS[link_name]
    flags = [flag for flag in compiler if flag.startswith("-f")]
    environment = dict(os.environ, MEMFAULT_CONFIG_CFLAGS=" ".join([f"-I{HERE / 'config'}", *flags, *options]))
    command = ["cargo", "run", "--quiet", "--package", "xtask", "--no-default-features", "--", "archive",
               "--config-header", HERE / "config" / "memfault_platform_config.h", "--features", COMPONENTS,
               "--out", ROOT / "target" / "abi" / name, *(["--target", target] if target else [])]
    result = subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, capture_output=True, text=True)
    return None if result.returncode == 0 else result.stderr


def check_link(checks, work, arguments, build):
    names = not_yet()
    (work / "abi_link.c").write_text(filtered_check(names))
    for link_name in LINKS:
        for suffix, options in VARIANTS.items():
            check_link_with(checks, work, link_name, link_name + suffix, options, names, arguments, build)


def check_link_with(checks, work, link_name, name, options, names, arguments, build):
    compiler, link_flags, _, nm = LINKS[link_name]
    archive = archive_path(name, arguments)
    if build and name not in arguments:
        checks.add(f"{name}: cargo xtask archive", build_archive(name, link_name, options))
    if not archive.is_file():
        checks.add(f"{name}: archive", f"{archive} does not exist; --build makes it")
        return
    checks.add(f"{name}: no name in not_yet.txt is in the library", stale_names(nm, archive, names))
    flags = ["-std=gnu11", *WARNINGS, *includes("config"), *options, "-DABI_CHECK_MAIN", "-DCHECK_DECODER_SYMBOLS"]
    program = work / f"{name}.elf"
    problem = link([*compiler, *flags, work / "abi_link.c", HERE / "platform.c", archive, *link_flags, "-o", program])
    checks.add(f"{name}: abi_check.c links", problem)
    if problem:
        return
    checks.add(f"{name}: a decoder finds the metrics", metrics_for_decoders(nm, program))
    if link_name == "host":
        checks.add(f"{name}: abi_check.c runs", run([program]))


def metrics_for_decoders(nm, program):
    """What the table and the debug information lack."""
    done, symbols = output_of([nm, "--print-size", program])
    if not done:
        return symbols
    sizes = [int(line.split()[1], 16) for line in symbols.splitlines() if line.endswith(f" {KEY_TABLE}")]
    if len(sizes) != 1 or sizes[0] == 0 or sizes[0] % KEY_TABLE_ENTRY != 0:
        return f"{KEY_TABLE}: sizes {sizes}, wanted one of {KEY_TABLE_ENTRY} bytes per metric"
    done, debug = output_of(["readelf", "--wide", "--debug-dump=info", program])
    if not done:
        return debug
    found = set(re.findall(r"DW_AT_name\s*: (?:\(.*\): )?(\w+)", debug))
    missing = [name for name in DECODER_NAMES if name not in found]
    return f"not in the debug information: {', '.join(missing)}" if missing else None


def link(command):
    """Like run; a warning about the library (its enums have the wrong width, say) is a failure, too."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    about_us = "\n".join(line for line in result.stderr.splitlines() if "libmemfault_rs" in line)
    return about_us if result.returncode == 0 else result.stderr


def stale_names(nm, archive, names):
    done, output = output_of([nm, "--defined-only", "--extern-only", archive])
    if not done:
        return output
    defined = {line.split()[-1] for line in output.splitlines() if len(line.split()) == 3}
    return "\n".join(f"{name} is defined by the library: take it off the list" for name in names if name in defined)


def main():
    parts = ("headers", "inventory", "compile", "macros", "link")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=parts, metavar="PART", help=", ".join(parts))
    parser.add_argument("--build", action="store_true", help="make the archives first")
    parser.add_argument("--archive", action="append", default=[], metavar="NAME=PATH")
    options = parser.parse_args()
    archives = dict(entry.split("=", 1) for entry in options.archive)
    checks = Checks()
    wanted = options.only or parts
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if "headers" in wanted:
            check_headers(checks)
        if "inventory" in wanted:
            check_inventory(checks)
        if "compile" in wanted:
            check_compile(checks, work)
        if "macros" in wanted:
            check_macros(checks, work)
        if "link" in wanted:
            check_link(checks, work, archives, options.build)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 0 if checks.failed == 0 and checks.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
