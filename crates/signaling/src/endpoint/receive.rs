//! The way of a request: retransmission or new, sound or refused, and then to its method.
use super::Endpoint;
use super::server::{ALLOW, RequestIds, SUPPORTED};
use crate::message::{HeaderName, Message, Method, Scheme, UriRef, ViaRef, scan};
use crate::{Source, Time};

/// What is wrong with a request: status, phrase, header lines.
pub(super) struct Refusal {
    pub status: u16,
    pub reason: Option<&'static str>,
    pub extra: Vec<(&'static str, String)>,
}

impl Refusal {
    pub fn new(status: u16, reason: &'static str) -> Refusal {
        Refusal { status, reason: Some(reason), extra: Vec::new() }
    }

    pub fn plain(status: u16) -> Refusal {
        Refusal { status, reason: None, extra: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Refusal {
        self.extra.push((name, value.into()));
        self
    }
}

/// Headers that may stand once only.
const SINGLE: [HeaderName; 5] = [HeaderName::From, HeaderName::To, HeaderName::CallId, HeaderName::CSeq, HeaderName::MaxForwards];
const RETRY_AFTER_S: &str = "5";

impl Endpoint {
    pub(super) fn on_request(&mut self, now: Time, source: Source, message: Message, oversized: bool) {
        let method = message.method().unwrap_or(Method::Other);
        let ids = self.request_ids(&message);
        if let Some(ix) = ids.and_then(|ids| self.server_by_key.get(&ids.key).copied()) {
            match method {
                Method::Ack => self.on_ack(now, Some(ix), &message),
                _ => self.server_repeat(now, ix),
            }
            return;
        }
        let refused = if oversized { Some(Refusal::plain(513)) } else { refusal(&message) };
        let (None, Some(ids)) = (&refused, ids) else {
            let refusal = refused.unwrap_or_else(|| Refusal::new(400, "Bad Via"));
            self.refuse(now, &source, &message, &refusal);
            return;
        };
        match method {
            Method::Ack => return self.on_ack(now, None, &message),
            Method::Cancel => return self.on_cancel(now, source, &message, &ids),
            _ => {}
        }
        let within_call = message.to().is_some_and(|to| to.tag().is_some());
        if !self.has_room(within_call) {
            self.overloaded += 1;
            return self.refuse(now, &source, &message, &Refusal::plain(503).with("Retry-After", RETRY_AFTER_S));
        }
        if let Some(unsupported) = unsupported(&message) {
            return self.refuse(now, &source, &message, &Refusal::plain(420).with("Unsupported", unsupported));
        }
        if within_call {
            self.on_dialog_request(now, source, &message, &ids);
        } else {
            self.on_new_request(now, source, &message, &ids);
        }
    }

    pub(super) fn refuse(&mut self, now: Time, source: &Source, message: &Message, refusal: &Refusal) {
        let extra: Vec<(&str, &str)> = refusal.extra.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.respond_stateless(now, source, message, refusal.status, refusal.reason, &extra);
    }

    /// Outside any dialog.
    fn on_new_request(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) {
        match message.method().unwrap_or(Method::Other) {
            Method::Invite => self.on_invite(now, source, message, ids),
            Method::Register => self.on_register(now, source, message, ids),
            Method::Options => self.on_options_request(now, &source, message),
            Method::Bye | Method::Info | Method::Update | Method::Prack | Method::Notify => {
                self.refuse(now, &source, message, &Refusal::plain(481));
            }
            Method::Refer => self.refuse(now, &source, message, &Refusal::new(403, "Only Within A Call")),
            Method::Subscribe | Method::Publish => self.refuse(now, &source, message, &Refusal::plain(489).with("Allow-Events", "refer")),
            Method::Message => self.refuse(now, &source, message, &Refusal::plain(405).with("Allow", ALLOW)),
            Method::Ack | Method::Cancel => {}
            Method::Other => self.refuse(now, &source, message, &Refusal::plain(501).with("Allow", ALLOW)),
        }
    }

    fn on_options_request(&mut self, now: Time, source: &Source, message: &Message) {
        if self.draining {
            return self.refuse(now, source, message, &Refusal::plain(503).with("Retry-After", RETRY_AFTER_S));
        }
        let extra = [("Allow", ALLOW), ("Accept", "application/sdp"), ("Supported", "replaces, timer"), ("Allow-Events", "refer")];
        self.respond_stateless(now, source, message, 200, None, &extra);
    }

    /// Over the limit or draining: no new calls.
    pub(super) fn busy(&mut self) -> Option<Refusal> {
        if self.draining || self.calls.len() >= self.config.limits.dialogs_max {
            self.overloaded += 1;
            return Some(Refusal::plain(503).with("Retry-After", RETRY_AFTER_S));
        }
        None
    }
}

/// The checks that need no state, in the order of RFC 3261 §8.2 and §16.3.
fn refusal(message: &Message) -> Option<Refusal> {
    if !message.version().eq_ignore_ascii_case(b"SIP/2.0") {
        return Some(Refusal::plain(505));
    }
    if message.defect().is_some() {
        return Some(Refusal::new(400, "Malformed Request"));
    }
    for (name, text) in SINGLE.iter().zip(["From", "To", "Call-ID", "CSeq", "Max-Forwards"]) {
        if message.count(*name) > 1 {
            return Some(Refusal::plain(400).with("Warning", format!("399 - \"more than one {text}\"")));
        }
    }
    if message.from().is_none() || message.to().is_none() || message.call_id().is_none() {
        return Some(Refusal::new(400, "Missing Or Malformed From, To Or Call-ID"));
    }
    if message.get(HeaderName::Via).is_none() || message.list(HeaderName::Via).any(|via| ViaRef::parse(via).is_none()) {
        return Some(Refusal::new(400, "Missing Or Malformed Via"));
    }
    let Some(cseq) = message.cseq() else {
        return Some(Refusal::new(400, "Missing Or Malformed CSeq"));
    };
    if cseq.method != message.method_text() {
        return Some(Refusal::new(400, "CSeq Method Does Not Match"));
    }
    match UriRef::parse(message.request_uri()) {
        None => return Some(Refusal::new(400, "Malformed Request-URI")),
        Some(uri) if uri.scheme == Scheme::Other => return Some(Refusal::plain(416)),
        Some(uri) if !uri.headers.is_empty() => return Some(Refusal::new(400, "Headers In Request-URI")),
        Some(_) => {}
    }
    if message.get(HeaderName::MaxForwards).is_some() && message.number(HeaderName::MaxForwards).is_none() {
        return Some(Refusal::new(400, "Malformed Max-Forwards"));
    }
    // An INVITE will be passed on by a B2BUA; everything else ends here, where a 0 does no harm (RFC 4475 §3.3.11).
    if message.method() == Some(Method::Invite) && message.number(HeaderName::MaxForwards) == Some(0) {
        return Some(Refusal::plain(483));
    }
    None
}

/// Required extensions that we do not have, as a list.
fn unsupported(message: &Message) -> Option<String> {
    let missing: Vec<String> = message
        .list(HeaderName::Require)
        .filter(|tag| !SUPPORTED.iter().any(|s| tag.eq_ignore_ascii_case(s.as_bytes())))
        .map(scan::lossy)
        .collect();
    (!missing.is_empty()).then(|| missing.join(", "))
}
