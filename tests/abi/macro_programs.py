"""What the macros do: macro_test.c, run as C and C++; what must not compile: rejected/*.c."""
from common import CORTEX_M4, HERE, ROOT, WARNINGS, includes, output_of, run


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
