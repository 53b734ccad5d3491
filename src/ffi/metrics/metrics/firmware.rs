//! The platform as metrics see it: what they ask of the firmware.
use super::super::platform::{overrides, timer};
use super::super::reliability::memfault_metrics_reliability_boot;
use super::super::table::FirmwareTable;
use super::{memfault_metrics_heartbeat_collect_sdk_data, memfault_metrics_heartbeat_debug_trigger};
use crate::events::storage::Lock;
use crate::ffi::core::event_storage::Storage;
use crate::ffi::core::platform::core::time_since_boot_ms;
use crate::ffi::core::platform::overrides::PlatformLock;
use crate::ffi::core::reboot_tracking;
use crate::ffi::core::serializer_helper::FirmwareIdentity;
use crate::metrics::builtin::LogLines;
use crate::metrics::platform::{Edge, Platform};
use crate::metrics::registry::Kind;
use core::cell::Cell;
use core::ffi::c_int;
use core::ptr;

unsafe extern "C" {
    fn memfault_rs_metrics_collect_builtin(log_lines: *mut LogLines);
    safe fn memfault_rs_metrics_interval_s() -> u32;
    safe fn memfault_rs_metrics_restore() -> bool;
    safe fn memfault_rs_metrics_boot_connectivity();
    safe fn memfault_rs_log_metric_wrong_type(expected: u32, found: u32, index: c_int);
    safe fn memfault_rs_log_metric_not_a_number(index: c_int);
}

/// The platform as metrics see it.
pub struct FirmwarePlatform;

impl Lock for FirmwarePlatform {
    fn lock(&self) {
        PlatformLock.lock();
    }

    fn unlock(&self) {
        PlatformLock.unlock();
    }
}

impl Platform for FirmwarePlatform {
    type Store = Storage;
    type Identity = FirmwareIdentity;

    fn now_ms(&self) -> u64 {
        time_since_boot_ms()
    }

    fn identity(&self) -> &FirmwareIdentity {
        &FirmwareIdentity
    }

    fn store(&self) -> Option<Storage> {
        // SAFETY: what a boot was given, or what the firmware's saved state had there until the boot replaced it.
        unsafe { Storage::from_ptr(FirmwareTable.storage().get()) }
    }

    fn set_store(&self, store: Storage) {
        FirmwareTable.storage().set(store.as_ptr());
    }

    fn restore(&self) -> bool {
        memfault_rs_metrics_restore()
    }

    fn boot_reliability(&self) {
        // SAFETY: NULL is allowed.
        unsafe { memfault_metrics_reliability_boot(ptr::null_mut()) };
    }

    fn start_heartbeat_timer(&self) -> bool {
        timer::boot(memfault_rs_metrics_interval_s(), memfault_metrics_heartbeat_debug_trigger)
    }

    fn boot_connectivity(&self) {
        memfault_rs_metrics_boot_connectivity();
    }

    fn collect(&self) {
        memfault_metrics_heartbeat_collect_sdk_data();
        // SAFETY: the part of the state that the C unit made for it, or NULL.
        unsafe { memfault_rs_metrics_collect_builtin(FirmwareTable.log_lines()) };
        overrides::collect_data();
    }

    fn call_back(&self, session: u32, edge: Edge) {
        if let Some(callback) = FirmwareTable.callback(session, edge).and_then(Cell::get) {
            // SAFETY: a function of the firmware without arguments.
            unsafe { callback() };
        }
    }

    fn unexpected_reboot_occurred(&self) -> bool {
        let mut unexpected = false;
        // SAFETY: a valid output.
        let result =
            unsafe { reboot_tracking::memfault_reboot_tracking_get_unexpected_reboot_occurred(&raw mut unexpected) };
        result == 0 && unexpected
    }

    fn track_session(&self, active: bool, session: u32) {
        reboot_tracking::memfault_reboot_tracking_metrics_session(active, session);
    }

    fn session_was_active(&self, session: u32) -> bool {
        reboot_tracking::memfault_reboot_tracking_metrics_session_was_active(session)
    }

    fn forget_sessions(&self) {
        reboot_tracking::memfault_reboot_tracking_clear_metrics_sessions();
    }

    fn report_wrong_type(&self, expected: Kind, found: Kind, index: usize) {
        memfault_rs_log_metric_wrong_type(expected as u32, found as u32, index as c_int);
    }

    fn report_not_a_number(&self, index: usize) {
        memfault_rs_log_metric_not_a_number(index as c_int);
    }
}
