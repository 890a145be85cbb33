//! Strict output: every line that leaves goes through here.
use super::{Message, Reason, Uri, reason_phrase, scan};
use crate::api::{Headers, Party};
use bytes::Bytes;

pub(crate) fn decimal(mut n: u64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// A quoted string; control characters are dropped.
pub(crate) fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for b in text.bytes() {
        match b {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', b]),
            0..=31 | 127 => {}
            _ => out.push(b),
        }
    }
    out.push(b'"');
}

/// Text with line breaks and NUL made harmless.
pub(crate) fn clean(text: &[u8], out: &mut Vec<u8>) {
    out.extend(text.iter().map(|&b| if matches!(b, b'\r' | b'\n' | 0) { b' ' } else { b }));
}

/// Names that applications cannot set: the endpoint writes them itself.
const OWN_NAMES: [&str; 17] = [
    "via",
    "v",
    "from",
    "f",
    "to",
    "t",
    "call-id",
    "i",
    "cseq",
    "contact",
    "m",
    "content-length",
    "l",
    "max-forwards",
    "route",
    "record-route",
    "content-type",
];

/// Builds one message. Lines come in the order they are written; `finish` adds the body.
pub(crate) struct Writer {
    out: Vec<u8>,
}

const TYPICAL_BYTES: usize = 1024;

impl Writer {
    pub fn request(method: &[u8], uri: &[u8]) -> Writer {
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        out.extend_from_slice(method);
        out.push(b' ');
        out.extend_from_slice(uri);
        out.extend_from_slice(b" SIP/2.0\r\n");
        Writer { out }
    }

    pub fn response(status: u16, reason: Option<&str>) -> Writer {
        let mut out = Vec::with_capacity(TYPICAL_BYTES);
        out.extend_from_slice(b"SIP/2.0 ");
        decimal(u64::from(status), &mut out);
        out.push(b' ');
        clean(reason.unwrap_or_else(|| reason_phrase(status)).as_bytes(), &mut out);
        out.extend_from_slice(b"\r\n");
        Writer { out }
    }

    pub fn line(&mut self, name: &str, value: &[u8]) {
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b": ");
        self.out.extend_from_slice(value);
        self.out.extend_from_slice(b"\r\n");
    }

    /// A line whose value the closure writes.
    pub fn build(&mut self, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b": ");
        value(&mut self.out);
        self.out.extend_from_slice(b"\r\n");
    }

    pub fn number(&mut self, name: &str, value: u64) {
        self.build(name, |out| decimal(value, out));
    }

    pub fn cseq(&mut self, number: u32, method: &[u8]) {
        self.build("CSeq", |out| {
            decimal(u64::from(number), out);
            out.push(b' ');
            out.extend_from_slice(method);
        });
    }

    /// Lines of the application, cleaned; names that are ours or no tokens are left out.
    pub fn extra(&mut self, headers: &Headers) {
        for (name, value) in headers {
            let own = OWN_NAMES.iter().any(|o| o.eq_ignore_ascii_case(name));
            if !own && !name.is_empty() && name.bytes().all(scan::is_token) {
                self.build(name, |out| clean(value.as_bytes(), out));
            }
        }
    }

    pub fn reason(&mut self, reason: &Reason) {
        self.build("Reason", |out| reason.write(out));
    }

    /// Ends the header section; Content-Length is always written.
    pub fn finish(mut self, body: Option<(&str, &[u8])>) -> Bytes {
        let (content_type, body) = body.unwrap_or(("", b""));
        if !body.is_empty() {
            self.build("Content-Type", |out| clean(content_type.as_bytes(), out));
        }
        self.number("Content-Length", body.len() as u64);
        self.out.extend_from_slice(b"\r\n");
        self.out.extend_from_slice(body);
        Bytes::from(self.out)
    }

    pub fn finish_sdp(self, sdp: Option<&[u8]>) -> Bytes {
        self.finish(sdp.map(|s| ("application/sdp", s)))
    }
}

/// `"Name" <uri>;tag=…` as a From or To value without the header name.
pub(crate) fn party(party: &Party, tag: Option<&[u8]>) -> Bytes {
    let mut out = Vec::with_capacity(96);
    if let Some(display) = party.display.as_deref().filter(|d| !d.is_empty()) {
        quoted(display, &mut out);
        out.push(b' ');
    }
    out.push(b'<');
    out.extend_from_slice(party.uri.as_str().as_bytes());
    out.push(b'>');
    if let Some(tag) = tag {
        out.extend_from_slice(b";tag=");
        out.extend_from_slice(tag);
    }
    Bytes::from(out)
}

/// The lines of a request that every response repeats: Via (top one stamped), From, To (with our tag if it has none), Call-ID, CSeq.
pub(crate) fn repeat(w: &mut Writer, request: &Message, source: std::net::SocketAddr, to_tag: Option<&[u8]>) {
    use super::HeaderName as H;
    let mut top = true;
    for line in request.all(H::Via) {
        if !top {
            w.line("Via", line);
            continue;
        }
        top = false;
        let mut parts = scan::commas(line);
        match parts.next().and_then(super::ViaRef::parse) {
            Some(via) => {
                w.build("Via", |out| via.write_stamped(source, out));
                for more in parts {
                    w.line("Via", more);
                }
            }
            None => w.line("Via", line),
        }
    }
    if let Some(from) = request.get(H::From) {
        w.line("From", from);
    }
    if let Some(to) = request.get(H::To) {
        let tagged = super::AddrRef::parse(to).is_none_or(|a| a.tag().is_some());
        w.build("To", |out| {
            out.extend_from_slice(to);
            if let (false, Some(tag)) = (tagged, to_tag) {
                out.extend_from_slice(b";tag=");
                out.extend_from_slice(tag);
            }
        });
    }
    if let Some(id) = request.get(H::CallId) {
        w.line("Call-ID", id);
    }
    if let Some(cseq) = request.get(H::CSeq) {
        w.line("CSeq", cseq);
    }
}

/// `sip:user@host:port;transport=tcp` of one of our sockets, for Contact.
pub(crate) fn own_uri(user: &str, at: std::net::SocketAddr, transport: crate::Transport) -> String {
    let host = at.ip().to_string();
    let base = Uri::sip(user, &host, Some(at.port())).map(|u| u.to_string()).unwrap_or_else(|| format!("sip:{at}"));
    if transport.is_reliable() { base + ";transport=tcp" } else { base }
}
