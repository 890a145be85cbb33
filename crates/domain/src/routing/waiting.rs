//! The waiting lists: order, positions, limits, announcements, overflow.
use super::{Card, Effect, Enqueue, OfferResult, OverflowReason, OverflowTo, Refusal, Router, Timer, WAITING_MAX, record};
use crate::config::{Overflow, Queue};
use crate::event::EventKind;
use crate::live::WaitingLive;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Positions beyond this are not announced to desks on every move of the queue; the list there is ordered by time anyway.
const POSITIONS_SHOWN_MAX: usize = 100;

/// Higher priority first, then those put at the head, then who came first.
pub(super) type Order = (Reverse<u8>, Reverse<bool>, Timestamp, u64, InteractionId);

#[derive(Debug, Clone, PartialEq)]
pub(super) struct QueueState {
    pub config: Queue,
    /// Skill level of every member.
    pub levels: BTreeMap<UserId, u8>,
    pub waiting: BTreeSet<Order>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub queue: QueueId,
    pub order: Order,
    pub priority: u8,
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
}

impl Entry {
    pub fn live(&self, interaction: InteractionId) -> WaitingLive {
        WaitingLive {
            interaction,
            queue: self.queue,
            remote: self.card.remote.clone(),
            customer: self.card.customer,
            since: self.since,
            priority: self.priority,
            position: self.position,
        }
    }
}

impl Router {
    pub(super) fn enqueue(&mut self, now: Timestamp, e: Enqueue, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.entries.contains_key(&e.interaction) || self.offer_of.contains_key(&e.interaction) {
            return Err(Refusal::Duplicate);
        }
        if self.entries.len() >= WAITING_MAX {
            return Err(Refusal::WaitingMax);
        }
        let queue = self.queues.get(&e.queue).ok_or(Refusal::NoSuchQueue)?;
        if !e.head && queue.waiting.len() >= queue.config.queue_len_max as usize {
            let to = self.overflow_target(e.queue);
            out.push(Effect::Overflow { interaction: e.interaction, queue: e.queue, reason: OverflowReason::QueueFull, to });
            return Ok(());
        }
        let (wait_max_ms, announce_every_ms) = (queue.config.wait_max_ms, queue.config.announce_every_ms);
        let wait_from = if e.head { e.since } else { now };
        self.timers.set(Timer::WaitMax(e.interaction), wait_from.plus_ms(wait_max_ms));
        if announce_every_ms > 0 {
            self.timers.set(Timer::Announce(e.interaction), now.plus_ms(announce_every_ms));
        }
        self.counter += 1;
        let order = (Reverse(e.priority), Reverse(e.head), e.since, self.counter, e.interaction);
        let entry = Entry {
            queue: e.queue,
            order,
            priority: e.priority,
            card: e.card,
            since: e.since,
            entered_at: now,
            position: 0,
            cool: Vec::new(),
            wait_over: false,
        };
        self.entries.insert(e.interaction, entry);
        if let Some(queue) = self.queues.get_mut(&e.queue) {
            queue.waiting.insert(order);
        }
        record(now, Some(e.interaction), None, Some(e.queue), EventKind::Queued { priority: e.priority }, out);
        self.show_positions(e.queue, Some(e.interaction), out);
        Ok(())
    }

    pub(super) fn leave(&mut self, now: Timestamp, interaction: InteractionId, reason: &str, out: &mut Vec<Effect>) {
        self.take_out(now, interaction, reason, out);
        if let Some(offer) = self.offer_of.get(&interaction).copied() {
            self.end_offer(now, offer, OfferResult::CallerLeft, out);
        }
    }

    /// Removes the entry from its list; its offer, if any, is the caller's business.
    pub(super) fn take_out(&mut self, now: Timestamp, interaction: InteractionId, reason: &str, out: &mut Vec<Effect>) -> Option<Entry> {
        let entry = self.entries.remove(&interaction)?;
        for timer in [Timer::WaitMax(interaction), Timer::Announce(interaction), Timer::CoolDown(interaction)] {
            self.timers.clear(timer);
        }
        if let Some(queue) = self.queues.get_mut(&entry.queue) {
            queue.waiting.remove(&entry.order);
        }
        let kind = EventKind::Dequeued { wait_ms: now.ms_since(entry.since), reason: reason.to_owned() };
        record(now, Some(interaction), None, Some(entry.queue), kind, out);
        out.push(Effect::WaitingEnded { interaction, queue: entry.queue });
        self.show_positions(entry.queue, None, out);
        Some(entry)
    }

    pub(super) fn wait_max_reached(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get_mut(&interaction) else { return };
        if self.offer_of.contains_key(&interaction) {
            entry.wait_over = true;
            return;
        }
        self.overflow(now, interaction, OverflowReason::WaitMax, out);
    }

    pub(super) fn overflow(&mut self, now: Timestamp, interaction: InteractionId, reason: OverflowReason, out: &mut Vec<Effect>) {
        let Some(entry) = self.take_out(now, interaction, reason.word(), out) else { return };
        let to = self.overflow_target(entry.queue);
        out.push(Effect::Overflow { interaction, queue: entry.queue, reason, to });
    }

    /// The queue's own rule; a rule that names a missing or full queue hangs up.
    fn overflow_target(&self, queue: QueueId) -> OverflowTo {
        match self.queues.get(&queue).map(|q| &q.config.overflow) {
            Some(Overflow::HangUp { prompt }) => OverflowTo::HangUp { prompt: prompt.clone() },
            Some(Overflow::Queue { queue: key }) => self
                .queues
                .values()
                .find(|q| q.config.key == *key && q.config.id != queue && q.waiting.len() < q.config.queue_len_max as usize)
                .map_or(OverflowTo::HangUp { prompt: None }, |q| OverflowTo::Queue { queue: q.config.id }),
            None => OverflowTo::HangUp { prompt: None },
        }
    }

    pub(super) fn announce(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get(&interaction) else { return };
        let Some(queue) = self.queues.get(&entry.queue) else { return };
        if queue.config.announce_every_ms > 0 {
            self.timers.set(Timer::Announce(interaction), now.plus_ms(queue.config.announce_every_ms));
        }
        let position = queue.waiting.range(..entry.order).count() as u32 + 1;
        out.push(Effect::Announce { interaction, position });
    }

    /// Numbers the list again and tells of those that moved. `also` is told in any case (it is new), however far back.
    fn show_positions(&mut self, queue: QueueId, also: Option<InteractionId>, out: &mut Vec<Effect>) {
        let Some(state) = self.queues.get(&queue) else { return };
        let far = also.filter(|_| state.waiting.len() > POSITIONS_SHOWN_MAX);
        let shown = state.waiting.iter().take(POSITIONS_SHOWN_MAX).map(|o| o.4);
        let numbered: Vec<(InteractionId, u32)> = shown.zip(1u32..).collect();
        let far_position = far.and_then(|i| {
            let order = self.entries.get(&i)?.order;
            Some((i, state.waiting.range(..order).count() as u32 + 1))
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
        if let Some(at) = entry.cool.iter().map(|c| c.1).min() {
            self.timers.set(Timer::CoolDown(interaction), at);
        }
    }
}
