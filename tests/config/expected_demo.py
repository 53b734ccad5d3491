"""What each option of the demo component must change in the output of firmware_demo/effects.c: spec 70 chapters 10 to 12, and
spec 30 chapter 1 for the self test.
"""

from expected import Case

DEFAULTS = {
    "commands": "15",
    "self_test": "unknown",
    "watchdog": "unknown",
    "own": "unknown",
    "line": "64",
    "chunk": "1024",
    "storage_test": "1",
    "storage_hint": "Set MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE in memfault_platform_config.h",
    "report": "information",
}

CASES = [
    Case({}),
    Case({"DEMO_CLI_SELF_TEST": 1}, {"commands": "16", "self_test": "known"}),
    Case({"DEMO_CLI_WATCHDOG": 1}, {"commands": "18", "watchdog": "known"}),
    Case({"DEMO_SHELL_COMMAND_EXTENSIONS": 1}, {"own": "known"}),
    Case({"DEMO_SHELL_COMMAND_EXTENSIONS": 0}, {"own": "known"}),  # QUIRK: defined is enough
    Case({"DEMO_SHELL_RX_BUFFER_SIZE": 20, "DEMO_CLI_USER_CHUNK_SIZE": "(2 * 50)"}, {"line": "20", "chunk": "100"}),
    Case({"DEMO_CLI_USER_CHUNK_SIZE": 8}, {"chunk": "0"}),
    Case({"DEMO_CLI_SELF_TEST_COREDUMP_STORAGE": 1}, {"storage_test": "0", "storage_hint": "-"}),
    Case({"SELF_TEST_COREDUMP_STORAGE_DISABLE_MSG": '"ask Ada"'}, {"storage_hint": "ask Ada"}),
    Case({"SELF_TEST_OUTPUT_LOG": "MEMFAULT_LOG_DEBUG"}, {"report": "debug"}),
]
