//! From bytes to [`Message`]: lines are found, nothing is copied unless a line is folded.
use super::{HeaderName, Message, Method, scan};
use bytes::Bytes;
use smallvec::SmallVec;
use std::sync::Arc;

/// Half-open byte range within the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    fn of(start: usize, end: usize) -> Span {
        // The parser refuses anything longer than BYTES_MAX, far below u32::MAX.
        Span { start: start as u32, end: end as u32 }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub name: HeaderName,
    pub name_at: Span,
    pub value: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Request { method: Method, method_at: Span, uri: Span, version: Span },
    Response { status: u16, reason: Span },
}

#[derive(Debug)]
pub(super) struct Inner {
    pub buf: Bytes,
    pub start: Start,
    pub fields: SmallVec<[Field; 20]>,
    pub body: Span,
    pub defect: Option<Defect>,
}

/// Why bytes are no message at all: nothing can be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    #[error("nothing but line ends")]
    Empty,
    #[error("not a SIP start line")]
    StartLine,
    #[error("header section does not end")]
    Unfinished,
    #[error("more header fields than allowed")]
    TooManyHeaders,
    #[error("message too large")]
    TooLarge,
}

/// What is wrong with a message that can still be answered (a request) or must be dropped (a response).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    /// White space or brackets around the Request-URI.
    RequestLine,
    /// Content-Length is no number, says more than there is, or appears twice with different values.
    ContentLength,
}

/// Nothing longer is looked at, whatever the configuration says.
pub const BYTES_MAX: usize = 1 << 24;

/// Where the header section ends (after the empty line), none if it does not yet. Lines may end in CRLF or LF.
pub fn header_end(buf: &[u8], from: usize) -> Option<usize> {
    let mut at = from.min(buf.len());
    while let Some(lf) = buf[at..].iter().position(|&b| b == b'\n').map(|i| at + i) {
        match &buf[lf + 1..] {
            [b'\n', ..] => return Some(lf + 2),
            [b'\r', b'\n', ..] => return Some(lf + 3),
            _ => at = lf + 1,
        }
    }
    None
}

/// Header bytes with folds turned into spaces and stray control characters out of the way; none when they were clean.
fn unfold(buf: &[u8], end: usize) -> Option<Vec<u8>> {
    let odd = |i: usize| match buf[i] {
        b'\n' => matches!(buf.get(i + 1), Some(b' ' | b'\t')) && i + 1 < end,
        b'\r' => buf.get(i + 1) != Some(&b'\n'),
        0 => true,
        _ => false,
    };
    let first = (0..end).find(|&i| odd(i))?;
    let mut copy = buf.to_vec();
    for i in first..end {
        if odd(i) {
            copy[i] = b' ';
            if buf[i] == b'\n' && i > 0 && buf[i - 1] == b'\r' {
                copy[i - 1] = b' ';
            }
        }
    }
    Some(copy)
}

impl Message {
    /// Parses one datagram, or one message cut out of a stream by [`crate::stream::Framer`].
    ///
    /// Without Content-Length the body runs to the end (RFC 3261 §18.3); bytes beyond it are ignored.
    pub fn parse(buf: Bytes, headers_max: usize) -> Result<Message, ParseError> {
        if buf.len() > BYTES_MAX {
            return Err(ParseError::TooLarge);
        }
        let lead = buf.iter().position(|b| !matches!(b, b'\r' | b'\n')).ok_or(ParseError::Empty)?;
        let buf = buf.slice(lead..);
        // A header section without its empty line is taken as one without a body; some stacks leave it out.
        let head_end = header_end(&buf, 0).unwrap_or(buf.len());
        let buf = match unfold(&buf, head_end) {
            Some(copy) => Bytes::from(copy),
            None => buf,
        };
        let mut lines = Lines { buf: &buf, at: 0, end: head_end };
        let first = lines.next().ok_or(ParseError::Empty)?;
        let (start, mut defect) = start_line(&buf, first)?;
        let mut fields: SmallVec<[Field; 20]> = SmallVec::new();
        for line in lines {
            if line.start == line.end {
                break;
            }
            if let Some(field) = field(&buf, line) {
                if fields.len() >= headers_max {
                    return Err(ParseError::TooManyHeaders);
                }
                fields.push(field);
            }
        }
        let body = match body_span(&buf, head_end, &fields) {
            Ok(span) => span,
            Err(found) => {
                defect = defect.or(Some(found));
                Span::of(head_end, head_end)
            }
        };
        Ok(Message { inner: Arc::new(Inner { buf, start, fields, body, defect }) })
    }
}

struct Lines<'a> {
    buf: &'a [u8],
    at: usize,
    end: usize,
}

impl Iterator for Lines<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        if self.at >= self.end {
            return None;
        }
        let start = self.at;
        let lf = self.buf[start..self.end].iter().position(|&b| b == b'\n').map_or(self.end, |i| start + i);
        self.at = lf + 1;
        let end = if lf > start && self.buf[lf - 1] == b'\r' { lf - 1 } else { lf };
        Some(Span::of(start, end))
    }
}

fn start_line(buf: &[u8], line: Span) -> Result<(Start, Option<Defect>), ParseError> {
    let text = &buf[line.start as usize..line.end as usize];
    let at = |part: &[u8]| {
        let start = line.start as usize + (part.as_ptr() as usize - text.as_ptr() as usize);
        Span::of(start, start + part.len())
    };
    if text.len() >= 4 && text[..4].eq_ignore_ascii_case(b"SIP/") {
        let (_, rest) = word(text);
        let (code, reason) = word(rest);
        let status = scan::number(code).filter(|n| code.len() == 3 && (100..700).contains(n)).ok_or(ParseError::StartLine)?;
        return Ok((Start::Response { status: status as u16, reason: at(scan::trim(reason)) }, None));
    }
    let (method, rest) = word(text);
    let end = rest.iter().rposition(|&b| b != b' ').map_or(0, |i| i + 1);
    let (rest, trailing) = rest.split_at(end);
    let last = rest.iter().rposition(|&b| b == b' ').ok_or(ParseError::StartLine)?;
    let (uri, version) = (&rest[..last], &rest[last + 1..]);
    let is_sip = version.len() >= 4 && version[..4].eq_ignore_ascii_case(b"SIP/");
    if method.is_empty() || !method.iter().all(|b| scan::is_token(*b)) || !is_sip {
        return Err(ParseError::StartLine);
    }
    let clean = trailing.is_empty() && !uri.is_empty() && !uri.iter().any(|b| matches!(b, b' ' | b'\t' | b'<' | b'>'));
    let start = Start::Request { method: Method::of(method), method_at: at(method), uri: at(scan::trim(uri)), version: at(version) };
    Ok((start, (!clean).then_some(Defect::RequestLine)))
}

/// Up to the first space, and what follows that one space.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    match text.iter().position(|&b| b == b' ') {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &text[text.len()..]),
    }
}

/// A line without a colon or without a name is skipped.
fn field(buf: &[u8], line: Span) -> Option<Field> {
    let (start, end) = (line.start as usize, line.end as usize);
    let text = &buf[start..end];
    let colon = text.iter().position(|&b| b == b':')?;
    let name = scan::trim(&text[..colon]);
    if name.is_empty() {
        return None;
    }
    let name_start = start + (name.as_ptr() as usize - text.as_ptr() as usize);
    let value = scan::trim(&text[colon + 1..]);
    let value_start = start + (value.as_ptr() as usize - text.as_ptr() as usize);
    Some(Field {
        name: HeaderName::of(name),
        name_at: Span::of(name_start, name_start + name.len()),
        value: Span::of(value_start, value_start + value.len()),
    })
}

fn body_span(buf: &[u8], head_end: usize, fields: &[Field]) -> Result<Span, Defect> {
    let there = buf.len() - head_end;
    match content_length(buf, fields)? {
        None => Ok(Span::of(head_end, buf.len())),
        Some(n) if n <= there as u64 => Ok(Span::of(head_end, head_end + n as usize)),
        Some(_) => Err(Defect::ContentLength),
    }
}

fn content_length(buf: &[u8], fields: &[Field]) -> Result<Option<u64>, Defect> {
    let mut found = None;
    for f in fields.iter().filter(|f| f.name == HeaderName::ContentLength) {
        let n = scan::number(&buf[f.value.start as usize..f.value.end as usize]).ok_or(Defect::ContentLength)?;
        if found.is_some_and(|before| before != n) {
            return Err(Defect::ContentLength);
        }
        found = Some(n);
    }
    Ok(found)
}

/// Content-Length of a complete header section, for framing: the same reading as the parser's. `Ok(0)` if there is none.
pub(crate) fn framed_length(head: &[u8]) -> Result<u64, Defect> {
    let unfolded = unfold(head, head.len());
    let head = unfolded.as_deref().unwrap_or(head);
    let fields: SmallVec<[Field; 20]> = Lines { buf: head, at: 0, end: head.len() }.skip(1).filter_map(|line| field(head, line)).collect();
    Ok(content_length(head, &fields)?.unwrap_or(0))
}
