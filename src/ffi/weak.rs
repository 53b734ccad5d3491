//! Names that firmware may replace: a weak alias of a private default in this library.
//!
//! The macro call and the default stand in the same module, because `.set` needs its target in the same object. Mach-O and
//! COFF have no such aliases; there the library is for development only and takes no part in overriding.

/// `weak_fn!("memfault_lock" = lock_default);` makes `memfault_lock` a weak name of the function `lock_default`.
macro_rules! weak_fn {
    ($name:literal = $default:path) => {
        ::core::arch::global_asm!(
            concat!(".weak ", $name),
            #[cfg(thumb)]
            concat!(".thumb_set ", $name, ", {target}"),
            #[cfg(not(thumb))]
            concat!(".set ", $name, ", {target}"),
            concat!(".type ", $name, ", %function"),
            target = sym $default
        );
    };
}

/// `weak_data!("g_x" = X_DEFAULT, sX);` makes `g_x` a weak name of the static `X_DEFAULT` of type `sX`.
macro_rules! weak_data {
    ($name:literal = $default:path, $type:ty) => {
        ::core::arch::global_asm!(
            concat!(".weak ", $name),
            concat!(".set ", $name, ", {target}"),
            concat!(".type ", $name, ", %object"),
            concat!(".size ", $name, ", {size}"),
            target = sym $default,
            size = const ::core::mem::size_of::<$type>()
        );
    };
}
