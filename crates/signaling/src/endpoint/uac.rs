//! Calls that go out.
use super::Endpoint;
use super::client::{Outcome, party_with_tag};
use super::dialog::{contact_value, route_set};
use super::server::ALLOW;
use super::types::{Call, CallState, Cancel, ClientAuth, Dest, Owner, Purpose};
use crate::message::write::{self, Writer};
use crate::message::{HeaderName, Message, Method, Uri};
use crate::util::Ix;
use crate::{CommandError, DialogKey, EndedBy, Event, Invite, Reason, Time};
use bytes::Bytes;
use smallvec::SmallVec;

/// How many targets of a 3xx are handed on.
const CONTACTS_MAX: usize = 16;
/// Tags of forked 2xx remembered per leg.
const FORKS_MAX: usize = 16;

impl Endpoint {
    pub(super) fn cmd_invite(&mut self, now: Time, invite: Invite) -> Result<(), CommandError> {
        if invite.key.is_incoming() || self.call_by_key.contains_key(&invite.key) {
            return Err(CommandError::BadKey);
        }
        if self.calls.len() >= self.config.limits.dialogs_max || !self.has_room(false) {
            return Err(CommandError::Limit);
        }
        let dest = self.dest_for(&invite.target)?;
        let tag = self.random();
        let call_id = self.new_call_id(dest.socket);
        let user = invite.contact_user.as_deref().unwrap_or_else(|| invite.from.uri.user());
        let call = Call {
            key: invite.key,
            state: CallState::Calling,
            call_id,
            local_tag: tag,
            local: party_with_tag(&invite.from, tag),
            remote: write::party(&invite.to, None),
            remote_tag: None,
            remote_target: Bytes::copy_from_slice(invite.request_uri.without_headers().as_str().as_bytes()),
            routes: invite.routes.iter().map(|r| Bytes::copy_from_slice(r.as_bytes())).collect(),
            contact: contact_value(user, self.advertised(dest.socket), dest.transport),
            dest,
            local_cseq: 1,
            remote_cseq: None,
            offered: invite.sdp.is_some(),
            invite_tx: None,
            cancel: Cancel::No,
            ack: None,
            forks: SmallVec::new(),
            auth: invite.credentials.clone().map(|c| Box::new(ClientAuth::new(c))),
            server_tx: None,
            unacked: None,
            own_offer: None,
            refer: None,
            queue: std::collections::VecDeque::new(),
            queue_busy: false,
            bye_waiting: None,
            bye_tx: None,
            session_s: None,
            session_deadline: None,
        };
        let branch = self.random();
        let bytes = self.build_invite(&call, &invite, branch);
        let ix = self.insert_call(call);
        match self.start_client(now, Method::Invite, branch, dest, bytes, Owner::Call(ix, Purpose::Invite)) {
            Ok(tx) => {
                if let Some(call) = self.calls.get_mut(ix) {
                    call.invite_tx = Some(tx);
                }
                if let Some(ms) = invite.first_response_ms {
                    self.limit_first_response(now, tx, ms);
                }
                Ok(())
            }
            Err(error) => {
                self.remove_call(now, ix);
                Err(error)
            }
        }
    }

    fn build_invite(&self, call: &Call, invite: &Invite, branch: u64) -> Bytes {
        let mut w = Writer::request(b"INVITE", &call.remote_target);
        w.line("Via", &self.via_value(&call.dest, branch));
        for route in &invite.routes {
            w.build("Route", |out| write::clean(route.as_bytes(), out));
        }
        w.number("Max-Forwards", u64::from(invite.max_forwards));
        w.line("From", &call.local);
        w.line("To", &call.remote);
        w.line("Call-ID", &call.call_id);
        w.cseq(call.local_cseq, b"INVITE");
        w.line("Contact", &call.contact);
        w.line("Allow", ALLOW.as_bytes());
        // No `timer` here: we refresh no sessions, so nobody may ask us to.
        w.line("Supported", b"replaces");
        w.extra(&invite.headers);
        w.line("User-Agent", self.config.product.as_bytes());
        w.finish_sdp(invite.sdp.as_deref())
    }

    pub(super) fn on_invite_outcome(&mut self, now: Time, ix: Ix, tx: Ix, outcome: Outcome) {
        let status = outcome.status();
        match outcome.message() {
            Some(message) if status < 200 => self.on_progress(now, ix, tx, status, message),
            Some(message) if status < 300 => self.on_answer(now, ix, message),
            _ => self.on_failure(now, ix, &outcome),
        }
    }

    fn on_progress(&mut self, now: Time, ix: Ix, tx: Ix, status: u16, message: &Message) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        if call.cancel == Cancel::Wanted {
            call.cancel = Cancel::Sent;
            let reason = call.bye_waiting.take().flatten();
            self.send_cancel(now, tx, reason.as_ref());
            return;
        }
        if status > 100 && call.cancel == Cancel::No {
            let key = call.key;
            self.event(Event::Provisional { key, status, sdp: message.sdp() });
        }
    }

    /// A 2xx: the first one makes the dialog, copies get the ACK again, those of other branches ACK and BYE.
    fn on_answer(&mut self, now: Time, ix: Ix, message: &Message) {
        let Some(call) = self.calls.get(ix) else { return };
        let tag = message.to().and_then(|t| t.tag()).map(Bytes::copy_from_slice);
        if call.state != CallState::Calling {
            if tag == call.remote_tag {
                return self.repeat_ack(now, ix, message);
            }
            return self.on_forked_answer(now, ix, message, tag);
        }
        let cancelled = call.cancel != Cancel::No;
        let (key, offered) = (call.key, call.offered);
        let cseq = message.cseq().map_or(call.local_cseq, |c| c.number);
        self.confirm_outgoing(ix, message, tag);
        if cancelled {
            // The answer crossed our CANCEL (RFC 3261 §9.1): the call stands, so it is hung up.
            let reason = self.calls.get_mut(ix).and_then(|c| c.bye_waiting.take()).flatten();
            self.send_ack(now, ix, cseq, None);
            self.fail(ix, 487, None, None);
            self.send_bye(now, ix, reason.as_ref());
            return;
        }
        let sdp = message.sdp();
        if offered {
            self.send_ack(now, ix, cseq, None);
        }
        self.event(Event::Answered { key, sdp });
    }

    /// Takes the dialog state out of a 2xx.
    fn confirm_outgoing(&mut self, ix: Ix, message: &Message, tag: Option<Bytes>) {
        let Some(call) = self.calls.get(ix) else { return };
        let contact = super::uas::refreshed_target(message);
        let target = contact.clone().unwrap_or_else(|| call.remote_target.clone());
        let routes = route_set(message, true);
        // The peer's own idea of its address where we reached it by another: it sits behind NAT, stay with what worked.
        let nat = contact.is_none() || target == call.remote_target;
        let dest = self.next_hop(&routes, &target, call.dest, nat);
        let remote = message.get(HeaderName::To).map(Bytes::copy_from_slice);
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.state = CallState::Confirmed;
        call.remote_tag = tag;
        call.remote = remote.unwrap_or_else(|| call.remote.clone());
        call.routes = routes;
        call.remote_target = target;
        call.dest = dest;
        call.invite_tx = None;
        if let Some(auth) = call.auth.as_mut() {
            auth.accepted();
        }
    }

    fn repeat_ack(&mut self, now: Time, ix: Ix, message: &Message) {
        let Some(ack) = self.calls.get(ix).and_then(|c| c.ack.as_ref()) else { return };
        if message.cseq().is_some_and(|c| c.number == ack.cseq) {
            let (dest, bytes) = (ack.dest, ack.bytes.clone());
            self.send(now, &dest, bytes);
        }
    }

    /// Another branch of a forked INVITE answered too: acknowledged and ended at once, so that its phone does not hang.
    fn on_forked_answer(&mut self, now: Time, ix: Ix, message: &Message, tag: Option<Bytes>) {
        let branch = self.random();
        let Some(call) = self.calls.get_mut(ix) else { return };
        let tag = tag.unwrap_or_default();
        let known = call.forks.contains(&tag);
        if !known && call.forks.len() < FORKS_MAX {
            call.forks.push(tag);
        }
        let Some(cseq) = message.cseq().map(|c| c.number) else { return };
        let Some(call) = self.calls.get(ix) else { return };
        let routes = route_set(message, true);
        let target = super::uas::refreshed_target(message).unwrap_or_else(|| call.remote_target.clone());
        let dest = self.next_hop(&routes, &target, call.dest, false);
        let other = Call {
            key: call.key,
            state: CallState::Ending,
            call_id: call.call_id.clone(),
            local_tag: call.local_tag,
            local: call.local.clone(),
            remote: message.get(HeaderName::To).map(Bytes::copy_from_slice).unwrap_or_default(),
            remote_tag: None,
            remote_target: target,
            routes,
            contact: call.contact.clone(),
            dest,
            local_cseq: cseq,
            remote_cseq: None,
            offered: true,
            invite_tx: None,
            cancel: Cancel::No,
            ack: None,
            forks: SmallVec::new(),
            auth: None,
            server_tx: None,
            unacked: None,
            own_offer: None,
            refer: None,
            queue: std::collections::VecDeque::new(),
            queue_busy: false,
            bye_waiting: None,
            bye_tx: None,
            session_s: None,
            session_deadline: None,
        };
        let ack = self.build(&other, Method::Ack, cseq, branch, |_: &mut Writer| (), None);
        self.send(now, &dest, ack);
        if !known {
            let branch = self.random();
            let bye = self.build(&other, Method::Bye, cseq.saturating_add(1), branch, |_: &mut Writer| (), None);
            // Over the limit the other phone ends by itself when it gets no further ACK.
            let _ = self.start_client(now, Method::Bye, branch, dest, bye, Owner::Nobody);
        }
    }

    fn on_failure(&mut self, now: Time, ix: Ix, outcome: &Outcome) {
        let Some(call) = self.calls.get(ix) else { return };
        if call.state != CallState::Calling {
            return;
        }
        let status = if call.cancel != Cancel::No { 487 } else { outcome.status() };
        self.fail(ix, status, outcome.message(), Some(outcome.reason()));
        self.remove_call(now, ix);
    }

    fn fail(&mut self, ix: Ix, status: u16, message: Option<&Message>, reason: Option<String>) {
        let redirect = (300..400).contains(&status);
        let contacts: Vec<Uri> = message
            .filter(|_| redirect)
            .map(|m| {
                m.list(HeaderName::Contact)
                    .filter_map(crate::message::AddrRef::parse)
                    .filter_map(|a| Uri::parse(a.uri))
                    .take(CONTACTS_MAX)
                    .collect()
            })
            .unwrap_or_default();
        let cause = message.and_then(Message::reason_header);
        let retry_after_s = message.and_then(|m| m.number(HeaderName::RetryAfter));
        let reason = reason.unwrap_or_else(|| crate::reason_phrase(status).to_owned());
        self.end_for_app(ix, |key| Event::Failed { key, status, reason, contacts, cause, retry_after_s });
    }

    /// Our answer to the offer of a 2xx (the INVITE had none).
    pub(super) fn cmd_ack(&mut self, now: Time, key: DialogKey, sdp: &[u8]) -> Result<(), CommandError> {
        let ix = self.confirmed(key)?;
        let call = self.calls.get(ix).ok_or(CommandError::Unknown)?;
        if call.offered || call.ack.is_some() || key.is_incoming() {
            return Err(CommandError::State);
        }
        let cseq = call.local_cseq;
        self.send_ack(now, ix, cseq, Some(sdp));
        Ok(())
    }

    pub(super) fn cmd_cancel(&mut self, now: Time, key: DialogKey, reason: Option<Reason>) -> Result<(), CommandError> {
        let ix = self.call_ix(key)?;
        let call = self.calls.get_mut(ix).ok_or(CommandError::Unknown)?;
        let (CallState::Calling, Some(tx)) = (call.state, call.invite_tx) else { return Err(CommandError::State) };
        if call.cancel != Cancel::No {
            return Ok(());
        }
        // RFC 3261 §9.1: only after a provisional response, or it could overtake the INVITE.
        let proceeding = self.client.get(tx).is_some_and(|t| t.state == super::types::ClientState::Proceeding);
        call.cancel = if proceeding { Cancel::Sent } else { Cancel::Wanted };
        call.bye_waiting = Some(reason.clone());
        if proceeding {
            self.send_cancel(now, tx, reason.as_ref());
        }
        Ok(())
    }

    /// BYE of the peer while our INVITE is still open (a callee that gives up its early dialog).
    pub(super) fn early_bye(&mut self, now: Time, ix: Ix, reason: Option<Reason>) {
        self.ended(ix, EndedBy::Remote, None, reason);
        self.remove_call(now, ix);
    }

    /// Where the peer was last seen replaces a next hop that was only guessed.
    pub(super) fn seen_at(&mut self, ix: Ix, seen: Dest) {
        if let Some(call) = self.calls.get_mut(ix)
            && call.dest.conn.is_none()
            && call.dest.addr == seen.addr
            && call.dest.transport == seen.transport
        {
            call.dest.conn = seen.conn;
        }
    }
}
