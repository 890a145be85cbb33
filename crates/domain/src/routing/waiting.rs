//! The waiting lists: places, limits, announcements, overflow.
use super::line::{Class, Place, QueueState, place_ms};
use super::rules::Applied;
use super::{
    CallbackStage, Card, Effect, Enqueue, OfferResult, OverflowReason, OverflowTo, Refusal, Router, Shut, Timer, WAITING_MAX, record,
};
use crate::config::{Needs, Overflow};
use crate::event::EventKind;
use crate::interaction::Channel;
use crate::live::{AgentStatus, WaitingLive};
use crate::{InteractionId, QueueId, Timestamp, UserId};

/// Positions beyond this are not announced to desks on every move of the queue; the list there is ordered by time anyway.
const POSITIONS_SHOWN_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub queue: QueueId,
    pub channel: Channel,
    pub place: Place,
    pub class: Class,
    /// As it asked; `applied` is what rules made of it.
    pub asked: Asked,
    pub applied: Applied,
    pub may_move: bool,
    pub callback: Option<CallbackStage>,
    pub head: bool,
    pub prefer: Option<UserId>,
    pub card: Card,
    pub since: Timestamp,
    /// When it came into this list.
    pub entered_at: Timestamp,
    /// 1 = next.
    pub position: u32,
    /// Agents that declined it, and until when they are spared.
    pub cool: Vec<(UserId, Timestamp)>,
    /// `wait_max_ms` passed while an agent rang: overflows if that agent does not take it.
    pub wait_over: bool,
    /// Agents rang for it one after the other: the next may from here on.
    pub ring_next_at: Option<Timestamp>,
}

/// What an interaction asked for when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub priority: u8,
    pub needs: Option<Needs>,
}

impl Entry {
    /// Whether one more agent may ring for it, if it is in line at all.
    pub fn may_ring(&self, now: Timestamp) -> bool {
        self.ring_next_at.is_none_or(|at| at <= now)
    }
    /// The agent declined it a short while ago.
    pub fn spares(&self, now: Timestamp, agent: UserId) -> bool {
        self.cool.iter().any(|(a, until)| *a == agent && *until > now)
    }
    pub fn live(&self, interaction: InteractionId) -> WaitingLive {
        WaitingLive {
            interaction,
            queue: self.queue,
            channel: self.channel,
            remote: self.card.remote.clone(),
            customer: self.card.customer,
            since: self.since,
            priority: self.applied.priority,
            position: self.position,
            callback: self.callback.is_some_and(|stage| stage != CallbackStage::OnTheLine),
        }
    }
    /// What gives another router the same place.
    pub fn kept(&self, interaction: InteractionId) -> Enqueue {
        Enqueue {
            interaction,
            channel: self.channel,
            queue: self.queue,
            priority: self.asked.priority,
            card: self.card.clone(),
            since: self.since,
            head: self.head,
            again: true,
            needs: self.asked.needs.clone(),
            prefer: self.prefer,
            may_move: self.may_move,
            estimate_ms: None,
            callback: self.callback,
            entered_at: Some(self.entered_at),
            resumed_since: None,
        }
    }
    /// Nobody is on the line: nothing to say, and no wait that could be too long.
    fn is_absent(&self) -> bool {
        matches!(self.callback, Some(CallbackStage::AgentFirst | CallbackStage::CustomerFirst))
    }
}

impl Router {
    pub(super) fn enqueue(&mut self, now: Timestamp, e: Enqueue, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.entries.contains_key(&e.interaction) || self.ringing.contains_key(&e.interaction) {
            return Err(Refusal::Duplicate);
        }
        if self.entries.len() >= WAITING_MAX {
            return Err(Refusal::WaitingMax);
        }
        let queue = self.queues.get(&e.queue).ok_or(Refusal::NoSuchQueue)?;
        let resumed = e.resumed_since.filter(|since| *since < e.since);
        let blocked = if e.head || e.again || e.callback.is_some() {
            None
        } else if resumed.is_some() {
            // Treated like those who stayed.
            queue.shut.as_ref().filter(|shut| shut.leave).map(|_| OverflowReason::Closed)
        } else {
            self.no_entry(queue, &e)
        };
        let held = self.let_go(now, e.interaction, out);
        let place = Place { at_ms: 0, number: self.counter + 1, interaction: e.interaction };
        let (interaction, queue) = (e.interaction, e.queue);
        let mut entry = Self::entry(now, e, place);
        entry.prefer = entry.prefer.or(held);
        entry.applied = self.apply_rules(&entry);
        if let Some(to) = entry.applied.queue.filter(|_| entry.may_move) {
            self.moved(now, interaction, queue, to, out);
            return Ok(());
        }
        if let Some(reason) = blocked {
            self.send_on(now, interaction, queue, reason, out);
            return Ok(());
        }
        self.set_timers(now, &entry);
        self.know_channel(entry.channel);
        self.counter += 1;
        let (priority, callback) = (entry.applied.priority, entry.callback.is_some());
        out.push(Effect::Placed(Box::new(entry.kept(interaction))));
        self.entries.insert(interaction, entry);
        self.find_place(now, interaction);
        record(now, Some(interaction), None, Some(queue), EventKind::Queued { priority, callback }, out);
        if let Some(since) = resumed {
            record(now, Some(interaction), None, Some(queue), EventKind::PlaceResumed { waited_ms: now.ms_since(since) }, out);
        }
        self.show_positions(queue, Some(interaction), out);
        Ok(())
    }

    fn entry(now: Timestamp, e: Enqueue, place: Place) -> Entry {
        Entry {
            queue: e.queue,
            channel: e.channel,
            place,
            class: Class { step: 0, lenders: 0, only: None, needs: None, channel: e.channel },
            asked: Asked { priority: e.priority, needs: e.needs },
            applied: Applied::default(),
            may_move: e.may_move,
            callback: e.callback,
            head: e.head,
            prefer: e.prefer,
            card: e.card,
            since: e.resumed_since.map_or(e.since, |resumed| resumed.min(e.since)),
            entered_at: e.entered_at.unwrap_or(now),
            position: 0,
            cool: Vec::new(),
            wait_over: false,
            ring_next_at: None,
        }
    }

    /// Why nobody may come into this line now.
    fn no_entry(&self, queue: &QueueState, e: &Enqueue) -> Option<OverflowReason> {
        if queue.shut.is_some() {
            return Some(OverflowReason::Closed);
        }
        if queue.waiting.len() >= queue.config.queue_len_max as usize {
            return Some(OverflowReason::QueueFull);
        }
        let longest_ms = queue.config.waiting.estimate_max_ms;
        if longest_ms > 0 && e.estimate_ms.is_some_and(|ms| ms > longest_ms) {
            return Some(OverflowReason::Estimate);
        }
        let most = queue.config.routing.waiting_percent_max as usize;
        let too_many = most > 0 && (queue.waiting.len() + 1) * 100 > most * self.at_work(queue);
        too_many.then_some(OverflowReason::TooManyWaiting)
    }

    /// Members who work now or soon: available, ringing, on a call or wrapping up.
    fn at_work(&self, queue: &QueueState) -> usize {
        let works = |user: &&UserId| {
            let status = self.agents.get(user).map(|a| a.status());
            status.is_some_and(|s| !matches!(s, AgentStatus::Offline | AgentStatus::Break | AgentStatus::Away))
        };
        queue.members.keys().filter(works).count()
    }

    fn set_timers(&mut self, now: Timestamp, e: &Entry) {
        let Some(queue) = self.queues.get(&e.queue) else { return };
        let (config, interaction) = (&queue.config, e.place.interaction);
        if e.is_absent() {
            return;
        }
        let wait_from = if e.head && e.callback.is_none() { e.since } else { e.entered_at };
        self.timers.set(Timer::WaitMax(interaction), wait_from.plus_ms(config.wait_max_ms));
        if config.announce_every_ms > 0 {
            self.timers.set(Timer::Announce(interaction), now.plus_ms(config.announce_every_ms));
        }
        if config.routing.no_agent_ms > 0 {
            self.timers.set(Timer::NoAgent(interaction), now.plus_ms(config.routing.no_agent_ms));
        }
    }

    /// What it asks for at a moment, and when that changes.
    pub(super) fn class_of(&self, at: Timestamp, entry: &Entry, queue: &QueueState) -> (Class, Option<Timestamp>) {
        let wanted = entry.prefer.filter(|agent| {
            let here = self.agents.get(agent).is_some_and(|a| a.configured && a.presence.status != AgentStatus::Offline);
            here && queue.members.contains_key(agent)
        });
        let hold_ms = entry.applied.hold_ms.unwrap_or(queue.config.routing.preferred_wait_ms);
        let hold = wanted.map(|agent| (agent, entry.entered_at.plus_ms(hold_ms)));
        queue.class_at(at, entry.since, entry.channel, entry.applied.needs.as_ref(), hold)
    }

    /// Puts somebody where they belong now, by priority, waiting and what they ask for.
    pub(super) fn find_place(&mut self, now: Timestamp, interaction: InteractionId) {
        let Some((entry, queue)) = self.entries.get(&interaction).and_then(|e| Some((e, self.queues.get(&e.queue)?))) else { return };
        let (class, next) = self.class_of(now, entry, queue);
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        let Some(queue) = self.queues.get_mut(&entry.queue) else { return };
        queue.waiting.remove(&entry.place);
        queue.take(&entry.class, &entry.place);
        entry.place.at_ms = place_ms(&queue.config, entry.applied.priority, entry.head, entry.since);
        entry.class = class;
        queue.waiting.insert(entry.place);
        if !self.ringing.contains_key(&interaction) || queue.config.strategy.rings_several() {
            queue.put(&entry.class, entry.place);
        }
        self.touched.insert(entry.queue);
        match next {
            Some(at) => self.timers.set(Timer::Relax(interaction), at),
            None => self.timers.clear(Timer::Relax(interaction)),
        }
    }

    /// Somebody rings for it, or nobody does any more: in line only while it may be offered.
    pub(super) fn stand(&mut self, interaction: InteractionId) {
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        let Some(queue) = self.queues.get_mut(&entry.queue) else { return };
        let (class, place) = (entry.class.clone(), entry.place);
        if !self.ringing.contains_key(&interaction) {
            entry.ring_next_at = None;
        }
        if self.ringing.contains_key(&interaction) && !queue.config.strategy.rings_several() {
            queue.take(&class, &place);
        } else {
            queue.put(&class, place);
        }
        // The line may be empty now: this queue can lend.
        let queue = entry.queue;
        self.touch_queues_of(&[queue]);
    }

    /// An agent came to work or went: who should have them is kept for them from now on, or no longer.
    pub(super) fn keep_again(&mut self, now: Timestamp, user: UserId) {
        let queues = self.agents.get(&user).map(|a| a.queues.clone()).unwrap_or_default();
        let keeps = queues.iter().filter_map(|q| self.queues.get(q)).filter(|q| q.config.routing.preferred_wait_ms > 0);
        let wanted = |i: &InteractionId| self.entries.get(i).is_some_and(|e| e.prefer == Some(user));
        let theirs: Vec<InteractionId> = keeps.flat_map(|q| &q.waiting).map(|p| p.interaction).filter(wanted).collect();
        for interaction in theirs {
            self.find_place(now, interaction);
        }
    }

    pub(super) fn leave(&mut self, now: Timestamp, interaction: InteractionId, reason: &str, out: &mut Vec<Effect>) {
        self.let_go(now, interaction, out);
        self.take_out(now, interaction, reason, out);
        self.end_offers_of(now, interaction, OfferResult::CallerLeft, out);
    }

    /// Removes the entry from its list; its offer, if any, is the caller's business.
    pub(super) fn take_out(&mut self, now: Timestamp, interaction: InteractionId, reason: &str, out: &mut Vec<Effect>) -> Option<Entry> {
        let entry = self.entries.remove(&interaction)?;
        for timer in [Timer::WaitMax, Timer::Announce, Timer::CoolDown, Timer::Relax, Timer::RingNext, Timer::NoAgent] {
            self.timers.clear(timer(interaction));
        }
        if let Some(queue) = self.queues.get_mut(&entry.queue) {
            queue.waiting.remove(&entry.place);
            queue.take(&entry.class, &entry.place);
        }
        // A lender is well again when nobody waits there.
        self.touch_queues_of(&[entry.queue]);
        let kind = EventKind::Dequeued { wait_ms: now.ms_since(entry.since), reason: reason.to_owned() };
        record(now, Some(interaction), None, Some(entry.queue), kind, out);
        out.push(Effect::WaitingEnded { interaction, queue: entry.queue });
        self.show_positions(entry.queue, None, out);
        Some(entry)
    }

    pub(super) fn wait_max_reached(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        if self.ringing.contains_key(&interaction) {
            entry.wait_over = true;
            return;
        }
        self.overflow(now, interaction, OverflowReason::WaitMax, out);
    }

    /// Nobody has come to work for the queue: overflow, or look again later.
    pub(super) fn look_for_agents(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get(&interaction) else { return };
        let Some(queue) = self.queues.get(&entry.queue) else { return };
        // The set-up may have changed since the timer was set.
        let again_ms = queue.config.routing.no_agent_ms;
        let first_at = entry.entered_at.plus_ms(again_ms);
        if again_ms == 0 {
            return;
        }
        // Somebody borrowed may ring.
        let served = self.at_work(queue) > 0 || self.ringing.contains_key(&interaction);
        if now < first_at || served {
            self.timers.set(Timer::NoAgent(interaction), if now < first_at { first_at } else { now.plus_ms(again_ms) });
        } else {
            self.overflow(now, interaction, OverflowReason::NoAgent, out);
        }
    }

    pub(super) fn overflow(&mut self, now: Timestamp, interaction: InteractionId, reason: OverflowReason, out: &mut Vec<Effect>) {
        let Some(entry) = self.take_out(now, interaction, reason.word(), out) else { return };
        self.send_on(now, interaction, entry.queue, reason, out);
    }

    /// It is not (any more) in this queue: its call takes it to where the queue's overflow leads.
    fn send_on(&self, now: Timestamp, interaction: InteractionId, queue: QueueId, reason: OverflowReason, out: &mut Vec<Effect>) {
        let to = self.overflow_target(queue, reason);
        let next = if let OverflowTo::Queue { queue } = to { Some(queue) } else { None };
        let kind = EventKind::Overflowed { reason: reason.word().to_owned(), to: next };
        record(now, Some(interaction), None, Some(queue), kind, out);
        out.push(Effect::Overflow { interaction, queue, reason, to });
    }

    /// The queue's own rule; a rule that names a missing or full queue hangs up.
    fn overflow_target(&self, queue: QueueId, reason: OverflowReason) -> OverflowTo {
        let way = self.queues.get(&queue).map(|q| match &q.shut {
            Some(shut) if reason == OverflowReason::Closed => &shut.way,
            _ => &q.config.overflow,
        });
        match way {
            Some(Overflow::HangUp { prompt }) => OverflowTo::HangUp { prompt: prompt.clone() },
            Some(Overflow::Voicemail { greeting, length_max_ms }) => {
                OverflowTo::Voicemail { greeting: greeting.clone(), length_max_ms: *length_max_ms }
            }
            Some(Overflow::Callback { ask, other, booked }) => {
                OverflowTo::Callback { ask: ask.clone(), other: other.clone(), booked: booked.clone() }
            }
            Some(Overflow::Queue { queue: key }) => self
                .queues
                .values()
                .find(|q| q.config.key == *key && q.config.id != queue && q.waiting.len() < q.config.queue_len_max as usize)
                .map_or(OverflowTo::HangUp { prompt: None }, |q| OverflowTo::Queue { queue: q.config.id }),
            None => OverflowTo::HangUp { prompt: None },
        }
    }

    /// The queue's hours have come or are over. Agents who ring for somebody who must leave stop ringing.
    pub(super) fn hours(&mut self, now: Timestamp, queue: QueueId, closed: Option<Shut>, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let state = self.queues.get_mut(&queue).ok_or(Refusal::NoSuchQueue)?;
        let leave = closed.as_ref().is_some_and(|shut| shut.leave);
        state.shut = closed;
        let waiting: Vec<InteractionId> = state.waiting.iter().filter(|_| leave).map(|p| p.interaction).collect();
        for interaction in waiting {
            self.end_offers_of(now, interaction, OfferResult::Closed, out);
            self.overflow(now, interaction, OverflowReason::Closed, out);
        }
        Ok(())
    }

    pub(super) fn announce(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get(&interaction) else { return };
        let Some(queue) = self.queues.get(&entry.queue) else { return };
        if queue.config.announce_every_ms > 0 {
            self.timers.set(Timer::Announce(interaction), now.plus_ms(queue.config.announce_every_ms));
        }
        let position = queue.waiting.range(..entry.place).count() as u32 + 1;
        out.push(Effect::Announce { interaction, position, wait: None });
    }

    /// Numbers the list again and tells of those that moved. `also` is told in any case (it is new), however far back.
    pub(super) fn show_positions(&mut self, queue: QueueId, also: Option<InteractionId>, out: &mut Vec<Effect>) {
        let Some(state) = self.queues.get(&queue) else { return };
        let far = also.filter(|_| state.waiting.len() > POSITIONS_SHOWN_MAX);
        let shown = state.waiting.iter().take(POSITIONS_SHOWN_MAX).map(|p| p.interaction);
        let numbered: Vec<(InteractionId, u32)> = shown.zip(1u32..).collect();
        let far_position = far.and_then(|i| {
            let place = self.entries.get(&i)?.place;
            Some((i, state.waiting.range(..place).count() as u32 + 1))
        });
        for (interaction, position) in numbered.into_iter().chain(far_position) {
            let Some(entry) = self.entries.get_mut(&interaction) else { continue };
            if entry.position == position {
                continue;
            }
            entry.position = position;
            out.push(Effect::WaitingChanged(entry.live(interaction)));
        }
    }

    pub(super) fn cooled_down(&mut self, now: Timestamp, interaction: InteractionId) {
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        entry.cool.retain(|(_, until)| *until > now);
        let queue = entry.queue;
        if let Some(at) = entry.cool.iter().map(|c| c.1).min() {
            self.timers.set(Timer::CoolDown(interaction), at);
        }
        self.touch(queue);
    }
}
