//! name-addr and addr-spec with header parameters (From, To, Contact, Route …).
use super::{Uri, scan};
use bytes::Bytes;

/// One address as borrowed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddrRef<'a> {
    /// As written (quotes included), trimmed; empty if none.
    pub display: &'a [u8],
    /// Without the angle brackets.
    pub uri: &'a [u8],
    /// Header parameters, without the first `;`.
    pub params: &'a [u8],
    /// The URI stood in angle brackets.
    pub bracketed: bool,
}

impl<'a> AddrRef<'a> {
    /// None on unbalanced quotes or brackets, or without any URI. Display names that should be quoted but are not are taken.
    pub fn parse(value: &'a [u8]) -> Option<AddrRef<'a>> {
        let value = scan::trim(value);
        let (display, rest) = if value.first() == Some(&b'"') {
            let end = closing_quote(value)?;
            value.split_at(end + 1)
        } else {
            match value.iter().position(|&b| b == b'<') {
                Some(at) => value.split_at(at),
                None => (&b""[..], value),
            }
        };
        let rest = scan::trim(rest);
        if let Some(inner) = rest.strip_prefix(b"<") {
            let end = inner.iter().position(|&b| b == b'>')?;
            let after = scan::trim(&inner[end + 1..]);
            let params = match after {
                [] => after,
                [b';', params @ ..] => params,
                _ => return None,
            };
            let uri = scan::trim(&inner[..end]);
            return (!uri.is_empty()).then(|| AddrRef { display: scan::trim(display), uri, params, bracketed: true });
        }
        if !display.is_empty() || rest.is_empty() {
            return None;
        }
        // addr-spec: parameters belong to the header (RFC 3261 §20.10).
        let (uri, params) = match rest.iter().position(|&b| b == b';') {
            Some(at) => (scan::trim(&rest[..at]), &rest[at + 1..]),
            None => (rest, &b""[..]),
        };
        (!uri.is_empty()).then_some(AddrRef { display: b"", uri, params, bracketed: false })
    }

    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        scan::param(self.params, name)
    }

    pub fn tag(&self) -> Option<&'a [u8]> {
        self.param("tag").filter(|t| !t.is_empty())
    }
}

fn closing_quote(s: &[u8]) -> Option<usize> {
    let mut escaped = false;
    for (i, &b) in s.iter().enumerate().skip(1) {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(i),
            _ => {}
        }
    }
    None
}

/// One address, owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameAddr {
    /// Text of the display name, unquoted; bytes that are not UTF-8 become U+FFFD.
    pub display: Option<String>,
    /// The same as it came (GBK, Latin-1 …), for whoever knows the peer's character set.
    pub display_raw: Option<Bytes>,
    pub uri: Uri,
    pub tag: Option<String>,
}

impl NameAddr {
    pub fn parse(value: &[u8]) -> Option<NameAddr> {
        NameAddr::from_ref(&AddrRef::parse(value)?)
    }

    pub fn from_ref(addr: &AddrRef<'_>) -> Option<NameAddr> {
        let raw = scan::unquote(addr.display);
        let shown = !raw.is_empty();
        Some(NameAddr {
            display: shown.then(|| scan::lossy(&raw)),
            uri: Uri::parse(addr.uri)?,
            tag: addr.tag().map(scan::lossy),
            display_raw: shown.then(|| Bytes::from(raw)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        /// Text, display name, URI, tag.
        type Row = (&'static [u8], Option<&'static str>, &'static str, Option<&'static str>);
        let rows: &[Row] = &[
            (b"\"J R \\\"\" <sip:a@b>\r\n ; tag = 9", Some("J R \""), "sip:a@b", Some("9")),
            (b"caller<sip:a@b;x>;tag=3", Some("caller"), "sip:a@b;x", Some("3")),
            (b"sip:a@b;tag=1", None, "sip:a@b", Some("1")),
            (b"Bell, Alexander <sip:a@b>;tag=43", Some("Bell, Alexander"), "sip:a@b", Some("43")),
            (b"\"<\" < sip:a@b >", Some("<"), "sip:a@b", None),
            (b"\xc4\xe3\xba\xc3 <sip:a@b>", Some("\u{fffd}\u{fffd}\u{fffd}"), "sip:a@b", None),
        ];
        for (text, display, uri, tag) in rows {
            let got = NameAddr::parse(text).unwrap_or_else(|| panic!("{}", scan::lossy(text)));
            assert_eq!(got.uri.as_str(), *uri);
            assert_eq!(got.tag.as_deref(), *tag);
            if !text.starts_with(b"\xc4") {
                assert_eq!(got.display.as_deref(), *display);
            }
        }
        assert_eq!(NameAddr::parse(b"\xc4\xe3 <sip:a@b>").and_then(|a| a.display_raw).as_deref(), Some(&b"\xc4\xe3"[..]));
    }

    #[test]
    fn refused() {
        for text in ["", "\"Mr. J. <sip:a@b>", "<sip:a@b", "\"x\"", "<>", "<sip:a@b> x"] {
            assert!(NameAddr::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
