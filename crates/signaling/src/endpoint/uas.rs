//! Calls that come in.
use super::Endpoint;
use super::dialog::{Replaces, behind_nat, contact_value, route_set};
use super::receive::Refusal;
use super::server::{ALLOW, RequestIds};
use super::types::{Call, CallState, Cancel, Dest, ServerState, TimerKey, Unacked};
use crate::message::write::Writer;
use crate::message::{AddrRef, HeaderName, Message, NameAddr, Uri, scan};
use crate::util::Ix;
use crate::{Answer, AuthState, CommandError, DialogKey, EndedBy, Event, Headers, IncomingInvite, Source, Time, TimerReason};
use bytes::Bytes;
use smallvec::SmallVec;

/// Shortest session interval that we take (RFC 4028 §4).
const MIN_SE_S: u32 = 90;

impl Endpoint {
    pub(super) fn on_invite(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) {
        let merged = self.merge_id(message);
        let refused = match self.busy() {
            Some(refusal) => Some(refusal),
            None if self.merged.contains_key(&merged) => Some(Refusal::new(482, "Merged Request")),
            None => body_refusal(message).or_else(|| session_refusal(message)),
        };
        if let Some(refusal) = refused {
            return self.refuse(now, &source, message, &refusal);
        }
        // Without a proof nothing is kept for a stranger; a proof is checked behind a transaction, so that a copy is not a replay.
        let proof = message.get(HeaderName::Authorization).is_some();
        let early = if proof { None } else { Some(self.admit_call(now, &source, message)) };
        if let Some(Err(refusal)) = &early {
            return self.refuse(now, &source, message, refusal);
        }
        let parts = match invite_parts(message) {
            Some(parts) => parts,
            None => return self.refuse(now, &source, message, &Refusal::new(400, "Malformed Address")),
        };
        let replaces = match message.get(HeaderName::Replaces).map(Replaces::parse) {
            None => None,
            Some(wanted) => match wanted.and_then(|r| self.replaced(&r)) {
                Some(key) => Some(key),
                None => return self.refuse(now, &source, message, &Refusal::plain(481)),
            },
        };
        let tx = self.start_server(now, source, message, ids);
        let auth = match early.unwrap_or_else(|| self.admit_call(now, &source, message)) {
            Ok(auth) => auth,
            Err(refusal) => return self.refuse_in(now, tx, &refusal),
        };
        self.merged.insert(merged, tx);
        if let Some(tx) = self.server.get_mut(tx) {
            tx.merged = Some(merged);
        }
        self.new_incoming(tx, source, message, auth, parts, replaces);
    }

    fn merge_id(&self, message: &Message) -> u128 {
        let from = message.from();
        let tag = from.and_then(|f| f.tag()).unwrap_or_default();
        let number = message.cseq().map_or(0, |c| c.number).to_be_bytes();
        self.hash(&[b"merged", tag, message.call_id().unwrap_or_default(), &number])
    }

    /// Refuses behind a transaction.
    pub(super) fn refuse_in(&mut self, now: Time, tx: Ix, refusal: &Refusal) {
        let extra: Vec<(&str, String)> = refusal.extra.clone();
        self.respond(
            now,
            tx,
            refusal.status,
            refusal.reason,
            |w| {
                for (name, value) in &extra {
                    w.line(name, value.as_bytes());
                }
            },
            None,
        );
    }

    fn new_incoming(&mut self, tx: Ix, source: Source, message: &Message, auth: AuthState, parts: Parts, replaces: Option<DialogKey>) {
        let Some(tag) = self.server.get(tx).map(|t| t.tag) else { return };
        self.next_incoming += 1;
        let key = DialogKey(self.next_incoming | DialogKey::INCOMING);
        let seen = Dest::of(&source);
        let routes = route_set(message, false);
        let dest = self.next_hop(&routes, &parts.target, seen, behind_nat(message, &source));
        let contact = contact_value(parts.request_uri.user(), self.advertised(dest.socket), dest.transport);
        let sdp = message.sdp();
        let to = message.get(HeaderName::To).unwrap_or_default();
        let call = Call {
            key,
            state: CallState::Incoming,
            call_id: Bytes::copy_from_slice(message.call_id().unwrap_or_default()),
            local_tag: tag,
            local: super::client::with_tag(to, tag),
            remote: Bytes::copy_from_slice(message.get(HeaderName::From).unwrap_or_default()),
            remote_tag: message.from().and_then(|f| f.tag()).map(Bytes::copy_from_slice),
            remote_target: parts.target,
            routes,
            contact,
            dest,
            local_cseq: 0,
            remote_cseq: message.cseq().map(|c| c.number),
            offered: sdp.is_some(),
            invite_tx: None,
            cancel: Cancel::No,
            ack: None,
            forks: SmallVec::new(),
            auth: None,
            server_tx: Some(tx),
            unacked: None,
            own_offer: None,
            refer: None,
            queue: std::collections::VecDeque::new(),
            queue_busy: false,
            bye_waiting: None,
            bye_tx: None,
            session_s: granted_session(message),
            session_deadline: None,
        };
        let ix = self.insert_call(call);
        if let Some(tx) = self.server.get_mut(tx) {
            tx.call = Some(ix);
        }
        let trusted = matches!(auth, AuthState::Trusted { .. });
        let asserted = trusted.then(|| message.list(HeaderName::PAssertedIdentity).find_map(NameAddr::parse)).flatten();
        self.event(Event::IncomingInvite(Box::new(IncomingInvite {
            key,
            source,
            auth,
            request_uri: parts.request_uri,
            from: parts.from,
            to: parts.to,
            asserted,
            call_id: scan::lossy(message.call_id().unwrap_or_default()),
            sdp,
            max_forwards: message.number(HeaderName::MaxForwards).map_or(70, |n| u8::try_from(n).unwrap_or(255)),
            replaces,
            message: message.clone(),
        })));
    }

    /// The INVITE transaction of a leg that waits for our first answer.
    fn waiting_invite(&self, key: DialogKey) -> Result<(Ix, Ix), CommandError> {
        let ix = self.call_ix(key)?;
        let call = self.calls.get(ix).ok_or(CommandError::Unknown)?;
        match (call.state, call.server_tx) {
            (CallState::Incoming, Some(tx)) => Ok((ix, tx)),
            _ => Err(CommandError::State),
        }
    }

    pub(super) fn cmd_provisional(
        &mut self,
        now: Time,
        key: DialogKey,
        status: u16,
        sdp: Option<Bytes>,
        headers: &Headers,
    ) -> Result<(), CommandError> {
        if !(101..=199).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let (ix, tx) = self.waiting_invite(key)?;
        self.respond_in_dialog(now, ix, tx, status, None, headers, sdp.as_deref());
        Ok(())
    }

    pub(super) fn cmd_answer(&mut self, now: Time, key: DialogKey, answer: &Answer) -> Result<(), CommandError> {
        let (ix, tx) = self.waiting_invite(key)?;
        if let Some(call) = self.calls.get_mut(ix) {
            call.state = CallState::Confirmed;
        }
        self.answer_invite(now, ix, tx, answer);
        Ok(())
    }

    /// 200 to an INVITE or re-INVITE, repeated until the ACK (RFC 3261 §13.3.1.4).
    pub(super) fn answer_invite(&mut self, now: Time, ix: Ix, tx: Ix, answer: &Answer) {
        let cseq = self.server.get(tx).and_then(|t| t.request.as_ref()).and_then(Message::cseq).map_or(0, |c| c.number);
        let dest = self.server.get(tx).map(|t| t.reply);
        let bytes = self.respond_in_dialog(now, ix, tx, 200, None, &answer.headers, answer.sdp.as_deref());
        let timers = self.config.timers;
        let (again_at, give_up_at) = (now.plus_ms(timers.t1_ms), now.plus_ms(timers.t1_ms * 64));
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.server_tx = None;
        let offer_was_ours = !call.offered && answer.sdp.is_some();
        if let (Some(bytes), Some(dest)) = (bytes, dest) {
            call.unacked =
                Some(Unacked { bytes, dest, cseq, offer_was_ours, again_at: Some(again_at), interval_ms: timers.t1_ms, give_up_at });
            self.wake(again_at, TimerKey::Call(ix), TimerReason::Retransmit);
            self.wake(give_up_at, TimerKey::Call(ix), TimerReason::GiveUp);
        }
        self.restart_session_timer(now, ix);
    }

    pub(super) fn cmd_reject(
        &mut self,
        now: Time,
        key: DialogKey,
        status: u16,
        reason: Option<&str>,
        headers: &Headers,
    ) -> Result<(), CommandError> {
        if !(300..=699).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let (ix, tx) = self.waiting_invite(key)?;
        self.respond_in_dialog(now, ix, tx, status, reason, headers, None);
        if let Some(call) = self.calls.get_mut(ix) {
            call.server_tx = None;
        }
        self.ended(ix, EndedBy::Local, Some(status), None);
        self.remove_call(now, ix);
        Ok(())
    }

    /// A response that belongs to a dialog: with Record-Route, Contact and what we can do.
    pub(super) fn respond_in_dialog(
        &mut self,
        now: Time,
        ix: Ix,
        tx: Ix,
        status: u16,
        reason: Option<&str>,
        headers: &Headers,
        sdp: Option<&[u8]>,
    ) -> Option<Bytes> {
        let call = self.calls.get(ix)?;
        let (contact, session_s) = (call.contact.clone(), call.session_s);
        let request = self.server.get(tx)?.request.clone()?;
        let lines = |w: &mut Writer| {
            if status < 300 {
                for route in request.all(HeaderName::RecordRoute) {
                    w.line("Record-Route", route);
                }
                w.line("Contact", &contact);
                w.line("Allow", ALLOW.as_bytes());
                if status >= 200 {
                    w.line("Supported", b"replaces, timer");
                    session_lines(w, &request, session_s);
                }
            }
            w.extra(headers);
        };
        self.respond(now, tx, status, reason, lines, sdp.map(|s| ("application/sdp", s)))
    }

    /// Our 200 once more: no ACK yet.
    pub(super) fn repeat_answer(&mut self, now: Time, ix: Ix) {
        let t2 = self.config.timers.t2_ms;
        let Some(unacked) = self.calls.get_mut(ix).and_then(|c| c.unacked.as_mut()) else { return };
        unacked.interval_ms = unacked.interval_ms.saturating_mul(2).min(t2);
        let at = now.plus_ms(unacked.interval_ms);
        unacked.again_at = Some(at);
        let (bytes, dest) = (unacked.bytes.clone(), unacked.dest);
        self.retransmitted += 1;
        self.wake(at, TimerKey::Call(ix), TimerReason::Retransmit);
        self.reply(now, &dest, bytes);
    }

    /// 64·T1 without an ACK: the dialog is confirmed all the same, so it ends with a BYE (RFC 3261 §13.3.1.4).
    pub(super) fn answer_not_acked(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.unacked = None;
        let reason = call.bye_waiting.take().flatten();
        self.ended(ix, EndedBy::Timeout, None, None);
        self.send_bye(now, ix, reason.as_ref());
    }

    /// An ACK: within the transaction for a failure, for the dialog for a 2xx.
    pub(super) fn on_ack(&mut self, now: Time, tx: Option<Ix>, message: &Message) {
        if let Some((ix, state)) = tx.and_then(|ix| self.server.get(ix).map(|t| (ix, t.state)))
            && state != ServerState::Accepted
        {
            return self.server_acked(now, ix);
        }
        let Some(ix) = self.dialog_of(message) else { return };
        let Some(call) = self.calls.get_mut(ix) else { return };
        if call.unacked.as_ref().is_none_or(|u| message.cseq().is_none_or(|c| c.number != u.cseq)) {
            return;
        }
        self.acked(now, ix, message.sdp());
    }

    /// The 2xx is settled: the application learns it, and a BYE that had to wait goes out.
    pub(super) fn acked(&mut self, now: Time, ix: Ix, sdp: Option<Bytes>) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        let Some(unacked) = call.unacked.take() else { return };
        let (key, ending) = (call.key, call.state == CallState::Ending);
        if let Some(reason) = call.bye_waiting.take() {
            return self.send_bye(now, ix, reason.as_ref());
        }
        if !ending {
            self.event(Event::Acked { key, sdp: if unacked.offer_was_ours { sdp } else { None } });
        }
    }

    pub(super) fn on_cancel(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) {
        let Some(invite) = self.server_by_key.get(&ids.invite_key).copied() else {
            return self.refuse(now, &source, message, &Refusal::plain(481));
        };
        let Some((state, call, tag)) = self.server.get(invite).map(|t| (t.state, t.call, t.tag)) else { return };
        let cancel = self.start_server(now, source, message, ids);
        if let Some(tx) = self.server.get_mut(cancel) {
            tx.tag = tag;
        }
        self.respond(now, cancel, 200, None, |_| (), None);
        if state != ServerState::Proceeding {
            return;
        }
        let initial = call.and_then(|ix| self.calls.get(ix)).is_some_and(|c| c.state == CallState::Incoming);
        self.respond(now, invite, 487, None, |_| (), None);
        let Some(ix) = call else { return };
        if let Some(call) = self.calls.get_mut(ix) {
            call.server_tx = None;
        }
        if initial {
            self.ended(ix, EndedBy::Remote, Some(487), message.reason_header());
            self.remove_call(now, ix);
        }
    }

    /// The leg that a request with a To-tag belongs to: our tag, the same Call-ID, and the peer's tag once we know it.
    pub(super) fn dialog_of(&self, message: &Message) -> Option<Ix> {
        let to = message.to()?;
        let ix = *self.call_by_tag.get(&super::from_hex16(to.tag()?)?)?;
        let call = self.calls.get(ix)?;
        let from = message.from()?;
        let tag_fits = match &call.remote_tag {
            Some(tag) => from.tag() == Some(&tag[..]),
            None => call.state == CallState::Calling || from.tag().is_none(),
        };
        (tag_fits && message.call_id() == Some(&call.call_id[..])).then_some(ix)
    }

    pub(super) fn restart_session_timer(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.session_deadline = call.session_s.map(|s| now.plus_ms(u64::from(s) * 1000));
        if let Some(at) = call.session_deadline {
            self.wake(at, TimerKey::Call(ix), TimerReason::SessionExpired);
        }
    }

    pub(super) fn session_expired(&mut self, now: Time, ix: Ix) {
        if self.calls.get(ix).is_none_or(|c| c.state != CallState::Confirmed) {
            return;
        }
        self.ended(ix, EndedBy::Timeout, Some(408), None);
        self.hang_up(now, ix, None);
    }
}

/// The addresses of an INVITE.
struct Parts {
    request_uri: Uri,
    from: NameAddr,
    to: NameAddr,
    /// Remote target: the Contact; peers of RFC 2543 may have none, then their From.
    target: Bytes,
}

fn invite_parts(message: &Message) -> Option<Parts> {
    let from = NameAddr::from_ref(&message.from()?)?;
    let target = match message.get(HeaderName::Contact) {
        Some(_) => {
            let contact = message.contact()?;
            Uri::parse(contact.uri)?;
            Bytes::copy_from_slice(contact.uri)
        }
        None => Bytes::copy_from_slice(message.from()?.uri),
    };
    Some(Parts { request_uri: Uri::parse(message.request_uri())?, to: NameAddr::from_ref(&message.to()?)?, from, target })
}

/// A body that is no SDP, or a peer that cannot take SDP back.
pub(super) fn body_refusal(message: &Message) -> Option<Refusal> {
    let encoded = message.get(HeaderName::ContentEncoding).is_some_and(|e| !e.is_empty() && !e.eq_ignore_ascii_case(b"identity"));
    if !message.body().is_empty() && (encoded || message.sdp().is_none()) {
        return Some(Refusal::plain(415).with("Accept", "application/sdp").with("Accept-Encoding", "identity"));
    }
    let mut accepts = message.list(HeaderName::Accept).peekable();
    let takes_sdp = |range: &[u8]| {
        let range = scan::trim(scan::split_once(range, b';').0);
        [&b"application/sdp"[..], b"application/*", b"*/*"].iter().any(|r| range.eq_ignore_ascii_case(r))
    };
    (accepts.peek().is_some() && !accepts.any(takes_sdp)).then(|| Refusal::plain(406))
}

/// RFC 4028 §6: an interval below our minimum.
pub(super) fn session_refusal(message: &Message) -> Option<Refusal> {
    let asked = message.number(HeaderName::SessionExpires)?;
    (asked < MIN_SE_S).then(|| Refusal::plain(422).with("Min-SE", MIN_SE_S.to_string()))
}

/// The interval that the peer will refresh in. Where it asks us to refresh, we answer without a session timer.
pub(super) fn granted_session(message: &Message) -> Option<u32> {
    let value = message.get(HeaderName::SessionExpires)?;
    let speaks = message.has_token(HeaderName::Supported, "timer") || message.has_token(HeaderName::Require, "timer");
    let us = scan::param(scan::split_once(value, b';').1.unwrap_or_default(), "refresher").is_some_and(|r| r.eq_ignore_ascii_case(b"uas"));
    if !speaks || us {
        return None;
    }
    const SESSION_S_MAX: u32 = 86_400;
    message.number(HeaderName::SessionExpires).map(|s| s.clamp(MIN_SE_S, SESSION_S_MAX))
}

pub(super) fn session_lines(w: &mut Writer, request: &Message, session_s: Option<u32>) {
    if let (Some(s), true) = (session_s, request.get(HeaderName::SessionExpires).is_some()) {
        w.line("Require", b"timer");
        w.line("Session-Expires", format!("{s};refresher=uac").as_bytes());
    }
}

/// Whose Contact changed with a target refresh (INVITE, UPDATE).
pub(super) fn refreshed_target(message: &Message) -> Option<Bytes> {
    let contact: AddrRef<'_> = message.contact()?;
    Uri::parse(contact.uri).map(|_| Bytes::copy_from_slice(contact.uri))
}
