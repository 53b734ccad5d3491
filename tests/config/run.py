#!/usr/bin/env python3
"""Every option of the configuration in more than one setting, on the host or in QEMU, seen in a linked C program; and wrong values.

    tests/config/run.py [WORD..]      only the cases whose name contains one of the words

The configurations reach the library as firmware gives them: as a header (and flags), and as the object of the probe. The last line is
"N passed, N failed".
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import expected_demo
import expected_http
import expected_metrics
import expected_panics
from expected import CASES, DEFAULTS, REFUSED

ROOT = Path(__file__).resolve().parents[2]
FIRMWARE = Path(__file__).resolve().parent / "firmware"
DEMO_FIRMWARE = FIRMWARE.with_name("firmware_demo")
HTTP_FIRMWARE = FIRMWARE.with_name("firmware_http")
METRICS_FIRMWARE = FIRMWARE.with_name("firmware_metrics")
PANICS_FIRMWARE = FIRMWARE.with_name("firmware_panics")
CORTEX_M_FIRMWARE = FIRMWARE.with_name("firmware_cortex_m")
# The hooks that a program does not look at.
STUBS = [ROOT / "tests/stubs/platform.c", ROOT / "tests/stubs/no_coredumps.c"]
BOARD_SCRIPT = ROOT / "tests/golden/player/board.ld"
CORTEX_M4 = ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb"]
OUT = ROOT / "build" / "config"
PROBE = ROOT / "shim" / "config_probe.c"

# The specification's examples have a build id; it is a note that the program brings along.
BASE = "#ifndef MEMFAULT_USE_GNU_BUILD_ID\n#define MEMFAULT_USE_GNU_BUILD_ID 1\n#endif\n"
BASE += "#ifndef MEMFAULT_GNU_BUILD_ID_SYMBOL\n#define MEMFAULT_GNU_BUILD_ID_SYMBOL first_build_id_note\n#endif\n"

passed = failed = 0


def check(name, problem):
    """Counts one check; `problem` is None when it holds."""
    global passed, failed
    if problem is None:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {name}: {problem}", flush=True)


def run(*command, **environment):
    """Runs a command; returns its exit code and what it printed."""
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **{name: str(value) for name, value in environment.items()}},
    )
    return done.returncode, done.stdout


def write_header(text):
    """The configuration header of the next build."""
    header = OUT / "memfault_platform_config.h"
    header.parent.mkdir(parents=True, exist_ok=True)
    header.write_text(text)
    return header


def lines_of(options):
    return "".join(f"#define MEMFAULT_{name} {value}\n" for name, value in options.items())


def archive(*options, cflags=""):
    """`cargo xtask archive`; all configurations share the folder of intermediate files."""
    return run(
        "cargo", "xtask", "archive", "--quiet", "--target-dir", OUT / "cargo", "--out", OUT, *options,
        MEMFAULT_CONFIG_CFLAGS=f"{cflags} -I{FIRMWARE}",
    )  # fmt: skip


def compiler(header, *flags, program=("gcc",)):
    """gcc as the firmware calls it."""
    config_file = f'-DMEMFAULT_PLATFORM_CONFIG_FILE="{header}"'
    return [*program, "-std=gnu11", config_file, *flags, f"-I{FIRMWARE}", f"-I{ROOT / 'include'}"]


def observe(header, *flags, firmware=FIRMWARE):
    """Builds and runs the program; returns its observations, or what went wrong."""
    program = OUT / "effects"
    # Each program has the hooks of what it calls and those of the stubs, not of the whole library.
    warnings = ["-g", "-Wl,--gc-sections", "-Wall", "-Wextra", "-Werror", "-Werror=undef"]
    code, output = run(*compiler(header, *flags), *warnings, firmware / "effects.c", *STUBS, OUT / "libmemfault_rs.a", "-o", program)
    if code != 0:
        return {}, f"does not link:\n{output}"
    code, output = run(program)
    if code != 0:
        return {}, f"ended with {code}:\n{output}"
    return dict(line.partition(" ")[::2] for line in output.splitlines()), None


def differences(observations, case, defaults, specified=DEFAULTS):
    """The observations that are not as the case says."""
    wrong = []
    for name in specified:
        wanted = case.changes.get(name, defaults.get(name, specified[name]))
        value = observations.get(name)
        holds = value is not None and (value == wanted if isinstance(wanted, str) else wanted.holds(value))
        if not holds:
            wrong.append(f"{name} is {value}, wanted {wanted}")
    return "\n     ".join(wrong) or None


def settings(words):
    """Every case: the archive with its header, linked and run."""
    defaults = {}
    for case in CASES:
        if words and not any(word in case.name for word in words) and case.options:
            continue
        header = write_header(lines_of(case.options) + BASE)
        code, output = archive("--config-header", header)
        if code != 0:
            check(case.name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header)
        check(case.name, problem or differences(observations, case, defaults))
        if not case.options:
            defaults = observations


def metrics(words):
    """The options of metrics: the library is the same for all of them, the units compiled with the firmware are not."""
    include = f"-I{METRICS_FIRMWARE}"
    for case in expected_metrics.CASES:
        name = f"metrics: {case.name}"
        if words and not any(word in name for word in words):
            continue
        header = write_header(lines_of(case.options) + BASE)
        code, output = archive("--features", "core,util,metrics", "--config-header", header, cflags=include)
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header, include, firmware=METRICS_FIRMWARE)
        check(name, problem or differences(observations, case, {}, expected_metrics.DEFAULTS))


def demo(words):
    """The options of the demo component and of the self test."""
    for case in expected_demo.CASES:
        name = f"demo: {case.name}"
        if words and not any(word in name for word in words):
            continue
        header = write_header(lines_of(case.options))
        code, output = archive("--features", "core,util,demo", "--config-header", header)
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header, firmware=DEMO_FIRMWARE)
        check(name, problem or differences(observations, case, {}, expected_demo.DEFAULTS))


def http(words):
    """The options of HTTP. The hosts may be any expression, since they are read by units compiled with the firmware."""
    for case in expected_http.CASES:
        name = f"http: {case.name}"
        if words and not any(word in name for word in words):
            continue
        header = write_header("extern const char *settings_host(void);\n" + lines_of(case.options))
        code, output = archive("--features", "core,util,http", "--config-header", header)
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header, "-Wl,--gc-sections", firmware=HTTP_FIRMWARE)
        check(name, problem or differences(observations, case, {}, expected_http.DEFAULTS))


def logs_and_coredumps(words):
    """The options of logs, recordings, diagnostics and coredumps, on this machine."""
    include = f"-I{PANICS_FIRMWARE}"
    defaults = {}
    for case in expected_panics.CASES:
        name = f"panics: {case.name}"
        if words and not any(word in name for word in words) and case.options:
            continue
        header = write_header(lines_of(case.options) + BASE)
        code, output = archive("--features", "core,util,panics", "--config-header", header, cflags=include)
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header, include, firmware=PANICS_FIRMWARE)
        check(name, problem or differences(observations, case, defaults, expected_panics.DEFAULTS))
        if not case.options:
            defaults = {key: observations[key] for key in expected_panics.DEFAULTS if key in observations}


def cortex_m(words):
    """The options of fault handling, on an emulated Cortex-M4."""
    include = f"-I{PANICS_FIRMWARE}"
    target = "thumbv7em-none-eabi"
    for case in expected_panics.CORTEX_M_CASES:
        name = f"Cortex-M: {case.name}"
        if words and not any(word in name for word in words):
            continue
        header = write_header(lines_of(case.options))
        code, output = archive("--target", target, "--features", "core,util,panics", "--config-header", header, cflags=include)
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        if not case.options:
            wanted = {*expected_panics.USUAL_HANDLERS.values(), expected_panics.OLD_NAME}
            check(f"{name}: handlers", None if wanted <= handlers() else f"handlers {handlers()}")
        program = OUT / "effects.elf"
        code, output = run(
            *compiler(header, include, program=CORTEX_M4), "-Os", "-Wall", "-Wextra", "-Werror", "-Werror=undef",
            "--specs=nano.specs", "--specs=rdimon.specs", "-nostartfiles", f"-Wl,-T,{BOARD_SCRIPT}", "-Wl,--no-warn-rwx-segments",
            "-Wl,--gc-sections", CORTEX_M_FIRMWARE / "effects.c", *STUBS, OUT / "libmemfault_rs.a", "-o", program,
        )  # fmt: skip
        if code == 0:
            machine = ["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-serial", "none", "-monitor", "none"]
            code, output = run("timeout", 20, *machine, "-semihosting-config", "enable=on,target=native", "-kernel", program)
        observations = dict(line.partition(" ")[::2] for line in output.splitlines())
        problem = None if code == 0 else f"ended with {code}:\n{output}"
        check(name, problem or differences(observations, case, {}, expected_panics.CORTEX_M_DEFAULTS))


def handlers():
    """The exception handlers that the archive defines."""
    _, symbols = run("arm-none-eabi-nm", "--defined-only", "--extern-only", OUT / "libmemfault_rs.a")
    return {line.split()[-1] for line in symbols.splitlines() if line.endswith("_Handler") and " T " in line}


def renamed_handlers(words):
    """The options that name exception handlers."""
    for target, names in expected_panics.RENAMED.items():
        name = f"renamed handlers: {target}"
        if words and not any(word in name for word in words):
            continue
        renamed = {option: f"Own_{usual}" for option, usual in names.items()}
        header = write_header(lines_of({**renamed, "DISABLE_OLD_MEMMANAGE_HANDLER": 1}))
        include = f"-I{PANICS_FIRMWARE}"
        code, output = archive("--target", target, "--features", "core,util,panics", "--config-header", header, cflags=include)
        wanted = set(renamed.values())
        check(name, f"does not build:\n{output}" if code else None if handlers() == wanted else f"{handlers()}, wanted {wanted}")
    name = "renamed handlers: MemManage has its old name"
    if not words or any(word in name for word in words):
        header = write_header(lines_of({"EXC_HANDLER_MEMORY_MANAGEMENT": expected_panics.OLD_NAME}))
        options = ["--target", "thumbv7em-none-eabi", "--features", "core,util,panics", "--config-header", header]
        code, output = archive(*options, cflags=f"-I{PANICS_FIRMWARE}")
        usual = {**expected_panics.USUAL_HANDLERS, "MEMORY_MANAGEMENT": expected_panics.OLD_NAME}
        wanted = set(usual.values())
        check(name, f"does not build:\n{output}" if code else None if handlers() == wanted else f"{handlers()}, wanted {wanted}")


def ways_in(words):
    """Each way in which a configuration arrives: three times the same option, and none at all."""
    by_name = {case.name: case for case in CASES}
    case = by_name["DATA_EXPORT_CHUNK_MAX_LEN 20"]
    definition = "-DMEMFAULT_DATA_EXPORT_CHUNK_MAX_LEN=20"
    header = OUT / "memfault_platform_config.h"
    probe = OUT / "config_probe.o"
    shim = [unit for unit in sorted((ROOT / "shim").glob("*.c")) if unit != PROBE and not re.search("_(demo|http|metrics|panics)", unit.name)]

    def a_flag():
        write_header(BASE)
        return archive("--config-header", header, cflags=definition), [definition], case

    def an_object():
        write_header(BASE)
        code, output = run(*compiler(header, definition), "-g3", "-c", PROBE, "-o", probe)
        built = (code, output) if code else archive("--config-object", probe, "--no-shim")
        return built, [definition, *shim], case

    def a_strict_header():
        defaults = (ROOT / "include/memfault/default_config.h").read_text()
        without_guard = re.sub(r"#if[^\n]*INCLUDE_DEFAULTS.*?#endif", "", defaults, count=1, flags=re.DOTALL)
        (OUT / "every_option.h").write_text(without_guard)
        write_header(f'{BASE}#define MEMFAULT_PLATFORM_CONFIG_STRICT 1\n#include "every_option.h"\n')
        return archive("--config-header", header, cflags=definition), [definition], case

    def nothing():
        write_header("")
        return archive(), [], by_name["USE_GNU_BUILD_ID 0"]

    for way in (a_flag, an_object, a_strict_header, nothing):
        name = f"configuration from {way.__name__.replace('_', ' ')}"
        if words and not any(word in name for word in words):
            continue
        (code, output), flags, wanted = way()
        if code != 0:
            check(name, f"does not build:\n{output}")
            continue
        observations, problem = observe(header, *flags)
        check(name, problem or differences(observations, wanted, {}))


def one_error(output, words):
    """None if the output has one error, on one line, that holds the words."""
    errors = [line for line in output.splitlines() if line.startswith("error: memfault-rs")]
    if len(errors) != 1:
        return f"{len(errors)} errors instead of one:\n{output}"
    missing = [word for word in words if word not in errors[0]]
    return f"the error lacks {missing}: {errors[0]}" if missing else None


def refusals(words):
    """Wrong values: one error that names option, value and what is allowed."""
    for text, wanted in REFUSED:
        name = "refused: " + text.replace("\n", "; ")
        if words and not any(word in name for word in words):
            continue
        code, output = archive("--config-header", write_header(text + "\n"))
        check(name, "was built" if code == 0 else one_error(output, wanted))

    if not words or "refused" in words:
        header = write_header(BASE)
        lto_object = OUT / "lto.o"
        run(*compiler(header, "-flto"), "-c", PROBE, "-o", lto_object)
        code, output = archive("--config-object", lto_object)
        check("refused: probe compiled with -flto", "was built" if code == 0 else one_error_or_early(output, ["-flto"]))
        code, output = archive("--config-header", OUT / "nowhere.h")
        check("refused: header that does not exist", "was built" if code == 0 else one_error(output, ["nowhere.h", "is no file"]))


def one_error_or_early(output, words):
    """As `one_error`, for errors that the tool finds before cargo runs."""
    errors = [line for line in output.splitlines() if line.startswith("error: ")]
    missing = [word for word in words if not errors or word not in errors[0]]
    return f"wanted one error with {words}:\n{output}" if missing or len(errors) != 1 else None


def consistency():
    """An option needs three lines: probe, table, trait. Each one of the table has the other two."""
    table = set(re.findall(r'option\(\s*"(\w+)"', (ROOT / "build_support/options.rs").read_text()))
    probed = set(re.findall(r"^(?:NUMBER|STRING|SYMBOL)\(MEMFAULT_(\w+)\)", PROBE.read_text(), re.MULTILINE))
    probed |= set(re.findall(r"^NUMBER_RECORD\(mflt_cfg_(\w+)", PROBE.read_text(), re.MULTILINE))  # defined or not
    check("every option of the table is recorded by the probe", None if table <= probed else f"not recorded: {table - probed}")
    cases = [*CASES, *expected_demo.CASES, *expected_http.CASES, *expected_panics.CASES, *expected_panics.CORTEX_M_CASES]
    tested = {name for case in cases for name in case.options} | {"DISABLE_OLD_MEMMANAGE_HANDLER"}
    tested |= {name for names in expected_panics.RENAMED.values() for name in names}
    check("every option of the table has a case here", None if table <= tested else f"no case: {table - tested}")
    defaults = (ROOT / "include/memfault/default_config.h").read_text()
    metrics = set(re.findall(r"#ifndef MEMFAULT_((?:METRICS|PLATFORM_METRICS)_\w+)", defaults))
    tested = {name for case in expected_metrics.CASES for name in case.options}
    check("every option of metrics has a case here", None if metrics <= tested else f"no case: {metrics - tested}")


def main(words):
    OUT.mkdir(parents=True, exist_ok=True)
    consistency()
    refusals(words)
    settings(words)
    metrics(words)
    demo(words)
    http(words)
    logs_and_coredumps(words)
    cortex_m(words)
    renamed_handlers(words)
    ways_in(words)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
