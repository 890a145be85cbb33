//! Offers: the leases that reserve an agent for one interaction, from ringing to their one end.
use super::work::Stage;
use super::{
    DECLINE_ALONE_COOL_DOWN_MS, DECLINE_COOL_DOWN_MS, DirectOffer, Effect, OfferResult, OverflowReason, Refusal, Router, Timer, record,
};
use crate::config::Strategy;
use crate::event::EventKind;
use crate::interaction::Channel;
use crate::live::{AgentStatus, Device, OfferLive};
use crate::{InteractionId, OfferId, QueueId, Timestamp, UserId};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    pub agent: UserId,
    pub interaction: InteractionId,
    pub channel: Channel,
    pub queue: Option<QueueId>,
    pub device: Device,
    pub since: Timestamp,
    pub offered_at: Timestamp,
    /// As the desk has it.
    pub live: OfferLive,
}

/// What a new offer is made of, from a waiting entry or directly.
struct Terms {
    agent: UserId,
    interaction: InteractionId,
    channel: Channel,
    queue: Option<QueueId>,
    card: super::Card,
    since: Timestamp,
    ring_timeout_ms: u64,
}

impl Router {
    /// Offers a waiting entry to a free agent.
    pub(super) fn offer_entry(&mut self, now: Timestamp, interaction: InteractionId, agent: UserId, out: &mut Vec<Effect>) {
        let Some(entry) = self.entries.get(&interaction) else { return };
        let Some(queue) = self.queues.get(&entry.queue) else { return };
        let ring_next_ms = queue.config.routing.ring_next_ms;
        let one_by_one = queue.config.strategy == Strategy::RingProgressively;
        let terms = Terms {
            agent,
            interaction,
            channel: entry.channel,
            queue: Some(entry.queue),
            card: entry.card.clone(),
            since: entry.since,
            ring_timeout_ms: queue.config.ring_timeout_ms,
        };
        let explanation = self.explains.then(|| Box::new(self.explain(now, entry, queue, agent)));
        let queue = entry.queue;
        let offer = self.offer(now, terms, out);
        if let (Some(explanation), Some(offer)) = (explanation, offer) {
            record(now, Some(interaction), Some(agent), Some(queue), EventKind::Routed { offer, explanation }, out);
        }
        if one_by_one && let Some(entry) = self.entries.get_mut(&interaction) {
            let at = now.plus_ms(ring_next_ms);
            entry.ring_next_at = Some(at);
            self.timers.set(Timer::RingNext(interaction), at);
        }
        self.stand(interaction);
    }

    pub(super) fn direct_offer(&mut self, now: Timestamp, d: DirectOffer, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.entries.contains_key(&d.interaction) || self.ringing.contains_key(&d.interaction) {
            return Err(Refusal::Duplicate);
        }
        let agent = self.agent(d.agent)?;
        if !agent.can_take(d.channel) {
            return Err(match agent.status() {
                AgentStatus::Offline => Refusal::Offline,
                AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp => Refusal::Busy,
                AgentStatus::Available if agent.reachable() => Refusal::Busy,
                AgentStatus::Available => Refusal::PhoneNotRegistered,
                AgentStatus::Break | AgentStatus::Away => Refusal::NotAvailable,
            });
        }
        let DirectOffer { interaction, channel, agent, queue, card, since, ring_timeout_ms } = d;
        self.offer(now, Terms { agent, interaction, channel, queue, card, since, ring_timeout_ms }, out);
        Ok(())
    }

    fn offer(&mut self, now: Timestamp, t: Terms, out: &mut Vec<Effect>) -> Option<OfferId> {
        let device = self.agents.get(&t.agent)?.device;
        let id = self.next_offer_id(now);
        let expires_at = now.plus_ms(t.ring_timeout_ms);
        self.ringing.entry(t.interaction).or_default().insert(id);
        self.timers.set(Timer::Ring(id), expires_at);
        self.change_agent(now, t.agent, out, |a| a.put_work(now, t.interaction, t.channel, Stage::Ringing(id)));
        let kind = EventKind::Offered { offer: id, ring_timeout_ms: t.ring_timeout_ms };
        record(now, Some(t.interaction), Some(t.agent), t.queue, kind, out);
        let live = OfferLive {
            offer: id,
            agent: t.agent,
            interaction: t.interaction,
            queue: t.queue,
            channel: t.channel,
            remote: t.card.remote,
            local: t.card.local,
            customer: t.card.customer,
            waited_ms: now.ms_since(t.since),
            expires_at,
            reason: t.card.reason,
        };
        let offer = Offer {
            agent: t.agent,
            interaction: t.interaction,
            channel: t.channel,
            queue: t.queue,
            device,
            since: t.since,
            offered_at: now,
            live: live.clone(),
        };
        self.offers.insert(id, offer);
        out.push(Effect::Offer { offer: live, device });
        Some(id)
    }

    fn offer_to(&self, agent: UserId, offer: OfferId) -> Result<&Offer, Refusal> {
        self.offers.get(&offer).filter(|o| o.agent == agent).ok_or(Refusal::OfferGone)
    }

    pub(super) fn accept(&mut self, now: Timestamp, agent: UserId, id: OfferId, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let offer = self.offer_to(agent, id)?.clone();
        self.forget_offer(now, id, &offer, OfferResult::Answered, out);
        self.agent_rang(now, agent, (offer.interaction, offer.channel), OfferResult::Answered, 1, out);
        // Out of the line first: the end of the last other offer would send on somebody whose wait limit has passed.
        self.take_out(now, offer.interaction, OfferResult::Answered.word(), out);
        self.end_offers_of(now, offer.interaction, OfferResult::AnsweredElsewhere, out);
        out.push(Effect::Assigned {
            interaction: offer.interaction,
            agent,
            offer: id,
            queue: offer.queue,
            device: offer.device,
            waited_ms: now.ms_since(offer.since),
        });
        Ok(())
    }

    pub(super) fn decline(&mut self, now: Timestamp, agent: UserId, id: OfferId, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        self.offer_to(agent, id)?;
        self.end_offer(now, id, OfferResult::Declined, out);
        Ok(())
    }

    /// Ends an offer that nobody took; the waiting entry stays where it stands. Nothing for an offer that is over.
    pub(super) fn end_offer(&mut self, now: Timestamp, id: OfferId, result: OfferResult, out: &mut Vec<Effect>) {
        let Some(offer) = self.offers.get(&id).cloned() else { return };
        self.forget_offer(now, id, &offer, result, out);
        out.push(Effect::Withdraw { offer: id, agent: offer.agent, interaction: offer.interaction, result });
        let queue = offer.queue.and_then(|q| self.queues.get(&q));
        let no_answer_max = queue.map_or(1, |q| q.config.routing.no_answer_max);
        self.agent_rang(now, offer.agent, (offer.interaction, offer.channel), result, no_answer_max, out);
        let still_here = result == OfferResult::NoAnswer && self.agents.get(&offer.agent).is_some_and(|a| a.can_take(offer.channel));
        if result == OfferResult::Declined || still_here {
            self.spare(now, &offer);
        }
        self.stand(offer.interaction);
        let alone = !self.ringing.contains_key(&offer.interaction);
        if alone && self.entries.get(&offer.interaction).is_some_and(|e| e.wait_over) {
            self.overflow(now, offer.interaction, OverflowReason::WaitMax, out);
        }
    }

    /// Ends whatever rings for an interaction.
    pub(super) fn end_offers_of(&mut self, now: Timestamp, interaction: InteractionId, result: OfferResult, out: &mut Vec<Effect>) {
        for offer in self.ringing.get(&interaction).cloned().unwrap_or_default() {
            self.end_offer(now, offer, result, out);
        }
    }

    fn forget_offer(&mut self, now: Timestamp, id: OfferId, offer: &Offer, result: OfferResult, out: &mut Vec<Effect>) {
        self.offers.remove(&id);
        if let Some(offers) = self.ringing.get_mut(&offer.interaction) {
            offers.remove(&id);
            if offers.is_empty() {
                self.ringing.remove(&offer.interaction);
            }
        }
        self.timers.clear(Timer::Ring(id));
        let kind = EventKind::OfferEnded { offer: id, result: result.word().to_owned() };
        record(now, Some(offer.interaction), Some(offer.agent), offer.queue, kind, out);
    }

    /// The agent that declined is not asked again at once, shorter if nobody else of the queue is there.
    fn spare(&mut self, now: Timestamp, offer: &Offer) {
        let Some(entry) = self.entries.get_mut(&offer.interaction) else { return };
        let Some(queue) = self.queues.get(&entry.queue) else { return };
        let here = |u: &UserId| self.agents.get(u).is_some_and(|a| a.presence.status == AgentStatus::Available);
        let alone = !queue.members.keys().any(|u| *u != offer.agent && here(u));
        let until = now.plus_ms(if alone { DECLINE_ALONE_COOL_DOWN_MS } else { DECLINE_COOL_DOWN_MS });
        entry.cool.retain(|c| c.0 != offer.agent);
        entry.cool.push((offer.agent, until));
        let first = entry.cool.iter().map(|c| c.1).min().unwrap_or(until);
        self.timers.set(Timer::CoolDown(offer.interaction), first);
    }
}
