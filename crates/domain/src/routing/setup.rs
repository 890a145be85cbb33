//! Taking in a changed set-up while everything runs.
use super::agents::{Activity, Agent, Presence};
use super::waiting::QueueState;
use super::{Effect, OfferResult, OverflowReason, Router};
use crate::config::Queue;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

impl Router {
    pub(super) fn configure(&mut self, now: Timestamp, queues: Vec<Queue>, agents: &[UserId], out: &mut Vec<Effect>) {
        self.remove_missing_queues(now, &queues, out);
        for queue in queues {
            let levels: BTreeMap<UserId, u8> = queue.members.iter().map(|m| (m.user, m.level)).collect();
            match self.queues.get_mut(&queue.id) {
                Some(state) => (state.config, state.levels) = (queue, levels),
                None => drop(self.queues.insert(queue.id, QueueState { config: queue, levels, waiting: BTreeSet::new() })),
            }
        }
        self.set_agents(now, agents, out);
    }

    fn remove_missing_queues(&mut self, now: Timestamp, queues: &[Queue], out: &mut Vec<Effect>) {
        let kept: BTreeSet<QueueId> = queues.iter().map(|q| q.id).collect();
        let gone: Vec<QueueId> = self.queues.keys().filter(|q| !kept.contains(q)).copied().collect();
        for queue in gone {
            let waiting: Vec<InteractionId> = self.queues[&queue].waiting.iter().map(|o| o.4).collect();
            for interaction in waiting {
                if let Some(offer) = self.offer_of.get(&interaction).copied() {
                    self.end_offer(now, offer, OfferResult::QueueGone, out);
                }
                self.overflow(now, interaction, OverflowReason::QueueGone, out);
            }
            self.queues.remove(&queue);
        }
    }

    fn set_agents(&mut self, now: Timestamp, agents: &[UserId], out: &mut Vec<Effect>) {
        let wanted: BTreeSet<UserId> = agents.iter().copied().collect();
        let missing: Vec<UserId> = self.agents.keys().filter(|a| !wanted.contains(a)).copied().collect();
        for user in missing {
            self.remove_agent(now, user, out);
        }
        for user in wanted {
            let queues: Vec<QueueId> = self.queues.values().filter(|q| q.levels.contains_key(&user)).map(|q| q.config.id).collect();
            if let Entry::Vacant(place) = self.agents.entry(user) {
                let agent = Agent { queues, ..Agent::new(user, now) };
                out.push(Effect::AgentChanged(agent.live()));
                place.insert(agent);
                continue;
            }
            self.change_agent(now, user, out, |a| {
                a.configured = true;
                a.queues = queues;
            });
        }
    }

    /// Gone at once when idle or ringing; after its call otherwise.
    fn remove_agent(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>) {
        if let Some(Activity::Ringing(offer, _)) = self.agents.get(&user).map(|a| a.activity.clone()) {
            self.end_offer(now, offer, OfferResult::AgentLeft, out);
        }
        self.wrap_up_over(now, user, None, out);
        self.change_agent(now, user, out, |a| {
            a.configured = false;
            match a.activity {
                Activity::Idle => a.presence = Presence::default(),
                _ => a.next = Some(Presence::default()),
            }
        });
    }
}
