//! `memfault/demo/*.h`. What the component adds to http (`memfault/demo/util.h`) is C: `shim/memfault_rs_demo_http.c`.

pub mod cli;
#[cfg(not(feature = "metrics"))]
mod no_metrics;
#[cfg(not(feature = "panics"))]
mod no_panics;
pub mod shell;
pub mod shell_commands;
