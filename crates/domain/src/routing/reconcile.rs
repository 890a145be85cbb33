//! Comparing what calls and router believe, and healing what differs: the net under every lost message.
//!
//! A message may be on its way while beliefs are collected, so only what has stood for `RECONCILE_GRACE_MS`, or was seen by two
//! reconciliations in a row, counts as a difference.
use super::work::Stage;
use super::{CallBelief, Effect, OfferResult, Router, record};
use crate::event::EventKind;
use crate::interaction::Channel;
use crate::live::AgentStatus;
use crate::{InteractionId, OfferId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// What changed later than this before the beliefs were taken is not judged.
pub const RECONCILE_GRACE_MS: u64 = 5_000;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suspect {
    /// The call thinks it waits, the router has no place for it.
    NoPlace(InteractionId),
    /// The call has this agent, the router thinks the agent free.
    FreeAgent(InteractionId, UserId),
}

impl Router {
    pub(super) fn reconcile(&mut self, now: Timestamp, taken_at: Timestamp, calls: &[CallBelief], out: &mut Vec<Effect>) {
        let calls: BTreeMap<InteractionId, &CallBelief> = calls.iter().map(|c| (c.interaction, c)).collect();
        let settled = |at: Timestamp| taken_at.ms_since(at) >= RECONCILE_GRACE_MS;
        let dead: Vec<InteractionId> = self
            .entries
            .iter()
            .filter(|(i, e)| settled(e.entered_at) && !calls.get(i).is_some_and(|c| c.waiting))
            .map(|(i, _)| *i)
            .collect();
        for interaction in dead {
            self.healed(now, interaction, None, "waiting_without_call", out);
            self.take_out(now, interaction, OfferResult::Healed.word(), out);
            self.end_offers_of(now, interaction, OfferResult::Healed, out);
        }
        let offers: Vec<OfferId> =
            self.offers.iter().filter(|(_, o)| settled(o.offered_at) && !calls.contains_key(&o.interaction)).map(|(id, _)| *id).collect();
        for offer in offers {
            self.healed(now, self.offers[&offer].interaction, None, "offer_without_call", out);
            self.end_offer(now, offer, OfferResult::Healed, out);
        }
        self.heal_agents(now, &calls, settled, out);
        self.heal_calls(now, &calls, out);
    }

    /// Agents held by calls that are gone, or that no longer have them.
    fn heal_agents(
        &mut self,
        now: Timestamp,
        calls: &BTreeMap<InteractionId, &CallBelief>,
        settled: impl Fn(Timestamp) -> bool,
        out: &mut Vec<Effect>,
    ) {
        let stuck: Vec<(UserId, InteractionId)> = self
            .agents
            .values()
            .flat_map(|a| a.works.iter().filter(|w| w.is_active()).map(|w| (a.user, w)))
            .filter(|(user, w)| settled(w.since) && !calls.get(&w.interaction).is_some_and(|c| c.agents.contains(user)))
            .map(|(user, w)| (user, w.interaction))
            .collect();
        for (agent, interaction) in stuck {
            self.healed(now, interaction, Some(agent), "agent_without_call", out);
            // Cannot be refused: the agent serves exactly that one.
            let _ = self.released(now, agent, interaction, None, 0, None, out);
        }
    }

    /// Calls that believe in a place or an agent that the router does not know of.
    fn heal_calls(&mut self, now: Timestamp, calls: &BTreeMap<InteractionId, &CallBelief>, out: &mut Vec<Effect>) {
        let on_call: BTreeSet<InteractionId> =
            self.agents.values().flat_map(|a| &a.works).filter(|w| w.is_active()).map(|w| w.interaction).collect();
        let mut seen = BTreeSet::new();
        for call in calls.values() {
            let i = call.interaction;
            let placed = self.entries.contains_key(&i) || self.ringing.contains_key(&i) || on_call.contains(&i);
            if call.waiting && !placed {
                seen.insert(Suspect::NoPlace(i));
            }
            for agent in &call.agents {
                // Somebody who is offline may still use the phone on the desk; nothing is offered to them anyway.
                let here =
                    |a: &super::agents::Agent| !a.works.iter().any(|w| w.channel.is_call()) && a.presence.status != AgentStatus::Offline;
                if self.agents.get(agent).is_some_and(here) {
                    seen.insert(Suspect::FreeAgent(i, *agent));
                }
            }
        }
        let again: Vec<Suspect> = seen.intersection(&self.suspects).cloned().collect();
        for suspect in &again {
            seen.remove(suspect);
            match *suspect {
                Suspect::NoPlace(interaction) => {
                    self.healed(now, interaction, None, "call_without_place", out);
                    out.push(Effect::EnqueueAgain { interaction });
                }
                Suspect::FreeAgent(interaction, agent) => {
                    self.healed(now, interaction, Some(agent), "call_with_free_agent", out);
                    self.change_agent(now, agent, out, |a| a.put_work(now, interaction, Channel::Voice, Stage::Active));
                }
            }
        }
        self.suspects = seen;
    }

    fn healed(&self, now: Timestamp, interaction: InteractionId, agent: Option<UserId>, what: &str, out: &mut Vec<Effect>) {
        out.push(Effect::Healed { what: what.to_owned() });
        record(now, Some(interaction), agent, None, EventKind::Healed { what: what.to_owned() }, out);
    }
}
