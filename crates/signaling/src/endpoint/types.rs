//! The state that an endpoint keeps: transactions and call legs.
use crate::digest::{Challenge, ClientDigest};
use crate::message::{Message, Method};
use crate::util::Ix;
use crate::{ConnId, Credentials, DialogKey, RequestKey, Source, Time, Transport};
use bytes::Bytes;
use smallvec::SmallVec;
use std::net::SocketAddr;

/// Where bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dest {
    pub transport: Transport,
    pub socket: u16,
    pub addr: SocketAddr,
    /// The stream to prefer while it is open.
    pub conn: Option<ConnId>,
}

impl Dest {
    pub fn of(source: &Source) -> Dest {
        Dest { transport: source.transport, socket: source.socket, addr: source.peer, conn: source.conn }
    }
}

/// Who wants to know how a request of ours ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Call(Ix, Purpose),
    Options(RequestKey),
    Register(RequestKey),
    Nobody,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Invite,
    ReInvite,
    Bye,
    Info,
    Notify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClientState {
    /// Calling or Trying: nothing came back yet.
    Trying,
    Proceeding,
    /// A final response came; late copies are absorbed (and acknowledged).
    Completed,
    /// 2xx to an INVITE (RFC 6026): every copy goes to the owner.
    Accepted,
}

#[derive(Debug)]
pub(super) struct ClientTx {
    pub branch: u64,
    pub method: Method,
    pub state: ClientState,
    pub dest: Dest,
    pub bytes: Bytes,
    /// ACK for a non-2xx final response.
    pub ack: Option<Bytes>,
    pub retransmit_at: Option<Time>,
    pub interval_ms: u64,
    pub expire_at: Option<Time>,
    pub first_response_at: Option<Time>,
    pub owner: Owner,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ServerState {
    Proceeding,
    /// A final response was sent; for an INVITE it is repeated until the ACK.
    Completed,
    /// The ACK for a non-2xx came.
    Confirmed,
    /// 2xx to an INVITE (RFC 6026): the call leg repeats it.
    Accepted,
}

#[derive(Debug)]
pub(super) struct ServerTx {
    pub key: u128,
    pub method: Method,
    pub state: ServerState,
    pub source: Source,
    pub reply: Dest,
    /// Kept until the final response.
    pub request: Option<Message>,
    pub response: Option<Bytes>,
    pub retransmit_at: Option<Time>,
    pub interval_ms: u64,
    pub expire_at: Option<Time>,
    pub trying_at: Option<Time>,
    pub call: Option<Ix>,
    pub merged: Option<u128>,
    /// Tag for To if the request has none.
    pub tag: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallState {
    /// Our INVITE has no final response yet.
    Calling,
    /// Their INVITE has no final response yet.
    Incoming,
    Confirmed,
    /// Over for the application; a BYE or an ACK is still on its way.
    Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancel {
    No,
    /// Asked for, but nothing came back that allows a CANCEL.
    Wanted,
    Sent,
}

/// A 2xx of ours that waits for its ACK.
#[derive(Debug)]
pub(super) struct Unacked {
    pub bytes: Bytes,
    pub dest: Dest,
    pub cseq: u32,
    pub offer_was_ours: bool,
    pub again_at: Option<Time>,
    pub interval_ms: u64,
    pub give_up_at: Time,
}

/// An ACK of ours, repeated with every copy of the 2xx.
#[derive(Debug)]
pub(super) struct SentAck {
    pub bytes: Bytes,
    pub dest: Dest,
    pub cseq: u32,
}

/// A re-INVITE of ours, in flight or waiting to be tried again.
#[derive(Debug)]
pub(super) struct OwnOffer {
    pub sdp: Bytes,
    pub tx: Option<Ix>,
    pub retry_at: Option<Time>,
    pub attempts: u8,
}

/// REFER and its implicit subscription.
#[derive(Debug)]
pub(super) struct ReferState {
    pub tx: Option<Ix>,
    pub cseq: u32,
}

/// How we answer challenges for one leg or registration.
#[derive(Debug)]
pub(super) struct ClientAuth {
    pub credentials: Credentials,
    /// One for the server (401), one for a proxy (407).
    pub digests: [Option<ClientDigest>; 2],
}

impl ClientAuth {
    pub fn new(credentials: Credentials) -> ClientAuth {
        ClientAuth { credentials, digests: [None, None] }
    }

    /// Takes a challenge in; false when another attempt is pointless. `answered`: the refused request carried our answer.
    pub fn take(&mut self, challenge: Challenge, cnonce: String, answered: bool) -> bool {
        let slot = &mut self.digests[usize::from(challenge.proxy)];
        match slot {
            Some(digest) if answered => digest.renew(challenge, cnonce),
            _ => {
                *slot = Some(ClientDigest::new(challenge, cnonce));
                true
            }
        }
    }

    /// Header lines for one more request.
    pub fn lines(&mut self, method: &[u8], uri: &[u8]) -> SmallVec<[(&'static str, Vec<u8>); 2]> {
        let credentials = &self.credentials;
        self.digests.iter_mut().flatten().map(|d| (d.header_name(), d.answer(credentials, method, uri))).collect()
    }

    pub fn accepted(&mut self) {
        self.digests.iter_mut().flatten().for_each(ClientDigest::accepted);
    }
}

/// One call leg: an INVITE and its dialog.
#[derive(Debug)]
pub(super) struct Call {
    pub key: DialogKey,
    pub state: CallState,
    pub call_id: Bytes,
    pub local_tag: u64,
    /// Values of From and To as this side writes them in requests; `remote` gets its tag when it is known.
    pub local: Bytes,
    pub remote: Bytes,
    pub remote_tag: Option<Bytes>,
    /// Request-URI of requests within the dialog.
    pub remote_target: Bytes,
    /// Route values, first hop first.
    pub routes: Vec<Bytes>,
    /// Our Contact value.
    pub contact: Bytes,
    pub dest: Dest,
    pub local_cseq: u32,
    pub remote_cseq: Option<u32>,
    /// The INVITE had an offer (outgoing) or has one (incoming).
    pub offered: bool,
    pub invite_tx: Option<Ix>,
    pub cancel: Cancel,
    pub ack: Option<SentAck>,
    /// To-tags of further 2xx that were answered with ACK and BYE.
    pub forks: SmallVec<[Bytes; 1]>,
    pub auth: Option<Box<ClientAuth>>,
    /// Their INVITE, re-INVITE or UPDATE that waits for the application.
    pub server_tx: Option<Ix>,
    pub unacked: Option<Unacked>,
    pub own_offer: Option<OwnOffer>,
    pub refer: Option<ReferState>,
    /// INFO and NOTIFY that wait for the one in flight.
    pub queue: std::collections::VecDeque<super::queue::Queued>,
    pub queue_busy: bool,
    /// BYE to send when the ACK has come; before the answer: the reason of our CANCEL.
    pub bye_waiting: Option<Option<crate::Reason>>,
    pub bye_tx: Option<Ix>,
    /// Session-Expires granted to the peer, seconds.
    pub session_s: Option<u32>,
    pub session_deadline: Option<Time>,
}

/// What a timer wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TimerKey {
    Client(Ix),
    Server(Ix),
    Call(Ix),
    Registration(RequestKey),
    Stream(ConnId),
    Bindings,
}
