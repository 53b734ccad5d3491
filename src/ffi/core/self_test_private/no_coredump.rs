//! Without the component panics there is nothing to test about coredumps: these tests say so, and pass.

use super::{Title, titled};

unsafe extern "C" {
    safe fn memfault_rs_log_self_test_no_panics();
}

weak_fn!("memfault_self_test_coredump_regions_test" = no_coredump_regions_test);
weak_fn!("memfault_self_test_coredump_storage_test" = no_coredump_storage_test);
weak_fn!("memfault_self_test_coredump_storage_capacity_test" = no_coredump_storage_capacity_test);

fn skip(title: Title) -> u32 {
    titled(title, || {
        memfault_rs_log_self_test_no_panics();
        0
    })
}

extern "C" fn no_coredump_regions_test() -> u32 {
    skip(Title::CoredumpRegions)
}

extern "C" fn no_coredump_storage_test() -> u32 {
    skip(Title::CoredumpStorage)
}

extern "C" fn no_coredump_storage_capacity_test() -> u32 {
    skip(Title::CoredumpStorageCapacity)
}
