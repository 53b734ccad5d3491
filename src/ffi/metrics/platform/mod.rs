//! `memfault/metrics/platform/*.h`: what the firmware supplies for metrics.

pub mod battery;
pub mod connectivity;
pub mod overrides;
pub mod timer;
