//! What the application may ask for.
use super::{DialogKey, RequestKey, Transport};
use crate::message::{Reason, Uri};
use bytes::Bytes;
use std::net::SocketAddr;

/// Where a request is sent, already resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    pub addr: SocketAddr,
    pub transport: Transport,
    /// Which local socket sends it; none takes the first one of that transport and address family.
    pub socket: Option<u16>,
}

impl Target {
    pub fn udp(addr: SocketAddr) -> Target {
        Target { addr, transport: Transport::Udp, socket: None }
    }

    pub fn tcp(addr: SocketAddr) -> Target {
        Target { addr, transport: Transport::Tcp, socket: None }
    }
}

/// A name and an address for From, To and identity headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Shown to the callee; quoted and cleaned on the way out.
    pub display: Option<String>,
    pub uri: Uri,
}

impl Party {
    pub fn new(uri: Uri) -> Party {
        Party { display: None, uri }
    }

    pub fn named(display: impl Into<String>, uri: Uri) -> Party {
        Party { display: Some(display.into()), uri }
    }
}

/// How we prove who we are when a server asks (401, 407).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("username", &self.username).finish_non_exhaustive()
    }
}

/// Extra header lines, name and value. Line breaks in them are turned into spaces; names that the endpoint writes
/// itself (Via, From, To, Call-ID, CSeq, Contact, Content-Length …) are skipped.
pub type Headers = Vec<(String, String)>;

/// A new outgoing call leg.
#[derive(Debug, Clone)]
pub struct Invite {
    /// Chosen by the application, unused so far, below [`DialogKey::INCOMING`].
    pub key: DialogKey,
    pub target: Target,
    pub request_uri: Uri,
    pub from: Party,
    pub to: Party,
    /// User part of our Contact; the From user if none.
    pub contact_user: Option<String>,
    /// Written as Route headers, in this order (an outbound proxy; give each `;lr`).
    pub routes: Vec<String>,
    pub headers: Headers,
    /// The offer. Without one the peer offers in its 2xx and waits for [`Command::Ack`].
    pub sdp: Option<Bytes>,
    pub credentials: Option<Credentials>,
    /// Written as Max-Forwards; a B2BUA passes on the incoming value less one. Default 70.
    pub max_forwards: u8,
    /// Give up with `Failed { status: 408 }` when not even a 100 came within this time. None: timer B (32 s).
    pub first_response_ms: Option<u32>,
}

impl Invite {
    pub fn new(key: DialogKey, target: Target, request_uri: Uri, from: Party, to: Party) -> Invite {
        Invite {
            key,
            target,
            request_uri,
            from,
            to,
            contact_user: None,
            routes: Vec::new(),
            headers: Vec::new(),
            sdp: None,
            credentials: None,
            max_forwards: 70,
            first_response_ms: None,
        }
    }
}

/// The answer to an incoming INVITE or re-INVITE.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub sdp: Option<Bytes>,
    pub headers: Headers,
}

/// A client registration that is kept alive until [`Command::Unregister`].
#[derive(Debug, Clone)]
pub struct Register {
    pub key: RequestKey,
    pub target: Target,
    /// The registrar, as `sip:example.com`.
    pub registrar: Uri,
    /// The address of record, for From and To.
    pub aor: Party,
    /// User part of the Contact that calls to us will carry.
    pub contact_user: String,
    pub credentials: Option<Credentials>,
    /// Asked for; the server may shorten it. Refreshed at 90 % of what it grants, short ones earlier.
    pub expires_s: u32,
}

/// One OPTIONS outside a dialog, as a probe.
#[derive(Debug, Clone)]
pub struct Options {
    pub key: RequestKey,
    pub target: Target,
    pub request_uri: Uri,
    pub from: Party,
}

/// Everything that the application may ask for.
#[derive(Debug, Clone)]
pub enum Command {
    Invite(Box<Invite>),
    /// 101..=199 to an incoming INVITE, with early media if there is an SDP. Sent again only when the peer repeats its INVITE.
    Provisional {
        key: DialogKey,
        status: u16,
        sdp: Option<Bytes>,
        headers: Headers,
    },
    /// 200 to an incoming INVITE; repeated until the ACK.
    Answer {
        key: DialogKey,
        answer: Answer,
    },
    /// 300..=699 to an incoming INVITE. `reason` none writes the usual phrase. Ends the leg.
    Reject {
        key: DialogKey,
        status: u16,
        reason: Option<String>,
        headers: Headers,
    },
    /// The ACK of an INVITE that we sent without an offer, carrying our answer to the peer's.
    Ack {
        key: DialogKey,
        sdp: Bytes,
    },
    /// Ends a leg of ours that is not answered yet. It ends with `Failed { status: 487 }`, even when an answer crosses it.
    Cancel {
        key: DialogKey,
        reason: Option<Reason>,
    },
    /// Ends a leg whatever its state: BYE, CANCEL, or 480 to an unanswered incoming one.
    Bye {
        key: DialogKey,
        reason: Option<Reason>,
    },
    /// A new offer within the call; glare (491) is retried inside. Ends in `ReInviteResult`.
    ReInvite {
        key: DialogKey,
        sdp: Bytes,
    },
    /// 200 to an incoming re-INVITE or UPDATE that came as `ReInvite`.
    AnswerReInvite {
        key: DialogKey,
        answer: Answer,
    },
    RejectReInvite {
        key: DialogKey,
        status: u16,
    },
    /// INFO within the call (DTMF: see [`crate::dtmf`]).
    Info {
        key: DialogKey,
        content_type: String,
        body: Bytes,
    },
    /// 202 to a REFER and NOTIFY `100 Trying` after it.
    AcceptRefer {
        key: DialogKey,
    },
    RejectRefer {
        key: DialogKey,
        status: u16,
    },
    /// NOTIFY with a status line (RFC 3515); 200 and above ends the subscription.
    NotifyRefer {
        key: DialogKey,
        status: u16,
    },
    Options(Box<Options>),
    Register(Box<Register>),
    /// Removes our binding and forgets the registration.
    Unregister {
        key: RequestKey,
    },
    /// The answer to [`super::Event::RegisterRequest`] (only with [`crate::RegistrarMode::Application`]).
    RegisterResponse {
        key: RequestKey,
        status: u16,
        contacts: Vec<(String, u32)>,
    },
}

/// Why a command was not carried out. Nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    #[error("no such leg or request")]
    Unknown,
    #[error("key is in use or has the wrong range")]
    BadKey,
    #[error("not possible in this state")]
    State,
    #[error("limit reached")]
    Limit,
    #[error("no local socket for this target")]
    NoSocket,
    #[error("value out of range")]
    Invalid,
}
