//! What both sides of a call leg share: building requests, finding the next hop, ending.
use super::client::Outcome;
use super::types::{Call, CallState, Dest, Owner, Purpose, SentAck};
use super::{Endpoint, hex16};
use crate::message::write::{self, Writer};
use crate::message::{AddrRef, HeaderName, Message, Method, Scheme, UriRef};
use crate::util::Ix;
use crate::{CommandError, DialogKey, EndedBy, Event, Reason, Source, Target, Time, Transport};
use bytes::Bytes;
use std::net::IpAddr;

/// A Contact value of ours.
pub(super) fn contact_value(user: &str, at: std::net::SocketAddr, transport: Transport) -> Bytes {
    Bytes::from(format!("<{}>", write::own_uri(user, at, transport)))
}

/// Route set of a dialog from the Record-Route lines of its first message; `reverse` on the calling side (RFC 3261 §12.1).
pub(super) fn route_set(message: &Message, reverse: bool) -> Vec<Bytes> {
    const ROUTES_MAX: usize = 32;
    let mut routes: Vec<Bytes> = message.list(HeaderName::RecordRoute).take(ROUTES_MAX).map(Bytes::copy_from_slice).collect();
    if reverse {
        routes.reverse();
    }
    routes
}

/// The peer sits behind NAT: its own Via (no proxy between us) names another address than the one that we see.
pub(super) fn behind_nat(message: &Message, source: &Source) -> bool {
    let single = message.list(HeaderName::Via).nth(1).is_none();
    single && message.top_via().is_some_and(|via| via.host_differs(source.peer.ip()))
}

fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified(),
    }
}

impl Endpoint {
    /// The next hop of requests within a dialog: the first Route, else the remote target. Host names cannot be resolved here;
    /// for them, and for a peer behind NAT, requests go where the peer was seen.
    pub(super) fn next_hop(&self, routes: &[Bytes], target: &[u8], seen: Dest, nat: bool) -> Dest {
        let hop = match routes.first() {
            Some(route) => AddrRef::parse(route).map(|a| a.uri).unwrap_or_default(),
            None if nat => return seen,
            None => target,
        };
        let Some(uri) = UriRef::parse(hop) else { return seen };
        let named = uri.param("maddr").and_then(crate::message::uri::parse_ip).or_else(|| uri.ip());
        let Some(ip) = named else { return seen };
        if routes.is_empty() && is_private(ip) && !is_private(seen.addr.ip()) && !seen.addr.ip().is_loopback() {
            return seen;
        }
        let transport = match uri.param("transport") {
            Some(t) if t.eq_ignore_ascii_case(b"tcp") => Transport::Tcp,
            Some(_) => Transport::Udp,
            None if uri.scheme == Scheme::Sips => Transport::Tcp,
            None => seen.transport,
        };
        let addr = std::net::SocketAddr::new(ip, uri.port.unwrap_or(5060));
        let Ok(mut dest) = self.dest_for(&Target { addr, transport, socket: Some(seen.socket) }) else { return seen };
        // The stream that the peer is known on beats a new one to the same machine.
        if transport == Transport::Tcp && seen.addr.ip() == ip {
            dest.conn = seen.conn;
        }
        dest
    }

    /// A request within a dialog. `extra` writes further lines.
    pub(super) fn build(
        &self,
        call: &Call,
        method: Method,
        cseq: u32,
        branch: u64,
        extra: impl FnOnce(&mut Writer),
        body: Option<(&str, &[u8])>,
    ) -> Bytes {
        let loose = call
            .routes
            .first()
            .is_none_or(|r| AddrRef::parse(r).and_then(|a| UriRef::parse(a.uri)).is_some_and(|u| u.param("lr").is_some()));
        let strict_hop = if loose { None } else { call.routes.first().and_then(|r| AddrRef::parse(r)).map(|a| a.uri) };
        let mut w = Writer::request(method.as_str().as_bytes(), strict_hop.unwrap_or(&call.remote_target));
        w.line("Via", &self.via_value(&call.dest, branch));
        for route in call.routes.iter().skip(usize::from(strict_hop.is_some())) {
            w.line("Route", route);
        }
        if strict_hop.is_some() {
            // RFC 3261 §12.2.1.1: behind a strict router the remote target travels as the last Route.
            w.build("Route", |out| {
                out.push(b'<');
                out.extend_from_slice(&call.remote_target);
                out.push(b'>');
            });
        }
        w.number("Max-Forwards", 70);
        w.line("From", &call.local);
        w.line("To", &call.remote);
        w.line("Call-ID", &call.call_id);
        w.cseq(cseq, method.as_str().as_bytes());
        if matches!(method, Method::Invite | Method::Update | Method::Refer | Method::Notify | Method::Info) {
            w.line("Contact", &call.contact);
        }
        extra(&mut w);
        w.line("User-Agent", self.config.product.as_bytes());
        w.finish(body)
    }

    /// Sends a request within a confirmed dialog and follows it.
    pub(super) fn send_in_dialog(
        &mut self,
        now: Time,
        ix: Ix,
        method: Method,
        purpose: Purpose,
        extra: impl FnOnce(&mut Writer),
        body: Option<(&str, &[u8])>,
    ) -> Result<Ix, CommandError> {
        let branch = self.random();
        let call = self.calls.get_mut(ix).ok_or(CommandError::Unknown)?;
        call.local_cseq = call.local_cseq.checked_add(1).ok_or(CommandError::State)?;
        let (cseq, dest) = (call.local_cseq, call.dest);
        let call = self.calls.get(ix).ok_or(CommandError::Unknown)?;
        let bytes = self.build(call, method, cseq, branch, extra, body);
        self.start_client(now, method, branch, dest, bytes, Owner::Call(ix, purpose))
    }

    /// ACK of a 2xx: no transaction of its own; kept to be repeated with every copy of the 2xx.
    pub(super) fn send_ack(&mut self, now: Time, ix: Ix, cseq: u32, sdp: Option<&[u8]>) {
        let branch = self.random();
        let Some(call) = self.calls.get(ix) else { return };
        let dest = call.dest;
        let bytes = self.build(call, Method::Ack, cseq, branch, |_| (), sdp.map(|s| ("application/sdp", s)));
        self.send(now, &dest, bytes.clone());
        if let Some(call) = self.calls.get_mut(ix) {
            call.ack = Some(SentAck { bytes, dest, cseq });
        }
    }

    /// BYE, whatever the application has been told. The leg goes when it is answered.
    pub(super) fn send_bye(&mut self, now: Time, ix: Ix, reason: Option<&Reason>) {
        let line = |w: &mut Writer| {
            if let Some(reason) = reason {
                w.reason(reason);
            }
        };
        match self.send_in_dialog(now, ix, Method::Bye, Purpose::Bye, line, None) {
            Ok(tx) => {
                if let Some(call) = self.calls.get_mut(ix) {
                    call.bye_tx = Some(tx);
                    call.state = CallState::Ending;
                }
            }
            Err(_) => self.remove_call(now, ix),
        }
    }

    pub(super) fn insert_call(&mut self, call: Call) -> Ix {
        let (tag, key) = (call.local_tag, call.key);
        let ix = self.calls.insert(call);
        self.call_by_tag.insert(tag, ix);
        self.call_by_key.insert(key, ix);
        ix
    }

    /// Tells the application that a leg is over, once; its key is forgotten.
    pub(super) fn end_for_app(&mut self, ix: Ix, event: impl FnOnce(DialogKey) -> Event) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.state = CallState::Ending;
        let key = call.key;
        if self.call_by_key.get(&key) == Some(&ix) {
            self.call_by_key.remove(&key);
            let event = event(key);
            self.event(event);
        }
    }

    pub(super) fn ended(&mut self, ix: Ix, by: EndedBy, status: Option<u16>, reason: Option<Reason>) {
        self.end_for_app(ix, |key| Event::Ended { key, by, status, reason });
    }

    /// Forgets a leg; what waits for an answer of ours gets one.
    pub(super) fn remove_call(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.remove(ix) else { return };
        self.call_by_tag.remove(&call.local_tag);
        if self.call_by_key.get(&call.key) == Some(&ix) {
            self.call_by_key.remove(&call.key);
        }
        for tx in [call.invite_tx, call.own_offer.and_then(|o| o.tx)].into_iter().flatten() {
            self.abandon_client(now, tx);
        }
        for tx in [call.server_tx, call.refer.and_then(|r| r.tx)].into_iter().flatten() {
            self.respond(now, tx, 487, None, |_| (), None);
        }
    }

    pub(super) fn cmd_bye(&mut self, now: Time, key: DialogKey, reason: Option<Reason>) -> Result<(), CommandError> {
        let ix = self.call_ix(key)?;
        let call = self.calls.get(ix).ok_or(CommandError::Unknown)?;
        match call.state {
            CallState::Calling => return self.cmd_cancel(now, key, reason),
            CallState::Incoming => {
                let headers = reason.iter().map(|r| ("Reason".to_owned(), reason_text(r))).collect();
                return self.cmd_reject(now, key, 480, None, &headers);
            }
            CallState::Confirmed => {}
            CallState::Ending => return Err(CommandError::Unknown),
        }
        self.hang_up(now, ix, reason.as_ref());
        self.ended(ix, EndedBy::Local, None, reason);
        Ok(())
    }

    /// Ends a confirmed dialog from our side: a BYE now, or as soon as the peer has acknowledged our 200 (RFC 3261 §15).
    pub(super) fn hang_up(&mut self, now: Time, ix: Ix, reason: Option<&Reason>) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        if call.unacked.is_some() {
            call.bye_waiting = Some(reason.cloned());
            return;
        }
        // The peer's 200 to an INVITE without an offer still waits for its ACK.
        if call.ack.is_none() && !call.key.is_incoming() {
            let cseq = call.local_cseq;
            self.send_ack(now, ix, cseq, None);
        }
        if let Some(tx) = self.calls.get_mut(ix).and_then(|c| c.server_tx.take()) {
            self.respond(now, tx, 487, None, |_| (), None);
        }
        self.send_bye(now, ix, reason);
    }

    /// The leg, if it is in the middle of a call.
    pub(super) fn confirmed(&self, key: DialogKey) -> Result<Ix, CommandError> {
        let ix = self.call_ix(key)?;
        match self.calls.get(ix).map(|c| c.state) {
            Some(CallState::Confirmed) => Ok(ix),
            Some(_) => Err(CommandError::State),
            None => Err(CommandError::Unknown),
        }
    }

    /// A request of ours within (or for) a dialog got a response or died.
    pub(super) fn on_call_outcome(&mut self, now: Time, ix: Ix, purpose: Purpose, tx: Ix, outcome: Outcome) {
        if self.calls.get(ix).is_none() {
            return;
        }
        let status = outcome.status();
        match purpose {
            Purpose::Invite => self.on_invite_outcome(now, ix, tx, outcome),
            Purpose::ReInvite => self.on_reinvite_outcome(now, ix, outcome),
            Purpose::Bye if status >= 200 => self.remove_call(now, ix),
            // RFC 3261 §12.2.1.2: the peer has forgotten the dialog.
            Purpose::Info if status == 481 => self.lost_dialog(now, ix, status),
            Purpose::Info | Purpose::Notify if status >= 200 => self.queue_done(now, ix),
            Purpose::Bye | Purpose::Info | Purpose::Notify => {}
        }
    }

    /// A request was sent again with credentials: the new transaction takes the old one's place.
    pub(super) fn request_replaced(&mut self, now: Time, owner: Owner, tx: Ix) {
        let _ = now;
        match owner {
            Owner::Call(ix, purpose) => {
                let Some(call) = self.calls.get_mut(ix) else { return };
                match purpose {
                    Purpose::Invite => call.invite_tx = Some(tx),
                    Purpose::Bye => call.bye_tx = Some(tx),
                    Purpose::ReInvite => {
                        if let Some(own) = call.own_offer.as_mut() {
                            own.tx = Some(tx);
                        }
                    }
                    Purpose::Info | Purpose::Notify => {}
                }
            }
            Owner::Register(key) => {
                if let Some(r) = self.registrations.get_mut(&key) {
                    r.tx = Some(tx);
                }
            }
            Owner::Options(_) | Owner::Nobody => {}
        }
    }

    /// The dialog is gone on the other side (481) or does not answer (408): ended for the application, BYE for good measure.
    pub(super) fn lost_dialog(&mut self, now: Time, ix: Ix, status: u16) {
        let by = if status == 481 { EndedBy::Protocol } else { EndedBy::Timeout };
        self.ended(ix, by, Some(status), None);
        self.send_bye(now, ix, None);
    }
}

/// A Reason as header text.
pub(super) fn reason_text(reason: &Reason) -> String {
    let mut out = Vec::new();
    reason.write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// `<callid>;to-tag=…;from-tag=…` (RFC 3891): the tag of ours in it, with what else must fit.
pub(super) struct Replaces {
    pub call_id: Vec<u8>,
    pub to_tag: Vec<u8>,
    pub from_tag: Vec<u8>,
}

impl Replaces {
    pub fn parse(value: &[u8]) -> Option<Replaces> {
        use crate::message::scan;
        let (call_id, params) = scan::split_once(value, b';');
        let params = params?;
        Some(Replaces {
            call_id: scan::trim(call_id).to_vec(),
            to_tag: scan::param(params, "to-tag")?.to_vec(),
            from_tag: scan::param(params, "from-tag")?.to_vec(),
        })
    }
}

impl Endpoint {
    /// The leg of ours that a Replaces means. Both tag orders are tried: phones differ in whose view they write.
    pub(super) fn replaced(&self, replaces: &Replaces) -> Option<DialogKey> {
        [(&replaces.to_tag, &replaces.from_tag), (&replaces.from_tag, &replaces.to_tag)].into_iter().find_map(|(ours, theirs)| {
            let ix = *self.call_by_tag.get(&super::from_hex16(ours)?)?;
            let call = self.calls.get(ix)?;
            let fits =
                call.call_id == replaces.call_id[..] && call.remote_tag.as_deref() == Some(&theirs[..]) && call.state != CallState::Ending;
            fits.then_some(call.key)
        })
    }

    /// `hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh@host` for a new dialog.
    pub(super) fn new_call_id(&mut self, socket: u16) -> Bytes {
        let mut id = Vec::with_capacity(56);
        id.extend_from_slice(&hex16(self.random()));
        id.extend_from_slice(&hex16(self.random()));
        id.push(b'@');
        id.extend_from_slice(self.advertised(socket).ip().to_string().as_bytes());
        Bytes::from(id)
    }
}
