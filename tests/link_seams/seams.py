"""The names that firmware may replace: a definition of its own, and calls that must end up in it."""

from dataclasses import dataclass

RECORD_EVENT = "record_event();"
DRAIN = "uint8_t chunk[64]; size_t len = sizeof(chunk); (void)memfault_packetizer_get_chunk(chunk, &len);"


@dataclass(frozen=True)
class Seam:
    """`definition` sets `hit`; `trigger` are statements of main() that must reach it. `options` are -D flags of the library.

    With `library_wins` it is the other way round: the firmware's definition is weak and must not be reached.
    """

    name: str
    definition: str
    trigger: str
    options: tuple = ()
    arm_only: bool = False
    metrics: bool = False
    panics: bool = False
    demo: bool = False
    library_wins: bool = False


def source(name):
    """A data source whose has_more callback is the proof."""
    return f"""
static bool has_more(size_t *size) {{ *size = 0; hit = 1; return false; }}
static bool read_msg(uint32_t offset, void *buf, size_t len) {{ (void)offset; (void)buf; (void)len; return false; }}
static void mark(void) {{ }}
const sMemfaultDataSourceImpl {name} = {{ has_more, read_msg, mark }};
"""


HEARTBEAT = "boot_metrics(); memfault_metrics_heartbeat_debug_trigger();"


def metrics(name, definition, trigger=HEARTBEAT, options=()):
    """A hook of the component metrics."""
    return Seam(name, definition, trigger, options, metrics=True)


def fallback(name, result, parameters, arguments):
    """A function of which applications carry a weak stand-in, for firmware without metrics."""
    declaration = f"__attribute__((weak)) {result} {name}({parameters})"
    ignored = "".join(f" (void){parameter.split()[-1].lstrip('*')};" for parameter in parameters.split(",") if parameter != "void")
    end = " return 0;" if result == "int" else ""
    definition = f"static volatile int stood_in;\n{declaration} {{{ignored} stood_in = 1;{end} }}"
    trigger = f"boot_metrics(); (void){name}({arguments}); hit = !stood_in;"
    return Seam(name, definition, trigger, metrics=True, library_wins=True)


SAVE = "(void)memfault_coredump_save(&crash);"


def panics(name, definition, trigger=SAVE, options=(), **more):
    """A hook of the component panics."""
    return Seam(name, definition, trigger, options, panics=True, **more)


def startup_handler(name):
    """An exception handler as start-up code has it: weak, and out of the game as soon as the library is linked."""
    definition = f"__attribute__((weak)) void {name}(void) {{ leave(1); }}"
    # The vector table refers to it.
    return panics(name, definition, f"extern void {name}(void); vector = {name}; " + SAVE, arm_only=True, library_wins=True)


def renamed_handler(name, option):
    """A handler that firmware has under the usual name, because the library's has another one."""
    definition = f"void {name}(void) {{ leave(0); }}"
    return panics(name, definition, f"vector = {name}; " + SAVE, (f"MEMFAULT_EXC_HANDLER_{option}=Library_Handler",), arm_only=True)


SELF_TEST_NEEDS = (
    " uint64_t memfault_platform_get_time_since_boot_ms(void) { return 1; }"
    " void memfault_platform_reboot(void) { for (;;) { } }"
)
TYPE = (
    "static int send_char(char c) { (void)c; return 0; }"
    " static void type(const char *text) { memfault_demo_shell_boot(&(sMemfaultShellImpl){ send_char });"
    " for (; *text != 0; text++) { memfault_demo_shell_receive_char(*text); } }"
)


def demo(name, definition, line, before=""):
    """What the demo component lets firmware replace; `line` is typed into the shell, after `before` was done."""
    definition += SELF_TEST_NEEDS + TYPE
    return Seam(name, definition, before + f' type("{line}\\n");', ("MEMFAULT_DEMO_CLI_SELF_TEST=1",), demo=True)


def demo_stand_in(name, line):
    """A command for which the library has only a stand-in without the component panics."""
    return demo(name, f"int {name}(int argc, char *argv[]) {{ (void)argc; (void)argv; hit = 1; return 0; }}", line)


WATCHDOG = ("MEMFAULT_TASK_WATCHDOG_ENABLE=1",)
LOG = (
    "(void)memfault_log_boot(storage, sizeof(storage));"
    ' memfault_log_save_preformatted(kMemfaultPlatformLogLevel_Error, "text", 4);'
)

NV = ("MEMFAULT_EVENT_STORAGE_NV_SUPPORT_ENABLED=1",)
NO_RLE = ("MEMFAULT_DATA_SOURCE_RLE_ENABLED=0",)

SEAMS = [
    Seam("memfault_lock", "void memfault_lock(void) { hit = 1; }", RECORD_EVENT),
    Seam("memfault_unlock", "void memfault_unlock(void) { hit = 1; }", RECORD_EVENT),
    Seam(
        "memfault_platform_time_get_current",
        "bool memfault_platform_time_get_current(sMemfaultCurrentTime *time) { (void)time; hit = 1; return false; }",
        RECORD_EVENT,
    ),
    Seam(
        "memfault_reboot_tracking_load",
        "void memfault_reboot_tracking_load(sMemfaultRebootTrackingStorage *dst) { (void)dst; hit = 1; }",
        "memfault_reboot_tracking_boot(region, NULL);",
    ),
    Seam(
        "memfault_reboot_tracking_save",
        "void memfault_reboot_tracking_save(const sMemfaultRebootTrackingStorage *src) { (void)src; hit = 1; }",
        "memfault_reboot_tracking_boot(region, NULL);"
        " memfault_reboot_tracking_mark_reset_imminent(kMfltRebootReason_UserReset, NULL);",
    ),
    Seam(
        "memfault_data_export_base64_encoded_chunk",
        "void memfault_data_export_base64_encoded_chunk(const char *text) { (void)text; hit = 1; }",
        RECORD_EVENT + " memfault_data_export_dump_chunks();",
    ),
    Seam(
        "memfault_sdk_assert_func_noreturn",
        # Leaves the assert for good, as the attribute promises.
        "void memfault_sdk_assert_func_noreturn(void) { leave(0); }",
        "memfault_sdk_assert_func();",
    ),
    Seam("g_memfault_coredump_data_source", source("g_memfault_coredump_data_source"), DRAIN),
    Seam("g_memfault_event_data_source", source("g_memfault_event_data_source"), DRAIN),
    Seam("g_memfault_log_data_source", source("g_memfault_log_data_source"), DRAIN),
    Seam("g_memfault_cdr_source", source("g_memfault_cdr_source"), DRAIN),
    Seam(
        "memfault_data_source_rle_encoder_set_active",
        "bool memfault_data_source_rle_encoder_set_active(const sMemfaultDataSourceImpl *source)"
        " { (void)source; hit = 1; return false; }",
        DRAIN,
    ),
    Seam(
        "g_memfault_data_rle_source",
        source("g_memfault_data_rle_source")
        + "bool memfault_data_source_rle_encoder_set_active(const sMemfaultDataSourceImpl *source)"
        " { (void)source; return true; }",
        DRAIN,
        NO_RLE,
    ),
    Seam(
        "memfault_data_source_rle_read_msg",
        """
bool memfault_data_source_rle_read_msg(uint32_t offset, void *buf, size_t len) {
  (void)offset; (void)buf; (void)len; hit = 1; return true;
}
static bool has_more(size_t *size) { *size = 1; return true; }
static bool read_msg(uint32_t offset, void *buf, size_t len) {
  (void)offset; (void)len; *(uint8_t *)buf = 1; return true;
}
static void mark(void) { }
const sMemfaultDataSourceImpl g_memfault_coredump_data_source = { has_more, read_msg, mark };
""",
        DRAIN,
    ),
    Seam(
        "memfault_event_storage_request_persist_callback",
        "void memfault_event_storage_request_persist_callback(const sMemfaultEventStoragePersistCbStatus *status)"
        " { (void)status; hit = 1; }",
        RECORD_EVENT,
        NV,
    ),
    Seam(
        "g_memfault_platform_nv_event_storage_impl",
        "static bool enabled(void) { hit = 1; return false; }"
        " const sMemfaultNonVolatileEventStorageImpl g_memfault_platform_nv_event_storage_impl = { .enabled = enabled };",
        RECORD_EVENT + DRAIN,
        NV,
    ),
    Seam(
        "memfault_crc16_compute",
        "uint16_t memfault_crc16_compute(uint16_t crc, const void *data, size_t len)"
        " { (void)crc; (void)data; (void)len; hit = 1; return 0; }",
        RECORD_EVENT + DRAIN,
        ("MEMFAULT_CRC16_BUILTIN=0",),
    ),
    Seam(
        "memfault_platform_halt_if_debugging",
        "void memfault_platform_halt_if_debugging(void) { hit = 1; leave(0); }",
        "memfault_sdk_assert_func();",
        arm_only=True,
    ),
    Seam(
        "memfault_log_handle_saved_callback",
        "void memfault_log_handle_saved_callback(void) { hit = 1; }",
        LOG,
    ),
    Seam(
        "memfault_log_export_msg",
        "void memfault_log_export_msg(eMemfaultPlatformLogLevel level, const char *msg, size_t len)"
        " { (void)level; (void)msg; (void)len; hit = 1; }",
        LOG + " memfault_log_export_logs();",
    ),
    Seam(
        "memfault_task_watchdog_platform_refresh_callback",
        "void memfault_task_watchdog_platform_refresh_callback(void) { hit = 1; }"
        # What the watchdog needs besides: a clock, and the fault handling when there is no component for it.
        " uint64_t memfault_platform_get_time_since_boot_ms(void) { return 0; }"
        " void memfault_fault_handling_assert_extra(void *pc, void *lr, sMemfaultAssertInfo *info)"
        " { (void)pc; (void)lr; (void)info; leave(1); }",
        "memfault_task_watchdog_check_all();",
        WATCHDOG,
    ),
    Seam(
        "memfault_self_test_platform_delay",
        "void memfault_self_test_platform_delay(uint32_t delay_ms) { (void)delay_ms; hit = 1; }" + SELF_TEST_NEEDS,
        "(void)memfault_self_test_run(kMemfaultSelfTestFlag_PlatformTime);",
    ),
    demo(
        "memfault_self_test_time_test",
        "uint32_t memfault_self_test_time_test(void); uint32_t memfault_self_test_time_test(void) { hit = 1; return 0; }",
        "self_test",
    ),
    demo(
        "user_transport_send_chunk_data",
        "void user_transport_send_chunk_data(void *data, size_t len) { (void)data; (void)len; hit = 1; }",
        "drain_chunks",
        RECORD_EVENT,
    ),
    demo(
        "g_memfault_shell_commands",
        "static int own(int argc, char *argv[]) { (void)argc; (void)argv; hit = 1; return 0; }"
        ' static const sMemfaultShellCommand commands[] = { { "own", own, "" } };'
        " const sMemfaultShellCommand *const g_memfault_shell_commands = commands;"
        " const size_t g_memfault_num_shell_commands = 1;",
        "own",
    ),
    demo_stand_in("memfault_demo_cli_cmd_get_core", "get_core"),
    demo_stand_in("memfault_demo_cli_cmd_clear_core", "clear_core"),
    demo(
        "memfault_metrics_heartbeat_debug_trigger",
        "void memfault_metrics_heartbeat_debug_trigger(void); void memfault_metrics_heartbeat_debug_trigger(void) { hit = 1; }",
        "heartbeat",
    ),
    panics(
        "memfault_self_test_platform_disable_irqs",
        "bool memfault_self_test_platform_disable_irqs(void) { hit = 1; return true; }"
        " bool memfault_self_test_platform_enable_irqs(void) { return true; }"
        " uint64_t memfault_platform_get_time_since_boot_ms(void) { return 1; }",
        "(void)memfault_self_test_run(kMemfaultSelfTestFlag_CoredumpStorage);",
        ("MEMFAULT_DEMO_CLI_SELF_TEST_COREDUMP_STORAGE=1",),
    ),
    panics(
        "memfault_coredump_read",
        "bool memfault_coredump_read(uint32_t offset, void *buf, size_t len)"
        " { (void)offset; (void)buf; (void)len; hit = 1; return false; }",
        "(void)memfault_coredump_has_valid_coredump(NULL);",
    ),
    # The data source leads to the replacement too, and the save path never does.
    panics(
        "memfault_coredump_read",
        "bool memfault_coredump_read(uint32_t offset, void *buf, size_t len)"
        " { (void)offset; (void)buf; (void)len; hit = !saving; return false; }",
        "saving = true; " + SAVE + " saving = false; if (!hit) { " + DRAIN + " }",
    ),
    panics(
        "memfault_platform_coredump_save_begin",
        "bool memfault_platform_coredump_save_begin(void) { hit = 1; return false; }",
    ),
    panics(
        "memfault_port_coredump_save_begin",
        "bool memfault_port_coredump_save_begin(void) { hit = 1; return false; }",
    ),
    panics(
        "memfault_platform_fault_handler",
        "void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason)"
        " { (void)regs; (void)reason; leave(0); }",
        "memfault_fault_handler(NULL, kMfltRebootReason_HardFault);",
        arm_only=True,
    ),
    panics(
        "memfault_platform_fault_handler",
        "void memfault_platform_fault_handler(const sMfltRegState *regs, eMemfaultRebootReason reason)"
        " { (void)regs; (void)reason; leave(0); }",
        "memfault_fault_handler(NULL, kMfltRebootReason_HardFault);",
        ("MEMFAULT_PLATFORM_FAULT_HANDLER_CUSTOM=1",),
        arm_only=True,
    ),
    # With the component the packetizer's own source, which is empty, must not be the one.
    panics(
        "g_memfault_coredump_data_source",
        "static volatile int stood_in;\n"
        + source("stand_in").replace("hit = 1", "stood_in = 1").replace("const sMemfault", "static const sMemfault")
        + "extern const sMemfaultDataSourceImpl g_memfault_coredump_data_source"
        " __attribute__((weak, alias(\"stand_in\")));",
        DRAIN + " hit = asked && !stood_in;",
        library_wins=True,
    ),
    *[
        startup_handler(name)
        for name in (
            "NMI_Handler",
            "HardFault_Handler",
            "MemManage_Handler",
            "MemoryManagement_Handler",
            "BusFault_Handler",
            "UsageFault_Handler",
            "MemfaultWatchdog_Handler",
        )
    ],
    renamed_handler("HardFault_Handler", "HARD_FAULT"),
    renamed_handler("MemManage_Handler", "MEMORY_MANAGEMENT"),
    renamed_handler("BusFault_Handler", "BUS_FAULT"),
    renamed_handler("UsageFault_Handler", "USAGE_FAULT"),
    renamed_handler("NMI_Handler", "NMI"),
    renamed_handler("MemfaultWatchdog_Handler", "WATCHDOG"),
    panics(
        "MemoryManagement_Handler",
        "void MemoryManagement_Handler(void) { leave(0); }",
        "vector = MemoryManagement_Handler; " + SAVE,
        ("MEMFAULT_DISABLE_OLD_MEMMANAGE_HANDLER=1",),
        arm_only=True,
    ),
    panics(
        "__assert_func",
        "__attribute__((noinline))"
        " void __assert_func(const char *file, int line, const char *function, const char *expression)"
        " { (void)file; (void)line; (void)function; (void)expression; leave(0); }",
        "extern void __assert_func(const char *, int, const char *, const char *);"
        ' __assert_func("", 1, "", ""); ' + SAVE,
        ("MEMFAULT_ASSERT_CSTDLIB_HOOK_ENABLED=0",),
        arm_only=True,
    ),
    metrics(
        "memfault_metrics_heartbeat_collect_data",
        "void memfault_metrics_heartbeat_collect_data(void) { hit = 1; }",
    ),
    metrics(
        "memfault_metrics_heartbeat_collect_sdk_data",
        "void memfault_metrics_heartbeat_collect_sdk_data(void) { hit = 1; }",
    ),
    # Hooks that exist with their option only; the other seams show that nobody misses them without it.
    metrics(
        "memfault_platform_get_stateofcharge",
        "int memfault_platform_get_stateofcharge(sMfltPlatformBatterySoc *soc) { (void)soc; hit = 1; return -1; }",
        options=("MEMFAULT_METRICS_BATTERY_ENABLE=1",),
    ),
    metrics(
        "memfault_platform_metrics_connectivity_boot",
        "void memfault_platform_metrics_connectivity_boot(void) { hit = 1; }",
        options=("MEMFAULT_PLATFORM_METRICS_CONNECTIVITY_BOOT=1",),
    ),
    metrics(
        "memfault_metrics_restore_state",
        "bool memfault_metrics_restore_state(void *state) { (void)state; hit = 1; return false; }",
        options=("MEMFAULT_METRICS_RESTORE_STATE=1",),
    ),
    fallback("memfault_metrics_heartbeat_debug_print", "void", "void", ""),
    fallback("memfault_metrics_heartbeat_debug_trigger", "void", "void", ""),
    fallback("memfault_metrics_all_sessions_debug_print", "void", "void", ""),
    fallback(
        "memfault_metrics_heartbeat_set_string",
        "int",
        "MemfaultMetricId key, const char *value",
        "MEMFAULT_METRICS_KEY(uptime_s), \"\"",
    ),
    fallback(
        "memfault_metrics_session_start",
        "int",
        "eMfltMetricsSessionIndex session_key",
        "MEMFAULT_METRICS_SESSION_KEY(heartbeat)",
    ),
    fallback(
        "memfault_metrics_session_end",
        "int",
        "eMfltMetricsSessionIndex session_key",
        "MEMFAULT_METRICS_SESSION_KEY(heartbeat)",
    ),
]
