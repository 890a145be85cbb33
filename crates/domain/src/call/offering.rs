//! Agents that ring for a waiting caller, and the one who takes the call: desk phones are rung here, browsers show the offer
//! and come with their media.
use super::leg::LegState;
use super::machine::{Call, Phase};
use super::types::*;
use crate::interaction::{InteractionState, SegmentKind};
use crate::live::Device;
use crate::{LegId, OfferId, Timestamp, UserId};

pub(super) struct Offer {
    pub id: OfferId,
    pub agent: UserId,
    /// The agent's phone or browser, once it is being connected.
    pub leg: Option<LegId>,
}

impl Call {
    pub(super) fn offered(&mut self, now: Timestamp, id: OfferId, agent: UserId, device: Device, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.taken.is_some() || w.offers.iter().any(|o| o.id == id || o.agent == agent) {
            return;
        }
        if self.legs_exhausted() {
            let outcome = self.outcome_now(crate::interaction::Outcome::Failed);
            return self.end(now, outcome, crate::interaction::HangupBy::System, Cause::UNAVAILABLE, out);
        }
        self.callback_begins(now, out);
        self.history.row.state = InteractionState::Offered;
        self.history.open(now, SegmentKind::Offer, Some(agent));
        // The router owns the ring time.
        let leg = (device == Device::DeskPhone).then(|| self.ring_phone(agent, out));
        if let Phase::Waiting(w) = &mut self.phase {
            w.offers.push(Offer { id, agent, leg });
        }
        self.live(out);
    }

    fn ring_phone(&mut self, agent: UserId, out: &mut Vec<Effect>) -> LegId {
        let near = match &self.phase {
            Phase::Waiting(w) => w.caller,
            _ => None,
        };
        let leg = self.new_leg(Side::Agent, Some(agent), false, LegState::Dialling);
        let caller = self.history.row.remote.clone();
        out.push(Effect::Dial { leg, side: Side::Agent, to: DialTo::Phone(agent), caller, near });
        leg
    }

    pub(super) fn offer_ended(&mut self, now: Timestamp, id: OfferId, result: &'static str, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let rings = w.offers.iter().position(|o| o.id == id).map(|at| w.offers.remove(at));
        let Some(offer) = rings.or_else(|| w.taken.take_if(|o| o.id == id)) else { return };
        let direct = matches!(w.wanted, RouteRequest::OfferTo { .. });
        let (caller, quiet) = (w.caller, w.offers.is_empty() && w.taken.is_none());
        if quiet {
            self.stop_timer(Timer::Connect);
            self.stop_timer(Timer::Answer);
        }
        if let Some(leg) = offer.leg {
            self.hang_up(leg, Cause::CANCELLED, out);
        }
        self.history.close_of(now, SegmentKind::Offer, offer.agent, result, out);
        if !quiet {
            return;
        }
        self.history.row.state = InteractionState::Waiting;
        if let Some(caller) = caller.filter(|_| direct) {
            return self.direct_failed(now, caller, out);
        }
        self.live(out);
    }

    /// Lets go of every phone that rings.
    pub(super) fn stop_ringing(&mut self, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        for leg in std::mem::take(&mut w.offers).into_iter().filter_map(|o| o.leg) {
            self.hang_up(leg, Cause::CANCELLED, out);
        }
    }

    pub(super) fn assigned(&mut self, now: Timestamp, id: OfferId, agent: UserId, device: Device, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else {
            // Too late: the call is over or elsewhere. The agent must not stay reserved.
            return self.refuse_assignment(agent, out);
        };
        let caller = w.caller;
        w.booking = None;
        let known = w.offers.iter().position(|o| o.id == id).map(|at| w.offers.remove(at)).or_else(|| w.taken.take_if(|o| o.id == id));
        for other in std::mem::take(&mut w.offers).into_iter().chain(w.taken.take()) {
            self.history.close_of(now, SegmentKind::Offer, other.agent, "answered_elsewhere", out);
            if let Some(leg) = other.leg {
                self.hang_up(leg, Cause::CANCELLED, out);
            }
        }
        if known.is_none() {
            self.history.open(now, SegmentKind::Offer, Some(agent));
        }
        let mut leg = known.and_then(|o| o.leg);
        if !self.occupied.iter().any(|(a, _)| *a == agent) {
            self.occupied.push((agent, false));
        }
        self.history.row.agent = Some(agent);
        // A phone that rings although the agent took the call in the browser is let go.
        if device == Device::Browser
            && let Some(ringing) = leg.take()
        {
            self.hang_up(ringing, Cause::CANCELLED, out);
        }
        let leg = leg.unwrap_or_else(|| self.connect_agent(now, agent, device, Side::Agent, out));
        if let Phase::Waiting(w) = &mut self.phase {
            w.taken = Some(Offer { id, agent, leg: Some(leg) });
        }
        if self.leg(leg).is_some_and(super::leg::Leg::is_up) {
            self.connect(now, caller, leg, agent, out);
        }
    }

    fn refuse_assignment(&mut self, agent: UserId, out: &mut Vec<Effect>) {
        if !self.occupied.iter().any(|(a, _)| *a == agent) {
            out.push(Effect::Route(RouteRequest::Release { agent, queue: None, wrap_up_ms: 0, away: None }));
        }
    }

    pub(super) fn offer_leg_up(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if let Some(taken) = w.taken.as_ref().filter(|o| o.leg == Some(id)) {
            let (caller, agent) = (w.caller, taken.agent);
            return self.connect(now, caller, id, agent, out);
        }
        match w.offers.iter().find(|o| o.leg == Some(id)) {
            Some(offer) => out.push(Effect::Route(RouteRequest::Accept { offer: offer.id, agent: offer.agent })),
            None => self.hang_up(id, Cause::NORMAL, out),
        }
    }

    fn connect(&mut self, now: Timestamp, caller: Option<LegId>, leg: LegId, agent: UserId, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Connect);
        self.stop_timer(Timer::Answer);
        let Some(caller) = caller else { return self.call_back_from(now, leg, out) };
        let record = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).is_some_and(|q| q.record);
        self.start_talk(now, leg, caller, Some(agent), record, out);
    }

    pub(super) fn offer_leg_down(&mut self, now: Timestamp, id: LegId, _cause: Cause, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        if w.taken.as_ref().is_some_and(|o| o.leg == Some(id)) {
            return self.media_failed(now, out);
        }
        let Some(offer) = w.offers.iter_mut().find(|o| o.leg == Some(id)) else { return };
        // The router ends the offer; its leg is gone already.
        offer.leg = None;
        out.push(Effect::Route(RouteRequest::Decline { offer: offer.id, agent: offer.agent }));
    }

    /// The agent took the call but never got connected: the caller goes back first, the agent away.
    fn media_failed(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let Some(offer) = w.taken.take() else { return };
        let (caller, queue, overflows) = (w.caller, w.queue.clone(), w.overflows);
        let priority = if let RouteRequest::Enqueue { priority, .. } = w.wanted { priority } else { 0 };
        self.stop_timer(Timer::Connect);
        self.stop_timer(Timer::Answer);
        if let Some(leg) = offer.leg {
            self.hang_up(leg, Cause::TIMEOUT, out);
        }
        self.history.close(now, SegmentKind::Offer, "media_failed", out);
        self.release(offer.agent, Some("media_failed"), out);
        match (queue, caller) {
            (_, None) => self.not_placed(now, out),
            (Some(queue), Some(caller)) => self.enter_queue(now, caller, queue, priority, true, None, overflows, out),
            (None, Some(caller)) => self.direct_failed(now, caller, out),
        }
    }

    pub(super) fn offer_connect_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Phase::Waiting(w) = &self.phase
            && w.taken.is_some()
        {
            self.media_failed(now, out);
        }
    }

    /// The person that the caller was passed to does not take it: back to the queue it came from, else a tone.
    pub(super) fn direct_failed(&mut self, now: Timestamp, caller: LegId, out: &mut Vec<Effect>) {
        match self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).cloned() {
            Some(queue) => self.enter_queue(now, caller, queue, 0, true, None, 0, out),
            None => {
                let outcome = self.outcome_now(crate::interaction::Outcome::NotReached);
                self.farewell(now, caller, Some(Sound::Tone(Tone::Busy)), outcome, Cause::BUSY, out);
            }
        }
    }
}
