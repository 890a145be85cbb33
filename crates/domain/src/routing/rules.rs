//! What the rules of the house and of a queue make of somebody who waits.
use super::waiting::Entry;
use super::{Effect, EventKind, OfferResult, OverflowReason, OverflowTo, Router, record};
use crate::config::{Known, Needs, RoutingRule};
use crate::{CustomerId, InteractionId, QueueId, Timestamp, UserId};

/// What the rules that hold amount to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Applied {
    pub priority: u8,
    pub needs: Option<Needs>,
    /// How long the preferred agent is waited for.
    pub hold_ms: Option<u64>,
    /// The queue to go to.
    pub queue: Option<QueueId>,
    /// Keys of the rules, in order.
    pub rules: Vec<String>,
}

impl Router {
    /// The house's rules, then the queue's.
    pub(super) fn apply_rules(&self, entry: &Entry) -> Applied {
        let mut applied = Applied { priority: entry.asked.priority, needs: entry.asked.needs.clone(), ..Applied::default() };
        let Some(queue) = self.queues.get(&entry.queue) else { return applied };
        let mut target: Option<&str> = None;
        let rules = self.house.rules.iter().chain(&queue.config.routing.rules).filter(|r| r.enabled);
        let card = &entry.card;
        for rule in rules.filter(|r| r.when.holds(card.known.as_deref(), &card.local, card.menu_digit)) {
            applied.take(rule);
            target = target.or(rule.queue.as_deref());
        }
        let moved = target.filter(|key| *key != queue.config.key);
        applied.queue = moved.and_then(|key| self.queues.values().find(|q| q.config.key == key)).map(|q| q.config.id);
        applied
    }

    /// Applies the rules anew. True when they move it to another queue: then it is no longer here.
    pub(super) fn judge_again(&mut self, now: Timestamp, interaction: InteractionId, out: &mut Vec<Effect>) -> bool {
        let Some(entry) = self.entries.get(&interaction) else { return false };
        let applied = self.apply_rules(entry);
        let (queue, may_move) = (entry.queue, entry.may_move && !self.ringing.contains_key(&interaction));
        if let Some(to) = applied.queue.filter(|_| may_move) {
            self.take_out(now, interaction, OverflowReason::Rule.word(), out);
            self.moved(now, interaction, queue, to, out);
            return true;
        }
        if let Some(entry) = self.entries.get_mut(&interaction) {
            entry.applied = applied;
        }
        false
    }

    pub(super) fn moved(&self, now: Timestamp, interaction: InteractionId, queue: QueueId, to: QueueId, out: &mut Vec<Effect>) {
        let kind = EventKind::Overflowed { reason: OverflowReason::Rule.word().to_owned(), to: Some(to) };
        record(now, Some(interaction), None, Some(queue), kind, out);
        out.push(Effect::Overflow { interaction, queue, reason: OverflowReason::Rule, to: OverflowTo::Queue { queue: to } });
    }

    /// The customer behind a waiting or ringing interaction became known. Nothing for one that neither waits nor rings.
    pub(super) fn identified(
        &mut self,
        now: Timestamp,
        interaction: InteractionId,
        (customer, known): (CustomerId, Known),
        prefer: Option<UserId>,
        out: &mut Vec<Effect>,
    ) {
        if let Some(entry) = self.entries.get_mut(&interaction) {
            entry.card.customer = Some(customer);
            entry.card.known = Some(Box::new(known));
            entry.prefer = prefer.or(entry.prefer);
            let queue = entry.queue;
            if !self.judge_again(now, interaction, out) {
                self.find_place(now, interaction);
                if let Some(e) = self.entries.get(&interaction) {
                    out.push(Effect::Placed(Box::new(e.kept(interaction))));
                    out.push(Effect::WaitingChanged(e.live(interaction)));
                }
                self.show_positions(queue, None, out);
            }
        }
        for id in self.ringing.get(&interaction).into_iter().flatten() {
            if let Some(offer) = self.offers.get_mut(id) {
                offer.live.customer = Some(customer);
                out.push(Effect::OfferChanged(offer.live.clone()));
            }
        }
    }

    /// A queue that is gone takes its line with it.
    pub(super) fn empty_queue(&mut self, now: Timestamp, queue: QueueId, out: &mut Vec<Effect>) {
        let waiting: Vec<InteractionId> = self.queues.get(&queue).into_iter().flat_map(|q| &q.waiting).map(|p| p.interaction).collect();
        for interaction in waiting {
            self.end_offers_of(now, interaction, OfferResult::QueueGone, out);
            self.overflow(now, interaction, OverflowReason::QueueGone, out);
        }
    }
}

impl Applied {
    fn take(&mut self, rule: &RoutingRule) {
        self.priority = self.priority.saturating_add(rule.priority);
        self.needs = match (self.needs.take(), rule.needs.clone()) {
            (Some(own), Some(more)) => Some(Needs::All(vec![own, more])),
            (own, more) => own.or(more),
        };
        self.hold_ms = self.hold_ms.or(rule.prefer_last_agent_ms);
        self.rules.push(rule.key.clone());
    }
}
