//! The statics behind the C API.

use core::cell::UnsafeCell;
use core::ops::Deref;
use core::ptr;

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

/// A function pointer that a boot call fills in, so that the linker can drop the code behind it where nobody boots it.
///
/// The accesses are volatile on purpose: a pointer that is stored only once is otherwise folded back into a direct reference,
/// and the code stays.
pub struct Slot<F: Copy>(UnsafeCell<Option<F>>);

// SAFETY: as for `Global`; the value is one pointer, read and written whole.
unsafe impl<F: Copy> Sync for Slot<F> {}

impl<F: Copy> Slot<F> {
    /// An empty slot.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(UnsafeCell::new(None))
    }

    /// The function, or `None` before [`Slot::set`].
    pub fn get(&self) -> Option<F> {
        // SAFETY: the cell is always initialised, and no reference into it exists.
        unsafe { ptr::read_volatile(self.0.get()) }
    }

    /// Fills the slot.
    pub fn set(&self, function: F) {
        // SAFETY: as in `get`.
        unsafe { ptr::write_volatile(self.0.get(), Some(function)) }
    }
}
