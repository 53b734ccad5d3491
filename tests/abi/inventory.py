"""Every macro of macros.tsv is defined, with its number of parameters and, under each option set, with its value."""
import re

from common import (ALL_ON, INCLUDE, NOT_ALONE, NOT_ON, OPTION_SETS, TARGETS, WARNINGS, definitions_of, includes, output_of,
                    rows_of, run)

# What follows from several options: bytes of the metrics' state with all built-in metrics (spec 40 section 11).
VALUES = {"all on": {"MEMFAULT_METRICS_CONTEXT_SIZE_BYTES": "116; 116; 196"}}
UNDEFINED = "(undefined)"
NO_HEADER = "(none)"  # read by the library, defined by firmware only
# Which of three values applies: Arm with short enums, other 32-bit processors, 64-bit ones.
PICK = """
#if UINTPTR_MAX != 0xffffffffu
  #define PICK(short_enums, int_enums, lp64) (lp64)
#elif defined(__ARM_SIZEOF_MINIMAL_ENUM) && __ARM_SIZEOF_MINIMAL_ENUM == 1
  #define PICK(short_enums, int_enums, lp64) (short_enums)
#else
  #define PICK(short_enums, int_enums, lp64) (int_enums)
#endif
#define TEXT(x) TEXT_(x)
#define TEXT_(x) #x
"""


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


def check_inventory(checks, work):
    rows = rows_of("macros.tsv")
    by_header = {}
    for row in rows:
        if row["header"] == NO_HEADER or row["kind"] == "X-macro-entry":
            continue
        by_header.setdefault(row["header"], []).append(row)
    for header, macros in by_header.items():
        checks.add(f"{len(macros)} macros of {header}", missing_macros(header, macros))
    checks.add("every option that is off by default is on in \"all on\", or named with the reason", forgotten_options(rows))
    jobs = []
    for target, how in TARGETS.items():
        for option_set in OPTION_SETS:
            unit = work / f"values-{len(jobs)}.c"
            unit.write_text(values_unit(rows, option_set))
            command = [*how.compiler, "-std=gnu11", *WARNINGS, *includes("config"), *definitions_of(option_set), "-fsyntax-only", unit]
            jobs.append((f"values of the macros: {target}, {option_set}", lambda c=command: run(c)))
    for option_set in OPTION_SETS:
        jobs.append((f"built-in metrics: {option_set}", lambda o=option_set: built_in_metrics(rows, o)))
    checks.add_all(jobs)


def missing_macros(header, macros):
    problems = []
    visible = None
    if header not in NOT_ALONE:
        done, visible = output_of(["gcc", "-std=gnu11", "-dM", "-E", *includes("config"), "-x", "c", "-"],
                                  f'#include "{header}"\n')
        if not done:
            return visible
    for row in macros:
        name = row["name"]
        have = definitions(header, name)
        for form in row["params"].split(" | "):
            if row["value"] != UNDEFINED and parameters("" if form == "-" else form) not in have:
                problems.append(f"{name}{form if form != '-' else ''} is not defined like that")
        expected = not row["defined_if"] and row["kind"] != "X-macro"
        if visible and expected and not re.search(rf"#define {re.escape(name)}\b", visible):
            problems.append(f"{name} is not there after the header was included")
    return "\n".join(problems)


def forgotten_options(rows):
    """Options that are in neither list of common.py, or in a list by mistake."""
    off = {row["name"] for row in rows if row["kind"] == "config" and row["value"] in ("0", UNDEFINED, "(auto)")}
    listed = {f"MEMFAULT_{name}" if name != "UNITY_INCLUDE_CONFIG_H" else name for name in NOT_ON}
    strings = {f"MEMFAULT_{name}" for name, value in ALL_ON.items() if value.startswith('"')}
    on = {f"MEMFAULT_{name}" for name in ALL_ON}
    problems = [f"{name} is in no list" for name in off - on - listed]
    problems += [f"{name} is listed and not off by default" for name in (on | listed) - off - strings]
    problems += [f"{name} is on and listed as not on" for name in on & listed]
    return "\n".join(sorted(problems))


# ---- values ----

def values_unit(rows, option_set):
    """A unit that compiles only if every macro is there and has its value, under one set of options."""
    headers = sorted({row["header"] for row in rows if row["header"].endswith(".h")} - NOT_ALONE)
    lines = ["#include <stdint.h>", *[f'#include "{header}"' for header in headers], PICK]
    options = {f"MEMFAULT_{name}": value for name, value in OPTION_SETS[option_set].items()}
    for row in rows:
        if row["kind"] in ("X-macro", "X-macro-entry") or row["header"] in NOT_ALONE - {"memfault/default_config.h"}:
            continue
        name = row["name"]
        value = options.get(name, VALUES.get(option_set, {}).get(name, row["value"]))
        if row["header"] == NO_HEADER and name not in options:
            value = UNDEFINED
        if value == UNDEFINED:
            lines += [f"#ifdef {name}", f'  #error "{name} is defined"', "#endif"]
            continue
        condition = " || ".join(f"({part})" for part in (row["defined_if"] or "1").split(" | "))
        lines += [f"#if {condition}", f"  #ifndef {name}", f'    #error "{name} is missing"', "  #endif"]
        if value and row["kind"] in ("constant", "config"):
            lines.append(f'_Static_assert({equals(name, value)}, "value of {name}");')
        lines.append("#endif")
    return "\n".join(lines) + "\n"


def equals(name, value):
    """The C expression that compares a macro with its value as it stands in the table."""
    if value == "defined(__arm__)":
        return f"({name} == 1) == (sizeof(TEXT(__arm__)) == sizeof(\"1\"))"
    if value.startswith('"') or value.startswith("MEMFAULT_"):
        return f"sizeof({name}) == sizeof({value}) && __builtin_strcmp({name}, {value}) == 0"
    if ";" in value:
        return f"({name}) == PICK({value.replace(';', ',')})"
    if re.fullmatch(r"\d+", value):
        return f"({name}) == {value}u"
    return f'__builtin_strcmp(TEXT({name}), "{value}") == 0'


def built_in_metrics(rows, option_set):
    """The entries of the built-in metrics' file, in their order."""
    entries = [row for row in rows if row["kind"] == "X-macro-entry"]
    forms = sorted({row["name"] for row in entries})
    file = entries[0]["header"]
    text = ['#include "memfault/config.h"']
    for form in forms:
        text.append(f"#define {form}(...) ENTRY {form} __VA_ARGS__")
    text.append(f'#include "{file}"')
    for row in entries:
        text += [f"#if {row['defined_if'] or '1'}", f"WANTED {row['name']} {row['params'].strip('()')}", "#endif"]
    done, output = output_of(["gcc", "-E", "-P", *includes("config"), *definitions_of(option_set), "-x", "c", "-"], "\n".join(text))
    if not done:
        return output
    entries_of = {word: re.findall(rf"{word} ([^\n]*(?:\n(?!ENTRY|WANTED)[^\n]*)*)", output) for word in ("ENTRY", "WANTED")}
    have, wanted = ([" ".join(entry.split()) for entry in entries_of[word]] for word in ("ENTRY", "WANTED"))
    return None if have == wanted and wanted else f"the file has {have}\nwanted {wanted}"
