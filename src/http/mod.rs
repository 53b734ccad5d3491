//! HTTP for small clients (spec 70 chapters 2 to 7): requests piece by piece, an incremental reader of responses, URLs, and the
//! steps of an upload with the platform's own client.
//!
//! Nothing here opens a connection, and nothing is allocated: requests go to a closure, responses come in as pieces of any size.
#![forbid(unsafe_code)]

pub mod client;
pub mod number;
pub mod request;
pub mod response;
pub mod text;
pub mod uri;
pub mod url;
pub mod urlencode;

/// Parameters of the question for the latest release, in the order of [`Identity`].
const PARAMETERS: [&[u8]; 4] = [b"device_serial", b"hardware_version", b"software_type", b"current_version"];

/// What a device is called: serial, hardware version, software type, software version. `None`: it does not say.
pub type Identity<'a> = [Option<&'a [u8]>; 4];
