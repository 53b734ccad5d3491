//! The parts of a URL (spec 70 section 6.1). Quick rather than complete: a query or fragment without a path counts as host.

use super::number;

/// How to talk to the host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// With TLS.
    Https,
}

/// A URL, taken apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Uri<'a> {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// Never empty. An IPv6 address keeps its brackets.
    pub host: &'a [u8],
    /// The one of the scheme if the URL names none. No check of its range.
    pub port: u32,
    /// From the first `/` on, query and fragment included.
    pub path: Option<&'a [u8]>,
}

/// Takes a URL apart. `None`: another scheme, no host, or a port that is no number.
pub fn parse(uri: &[u8]) -> Option<Uri<'_>> {
    let (scheme, default_port, rest) = if let Some(rest) = without_prefix(uri, b"https://") {
        (Scheme::Https, 443, rest)
    } else {
        (Scheme::Http, 80, without_prefix(uri, b"http://")?)
    };
    let (authority, path) = match rest.iter().position(|b| *b == b'/') {
        Some(at) => (rest.get(..at)?, rest.get(at..)),
        None => (rest, None),
    };
    let authority = match authority.iter().position(|b| *b == b'@') {
        Some(at) => authority.get(at.wrapping_add(1)..)?,
        None => authority,
    };
    // The colons of an IPv6 address are no start of a port.
    let address_end = match authority.first() {
        Some(b'[') => authority.iter().position(|b| *b == b']')?,
        _ => 0,
    };
    let (host, port) = match authority.iter().rposition(|b| *b == b':').filter(|at| *at >= address_end) {
        Some(at) => {
            let port = number::parse(authority.get(at.wrapping_add(1)..)?).filter(|port| port.digits > 0)?;
            (authority.get(..at)?, port.value)
        }
        None => (authority, default_port),
    };
    (!host.is_empty()).then_some(Uri { scheme, host, port, path })
}

/// What follows the prefix, whatever the case of its letters.
fn without_prefix<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of spec 70 section 6.1; an empty path stands for none.
    #[test]
    fn results_of_the_reference() {
        let rows = [
            ("https://host.example", Scheme::Https, "host.example", 443, ""),
            ("HTTPS://Host.Example/Path", Scheme::Https, "Host.Example", 443, "/Path"),
            ("http://u:p@h:81/a@b", Scheme::Http, "h", 81, "/a@b"),
            ("http://a@b@c/x", Scheme::Http, "b@c", 80, "/x"),
            ("https://[fe80::1]:444/p?q", Scheme::Https, "[fe80::1]", 444, "/p?q"),
            ("https://[fe80::1]/p", Scheme::Https, "[fe80::1]", 443, "/p"),
            ("https://h?x=1/2", Scheme::Https, "h?x=1", 443, "/2"),
            ("https://h#f", Scheme::Https, "h#f", 443, ""),
            ("https://h:443:444/x", Scheme::Https, "h:443", 444, "/x"),
            ("http://h:80 90/x", Scheme::Http, "h", 80, "/x"),
            ("http://h:99999/", Scheme::Http, "h", 99999, "/"),
        ];
        for (uri, scheme, host, port, path) in rows {
            let path = (!path.is_empty()).then_some(path.as_bytes());
            assert_eq!(parse(uri.as_bytes()), Some(Uri { scheme, host: host.as_bytes(), port, path }), "{uri}");
        }
    }

    #[test]
    fn what_is_no_url() {
        for uri in [
            "http://h:/x",
            "https://:443/",
            "https://@",
            "https://[fe80::1",
            "http:///x",
            "http://",
            "https://",
            "https:/h",
            "ftp://h/",
            "https://user:pa/ss@h/x",
            "http://h:2147483641/",
            "",
            "http",
        ] {
            assert_eq!(parse(uri.as_bytes()), None, "{uri}");
        }
    }
}
