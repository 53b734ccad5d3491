//! `memfault/http/platform/*.h`: what the firmware supplies for HTTP.

pub mod http_client;
