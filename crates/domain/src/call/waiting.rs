//! In a queue: music, position announcements, offers to agents, overflow. The router decides; this follows.
use super::leg::LegState;
use super::machine::{Call, Phase};
use super::types::*;
use crate::config::Queue;
use crate::interaction::{HangupBy, InteractionState, Outcome, SegmentKind};
use crate::live::Device;
use crate::routing::OverflowTo;
use crate::{LegId, OfferId, QueueId, Timestamp, UserId};
use std::sync::Arc;

/// A caller may be passed on from queue to queue this often.
pub const OVERFLOWS_MAX: u8 = 8;

pub(super) struct Waiting {
    pub caller: LegId,
    /// None: a transfer straight to a person.
    pub queue: Option<Arc<Queue>>,
    pub wanted: RouteRequest,
    pub offer: Option<Offer>,
    /// An announcement is being played; music comes back after it.
    pub announcing: Option<u32>,
    pub overflows: u8,
}

pub(super) struct Offer {
    pub id: OfferId,
    pub agent: UserId,
    /// The agent's phone or browser, once it is being connected.
    pub leg: Option<LegId>,
    /// The router gave the call to the agent.
    pub assigned: bool,
}

impl Call {
    pub(super) fn enter_queue_by_key(
        &mut self,
        now: Timestamp,
        caller: LegId,
        key: &str,
        priority: u8,
        reason: Option<String>,
        out: &mut Vec<Effect>,
    ) {
        match self.directory.queue(key).cloned() {
            Some(queue) => self.enter_queue(now, caller, queue, priority, false, reason, 0, out),
            None => {
                let outcome = self.outcome_now(Outcome::Overflowed);
                self.farewell(now, caller, Some(Sound::Tone(Tone::Congestion)), outcome, Cause::UNAVAILABLE, out);
            }
        }
    }

    pub(super) fn enter_queue(
        &mut self,
        now: Timestamp,
        caller: LegId,
        queue: Arc<Queue>,
        priority: u8,
        head: bool,
        reason: Option<String>,
        overflows: u8,
        out: &mut Vec<Effect>,
    ) {
        let since = self.begin_waiting(now, Some(queue.id), out);
        let wanted = RouteRequest::Enqueue { queue: queue.id, priority, head, since, reason };
        self.wait(caller, Some(queue), wanted, overflows, out);
    }

    /// Offers the caller to one person, past the queues.
    pub(super) fn offer_to(&mut self, now: Timestamp, caller: LegId, agent: UserId, out: &mut Vec<Effect>) {
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).or_else(|| self.directory.queue_of(agent)).cloned();
        let since = self.begin_waiting(now, queue.as_ref().map(|q| q.id), out);
        let ring_timeout_ms = queue.as_ref().map_or(RING_TIMEOUT_MS, |q| q.ring_timeout_ms);
        let wanted = RouteRequest::OfferTo { agent, queue: queue.as_ref().map(|q| q.id), since, ring_timeout_ms, reason: None };
        self.wait(caller, queue, wanted, 0, out);
    }

    fn begin_waiting(&mut self, now: Timestamp, queue: Option<QueueId>, out: &mut Vec<Effect>) -> Timestamp {
        self.history.close_all(now, "queued", out);
        let row = &mut self.history.row;
        row.queue = queue.or(row.queue);
        row.agent = None;
        row.state = InteractionState::Waiting;
        let since = *row.queued_at.get_or_insert(now);
        self.history.open(now, SegmentKind::Queue, None);
        self.stop_timer(Timer::Menu);
        since
    }

    fn wait(&mut self, caller: LegId, queue: Option<Arc<Queue>>, wanted: RouteRequest, overflows: u8, out: &mut Vec<Effect>) {
        self.identify(out);
        self.phase = Phase::Waiting(Waiting { caller, queue, wanted: wanted.clone(), offer: None, announcing: None, overflows });
        self.music(caller, out);
        self.history.save(out);
        self.live(out);
        out.push(Effect::Route(wanted));
    }

    /// Waiting music of the queue, or ringing where there is none.
    pub(super) fn music(&mut self, leg: LegId, out: &mut Vec<Effect>) {
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q));
        let sound = match queue.filter(|q| !q.music.is_empty()) {
            Some(q) => Sound::Prompt(q.music.clone()),
            None => Sound::Tone(Tone::Ringback),
        };
        self.play(leg, vec![sound], true, out);
    }

    pub(super) fn announce(&mut self, position: u32, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        // Somebody who is being connected must not hear that they wait.
        if w.offer.as_ref().is_some_and(|o| o.assigned) || w.announcing.is_some() {
            return;
        }
        let caller = w.caller;
        let number = self.history.row.number.and_then(|n| self.directory.number_by_id(n));
        let language = number.map_or_else(Default::default, |n| n.language);
        let play = self.play(caller, vec![Sound::Position { position, language }], false, out);
        if let Phase::Waiting(w) = &mut self.phase {
            w.announcing = Some(play);
        }
    }

    pub(super) fn announced(&mut self, leg: LegId, play: u32, out: &mut Vec<Effect>) {
        if let Phase::Waiting(w) = &mut self.phase
            && w.caller == leg
            && w.announcing == Some(play)
        {
            w.announcing = None;
            self.music(leg, out);
        }
    }

    pub(super) fn offered(&mut self, now: Timestamp, id: OfferId, agent: UserId, device: Device, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.offer.as_ref().is_some_and(|o| o.id == id) {
            return;
        }
        if let Some(old) = w.offer.as_ref().map(|o| o.id) {
            self.offer_ended(now, old, "withdrawn", out);
        }
        if self.legs_exhausted() {
            return self.end(now, Outcome::Failed, HangupBy::System, Cause::UNAVAILABLE, out);
        }
        self.history.row.state = InteractionState::Offered;
        self.history.open(now, SegmentKind::Offer, Some(agent));
        // A browser is shown the offer and comes with its media; a phone is rung now. The router owns the ring time.
        let leg = (device == Device::DeskPhone).then(|| self.ring_phone(agent, out));
        if let Phase::Waiting(w) = &mut self.phase {
            w.offer = Some(Offer { id, agent, leg, assigned: false });
        }
        self.live(out);
    }

    fn ring_phone(&mut self, agent: UserId, out: &mut Vec<Effect>) -> LegId {
        let near = match &self.phase {
            Phase::Waiting(w) => Some(w.caller),
            _ => None,
        };
        let leg = self.new_leg(Side::Agent, Some(agent), false, LegState::Dialling);
        let caller = self.history.row.remote.clone();
        out.push(Effect::Dial { leg, side: Side::Agent, to: DialTo::Phone(agent), caller, near });
        leg
    }

    pub(super) fn offer_ended(&mut self, now: Timestamp, id: OfferId, result: &'static str, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let Some(offer) = w.offer.take_if(|o| o.id == id) else { return };
        let direct = matches!(w.wanted, RouteRequest::OfferTo { .. });
        let caller = w.caller;
        if offer.assigned {
            self.stop_timer(Timer::Connect);
            self.stop_timer(Timer::Answer);
        }
        if let Some(leg) = offer.leg {
            self.hang_up(leg, Cause::CANCELLED, out);
        }
        self.history.close(now, SegmentKind::Offer, result, out);
        self.history.row.state = InteractionState::Waiting;
        if direct {
            return self.direct_failed(now, caller, out);
        }
        self.live(out);
    }

    /// The person that the caller was passed to does not take it: back to the queue it came from, else a tone.
    fn direct_failed(&mut self, now: Timestamp, caller: LegId, out: &mut Vec<Effect>) {
        match self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).cloned() {
            Some(queue) => self.enter_queue(now, caller, queue, 0, true, None, 0, out),
            None => {
                let outcome = self.outcome_now(Outcome::NotReached);
                self.farewell(now, caller, Some(Sound::Tone(Tone::Busy)), outcome, Cause::BUSY, out);
            }
        }
    }

    pub(super) fn assigned(&mut self, now: Timestamp, id: OfferId, agent: UserId, device: Device, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else {
            // Too late: the call is over or elsewhere. The agent must not stay reserved.
            return self.refuse_assignment(agent, out);
        };
        let caller = w.caller;
        let known = w.offer.take_if(|o| o.id == id);
        if let Some(stale) = w.offer.take()
            && let Some(leg) = stale.leg
        {
            self.hang_up(leg, Cause::CANCELLED, out);
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
            w.offer = Some(Offer { id, agent, leg: Some(leg), assigned: true });
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
        let Some(offer) = w.offer.as_ref().filter(|o| o.leg == Some(id)) else {
            return self.hang_up(id, Cause::NORMAL, out);
        };
        let (caller, agent, offer_id, assigned) = (w.caller, offer.agent, offer.id, offer.assigned);
        if assigned {
            self.connect(now, caller, id, agent, out);
        } else {
            out.push(Effect::Route(RouteRequest::Accept { offer: offer_id, agent }));
        }
    }

    fn connect(&mut self, now: Timestamp, caller: LegId, leg: LegId, agent: UserId, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Connect);
        self.stop_timer(Timer::Answer);
        let record = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).is_some_and(|q| q.record);
        self.start_talk(now, leg, caller, Some(agent), record, out);
    }

    pub(super) fn offer_leg_down(&mut self, now: Timestamp, id: LegId, _cause: Cause, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let Some(offer) = w.offer.as_mut().filter(|o| o.leg == Some(id)) else { return };
        if offer.assigned {
            return self.media_failed(now, out);
        }
        // The router ends the offer; its leg is gone already.
        offer.leg = None;
        let (offer, agent) = (offer.id, offer.agent);
        out.push(Effect::Route(RouteRequest::Decline { offer, agent }));
    }

    /// The agent took the call but never got connected: the caller goes back first, the agent away.
    fn media_failed(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let Some(offer) = w.offer.take() else { return };
        let (caller, queue, overflows) = (w.caller, w.queue.clone(), w.overflows);
        self.stop_timer(Timer::Connect);
        self.stop_timer(Timer::Answer);
        if let Some(leg) = offer.leg {
            self.hang_up(leg, Cause::TIMEOUT, out);
        }
        self.history.close(now, SegmentKind::Offer, "media_failed", out);
        self.release(offer.agent, Some("media_failed"), out);
        match queue {
            Some(queue) => self.enter_queue(now, caller, queue, 0, true, None, overflows, out),
            None => self.direct_failed(now, caller, out),
        }
    }

    pub(super) fn offer_connect_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Phase::Waiting(w) = &self.phase
            && w.offer.as_ref().is_some_and(|o| o.assigned)
        {
            self.media_failed(now, out);
        }
    }

    pub(super) fn overflow(&mut self, now: Timestamp, to: OverflowTo, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.offer.as_ref().is_some_and(|o| o.assigned) {
            return;
        }
        let (caller, overflows) = (w.caller, w.overflows);
        if let Some(id) = w.offer.as_ref().map(|o| o.id)
            && let Phase::Waiting(w) = &mut self.phase
            && let Some(leg) = w.offer.take_if(|o| o.id == id).and_then(|o| o.leg)
        {
            self.hang_up(leg, Cause::CANCELLED, out);
        }
        self.history.close_all(now, "overflow", out);
        let next = match to {
            OverflowTo::Queue { queue } if overflows < OVERFLOWS_MAX => self.directory.queue_by_id(queue).cloned().ok_or(None),
            OverflowTo::Queue { .. } => Err(None),
            OverflowTo::HangUp { prompt } => Err(prompt),
        };
        match next {
            Ok(queue) => self.enter_queue(now, caller, queue, 0, false, None, overflows + 1, out),
            Err(prompt) => {
                let sound = prompt.map_or(Sound::Tone(Tone::Busy), Sound::Prompt);
                let outcome = self.outcome_now(Outcome::Overflowed);
                self.farewell(now, caller, Some(sound), outcome, Cause { sip: 480, q850: Some(34) }, out);
            }
        }
    }

    pub(super) fn route_refused(&mut self, now: Timestamp, _why: &'static str, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.offer.is_some() {
            return;
        }
        let caller = w.caller;
        match &w.wanted {
            RouteRequest::OfferTo { .. } => self.direct_refused(now, caller, out),
            _ => {
                let outcome = self.outcome_now(Outcome::Overflowed);
                self.farewell(now, caller, Some(Sound::Tone(Tone::Congestion)), outcome, Cause::UNAVAILABLE, out);
            }
        }
    }

    /// The person cannot be offered anything now (offline, busy): their desk phone is the last way to them.
    fn direct_refused(&mut self, now: Timestamp, caller: LegId, out: &mut Vec<Effect>) {
        self.history.close_all(now, "refused", out);
        self.direct_failed(now, caller, out);
    }

    pub(super) fn enqueue_again(&mut self, out: &mut Vec<Effect>) {
        if let Phase::Waiting(w) = &self.phase
            && !w.offer.as_ref().is_some_and(|o| o.assigned)
        {
            out.push(Effect::Route(w.wanted.clone()));
        }
    }

    /// Tells the router that the caller is gone, and lets go of what was ringing.
    pub(super) fn leave_queue(&mut self, was: &Waiting, reason: &'static str, out: &mut Vec<Effect>) {
        if !was.offer.as_ref().is_some_and(|o| o.assigned) {
            out.push(Effect::Route(RouteRequest::Leave { reason }));
        }
    }
}

/// A person without a queue is rung this long.
pub(super) const RING_TIMEOUT_MS: u64 = 30_000;
