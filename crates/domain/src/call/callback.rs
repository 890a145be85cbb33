//! Calling somebody back: a place in the line with nobody on it, then the customer's phone, by the agent who took the place or while
//! one is kept free.
use super::dial::Why;
use super::leg::LegState;
use super::machine::{Call, Phase};
use super::types::*;
use crate::callback::End;
use crate::config::CallbackMode;
use crate::interaction::{HangupBy, InteractionState, Outcome, SegmentKind};
use crate::routing::CallbackStage;
use crate::{LegId, Timestamp};

/// What makes a call a callback.
pub(super) struct Callback {
    order: CallbackOrder,
    dialled: bool,
    /// The customer answered.
    up: bool,
}

impl Call {
    /// Into the line. Until an agent is offered it or the customer is dialled nothing is written: a place is no interaction yet.
    pub(super) fn start_callback(&mut self, now: Timestamp, order: CallbackOrder, out: &mut Vec<Effect>) {
        let stage = match order.mode {
            CallbackMode::AgentFirst => CallbackStage::AgentFirst,
            CallbackMode::CustomerFirst => CallbackStage::CustomerFirst,
        };
        self.history.quiet = true;
        // The place may wait for days.
        self.stop_timer(Timer::CallMax);
        let (queue, priority, since) = (order.queue, order.priority, order.since);
        self.chosen.needs = order.needs.clone();
        self.priority = priority;
        self.callback = Some(Box::new(Callback { order, dialled: false, up: false }));
        self.history.row.queue = Some(queue);
        let Some(known) = self.directory.queue_by_id(queue).cloned() else { return self.not_placed(now, out) };
        self.begin_waiting(now, Some(queue), out);
        let (reason, chosen, callback) = (Some(CALLBACK.to_owned()), self.chosen.clone(), Some(stage));
        let wanted = RouteRequest::Enqueue { queue, priority, head: false, since, reason, again: false, chosen, callback };
        self.wait(now, None, Some(known), wanted, 0, out);
    }

    /// The line did not take it, let go of it, or the agent's side failed.
    pub(super) fn not_placed(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.end(now, Outcome::NotReached, HangupBy::System, Cause::UNAVAILABLE, out);
    }

    /// From here on it is an interaction: somebody works for it.
    pub(super) fn callback_begins(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if !std::mem::take(&mut self.history.quiet) {
            return;
        }
        self.history.forget_open();
        self.history.row.started_at = now;
        self.history.row.queued_at = self.callback.as_ref().map(|c| c.order.since);
        self.started(now, out);
        self.history.open(now, SegmentKind::Queue, None);
        self.set_timer(Timer::CallMax, now.plus_ms(self.limits.call_max_ms));
    }

    /// An agent took it: their side is up, the customer's phone rings.
    pub(super) fn call_back_from(&mut self, now: Timestamp, agent: LegId, out: &mut Vec<Effect>) {
        self.history.close_all(now, "answered", out);
        let record = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).is_some_and(|q| q.record);
        // Without a way out it is a try all the same, or the agent would have it again every minute.
        self.dialling_customer(out);
        match self.customer_target() {
            Some(to) => {
                self.dial(now, agent, to, Why::Out { record }, out);
                self.set_ring_timer(now);
            }
            None => self.dial_refused(now, agent, Cause::UNAVAILABLE, out),
        }
    }

    /// Its turn, and an agent is kept free.
    pub(super) fn turn(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if !self.nobody_is_there() || matches!(self.phase, Phase::Calling { .. }) {
            return;
        }
        self.callback_begins(now, out);
        self.history.close_all(now, "turn", out);
        self.dialling_customer(out);
        let Some(to) = self.customer_target() else { return self.customer_not_reached(now, Cause::UNAVAILABLE, out) };
        if let DialTo::Trunk { trunk, .. } = &to {
            self.history.row.trunk = Some(*trunk);
        }
        let caller = self.shown_caller(None, &to);
        let customer = self.new_leg(Side::Customer, None, false, LegState::Dialling);
        self.history.row.state = InteractionState::Dialling;
        self.phase = Phase::Calling { customer };
        self.set_ring_timer(now);
        out.push(Effect::Dial { leg: customer, side: Side::Customer, to, caller, near: None });
        self.history.save(out);
        self.live(out);
    }

    fn customer_target(&self) -> Option<DialTo> {
        let trunk = self.callback.as_ref().and_then(|c| c.order.trunk);
        match self.directory.way_out(self.history.row.remote.reveal(), trunk)? {
            super::Target::Trunk { trunk, number } => Some(DialTo::Trunk { trunk, number }),
            _ => None,
        }
    }

    fn dialling_customer(&mut self, out: &mut Vec<Effect>) {
        if let Some(callback) = &mut self.callback {
            callback.dialled = true;
            out.push(Effect::Dialled);
        }
    }

    fn set_ring_timer(&mut self, now: Timestamp) {
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q));
        let ring_ms = queue.map_or(self.limits.answer_timeout_ms, |q| q.callbacks.ring_timeout_ms);
        self.set_timer(Timer::Answer, now.plus_ms(ring_ms));
    }

    /// Customer first: they are on the line, and first in it.
    pub(super) fn customer_answered(&mut self, now: Timestamp, customer: LegId, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Answer);
        let Some(callback) = &mut self.callback else { return };
        callback.up = true;
        let (queue, priority) = (callback.order.queue, callback.order.priority);
        let Some(queue) = self.directory.queue_by_id(queue).cloned() else { return self.not_placed(now, out) };
        let greeting = queue.callbacks.greeting.clone();
        self.enter_queue(now, customer, queue, priority, true, Some(CALLBACK.to_owned()), 0, out);
        if let Some(greeting) = greeting {
            self.say(vec![Sound::Prompt(greeting)], out);
        }
    }

    pub(super) fn customer_not_reached(&mut self, now: Timestamp, cause: Cause, out: &mut Vec<Effect>) {
        // Whoever is kept free for them is free.
        out.push(Effect::Route(RouteRequest::Leave { reason: "not_reached" }));
        self.end(now, Outcome::NotReached, HangupBy::System, cause, out);
    }

    /// A place in the line, or a customer whose phone rings: no agent takes part.
    pub(super) fn nobody_is_there(&self) -> bool {
        matches!(&self.phase, Phase::Calling { .. }) || matches!(&self.phase, Phase::Waiting(w) if w.caller.is_none() && w.taken.is_none())
    }

    /// Cancelled or expired: they are not called any more; those who talk, talk on.
    pub(super) fn withdrawn(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.callback.is_none() || self.history.row.answered_at.is_some() || self.is_over() {
            return;
        }
        if matches!(self.phase, Phase::Calling { .. }) {
            return self.customer_not_reached(now, Cause::CANCELLED, out);
        }
        self.end(now, Outcome::NotReached, HangupBy::System, Cause::CANCELLED, out);
    }

    /// A place in the line and nothing more yet: neither offered nor dialled.
    pub fn is_place(&self) -> bool {
        self.history.quiet && !self.is_over()
    }

    /// How the stand in the line ended, for the callback whose call this is.
    pub fn callback_end(&self) -> Option<End> {
        let Callback { dialled, up, .. } = self.callback.as_deref()?;
        let row = &self.history.row;
        let by_customer = row.hangup.as_ref().is_some_and(|h| h.by == HangupBy::Customer);
        Some(match (dialled, up) {
            _ if row.answered_at.is_some() => End::Reached,
            (false, _) => End::NotDialled,
            (true, true) if by_customer => End::CustomerLeft,
            (true, true) => End::NoAgent,
            (true, false) => {
                let hangup = row.hangup.as_ref();
                let sip = hangup.and_then(|h| h.sip_status).unwrap_or(Cause::UNAVAILABLE.sip);
                End::NotAnswered(Cause { sip, q850: hangup.and_then(|h| h.q850) })
            }
        })
    }
}

/// The reason on the agent's desk.
pub const CALLBACK: &str = "callback";
