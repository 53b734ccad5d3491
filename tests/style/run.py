#!/usr/bin/env python3
"""What neither rustfmt nor clippy sees: links and code in the documentation, and rules of this repository for its sources.

    tests/style/run.py

The last line is "N passed, N failed".
"""

import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True  # a test run leaves nothing in the source tree
sys.path.append(str(Path(__file__).resolve().parents[1] / "lib"))
from runner import ROOT, check, finish, holds, run  # noqa: E402

OUT = ROOT / "build" / "style"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# Unfinished work. In the template they are what its user has to do.
LEFTOVER = re.compile(r"\b(TODO|FIXME|todo!|unimplemented!|dbg!)")
MAY_HAVE_LEFTOVERS = ("ports/templates/", "docs/porting.md", "tests/style/")
# Files of a machine or a person, but for the made-up ones of the tests.
PERSONAL_PATH = re.compile(r"(?<![\w.$}/-])/(root|home/(?!dev/)\w+|Users/\w+)/")
# Modules of the library that may have unsafe code; fault/ only for its tests.
UNSAFE_MODULES = {"ffi", "fault"}


def repository_files():
    """What git has or would take, as text."""
    code, names = run("git", "ls-files", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    holds("git lists the files", code == 0, names)
    for name in sorted(set(names.splitlines())):
        path = ROOT / name
        if path.is_file():
            data = path.read_bytes()
            if b"\0" not in data:
                yield name, data.decode(errors="replace")


def without_code(text):
    """A document without its blocks and pieces of code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def anchors(text):
    """What the headings of a document are called in links, as GitHub does it."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links_resolve(name, text):
    broken = []
    for target in LINK.findall(without_code(text)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        if not file.exists() or (anchor and anchor not in anchors(file.read_text())):
            broken.append(target)
    check(f"{name}: links", ", ".join(broken) or None)


def blocks(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def readme_code(text):
    """The examples of the README, each as its reader would use it. (Its CMake is that of an example; the tests of those compare.)"""
    for line in blocks(text, "sh")[0].splitlines():
        program = ROOT / line.split()[0]
        holds(f"README.md: {line.split()[0]}", program.stat().st_mode & 0o100, "cannot be run")

    makefile = OUT / "Makefile"
    (lines,) = blocks(text, "make")
    makefile.write_text(f"{lines.replace('third_party/memfault-rs', str(ROOT))}\nall:\n\t@printf '%s\\n' $(SRCS) $(CFLAGS)\n")
    code, output = run("make", "--warn-undefined-variables", "-f", makefile, "all", cwd=OUT)
    *sources, folder = output.split()
    absent = [source for source in sources if not Path(source).is_file() and Path(source).name != "memfault_rs.c"]  # which a build makes
    good = code == 0 and sources and not absent and (Path(folder[2:]) / "memfault").is_dir()
    holds("README.md: the lines of make give sources and a folder", good, output)

    (lines,) = blocks(text, "c")
    include, statements = lines.split("\n", 1)
    program = OUT / "readme.c"
    program.write_text(f"{include}\nvoid my_link_send(const void *data, size_t len);\nvoid drain(void);\nvoid drain(void) {{{statements}}}\n")
    flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-DMEMFAULT_PLATFORM_CONFIG_DISABLED=1"]
    code, output = run("gcc", *flags, "-I", ROOT / "include", "-fsyntax-only", program)
    holds("README.md: the lines of C compile", code == 0, output)


def unsafe_is_forbidden():
    """Each module of the library but the C face, as docs/architecture.md says."""
    modules = {path.parent.name: path for path in (ROOT / "src").glob("*/mod.rs")}
    modules |= {path.stem: path for path in (ROOT / "src").glob("*.rs") if path.stem != "lib"}
    for name, path in sorted(modules.items()):
        if name not in UNSAFE_MODULES:
            holds(f"src/{name}: forbids unsafe code", "#![forbid(unsafe_code)]" in path.read_text())
    holds("src/fault: has none but in tests", "#![cfg_attr(not(test), forbid(unsafe_code))]" in modules["fault"].read_text())


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    leftovers, personal = [], []
    for name, text in repository_files():
        if name.endswith(".md"):
            links_resolve(name, text)
        for number, line in enumerate(text.splitlines(), start=1):
            if LEFTOVER.search(line) and not name.startswith(MAY_HAVE_LEFTOVERS):
                leftovers.append(f"{name}:{number}")
            if PERSONAL_PATH.search(line):
                personal.append(f"{name}:{number}")
    check("no work is left over", ", ".join(leftovers) or None)
    check("no path of somebody's machine", ", ".join(personal) or None)
    readme_code((ROOT / "README.md").read_text())
    unsafe_is_forbidden()
    return finish()


if __name__ == "__main__":
    sys.exit(main())
