"""The C program around a seam: a small firmware with what every firmware has to supply."""

HEADERS = [
    "memfault/core/build_info.h",
    "memfault/core/data_export.h",
    "memfault/core/data_packetizer.h",
    "memfault/core/data_packetizer_source.h",
    "memfault/core/data_source_rle.h",
    "memfault/core/event_storage.h",
    "memfault/core/event_storage_implementation.h",
    "memfault/core/log.h",
    "memfault/core/platform/core.h",
    "memfault/core/platform/device_info.h",
    "memfault/core/platform/nonvolatile_event_storage.h",
    "memfault/core/platform/overrides.h",
    "memfault/core/platform/reboot_tracking.h",
    "memfault/core/platform/system_time.h",
    "memfault/core/reboot_tracking.h",
    "memfault/core/sdk_assert.h",
    "memfault/core/self_test.h",
    "memfault/core/task_watchdog.h",
    "memfault/core/trace_event.h",
    "memfault/panics/fault_handling.h",
    "memfault/util/crc16.h",
]
METRICS_HEADERS = [
    "memfault/metrics/battery.h",
    "memfault/metrics/metrics.h",
    "memfault/metrics/platform/battery.h",
    "memfault/metrics/platform/connectivity.h",
    "memfault/metrics/platform/overrides.h",
    "memfault/metrics/platform/timer.h",
]
DEMO_HEADERS = ["memfault/demo/cli.h", "memfault/demo/shell.h", "memfault/demo/shell_commands.h"]
PANICS_HEADERS = ["memfault/panics/coredump.h", "memfault/panics/platform/coredump.h"]

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

{panics_state}
{definition}

// What every firmware has to supply.
void memfault_platform_get_device_info(sMemfaultDeviceInfo *info) {{
  *info = (sMemfaultDeviceInfo) {{ "serial", "type", "1.0", "hw" }};
}}
#if defined(__riscv)
// There is no C library here. Compilers call this of their own accord; the log buffer needs nothing.
void *memcpy(void *to, const void *from, size_t len) {{
  for (volatile size_t i = 0; i < len; i++) {{
    ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
  }}
  return to;
}}
#endif
void memfault_platform_log(eMemfaultPlatformLogLevel level, const char *fmt, ...) {{ (void)level; (void)fmt; }}
void memfault_platform_log_raw(const char *fmt, ...) {{ (void)fmt; }}

static uint8_t region[64];
static uint8_t storage[256];
{metrics_platform}
{panics_platform}

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

PANICS_STATE = """
static bool asked;
static bool saving;
static void (*volatile vector)(void);
"""

PANICS_PLATFORM = """
static const sMfltCoredumpRegion s_regions[1] = { { kMfltCoredumpRegionType_Memory, region, sizeof(region) } };
static const sMemfaultCoredumpSaveInfo crash = { .regions = s_regions, .num_regions = 1 };

void memfault_platform_reboot(void) { leave(1); }
const sMfltCoredumpRegion *memfault_platform_coredump_get_regions(const sCoredumpCrashInfo *info, size_t *num_regions) {
  (void)info; *num_regions = 1; return s_regions;
}
void memfault_platform_coredump_storage_get_info(sMfltCoredumpStorageInfo *info) { info->size = 64; asked = true; }
bool memfault_platform_coredump_storage_write(uint32_t offset, const void *data, size_t len) {
  (void)offset; (void)data; (void)len; return true;
}
bool memfault_platform_coredump_storage_read(uint32_t offset, void *data, size_t len) {
  (void)offset; (void)data; (void)len; return false;
}
bool memfault_platform_coredump_storage_erase(uint32_t offset, size_t len) { (void)offset; (void)len; return true; }
void memfault_platform_coredump_storage_clear(void) { }

static void use_panics(void) { (void)asked; (void)saving; (void)vector; (void)crash; }
"""


def program(seam):
    """The whole C program for one seam."""
    halt = "" if seam.name == "memfault_platform_halt_if_debugging" else "void memfault_platform_halt_if_debugging(void) { }"
    headers = [*HEADERS, *(METRICS_HEADERS if seam.metrics else []), *(PANICS_HEADERS if seam.panics else []),
               *(DEMO_HEADERS if seam.demo else [])]
    headers += ["memfault/core/arch.h", "memfault/core/platform/debug_log.h"]
    return PROGRAM.format(
        includes="\n".join(f'#include "{h}"' for h in headers),
        halt=halt,
        definition=seam.definition,
        metrics_platform=METRICS_PLATFORM if seam.metrics else "",
        panics_state=PANICS_STATE if seam.panics else "",
        panics_platform=PANICS_PLATFORM if seam.panics else "",
        trigger=("use_panics(); " if seam.panics else "") + seam.trigger,
    )
