//! `memfault/http/*.h`.

pub mod http_client;
pub mod platform;
pub mod root_certs;
pub mod utils;
