//! In a queue: music, position announcements, overflow. The router decides; this follows.
use super::booking::{Booking, Prompts};
use super::machine::{Call, Phase};
use super::offering::Offer;
use super::types::*;
use crate::config::{Overflow, Queue};
use crate::estimate::Spoken;
use crate::event::EventKind;
use crate::interaction::{InteractionState, Outcome, SegmentKind};
use crate::routing::{CallbackStage, OverflowTo};
use crate::{LegId, QueueId, Timestamp, UserId};
use std::sync::Arc;

/// A caller may be passed on from queue to queue this often.
pub const OVERFLOWS_MAX: u8 = 8;

pub(super) struct Waiting {
    /// None: a callback keeps the place, and nobody is on the line.
    pub caller: Option<LegId>,
    /// None: a transfer straight to a person.
    pub queue: Option<Arc<Queue>>,
    pub wanted: RouteRequest,
    /// Agents that ring; several where the queue's strategy rings several.
    pub offers: Vec<Offer>,
    /// The one who took the call and is being connected.
    pub taken: Option<Offer>,
    /// An announcement is being played; music comes back after it.
    pub announcing: Option<u32>,
    /// Comfort prompts said so far.
    comforted: usize,
    pub overflows: u8,
    /// The caller is asked whether to be called back.
    pub booking: Option<Booking>,
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
        self.chosen.may_move = true;
        self.priority = priority;
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
        // Called back, and on the line by now.
        let callback = self.callback.as_ref().filter(|_| self.history.row.answered_at.is_none()).map(|_| CallbackStage::OnTheLine);
        let chosen = self.chosen.clone();
        let wanted = RouteRequest::Enqueue { queue: queue.id, priority, head, since, reason, again: false, chosen, callback };
        self.chosen.may_move = false;
        self.wait(now, Some(caller), Some(queue), wanted, overflows, out);
    }

    /// Offers the caller to one person, past the queues.
    pub(super) fn offer_to(&mut self, now: Timestamp, caller: LegId, agent: UserId, out: &mut Vec<Effect>) {
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).or_else(|| self.directory.queue_of(agent)).cloned();
        let since = self.begin_waiting(now, queue.as_ref().map(|q| q.id), out);
        let ring_timeout_ms = queue.as_ref().map_or(RING_TIMEOUT_MS, |q| q.ring_timeout_ms);
        let wanted = RouteRequest::OfferTo { agent, queue: queue.as_ref().map(|q| q.id), since, ring_timeout_ms, reason: None };
        self.wait(now, Some(caller), queue, wanted, 0, out);
    }

    pub(super) fn begin_waiting(&mut self, now: Timestamp, queue: Option<QueueId>, out: &mut Vec<Effect>) -> Timestamp {
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

    pub(super) fn wait(
        &mut self,
        now: Timestamp,
        caller: Option<LegId>,
        queue: Option<Arc<Queue>>,
        wanted: RouteRequest,
        overflows: u8,
        out: &mut Vec<Effect>,
    ) {
        self.identify(out);
        match queue.as_ref().and_then(|q| comfort_ms(q)) {
            Some(ms) => self.set_timer(Timer::Comfort, now.plus_ms(ms)),
            None => self.stop_timer(Timer::Comfort),
        }
        let (offers, request) = (Vec::new(), Effect::Route(wanted.clone()));
        let (taken, announcing, comforted, booking) = (None, None, 0, None);
        self.phase = Phase::Waiting(Waiting { caller, queue, wanted, offers, taken, announcing, comforted, overflows, booking });
        if let Some(caller) = caller {
            self.music(caller, out);
        }
        self.history.save(out);
        self.live(out);
        out.push(request);
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

    pub(super) fn announce(&mut self, position: u32, wait: Option<Spoken>, out: &mut Vec<Effect>) {
        let number = self.history.row.number.and_then(|n| self.directory.number_by_id(n));
        let language = number.map_or_else(Default::default, |n| n.language);
        let wait = wait.map(|wait| Sound::Wait { wait, language });
        self.say(std::iter::once(Sound::Position { position, language }).chain(wait).collect(), out);
    }

    /// Says something between the music; nothing while something else is said or an agent is being connected.
    pub(super) fn say(&mut self, sounds: Vec<Sound>, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        let Some(caller) = w.caller.filter(|_| w.taken.is_none() && w.announcing.is_none() && w.booking.is_none()) else { return };
        let play = self.play(caller, sounds, false, out);
        if let Phase::Waiting(w) = &mut self.phase {
            w.announcing = Some(play);
        }
    }

    /// The next comfort prompt of the queue, and the time of the one after.
    pub(super) fn comfort(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &mut self.phase else { return };
        let Some((queue, ms)) = w.queue.as_ref().and_then(|q| Some((q.clone(), comfort_ms(q)?))) else { return };
        let prompts = &queue.waiting.comfort;
        let prompt = prompts.get(w.comforted % prompts.len().max(1)).cloned();
        w.comforted = w.comforted.wrapping_add(1);
        self.set_timer(Timer::Comfort, now.plus_ms(ms));
        self.say(prompt.into_iter().map(Sound::Prompt).collect(), out);
    }

    /// A key that leads out of the line, unless an agent is being connected.
    pub(super) fn key_while_waiting(&mut self, now: Timestamp, digit: char, out: &mut Vec<Effect>) {
        if self.key_while_booking(now, digit, out) {
            return;
        }
        let Phase::Waiting(w) = &self.phase else { return };
        let exit = w.queue.as_ref().and_then(|q| q.waiting.exits.iter().find(|e| e.digit == digit));
        let (Some(exit), RouteRequest::Enqueue { .. }, None, Some(caller)) = (exit, &w.wanted, &w.taken, w.caller) else { return };
        let (way, overflows) = (exit.to.clone(), w.overflows);
        let reason = if matches!(way, Overflow::Voicemail { .. }) { "voicemail" } else { "key" };
        self.history.record(now, EventKind::Digit { digit }, out);
        if let Overflow::Callback { ask, other, booked } = way {
            return self.ask_in_line(now, Prompts { ask, other, booked }, out);
        }
        out.push(Effect::Route(RouteRequest::Leave { reason }));
        self.stop_ringing(out);
        self.history.close_all(now, reason, out);
        self.take_way(now, caller, way, overflows, out);
    }

    pub(super) fn announced(&mut self, now: Timestamp, leg: LegId, play: u32, out: &mut Vec<Effect>) {
        if let Phase::Waiting(w) = &mut self.phase
            && w.caller == Some(leg)
            && w.announcing == Some(play)
        {
            w.announcing = None;
            self.music(leg, out);
            self.wait_for_key(now, out);
        }
    }

    pub(super) fn overflow(&mut self, now: Timestamp, to: OverflowTo, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.taken.is_some() {
            return;
        }
        let overflows = w.overflows;
        let Some(caller) = w.caller else { return self.not_placed(now, out) };
        self.stop_ringing(out);
        self.history.close_all(now, "overflow", out);
        let way = match to {
            OverflowTo::Queue { queue } => {
                self.directory.queue_by_id(queue).map_or_else(Overflow::default, |q| Overflow::Queue { queue: q.key.clone() })
            }
            OverflowTo::HangUp { prompt } => Overflow::HangUp { prompt },
            OverflowTo::Voicemail { greeting, length_max_ms } => Overflow::Voicemail { greeting, length_max_ms },
            OverflowTo::Callback { ask, other, booked } => Overflow::Callback { ask, other, booked },
        };
        self.take_way(now, caller, way, overflows, out);
    }

    pub(super) fn route_refused(&mut self, now: Timestamp, _why: &'static str, out: &mut Vec<Effect>) {
        let Phase::Waiting(w) = &self.phase else { return };
        if w.taken.is_some() || !w.offers.is_empty() {
            return;
        }
        let Some(caller) = w.caller else { return self.not_placed(now, out) };
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
            && w.taken.is_none()
        {
            let mut wanted = w.wanted.clone();
            if let RouteRequest::Enqueue { again, .. } = &mut wanted {
                *again = true;
            }
            out.push(Effect::Route(wanted));
        }
    }

    /// Tells the router that the caller is gone, and lets go of what was ringing.
    pub(super) fn leave_queue(&mut self, was: &Waiting, reason: &'static str, out: &mut Vec<Effect>) {
        if was.taken.is_none() {
            out.push(Effect::Route(RouteRequest::Leave { reason }));
        }
    }
}

/// How often a queue comforts, if it does.
fn comfort_ms(queue: &Queue) -> Option<u64> {
    let w = &queue.waiting;
    (w.comfort_every_ms > 0 && !w.comfort.is_empty()).then_some(w.comfort_every_ms)
}

/// A person without a queue is rung this long.
pub(super) const RING_TIMEOUT_MS: u64 = 30_000;
