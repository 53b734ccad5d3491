//! `memfault/core/platform/overrides.h` (spec 20 section 16.3): the lock around what several threads share.

use crate::events::storage::Lock;

// C header: only the items.

unsafe extern "C" {
    /// Enters the critical section of the SDK. Weak, does nothing, which is right for firmware with one thread.
    ///
    /// A replacement is a recursive mutex that works before the scheduler runs too, or it masks interrupts.
    safe fn memfault_lock();
    /// Leaves the critical section. Weak, does nothing.
    safe fn memfault_unlock();
}

weak_fn!("memfault_lock" = no_lock);
weak_fn!("memfault_unlock" = no_lock);

/// What a firmware with one thread needs.
extern "C" fn no_lock() {}

/// The lock of the firmware.
#[derive(Clone, Copy)]
pub struct PlatformLock;

impl Lock for PlatformLock {
    fn lock(&self) {
        memfault_lock();
    }

    fn unlock(&self) {
        memfault_unlock();
    }
}
