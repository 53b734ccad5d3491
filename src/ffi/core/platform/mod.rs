//! `memfault/core/platform/*.h`.
