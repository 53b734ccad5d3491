"""Every function of functions.tsv and every object of globals.tsv is in the archive, weak or strong as listed.

The tables say under which conditions the C SDK defines a name; the preprocessor evaluates them for a target and a set of options.
"""
import re

from common import definitions_of, includes, output_of, rows_of

NAMES = rows_of("functions.tsv") + rows_of("globals.tsv")
# Where the library is not as listed; docs/differences.md has the reasons ("What a static library does differently").
# Weak instead of strong: firmware's own definition wins.
WEAK_HERE = {"memfault_crc16_compute", "memfault_data_source_rle_encoder_set_active", "g_memfault_event_data_source",
             "g_memfault_log_data_source", "g_memfault_cdr_source", "g_memfault_data_rle_source"}  # fmt: skip
# Here whatever the options are, without effect if they leave it out.
ALWAYS_HERE = {
    "strong": """
        memfault_cdr_register_source memfault_event_storage_persist memfault_event_storage_get_state memfault_log_get_state
        memfault_task_watchdog_init memfault_task_watchdog_check_all memfault_task_watchdog_start memfault_task_watchdog_feed
        memfault_task_watchdog_stop memfault_demo_cli_cmd_self_test memfault_shell_command_set_extensions
        memfault_metrics_battery_stopped_discharging memfault_metrics_battery_collect_data memfault_metrics_battery_boot
        memfault_metrics_connectivity_record_sync_success memfault_metrics_connectivity_record_sync_failure
        memfault_metrics_connectivity_record_memfault_sync_success memfault_metrics_connectivity_record_memfault_sync_failure
        memfault_metrics_connectivity_connected_state_change s_memfault_ram_logger""".split(),
    "weak": """
        memfault_event_storage_request_persist_callback memfault_task_watchdog_platform_refresh_callback
        g_memfault_platform_nv_event_storage_impl""".split(),
}
# Here on processors for which the C SDK has none: (processors, strength, names).
HERE_ON = [
    ("Cortex-M", "strong", ["memfault_coredump_cache_fault_regs"]),
    ("RV32", "weak", ["memfault_fault_handling_assert", "memfault_fault_handling_assert_extra"]),
    ("host", "weak", ["memfault_fault_handling_assert", "memfault_fault_handling_assert_extra", "memfault_fault_handler",
                      "memfault_coredump_get_arch_regions", "memfault_coredump_storage_compute_size_required"]),
]  # fmt: skip
# Listed per channel, and the configuration has none.
SIZES_HERE = {"g_memfault_task_channel_info": 0}
# Names that were wanted and found, over all archives.
found_somewhere = set()


def conditions(target, option_set):
    """The strengths of the definitions that hold: {name: set of "weak" and "strong"}, empty where nobody defines the name."""
    lines = ['#include "memfault/config.h"', '#include "memfault/core/compiler.h"']
    wanted = {}
    for row in NAMES:
        wanted.setdefault(row["name"], set())
        for definition in re.split(r" \| (?=\w+:)", row["definitions"]) if row["defined_by"] == "sdk" else []:
            strength, _, condition = definition.partition(":")[2].partition("[")
            lines += [f"#if {condition.removesuffix(']') or '1'}", f"DEFINED {row['name']} {strength}", "#endif"]
    command = [*target.compiler, *includes("config"), *definitions_of(option_set), "-E", "-P", "-x", "c", "-"]
    done, output = output_of(command, "\n".join(lines) + "\n")
    if not done:
        raise RuntimeError(output)
    for name, strength in re.findall(r"^DEFINED (\S+) (weak|strong)$", output, re.MULTILINE):
        wanted[name].add(strength)
    return wanted


def symbols_of(nm, archive):
    """{name: (strength, size)} of what an archive defines for others."""
    done, output = output_of([nm, "--defined-only", "--extern-only", "--portability", archive])
    if not done:
        raise RuntimeError(output)
    kinds = re.findall(r"^(\S+) ([A-Za-z]) [0-9a-f]+ ?([0-9a-f]*)$", output, re.MULTILINE)
    return {name: ("weak" if kind in "WV" else "strong", int(size or "0", 16)) for name, kind, size in kinds}


def here_anyway(name, symbol):
    """How the library has a name that the C SDK does not have for this target and these options."""
    for strength, names in ALWAYS_HERE.items():
        if symbol in names:
            return strength
    for processor, strength, names in HERE_ON:
        if name.startswith(processor) and symbol in names:
            return strength
    return "missing"


def differences(name, target, option_set, archive):
    """What an archive has otherwise than the tables and the exceptions say."""
    found = symbols_of(target.nm, archive)
    problems = []
    for symbol, strengths in conditions(target, option_set).items():
        # A strong definition beats a weak one of the same library.
        wanted = "strong" if "strong" in strengths else "weak" if strengths else here_anyway(name, symbol)
        if strengths and symbol in WEAK_HERE:
            wanted = "weak"
        has, size = found.get(symbol, ("missing", 0))
        if has != wanted:
            problems.append(f"{symbol}: {has}, wanted {wanted}")
        elif strengths:
            found_somewhere.add(symbol)
            if size != object_size(name, symbol, size):
                problems.append(f"{symbol}: {size} bytes, wanted {object_size(name, symbol, size)}")
    return "\n".join(problems)


def object_size(name, symbol, otherwise):
    """The listed size of an object where there is one for the target."""
    if symbol in SIZES_HERE:
        return SIZES_HERE[symbol]
    column = {"Cortex-M4": "size_thumbv7em", "host": "size_x86_64"}.get(name)
    sizes = [row[column] for row in NAMES if column in row and row["name"] == symbol]
    return int(sizes[0]) if sizes and sizes[0].isdigit() else otherwise


def check_completeness(checks):
    """All functions and objects of the library were found in at least one archive."""
    ours = {row["name"] for row in NAMES if row["defined_by"] == "sdk" and ":static" not in row["definitions"]}
    missing = sorted(ours - found_somewhere)
    checks.add(f"each of {len(ours)} functions and objects is in an archive", "\n".join(missing))
