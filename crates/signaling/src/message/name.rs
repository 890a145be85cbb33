//! Header names and methods as small enums, so that lookups compare one byte.

/// A header field that this crate looks at; everything else is `Other` and keeps its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum HeaderName {
    Accept,
    Allow,
    AllowEvents,
    Authorization,
    CallId,
    Contact,
    ContentEncoding,
    ContentLength,
    ContentType,
    CSeq,
    Diversion,
    Event,
    Expires,
    From,
    MaxForwards,
    MinExpires,
    MinSe,
    PAssertedIdentity,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    Reason,
    RecordRoute,
    ReferTo,
    ReferredBy,
    Replaces,
    Require,
    RetryAfter,
    Route,
    Server,
    SessionExpires,
    Subject,
    SubscriptionState,
    Supported,
    To,
    UserAgent,
    Via,
    WwwAuthenticate,
    Other,
}

/// Longer names are certainly `Other`.
const LONGEST_NAME: usize = 19;

impl HeaderName {
    /// Long or compact form, any case.
    pub fn of(name: &[u8]) -> HeaderName {
        use HeaderName::*;
        if name.len() > LONGEST_NAME {
            return Other;
        }
        let mut lower = [0u8; LONGEST_NAME];
        for (to, from) in lower.iter_mut().zip(name) {
            *to = from.to_ascii_lowercase();
        }
        match &lower[..name.len()] {
            b"v" | b"via" => Via,
            b"f" | b"from" => From,
            b"t" | b"to" => To,
            b"i" | b"call-id" => CallId,
            b"cseq" => CSeq,
            b"m" | b"contact" => Contact,
            b"max-forwards" => MaxForwards,
            b"c" | b"content-type" => ContentType,
            b"l" | b"content-length" => ContentLength,
            b"route" => Route,
            b"record-route" => RecordRoute,
            b"allow" => Allow,
            b"supported" | b"k" => Supported,
            b"user-agent" => UserAgent,
            b"server" => Server,
            b"expires" => Expires,
            b"require" => Require,
            b"proxy-require" => ProxyRequire,
            b"authorization" => Authorization,
            b"proxy-authorization" => ProxyAuthorization,
            b"www-authenticate" => WwwAuthenticate,
            b"proxy-authenticate" => ProxyAuthenticate,
            b"reason" => Reason,
            b"refer-to" | b"r" => ReferTo,
            b"referred-by" | b"b" => ReferredBy,
            b"replaces" => Replaces,
            b"p-asserted-identity" => PAssertedIdentity,
            b"session-expires" | b"x" => SessionExpires,
            b"min-se" => MinSe,
            b"min-expires" => MinExpires,
            b"event" | b"o" => Event,
            b"allow-events" | b"u" => AllowEvents,
            b"retry-after" => RetryAfter,
            b"subscription-state" => SubscriptionState,
            b"content-encoding" | b"e" => ContentEncoding,
            b"subject" | b"s" => Subject,
            b"accept" => Accept,
            b"diversion" => Diversion,
            _ => Other,
        }
    }
}

/// A request method. Case counts (RFC 3261 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Invite,
    Ack,
    Cancel,
    Bye,
    Options,
    Register,
    Info,
    Update,
    Refer,
    Notify,
    Subscribe,
    Publish,
    Message,
    Prack,
    Other,
}

impl Method {
    pub fn of(text: &[u8]) -> Method {
        match text {
            b"INVITE" => Method::Invite,
            b"ACK" => Method::Ack,
            b"CANCEL" => Method::Cancel,
            b"BYE" => Method::Bye,
            b"OPTIONS" => Method::Options,
            b"REGISTER" => Method::Register,
            b"INFO" => Method::Info,
            b"UPDATE" => Method::Update,
            b"REFER" => Method::Refer,
            b"NOTIFY" => Method::Notify,
            b"SUBSCRIBE" => Method::Subscribe,
            b"PUBLISH" => Method::Publish,
            b"MESSAGE" => Method::Message,
            b"PRACK" => Method::Prack,
            _ => Method::Other,
        }
    }

    /// The word on the wire; `Other` has none of its own.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Invite => "INVITE",
            Method::Ack => "ACK",
            Method::Cancel => "CANCEL",
            Method::Bye => "BYE",
            Method::Options => "OPTIONS",
            Method::Register => "REGISTER",
            Method::Info => "INFO",
            Method::Update => "UPDATE",
            Method::Refer => "REFER",
            Method::Notify => "NOTIFY",
            Method::Subscribe => "SUBSCRIBE",
            Method::Publish => "PUBLISH",
            Method::Message => "MESSAGE",
            Method::Prack => "PRACK",
            Method::Other => "OTHER",
        }
    }
}

/// The usual phrase of a status code (RFC 3261 §21 and its extensions).
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        100 => "Trying",
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        182 => "Queued",
        183 => "Session Progress",
        200 => "OK",
        202 => "Accepted",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Moved Temporarily",
        305 => "Use Proxy",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        410 => "Gone",
        413 => "Request Entity Too Large",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        421 => "Extension Required",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        485 => "Ambiguous",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        _ => match status / 100 {
            1 => "Progress",
            2 => "OK",
            3 => "Redirect",
            4 => "Request Failure",
            5 => "Server Failure",
            _ => "Failure",
        },
    }
}
