"""What the test runners share: counting checks, running commands, finding mflt."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

passed = failed = 0


def check(what, problem):
    """Counts one check; `problem` is None when it holds."""
    global passed, failed
    if problem is None:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {what}: {problem}", flush=True)


def holds(what, condition, why=""):
    """Counts one check, and returns whether it holds; `why` helps when it does not."""
    check(what, None if condition else why)
    return bool(condition)


def finish():
    """Prints the last line and returns the exit code."""
    return end(passed, failed)


def end(passed, failed):
    """finish() with counts from elsewhere. A runner that has checked nothing has failed."""
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


class Report:
    """Counts checks as well, and prints each; `where` is what they are about."""

    def __init__(self):
        self.passed = self.failed = 0
        self.where = ""

    def check(self, holds, what, why=""):
        if self.where:
            what = f"{self.where}: {what}"
        if holds:
            self.passed += 1
            print(f"ok    {what}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {what}" + (f": {why}" if why else ""), flush=True)
        return bool(holds)

    def finish(self):
        return end(self.passed, self.failed)


def run(*command, timeout=900, without=(), **options):
    """Runs a command that reads nothing, in an environment without some variables; returns its exit code and what it printed. 124: it
    took longer than `timeout` seconds."""
    environment = options.pop("env", os.environ)
    try:
        done = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=timeout,
            env={name: value for name, value in environment.items() if name not in without},
            **options,
        )
    except subprocess.TimeoutExpired as expired:
        return 124, str(expired)
    return done.returncode, done.stdout


def last_lines(text, count=30):
    """For the end of a long output."""
    return "\n" + "\n".join(text.splitlines()[-count:])


def find_mflt(given=None):
    """The program mflt: the given one, else a new build."""
    if given:
        return Path(given).resolve()
    code, output = run("cargo", "build", "--quiet", "--package", "mflt", cwd=ROOT)
    if code != 0:
        sys.exit(f"mflt does not build:{last_lines(output)}")
    return (ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug/mflt").resolve()
