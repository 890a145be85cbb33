//! What the application is told.
use super::{CommandError, DialogKey, RequestKey, Source};
use crate::message::{Message, NameAddr, Reason, Uri};
use bytes::Bytes;

/// How far the sender of a request is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthState {
    /// Its address is in the trusted list; `tag` is the number that the list gives it.
    Trusted { tag: u32 },
    /// It proved a password (digest).
    User(String),
    /// Nothing was asked ([`crate::UnknownSource::Accept`]).
    Unknown,
}

/// A new incoming call leg.
#[derive(Debug, Clone)]
pub struct IncomingInvite {
    pub key: DialogKey,
    pub source: Source,
    pub auth: AuthState,
    pub request_uri: Uri,
    pub from: NameAddr,
    pub to: NameAddr,
    /// P-Asserted-Identity, only from trusted sources.
    pub asserted: Option<NameAddr>,
    pub call_id: String,
    pub sdp: Option<Bytes>,
    /// What is left of the hop count; pass on this value less one.
    pub max_forwards: u8,
    /// The leg of ours that this call is to take the place of (Replaces, RFC 3891).
    pub replaces: Option<DialogKey>,
    /// The whole request, for other headers.
    pub message: Message,
}

/// Who or what ended a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndedBy {
    /// A command of the application.
    Local,
    /// BYE or CANCEL of the peer.
    Remote,
    /// No ACK, no answer, a session that was not refreshed, or the transport broke.
    Timeout,
    /// The peer no longer knows the dialog (481) or broke the protocol.
    Protocol,
}

/// The peer asks to transfer the call (RFC 3515).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refer {
    pub key: DialogKey,
    pub refer_to: NameAddr,
    /// An attended transfer to a call which is a leg of ours: that leg.
    pub replaces: Option<DialogKey>,
    /// The Replaces of an attended transfer to a call that we do not hold, unescaped.
    pub replaces_foreign: Option<String>,
    pub referred_by: Option<NameAddr>,
}

/// A REGISTER that the application answers.
#[derive(Debug, Clone)]
pub struct RegisterRequest {
    pub key: RequestKey,
    pub source: Source,
    pub auth: AuthState,
    pub aor: String,
    /// Contact URI and the seconds asked for; empty: a query; `*` with 0: remove all.
    pub contacts: Vec<(String, u32)>,
    pub message: Message,
}

/// Bindings of one address of record changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationChange {
    /// User part of the address of record.
    pub user: String,
    /// Bindings left.
    pub bindings: usize,
    /// True when it had none before / has none now.
    pub came: bool,
    pub gone: bool,
}

/// Everything that the application is told. Each leg ends with exactly one `Failed` or `Ended`; after it the key is forgotten.
#[derive(Debug, Clone)]
pub enum Event {
    /// Answer it with `Provisional`, `Answer` or `Reject`.
    IncomingInvite(Box<IncomingInvite>),
    /// A response 101..=199 to our INVITE; an SDP means early media.
    Provisional {
        key: DialogKey,
        status: u16,
        sdp: Option<Bytes>,
    },
    /// Our INVITE was answered; the ACK is already sent, unless the INVITE had no offer (then `sdp` is the peer's: send `Ack`).
    Answered {
        key: DialogKey,
        sdp: Option<Bytes>,
    },
    /// Our INVITE came to nothing. `contacts`: where a 3xx points. `status` 408 also stands for a dead target, 503 for a broken transport.
    Failed {
        key: DialogKey,
        status: u16,
        reason: String,
        contacts: Vec<Uri>,
        cause: Option<Reason>,
        retry_after_s: Option<u32>,
    },
    /// The peer acknowledged our 200; `sdp` is its answer when the offer was ours.
    Acked {
        key: DialogKey,
        sdp: Option<Bytes>,
    },
    /// A new offer within the call (re-INVITE or UPDATE); none asks us to offer. Answer with `AnswerReInvite` or `RejectReInvite`.
    ReInvite {
        key: DialogKey,
        sdp: Option<Bytes>,
    },
    /// How our re-INVITE ended; 200..=299 with the peer's answer.
    ReInviteResult {
        key: DialogKey,
        status: u16,
        sdp: Option<Bytes>,
    },
    /// INFO within the call, already answered with 200.
    Info {
        key: DialogKey,
        content_type: String,
        body: Bytes,
    },
    Refer(Box<Refer>),
    Ended {
        key: DialogKey,
        by: EndedBy,
        status: Option<u16>,
        reason: Option<Reason>,
    },
    /// The built-in registrar changed.
    Registration(RegistrationChange),
    RegisterRequest(Box<RegisterRequest>),
    /// Our registration stands for so many seconds.
    Registered {
        key: RequestKey,
        expires_s: u32,
    },
    /// Our registration failed (408: no answer) and is tried again after that time; none: it is given up.
    RegistrationFailed {
        key: RequestKey,
        status: u16,
        retry_ms: Option<u64>,
    },
    /// The answer to our OPTIONS; none after 32 s of silence or a broken transport.
    OptionsResult {
        key: RequestKey,
        status: Option<u16>,
    },
    /// Someone gave a wrong password or an unknown user name; for lock-out and the audit.
    AuthFailed {
        user: String,
        source: Source,
    },
    /// A command given as [`super::Input::Command`] was refused.
    CommandFailed {
        command: &'static str,
        key: u64,
        error: CommandError,
    },
}
