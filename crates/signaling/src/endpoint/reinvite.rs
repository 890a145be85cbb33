//! New offers within a call, both ways: hold, resume, moving media, session refresh, glare (RFC 3261 §14, RFC 3311).
use super::Endpoint;
use super::client::Outcome;
use super::dialog::behind_nat;
use super::receive::Refusal;
use super::server::{ALLOW, RequestIds};
use super::types::{CallState, Dest, OwnOffer, Purpose, TimerKey};
use super::uas::{body_refusal, granted_session, refreshed_target, session_refusal};
use crate::message::{Message, Method};
use crate::util::Ix;
use crate::{Answer, CommandError, DialogKey, Event, Source, Time, TimerReason};
use bytes::Bytes;

/// Attempts at a re-INVITE that always meets glare.
const ATTEMPTS_MAX: u8 = 6;

impl Endpoint {
    pub(super) fn on_reinvite(&mut self, now: Time, ix: Ix, source: Source, message: &Message, ids: &RequestIds) {
        let Some(call) = self.calls.get(ix) else { return };
        let own_in_flight = call.own_offer.as_ref().is_some_and(|o| o.tx.is_some());
        let early = matches!(call.state, CallState::Calling | CallState::Incoming);
        let refusal = if call.state == CallState::Ending {
            Some(Refusal::plain(481))
        } else if own_in_flight || (call.unacked.as_ref().is_some_and(|u| u.offer_was_ours)) {
            Some(Refusal::plain(491))
        } else if early || call.server_tx.is_some() {
            Some(Refusal::plain(500).with("Retry-After", "2"))
        } else {
            body_refusal(message).or_else(|| session_refusal(message))
        };
        if let Some(refusal) = refusal {
            // Behind a transaction, for the ACK that follows and because copies must not be judged anew.
            let tx = self.start_server(now, source, message, ids);
            return self.refuse_in(now, tx, &refusal);
        }
        // The ACK for our last 200 was lost, but the peer would not go on without having got that 200.
        self.acked(now, ix, None);
        if self.calls.get(ix).is_none_or(|c| c.state != CallState::Confirmed) {
            return self.refuse(now, &source, message, &Refusal::plain(481));
        }
        let tx = self.start_server(now, source, message, ids);
        if let Some(tx) = self.server.get_mut(tx) {
            tx.call = Some(ix);
        }
        self.take_offer(now, ix, tx, source, message);
    }

    pub(super) fn on_update(&mut self, now: Time, ix: Ix, source: Source, message: &Message, ids: &RequestIds) {
        let Some(call) = self.calls.get(ix) else { return };
        let offer = !message.body().is_empty();
        let own_in_flight = call.own_offer.as_ref().is_some_and(|o| o.tx.is_some());
        let refusal = if call.state == CallState::Ending {
            Some(Refusal::plain(481))
        } else if offer && (own_in_flight || call.state != CallState::Confirmed) {
            Some(Refusal::plain(491))
        } else if offer && call.server_tx.is_some() {
            Some(Refusal::plain(500).with("Retry-After", "2"))
        } else {
            body_refusal(message).or_else(|| session_refusal(message))
        };
        let tx = self.start_server(now, source, message, ids);
        if let Some(refusal) = refusal {
            return self.refuse_in(now, tx, &refusal);
        }
        if offer {
            return self.take_offer(now, ix, tx, source, message);
        }
        self.refresh_target(ix, source, message);
        self.set_session(ix, message);
        self.respond_in_dialog(now, ix, tx, 200, None, &Vec::new(), None);
        self.restart_session_timer(now, ix);
    }

    fn take_offer(&mut self, _now: Time, ix: Ix, tx: Ix, source: Source, message: &Message) {
        self.refresh_target(ix, source, message);
        self.set_session(ix, message);
        let sdp = message.sdp();
        let Some(call) = self.calls.get_mut(ix) else { return };
        call.server_tx = Some(tx);
        call.offered = sdp.is_some();
        let key = call.key;
        self.event(Event::ReInvite { key, sdp });
    }

    fn set_session(&mut self, ix: Ix, message: &Message) {
        if let (Some(granted), Some(call)) = (granted_session(message), self.calls.get_mut(ix)) {
            call.session_s = Some(granted);
        }
    }

    /// INVITE and UPDATE may move the peer (RFC 3261 §12.2).
    fn refresh_target(&mut self, ix: Ix, source: Source, message: &Message) {
        let (Some(target), Some(call)) = (refreshed_target(message), self.calls.get(ix)) else { return };
        let dest = self.next_hop(&call.routes, &target, Dest::of(&source), behind_nat(message, &source));
        if let Some(call) = self.calls.get_mut(ix) {
            call.remote_target = target;
            call.dest = dest;
        }
    }

    fn waiting_offer(&self, key: DialogKey) -> Result<(Ix, Ix), CommandError> {
        let ix = self.confirmed(key)?;
        let tx = self.calls.get(ix).and_then(|c| c.server_tx).ok_or(CommandError::State)?;
        Ok((ix, tx))
    }

    pub(super) fn cmd_answer_reinvite(&mut self, now: Time, key: DialogKey, answer: &Answer) -> Result<(), CommandError> {
        let (ix, tx) = self.waiting_offer(key)?;
        if self.server.get(tx).is_some_and(|t| t.method == Method::Invite) {
            self.answer_invite(now, ix, tx, answer);
            return Ok(());
        }
        self.respond_in_dialog(now, ix, tx, 200, None, &answer.headers, answer.sdp.as_deref());
        if let Some(call) = self.calls.get_mut(ix) {
            call.server_tx = None;
        }
        self.restart_session_timer(now, ix);
        Ok(())
    }

    pub(super) fn cmd_reject_reinvite(&mut self, now: Time, key: DialogKey, status: u16) -> Result<(), CommandError> {
        if !(300..=699).contains(&status) {
            return Err(CommandError::Invalid);
        }
        let (ix, tx) = self.waiting_offer(key)?;
        self.respond_in_dialog(now, ix, tx, status, None, &Vec::new(), None);
        if let Some(call) = self.calls.get_mut(ix) {
            call.server_tx = None;
        }
        Ok(())
    }

    pub(super) fn cmd_reinvite(&mut self, now: Time, key: DialogKey, sdp: Bytes) -> Result<(), CommandError> {
        let ix = self.confirmed(key)?;
        let call = self.calls.get_mut(ix).ok_or(CommandError::Unknown)?;
        if call.own_offer.is_some() {
            return Err(CommandError::State);
        }
        let busy = call.server_tx.is_some() || call.unacked.is_some() || (call.ack.is_none() && !key.is_incoming());
        call.own_offer = Some(OwnOffer { sdp, tx: None, retry_at: None, attempts: 0 });
        if busy {
            self.schedule_own_offer(now, ix);
            return Ok(());
        }
        self.send_own_offer(now, ix).inspect_err(|_| {
            if let Some(call) = self.calls.get_mut(ix) {
                call.own_offer = None;
            }
        })
    }

    fn send_own_offer(&mut self, now: Time, ix: Ix) -> Result<(), CommandError> {
        let Some(own) = self.calls.get(ix).and_then(|c| c.own_offer.as_ref()) else { return Err(CommandError::State) };
        let sdp = own.sdp.clone();
        let lines = |w: &mut crate::message::write::Writer| {
            w.line("Allow", ALLOW.as_bytes());
            w.line("Supported", b"replaces");
        };
        let tx = self.send_in_dialog(now, ix, Method::Invite, Purpose::ReInvite, lines, Some(("application/sdp", &sdp)))?;
        if let Some(own) = self.calls.get_mut(ix).and_then(|c| c.own_offer.as_mut()) {
            own.tx = Some(tx);
            own.retry_at = None;
            own.attempts = own.attempts.saturating_add(1);
        }
        Ok(())
    }

    /// RFC 3261 §14.1: the owner of the Call-ID waits 2.1–4 s, the other side 0–2 s, in steps of 10 ms.
    fn schedule_own_offer(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.get(ix) else { return };
        let ms = if call.key.is_incoming() { self.random_below(201) * 10 } else { 2_100 + self.random_below(191) * 10 };
        // Never at once: a timer that is due now would fire within the same input.
        let at = now.plus_ms(ms.max(10));
        if let Some(own) = self.calls.get_mut(ix).and_then(|c| c.own_offer.as_mut()) {
            own.tx = None;
            own.retry_at = Some(at);
            self.wake(at, TimerKey::Call(ix), TimerReason::Glare);
        }
    }

    pub(super) fn retry_own_offer(&mut self, now: Time, ix: Ix) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        let Some(own) = call.own_offer.as_mut() else { return };
        own.retry_at = None;
        if call.state != CallState::Confirmed {
            call.own_offer = None;
        } else if call.server_tx.is_some() || call.unacked.is_some() {
            self.schedule_own_offer(now, ix);
        } else if self.send_own_offer(now, ix).is_err() {
            self.own_offer_done(ix, 503, None);
        }
    }

    fn own_offer_done(&mut self, ix: Ix, status: u16, sdp: Option<Bytes>) {
        let Some(call) = self.calls.get_mut(ix) else { return };
        if call.own_offer.take().is_some() && call.state == CallState::Confirmed {
            let key = call.key;
            self.event(Event::ReInviteResult { key, status, sdp });
        }
    }

    pub(super) fn on_reinvite_outcome(&mut self, now: Time, ix: Ix, outcome: Outcome) {
        let status = outcome.status();
        let Some(call) = self.calls.get(ix) else { return };
        match (status, outcome.message()) {
            (..=199, _) => {}
            (200..=299, Some(message)) => self.reinvite_answered(now, ix, message),
            (491, _) if call.own_offer.as_ref().is_some_and(|o| o.attempts < ATTEMPTS_MAX) && call.state == CallState::Confirmed => {
                self.schedule_own_offer(now, ix);
            }
            (408 | 481, _) => {
                self.own_offer_done(ix, status, None);
                if self.calls.get(ix).is_some_and(|c| c.state == CallState::Confirmed) {
                    self.lost_dialog(now, ix, status);
                }
            }
            _ => self.own_offer_done(ix, status, None),
        }
    }

    fn reinvite_answered(&mut self, now: Time, ix: Ix, message: &Message) {
        let Some(cseq) = message.cseq().map(|c| c.number) else { return };
        let Some(call) = self.calls.get_mut(ix) else { return };
        if let Some(ack) = call.ack.as_ref().filter(|a| a.cseq == cseq) {
            let (dest, bytes) = (ack.dest, ack.bytes.clone());
            self.send(now, &dest, bytes);
            return;
        }
        if let Some(target) = refreshed_target(message) {
            let moved = target != call.remote_target;
            call.remote_target = target;
            let (routes, target, seen) = (call.routes.clone(), call.remote_target.clone(), call.dest);
            if moved {
                let dest = self.next_hop(&routes, &target, seen, false);
                if let Some(call) = self.calls.get_mut(ix) {
                    call.dest = dest;
                }
            }
        }
        self.send_ack(now, ix, cseq, None);
        self.own_offer_done(ix, message.status().unwrap_or(200), message.sdp());
    }
}
