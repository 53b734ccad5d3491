//! The statics behind the C API.

use core::ops::Deref;

/// A static of the C API. Its content must be changed through cells only, so shared references are all that is ever needed.
#[repr(transparent)]
pub struct Global<T>(T);

// SAFETY: the SDK is not thread safe (spec 10, general properties): the firmware calls a module from one thread at a time, or
// holds `memfault_lock`. An interrupt uses only what the specification allows it. The content is `Cell`s of plain numbers and
// pointers, so even a firmware that breaks the rule meets mixed numbers, which every user of them checks, not wild memory.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    /// Wraps the initial value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
}

impl<T> Deref for Global<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
