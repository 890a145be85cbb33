//! SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966).
use super::scan;
use std::fmt;
use std::net::IpAddr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    Sip,
    Sips,
    Tel,
    Other,
}

/// A URI and where its parts lie.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Uri {
    text: String,
    scheme: Scheme,
    user: (u32, u32),
    host: (u32, u32),
    port: Option<u16>,
    params: (u32, u32),
    headers: (u32, u32),
}

/// The parts of a URI as borrowed bytes, for the hot path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UriRef<'a> {
    pub scheme: Scheme,
    /// User part without password; empty if none.
    pub user: &'a [u8],
    /// Without the brackets of an IPv6 address.
    pub host: &'a [u8],
    pub port: Option<u16>,
    pub params: &'a [u8],
    pub headers: &'a [u8],
}

const URI_BYTES_MAX: usize = 8192;

impl<'a> UriRef<'a> {
    /// None when it is not a URI. Any scheme with a plausible shape passes; `Scheme::Other` has no parts.
    pub fn parse(text: &'a [u8]) -> Option<UriRef<'a>> {
        if text.len() > URI_BYTES_MAX || text.iter().any(|&b| b <= b' ' || matches!(b, b'<' | b'>' | b'"' | 0x7f)) {
            return None;
        }
        let colon = text.iter().position(|&b| b == b':')?;
        let (scheme, rest) = (&text[..colon], &text[colon + 1..]);
        let valid = scheme.first().is_some_and(u8::is_ascii_alphabetic)
            && scheme.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
        if !valid || rest.is_empty() {
            return None;
        }
        let scheme = match scheme {
            s if s.eq_ignore_ascii_case(b"sip") => Scheme::Sip,
            s if s.eq_ignore_ascii_case(b"sips") => Scheme::Sips,
            s if s.eq_ignore_ascii_case(b"tel") => return Some(UriRef::tel(rest)),
            _ => return Some(UriRef { scheme: Scheme::Other, user: b"", host: b"", port: None, params: b"", headers: b"" }),
        };
        UriRef::sip(scheme, rest)
    }

    fn tel(rest: &'a [u8]) -> UriRef<'a> {
        let (user, params) = split_at_byte(rest, b";");
        UriRef { scheme: Scheme::Tel, user, host: b"", port: None, params, headers: b"" }
    }

    fn sip(scheme: Scheme, rest: &'a [u8]) -> Option<UriRef<'a>> {
        let (user, rest) = match rest.iter().rposition(|&b| b == b'@') {
            Some(0) => return None,
            Some(at) => (split_at_byte(&rest[..at], b":").0, &rest[at + 1..]),
            None => (&b""[..], rest),
        };
        let (host, after) = split_host(rest)?;
        let (port, after) = match after.strip_prefix(b":") {
            Some(after) => {
                let end = after.iter().position(|b| matches!(b, b';' | b'?')).unwrap_or(after.len());
                (Some(u16::try_from(scan::number(&after[..end])?).ok()?), &after[end..])
            }
            None => (None, after),
        };
        let (params, headers) = split_at_byte(after, b"?");
        if !(params.is_empty() || params.starts_with(b";")) {
            return None;
        }
        Some(UriRef { scheme, user, host, port, params: params.get(1..).unwrap_or_default(), headers })
    }

    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        scan::param(self.params, name)
    }

    /// The host as an address, when it is one.
    pub fn ip(&self) -> Option<IpAddr> {
        parse_ip(self.host)
    }
}

/// Both sides of the first of `seps`, without it.
fn split_at_byte<'a>(s: &'a [u8], seps: &[u8]) -> (&'a [u8], &'a [u8]) {
    match s.iter().position(|b| seps.contains(b)) {
        Some(at) => (&s[..at], &s[at + 1..]),
        None => (s, b""),
    }
}

/// A host (name, IPv4, or IPv6 in brackets, returned without them) and what follows.
/// IPv6 text is only checked for its characters: RFC 5118 §4.10 asks to take the three colons of an old grammar bug.
pub fn split_host(s: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(inner) = s.strip_prefix(b"[") {
        let end = inner.iter().position(|&b| b == b']')?;
        let host = &inner[..end];
        let fine = end >= 2 && host.iter().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.' | b'%'));
        return fine.then(|| (host, &inner[end + 1..]));
    }
    let end = s.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'))).unwrap_or(s.len());
    (end > 0).then(|| s.split_at(end))
}

/// An address, with or without brackets.
pub fn parse_ip(host: &[u8]) -> Option<IpAddr> {
    let host = host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]")).unwrap_or(host);
    std::str::from_utf8(host).ok()?.parse().ok()
}

impl Uri {
    /// None when it is not a URI.
    pub fn parse(text: impl AsRef<[u8]>) -> Option<Uri> {
        let raw = text.as_ref();
        let owned;
        // Latin-1 or GBK bytes become U+FFFD first, so that the ranges fit the text that is kept.
        let bytes = match std::str::from_utf8(raw) {
            Ok(_) => raw,
            Err(_) => {
                owned = scan::lossy(raw);
                owned.as_bytes()
            }
        };
        let r = UriRef::parse(bytes)?;
        let span = |part: &[u8]| -> (u32, u32) {
            if part.is_empty() {
                return (0, 0);
            }
            let start = part.as_ptr() as usize - bytes.as_ptr() as usize;
            // URI_BYTES_MAX bounds both.
            (start as u32, (start + part.len()) as u32)
        };
        Some(Uri {
            scheme: r.scheme,
            user: span(r.user),
            host: span(r.host),
            port: r.port,
            params: span(r.params),
            headers: span(r.headers),
            text: scan::lossy(bytes),
        })
    }

    /// `sip:user@host[:port]`; the user is escaped where needed. IPv6 hosts may come with or without brackets.
    pub fn sip(user: &str, host: &str, port: Option<u16>) -> Option<Uri> {
        let mut text = String::from("sip:");
        if !user.is_empty() {
            escape_user(user, &mut text);
            text.push('@');
        }
        if host.contains(':') && !host.starts_with('[') {
            text.push('[');
            text.push_str(host);
            text.push(']');
        } else {
            text.push_str(host);
        }
        if let Some(port) = port {
            text.push(':');
            text.push_str(&port.to_string());
        }
        Uri::parse(text)
    }

    fn slice(&self, span: (u32, u32)) -> &str {
        self.text.get(span.0 as usize..span.1 as usize).unwrap_or_default()
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// User part as written, without password; the number of a tel URI; empty if none.
    pub fn user(&self) -> &str {
        self.slice(self.user)
    }

    /// User part with `%xx` resolved.
    pub fn user_decoded(&self) -> String {
        scan::lossy(&scan::percent_decode(self.user().as_bytes()))
    }

    /// Host without brackets; empty for tel and unknown schemes.
    pub fn host(&self) -> &str {
        self.slice(self.host)
    }

    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Value of a URI parameter, `Some("")` for a bare name.
    pub fn param(&self, name: &str) -> Option<String> {
        scan::param(self.slice(self.params).as_bytes(), name).map(scan::lossy)
    }

    /// Value of a header in the URI (`?Replaces=…`), unescaped.
    pub fn header(&self, name: &str) -> Option<String> {
        self.slice(self.headers).split('&').find_map(|pair| {
            let (n, v) = pair.split_once('=')?;
            n.eq_ignore_ascii_case(name).then(|| scan::lossy(&scan::percent_decode(v.as_bytes())))
        })
    }

    pub fn has_headers(&self) -> bool {
        self.headers.1 > self.headers.0
    }

    /// The same URI without its headers.
    pub fn without_headers(&self) -> Uri {
        let mut uri = self.clone();
        if self.has_headers() {
            uri.text.truncate((self.headers.0 as usize).saturating_sub(1));
            uri.headers = (0, 0);
        }
        uri
    }

    /// The host as an address, when it is one.
    pub fn ip(&self) -> Option<IpAddr> {
        parse_ip(self.host().as_bytes())
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Escapes what RFC 3261 does not allow in a user part.
pub fn escape_user(user: &str, out: &mut String) {
    for b in user.bytes() {
        let plain = b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' | b'&' | b'=' | b'+' | b'$' | b',' | b';' | b'?' | b'/'
            );
        if plain {
            out.push(b as char);
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(HEX[usize::from(b >> 4)] as char);
            out.push(HEX[usize::from(b & 15)] as char);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let uri = Uri::parse("sip:1001;x=1:pw@[2001:db8::1]:5070;transport=tcp;lr?Replaces=a%40b%3Bto-tag%3D1").expect("valid");
        assert_eq!((uri.user(), uri.host(), uri.port()), ("1001;x=1", "2001:db8::1", Some(5070)));
        assert_eq!(uri.param("transport").as_deref(), Some("tcp"));
        assert_eq!(uri.param("LR").as_deref(), Some(""));
        assert_eq!(uri.header("replaces").as_deref(), Some("a@b;to-tag=1"));
        assert_eq!(uri.without_headers().as_str(), "sip:1001;x=1:pw@[2001:db8::1]:5070;transport=tcp;lr");
        assert_eq!(Uri::parse("tel:+8613800000000;phone-context=x").expect("valid").user(), "+8613800000000");
    }

    #[test]
    fn refused() {
        for text in
            ["", "sip:", "sip:@host", "sip:2001:db8::10", "sip:a@b:99999", "sip:a@b c", "<sip:a@b>", "user@host", "sip:a@[::1", "sip:a@b!c"]
        {
            assert!(Uri::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn escaping_and_bytes_that_are_not_utf8() {
        assert_eq!(Uri::sip("a b#1", "h", Some(1)).expect("valid").as_str(), "sip:a%20b%231@h:1");
        assert_eq!(Uri::sip("", "::1", None).expect("valid").as_str(), "sip:[::1]");
        let uri = Uri::parse(b"sip:\xe9@host.cn;x").expect("valid");
        assert_eq!((uri.user(), uri.host()), ("\u{fffd}", "host.cn"));
    }
}
