//! `memfault/metrics/platform/overrides.h` (spec 40 §9 and §19): the application's part of a heartbeat.

// C header: only the items.

unsafe extern "C" {
    /// Sets what is sampled once per heartbeat. Weak, does nothing.
    ///
    /// Called once per heartbeat and by `memfault_metrics_heartbeat_collect`, after all other metrics are collected and before
    /// they are sent; from the context of the heartbeat timer, without a lock. It may use every function of metrics and
    /// overwrite what the library has set.
    safe fn memfault_metrics_heartbeat_collect_data();
}

weak_fn!("memfault_metrics_heartbeat_collect_data" = nothing_to_collect);

extern "C" fn nothing_to_collect() {}

/// Lets the application set its metrics.
pub fn collect_data() {
    memfault_metrics_heartbeat_collect_data();
}
