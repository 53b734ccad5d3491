//! What the commands call of the component metrics, where it is not built: weak, and says so (spec 70 chapter 11).

unsafe extern "C" {
    safe fn memfault_rs_log_demo_metrics_disabled();

    /// Makes a heartbeat now.
    pub safe fn memfault_metrics_heartbeat_debug_trigger();
    /// Prints the metrics of the heartbeat.
    pub safe fn memfault_metrics_heartbeat_debug_print();
    /// Prints the metrics of all sessions.
    pub safe fn memfault_metrics_all_sessions_debug_print();
}

extern "C" fn needs_metrics() {
    memfault_rs_log_demo_metrics_disabled();
}

weak_fn!("memfault_metrics_heartbeat_debug_trigger" = needs_metrics);
weak_fn!("memfault_metrics_heartbeat_debug_print" = needs_metrics);
weak_fn!("memfault_metrics_all_sessions_debug_print" = needs_metrics);
