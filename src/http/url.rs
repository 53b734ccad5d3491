//! URLs of the server (spec 70 sections 2.2, 7.2 and 7.3).

use super::text::Text;
use super::uri::Scheme;
use super::{Identity, PARAMETERS};

/// Where a server is.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// How to talk to it.
    pub scheme: Scheme,
    /// Its name; no port goes into a URL.
    pub host: &'a [u8],
}

impl Site<'_> {
    fn start(self, url: &mut Text) {
        url.push(match self.scheme {
            Scheme::Http => b"http://",
            Scheme::Https => b"https://",
        });
        url.push(self.host);
        url.push(b"/api/v0/");
    }
}

/// Writes `<scheme>://<host>/api/v0/<subpath>/<serial>`, cut to what fits, with a terminator. Nothing is escaped. Returns the length
/// of the whole URL, which fits if the buffer is longer.
pub fn device(buf: &mut [u8], site: Site, subpath: &[u8], serial: &[u8]) -> usize {
    let mut url = Text::new(buf);
    site.start(&mut url);
    url.push(subpath);
    url.push(b"/");
    url.push(serial);
    url.terminate();
    url.len()
}

/// Why there is no URL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// A value is missing or empty, or there is no room for it.
    Value,
    /// There is no room for what stands between the values.
    Space,
}

/// Writes the URL at which a device asks for its latest release, with a terminator.
pub fn latest_release(buf: &mut [u8], site: Site, identity: Identity) -> Result<(), Error> {
    let mut url = Text::new(buf);
    site.start(&mut url);
    url.push(b"releases/latest/url");
    let mut separator = b"?";
    for (name, value) in PARAMETERS.iter().zip(identity) {
        url.push(separator);
        url.push(name);
        url.push(b"=");
        if !url.fits() {
            return Err(Error::Space);
        }
        if !value.is_some_and(|value| url.push_encoded(value)) {
            return Err(Error::Value);
        }
        separator = b"&";
    }
    // The last value has its terminator.
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    const SITE: Site = Site { scheme: Scheme::Https, host: b"device.memfault.com" };
    const IDENTITY: Identity = [Some(b"widget-0042"), Some(b"rev c"), Some(b"app+dsp"), Some(b"2.7.1-rc.3+9c/a")];

    /// Spec 70 section 15.2.
    #[test]
    fn latest_release_url_of_the_specification() {
        let wanted: &[u8] = b"https://device.memfault.com/api/v0/releases/latest/url?device_serial=widget-0042&\
            hardware_version=rev%20c&software_type=app%2Bdsp&current_version=2.7.1-rc.3%2B9c%2Fa\0";
        assert_eq!(wanted.len(), 166);
        let mut buf = [0xEE; 167];
        assert_eq!(latest_release(&mut buf, SITE, IDENTITY), Ok(()));
        assert_eq!(&buf[..166], wanted);
        assert_eq!(buf[166], 0xEE);
        assert_eq!(latest_release(&mut buf[..166], SITE, IDENTITY), Ok(()));
        for len in 0..166 {
            let mut buf = vec![0xEE; len];
            assert!(latest_release(&mut buf, SITE, IDENTITY).is_err(), "{len}");
        }
    }

    #[test]
    fn a_value_that_cannot_be_encoded_is_told_apart_from_lack_of_space() {
        let mut buf = [0; 300];
        for missing in 0..4 {
            for nothing in [None, Some(&b""[..])] {
                let mut identity = IDENTITY;
                identity[missing] = nothing;
                assert_eq!(latest_release(&mut buf, SITE, identity), Err(Error::Value));
            }
        }
        // "...?device_serial=" has 70 characters; the value needs 12 bytes more.
        assert_eq!(latest_release(&mut buf[..69], SITE, IDENTITY), Err(Error::Space));
        assert_eq!(latest_release(&mut buf[..80], SITE, IDENTITY), Err(Error::Value));
    }

    #[test]
    fn url_of_a_device() {
        let wanted = b"https://chunks.memfault.com/api/v0/chunks/widget-0042\0";
        let site = Site { host: b"chunks.memfault.com", ..SITE };
        let mut buf = [0xEE; 55];
        assert_eq!(device(&mut buf, site, b"chunks", b"widget-0042"), 53);
        assert_eq!(&buf[..54], wanted);
        assert_eq!(buf[54], 0xEE);
        assert_eq!(device(&mut buf[..53], site, b"chunks", b"widget-0042"), 53);
        assert_eq!(&buf[50..53], b"04\0", "cut, and ended");
        let http = Site { scheme: Scheme::Http, host: b"h" };
        assert_eq!(device(&mut buf, http, b"", b"s"), 18);
        assert_eq!(&buf[..19], b"http://h/api/v0//s\0");
    }
}
