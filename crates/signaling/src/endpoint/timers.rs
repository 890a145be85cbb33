//! Wake-ups. Entries are never cancelled; whoever is woken compares with the deadline that it holds.
use super::Endpoint;
use super::types::TimerKey;
use crate::{Time, TimerReason};

impl Endpoint {
    /// When [`crate::Input::Timeout`] is due and why.
    pub fn poll_timeout(&mut self) -> Option<(Time, TimerReason)> {
        while let Some((at, key, reason)) = self.timers.peek() {
            if self.is_due_for(key, reason, at) {
                return Some((at, reason));
            }
            self.timers.pop();
        }
        None
    }

    pub(super) fn on_timeout(&mut self, now: Time) {
        while let Some((at, key, reason)) = self.timers.peek() {
            if at > now {
                break;
            }
            self.timers.pop();
            if self.is_due_for(key, reason, at) {
                self.fire(now, key, reason);
            }
        }
    }

    /// The entry still means something.
    fn is_due_for(&self, key: TimerKey, reason: TimerReason, at: Time) -> bool {
        let held = match key {
            TimerKey::Client(ix) => self.client.get(ix).and_then(|tx| match reason {
                TimerReason::Retransmit => tx.retransmit_at,
                TimerReason::FirstResponse => tx.first_response_at,
                _ => tx.expire_at,
            }),
            TimerKey::Server(ix) => self.server.get(ix).and_then(|tx| match reason {
                TimerReason::Retransmit => tx.retransmit_at,
                TimerReason::Trying => tx.trying_at,
                _ => tx.expire_at,
            }),
            TimerKey::Call(ix) => self.calls.get(ix).and_then(|call| match reason {
                TimerReason::Retransmit => call.unacked.as_ref().and_then(|u| u.again_at),
                TimerReason::GiveUp => call.unacked.as_ref().map(|u| u.give_up_at),
                TimerReason::Glare => call.own_offer.as_ref().and_then(|o| o.retry_at),
                _ => call.session_deadline,
            }),
            TimerKey::Registration(key) => self.registrations.get(&key).and_then(|r| r.refresh_at),
            TimerKey::Stream(conn) => self.streams.deadline(conn),
            TimerKey::Bindings => self.bindings_wake,
        };
        held == Some(at)
    }

    fn fire(&mut self, now: Time, key: TimerKey, reason: TimerReason) {
        match (key, reason) {
            (TimerKey::Client(ix), TimerReason::Retransmit) => self.client_retransmit(now, ix),
            (TimerKey::Client(ix), TimerReason::FirstResponse) => self.client_expired(now, ix),
            (TimerKey::Client(ix), _) => self.client_expired(now, ix),
            (TimerKey::Server(ix), TimerReason::Retransmit) => self.server_retransmit(now, ix),
            (TimerKey::Server(ix), TimerReason::Trying) => self.server_trying(now, ix),
            (TimerKey::Server(ix), _) => self.server_expired(now, ix),
            (TimerKey::Call(ix), TimerReason::Retransmit) => self.repeat_answer(now, ix),
            (TimerKey::Call(ix), TimerReason::GiveUp) => self.answer_not_acked(now, ix),
            (TimerKey::Call(ix), TimerReason::Glare) => self.retry_own_offer(now, ix),
            (TimerKey::Call(ix), _) => self.session_expired(now, ix),
            (TimerKey::Registration(key), _) => self.registration_due(now, key),
            (TimerKey::Stream(conn), _) => self.stream_deadline(now, conn),
            (TimerKey::Bindings, _) => self.bindings_expired(now),
        }
    }
}
