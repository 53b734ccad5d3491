"""Every header alone, in seven compilers, C99 and C++17, all warnings are errors."""
import re
import tempfile
from pathlib import Path

from common import CORTEX_M4, INCLUDE, NOT_ALONE, RISCV, WARNINGS, definitions_of, includes, output_of, run

# Counting macro arguments needs the GNU form of variadic macros.
NEEDS_GNU = {"memfault/core/preprocessor.h"}


def all_headers():
    return sorted(str(path.relative_to(INCLUDE)) for path in INCLUDE.rglob("*.h"))


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
        options = definitions_of("compact logs")
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
