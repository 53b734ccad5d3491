//! `memfault/metrics/reliability.h` (spec 40 §15): hours of operation with and without a crash. The metrics component calls these.

use super::builtin::BuiltIns;
use crate::ffi::cell::Global;
use crate::ffi::core::platform::core::time_since_boot_ms;
use crate::ffi::core::reboot_tracking::memfault_reboot_tracking_get_unexpected_reboot_occurred;
use crate::metrics::reliability::Reliability;
use core::mem::offset_of;
use core::ptr;

// C header:
// | #include <stdbool.h>
// | #include <stdint.h>

/// What is not yet reported.
#[repr(C)]
pub struct sMemfaultMetricsReliabilityCtx {
    /// When hours were last counted: milliseconds since boot, low 32 bits.
    pub last_heartbeat_ms: u32,
    /// Milliseconds of operation that do not make a full hour yet.
    pub operational_ms: u32,
    /// The crash before this boot has been charged.
    pub counted_unexpected_reboot: bool,
}

// The core's type of the same content is used in its place.
const _: () = assert!(size_of::<Reliability>() == size_of::<sMemfaultMetricsReliabilityCtx>());
const _: () = assert!(align_of::<Reliability>() == align_of::<sMemfaultMetricsReliabilityCtx>());
const _: () = assert!(offset_of!(sMemfaultMetricsReliabilityCtx, counted_unexpected_reboot) == 8);

static RELIABILITY: Global<Reliability> = Global::new(Reliability::new());

/// Starts the count: from the state `*ctx`, or with NULL from now. `memfault_metrics_boot` calls it.
///
/// With NULL, what an earlier start left of an hour stays.
///
/// # Safety
/// `ctx` is NULL or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn memfault_metrics_reliability_boot(ctx: *mut sMemfaultMetricsReliabilityCtx) {
    // SAFETY: NULL or valid is the caller's promise; the core's type has the same layout and takes any bytes.
    match unsafe { ctx.cast::<Reliability>().as_ref() } {
        Some(saved) => RELIABILITY.restore(saved),
        None => RELIABILITY.boot(time_since_boot_ms() as u32),
    }
}

/// The live state, for those who save it.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_reliability_get_ctx() -> *mut sMemfaultMetricsReliabilityCtx {
    // It is made of cells, so C code may write through the pointer.
    ptr::from_ref::<Reliability>(&RELIABILITY).cast_mut().cast()
}

/// Adds the full hours since the last call to `operational_hours` and `operational_crashfree_hours`. The heartbeat calls it.
///
/// Without a full hour both metrics are left alone. An unexpected reboot costs one crash-free hour, once. Takes the lock
/// for each metric.
#[unsafe(no_mangle)]
pub extern "C" fn memfault_metrics_reliability_collect() {
    RELIABILITY.collect(time_since_boot_ms() as u32, crashed, &BuiltIns);
}

/// Did a crash lead to this boot? Not known is no.
fn crashed() -> bool {
    let mut unexpected = false;
    // SAFETY: a valid output.
    unsafe { memfault_reboot_tracking_get_unexpected_reboot_occurred(&raw mut unexpected) };
    unexpected
}
