//! SIP messages: lenient in, strict out.
mod addr;
mod name;
mod parse;
mod reason;
pub(crate) mod scan;
pub(crate) mod uri;
pub(crate) mod via;
pub(crate) mod write;

pub use addr::{AddrRef, NameAddr};
pub use name::{HeaderName, Method, reason_phrase};
pub(crate) use parse::framed_length;
pub use parse::{Defect, ParseError, header_end};
pub use reason::Reason;
pub use uri::{Scheme, Uri, UriRef};
pub use via::ViaRef;

use bytes::Bytes;
use parse::{Inner, Span, Start};
use std::sync::Arc;

/// A parsed request or response. Cloning is cheap; header values are looked at only when asked for.
#[derive(Debug, Clone)]
pub struct Message {
    inner: Arc<Inner>,
}

/// Number and method of a CSeq.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CSeq<'a> {
    pub number: u32,
    pub method: &'a [u8],
}

impl Message {
    fn at(&self, span: Span) -> &[u8] {
        &self.inner.buf[span.start as usize..span.end as usize]
    }

    /// Some for a request.
    pub fn method(&self) -> Option<Method> {
        match self.inner.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// The method's own word (for extension methods); empty for a response.
    pub fn method_text(&self) -> &[u8] {
        match self.inner.start {
            Start::Request { method_at, .. } => self.at(method_at),
            Start::Response { .. } => b"",
        }
    }

    /// Some for a response: 100..=699.
    pub fn status(&self) -> Option<u16> {
        match self.inner.start {
            Start::Response { status, .. } => Some(status),
            Start::Request { .. } => None,
        }
    }

    /// The phrase of a response.
    pub fn reason(&self) -> &[u8] {
        match self.inner.start {
            Start::Response { reason, .. } => self.at(reason),
            Start::Request { .. } => b"",
        }
    }

    /// The Request-URI as written.
    pub fn request_uri(&self) -> &[u8] {
        match self.inner.start {
            Start::Request { uri, .. } => self.at(uri),
            Start::Response { .. } => b"",
        }
    }

    /// `SIP/2.0` of a request.
    pub fn version(&self) -> &[u8] {
        match self.inner.start {
            Start::Request { version, .. } => self.at(version),
            Start::Response { .. } => b"SIP/2.0",
        }
    }

    pub fn defect(&self) -> Option<Defect> {
        self.inner.defect
    }

    pub fn body(&self) -> Bytes {
        self.inner.buf.slice(self.inner.body.start as usize..self.inner.body.end as usize)
    }

    pub fn bytes(&self) -> &Bytes {
        &self.inner.buf
    }

    /// All values of a header as they stand, one per line, in order.
    pub fn all(&self, name: HeaderName) -> impl Iterator<Item = &[u8]> {
        self.inner.fields.iter().filter(move |f| f.name == name).map(|f| self.at(f.value))
    }

    /// The first value of a header.
    pub fn get(&self, name: HeaderName) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// Lossy text of the first header with this name, known or not.
    pub fn header(&self, name: &str) -> Option<String> {
        self.inner.fields.iter().find(|f| self.at(f.name_at).eq_ignore_ascii_case(name.as_bytes())).map(|f| scan::lossy(self.at(f.value)))
    }

    /// All values of a list header, split at commas.
    pub fn list(&self, name: HeaderName) -> impl Iterator<Item = &[u8]> {
        self.all(name).flat_map(scan::commas)
    }

    /// How often a header line occurs.
    pub fn count(&self, name: HeaderName) -> usize {
        self.inner.fields.iter().filter(|f| f.name == name).count()
    }

    pub fn call_id(&self) -> Option<&[u8]> {
        self.get(HeaderName::CallId).filter(|v| !v.is_empty())
    }

    pub fn cseq(&self) -> Option<CSeq<'_>> {
        let value = self.get(HeaderName::CSeq)?;
        let end = value.iter().position(|b| scan::is_space(*b))?;
        let number = u32::try_from(scan::number(&value[..end])?).ok().filter(|n| *n < 1 << 31)?;
        let method = scan::trim(&value[end..]);
        (!method.is_empty()).then_some(CSeq { number, method })
    }

    pub fn from(&self) -> Option<AddrRef<'_>> {
        AddrRef::parse(self.get(HeaderName::From)?)
    }

    pub fn to(&self) -> Option<AddrRef<'_>> {
        AddrRef::parse(self.get(HeaderName::To)?)
    }

    pub fn top_via(&self) -> Option<ViaRef<'_>> {
        ViaRef::parse(scan::commas(self.get(HeaderName::Via)?).next()?)
    }

    /// The first Contact; none for `*` or nonsense.
    pub fn contact(&self) -> Option<AddrRef<'_>> {
        AddrRef::parse(self.list(HeaderName::Contact).next()?)
    }

    /// A header that is one number, saturated to u32. None if absent or not a number.
    pub fn number(&self, name: HeaderName) -> Option<u32> {
        let value = scan::split_once(self.get(name)?, b';').0;
        let digits = scan::trim(value);
        let digits = &digits[..digits.iter().position(|b| !b.is_ascii_digit()).unwrap_or(digits.len())];
        if digits.is_empty() {
            return None;
        }
        Some(scan::number(digits).map_or(u32::MAX, |n| u32::try_from(n).unwrap_or(u32::MAX)))
    }

    /// Media type without parameters, lower case; empty if none.
    pub fn content_type(&self) -> String {
        let value = self.get(HeaderName::ContentType).unwrap_or_default();
        scan::lossy(scan::trim(scan::split_once(value, b';').0)).to_ascii_lowercase()
    }

    /// The SDP of the body, alone or as a part of a multipart body (ISUP gateways send those).
    pub fn sdp(&self) -> Option<Bytes> {
        let body = self.body();
        if body.is_empty() {
            return None;
        }
        let content_type = self.content_type();
        if content_type == "application/sdp" {
            return Some(body);
        }
        if !content_type.starts_with("multipart/") {
            return None;
        }
        let boundary = scan::unquote(scan::param(self.get(HeaderName::ContentType)?, "boundary")?);
        sdp_part(&body, &boundary)
    }

    /// A list header (Require, Supported) holds this token.
    pub fn has_token(&self, name: HeaderName, token: &str) -> bool {
        self.list(name).any(|t| t.eq_ignore_ascii_case(token.as_bytes()))
    }

    pub fn reason_header(&self) -> Option<Reason> {
        self.list(HeaderName::Reason).find_map(Reason::parse)
    }
}

const BOUNDARY_BYTES_MAX: usize = 70;
const PARTS_MAX: usize = 16;

fn sdp_part(body: &Bytes, boundary: &[u8]) -> Option<Bytes> {
    if boundary.is_empty() || boundary.len() > BOUNDARY_BYTES_MAX {
        return None;
    }
    let mut mark = b"--".to_vec();
    mark.extend_from_slice(boundary);
    let mut begin = find(body, &mark, 0)? + mark.len();
    for _ in 0..PARTS_MAX {
        let end = find(body, &mark, begin)?;
        let part = body.slice(begin..end);
        begin = end + mark.len();
        // The part's own headers begin after the delimiter's line end; without any, the part starts with an empty line.
        let Some(head_end) = header_end(&part, 0) else { continue };
        let head = part[..head_end].to_ascii_lowercase();
        if head.windows(15).any(|w| w == b"application/sdp") {
            return Some(part.slice(head_end..));
        }
    }
    None
}

fn find(body: &[u8], mark: &[u8], from: usize) -> Option<usize> {
    body.get(from..)?.windows(mark.len()).position(|w| w == mark).map(|at| from + at)
}

impl Message {
    /// Every header line in order: name, its text, its value.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (HeaderName, &[u8], &[u8])> {
        self.inner.fields.iter().map(|f| (f.name, self.at(f.name_at), self.at(f.value)))
    }
}
