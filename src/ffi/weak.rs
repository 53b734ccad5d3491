//! Names that firmware may replace: a weak alias of a private default in this library.
//!
//! The macro call and the default stand in the same module, because `.set` needs its target in the same object. Mach-O and
//! COFF have no such aliases; there the library is for development only and takes no part in overriding.

/// The assembler's directive for an alias of a function. (A `cfg` inside `global_asm!` needs a newer Rust than this crate.)
#[cfg(thumb)]
macro_rules! function_alias {
    () => {
        ".thumb_set "
    };
}
#[cfg(not(thumb))]
macro_rules! function_alias {
    () => {
        ".set "
    };
}

/// `weak_fn!("memfault_lock" = lock_default);` makes `memfault_lock` a weak name of the function `lock_default`.
macro_rules! weak_fn {
    ($name:literal = $default:path) => {
        ::core::arch::global_asm!(
            concat!(".weak ", $name),
            concat!(function_alias!(), $name, ", {target}"),
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

/// `weak_data_if!("g_x" = if Firmware::X { A } else { B }, sX);` makes `g_x` a weak name of one of two statics.
macro_rules! weak_data_if {
    ($name:literal = if $condition:path { $yes:path } else { $no:path }, $type:ty) => {
        ::core::arch::global_asm!(
            concat!(".weak ", $name),
            ".if {condition}",
            concat!(".set ", $name, ", {yes}"),
            ".else",
            concat!(".set ", $name, ", {no}"),
            ".endif",
            concat!(".type ", $name, ", %object"),
            concat!(".size ", $name, ", {size}"),
            condition = const $condition as usize,
            yes = sym $yes,
            no = sym $no,
            size = const ::core::mem::size_of::<$type>()
        );
    };
}
