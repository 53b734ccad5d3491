"""The names that firmware may replace: a definition of its own, and calls that must end up in it."""

from dataclasses import dataclass

HEADERS = [
    "memfault/core/build_info.h",
    "memfault/core/data_export.h",
    "memfault/core/data_packetizer.h",
    "memfault/core/data_packetizer_source.h",
    "memfault/core/data_source_rle.h",
    "memfault/core/event_storage.h",
    "memfault/core/event_storage_implementation.h",
    "memfault/core/platform/core.h",
    "memfault/core/platform/device_info.h",
    "memfault/core/platform/nonvolatile_event_storage.h",
    "memfault/core/platform/overrides.h",
    "memfault/core/platform/reboot_tracking.h",
    "memfault/core/platform/system_time.h",
    "memfault/core/reboot_tracking.h",
    "memfault/core/sdk_assert.h",
    "memfault/core/trace_event.h",
    "memfault/util/crc16.h",
]
METRICS_HEADERS = [
    "memfault/core/log.h",
    "memfault/metrics/battery.h",
    "memfault/metrics/metrics.h",
    "memfault/metrics/platform/battery.h",
    "memfault/metrics/platform/connectivity.h",
    "memfault/metrics/platform/overrides.h",
    "memfault/metrics/platform/timer.h",
]

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
    metrics(
        "memfault_metrics_heartbeat_collect_data",
        "void memfault_metrics_heartbeat_collect_data(void) { hit = 1; }",
    ),
    metrics(
        "memfault_metrics_heartbeat_collect_sdk_data",
        "void memfault_metrics_heartbeat_collect_sdk_data(void) { hit = 1; }",
    ),
    metrics(
        "memfault_log_get_dropped_count",
        "uint32_t memfault_log_get_dropped_count(void) { hit = 1; return 0; }",
    ),
    metrics(
        "memfault_log_get_recorded_count",
        "uint32_t memfault_log_get_recorded_count(void) { hit = 1; return 0; }",
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

PROGRAM = """
#include <stdarg.h>
{includes}

static volatile int hit;
#if defined(ON_HOST)
#include <stdlib.h>
#define leave(status) exit(status)
#else
#define leave(status) for (;;) {{ }}
#endif
#if !MEMFAULT_COMPILER_ARM_CORTEX_M
bool memfault_arch_is_inside_isr(void) {{ return false; }}
{halt}
#endif

{definition}

// What every firmware has to supply.
void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {{
  *info = (sMemfaultDeviceInfo) {{ "serial", "type", "1.0", "hw" }};
}}
void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {{ (void)level; (void)fmt; }}
void memfault_platform_log_raw(const char *fmt, ...) {{ (void)fmt; }}

static uint8_t region[64];
static uint8_t storage[256];
{metrics_platform}

static void record_event(void) {{
  const sMemfaultEventStorageImpl *impl = memfault_events_storage_boot(storage, sizeof(storage));
  (void)memfault_trace_event_boot(impl);
  (void)memfault_trace_event_capture(kMfltTraceReasonUser_Unknown, NULL, NULL);
}}

int main(void) {{
  (void)region;
  (void)&record_event;
  {trigger}
  return hit ? 0 : 1;
}}
"""


METRICS_PLATFORM = """
uint64_t memfault_platform_get_time_since_boot_ms(void) { return 0; }
bool memfault_platform_metrics_timer_boot(uint32_t period_sec, MemfaultPlatformTimerCallback *callback) {
  (void)period_sec; (void)callback; return true;
}

static void boot_metrics(void) {
  const sMemfaultMetricBootInfo info = { 0 };
  (void)memfault_metrics_boot(memfault_events_storage_boot(storage, sizeof(storage)), &info);
}
"""


def program(seam):
    """The whole C program for one seam."""
    halt = "" if seam.name == "memfault_platform_halt_if_debugging" else "void memfault_platform_halt_if_debugging(void) { }"
    headers = [*HEADERS, *(METRICS_HEADERS if seam.metrics else []), "memfault/core/arch.h", "memfault/core/platform/debug_log.h"]
    return PROGRAM.format(
        includes="\n".join(f'#include "{h}"' for h in headers),
        halt=halt,
        definition=seam.definition,
        metrics_platform=METRICS_PLATFORM if seam.metrics else "",
        trigger=seam.trigger,
    )
