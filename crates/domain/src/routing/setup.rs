//! Taking in a changed set-up while everything runs.
use super::agents::{Activity, Agent, Presence};
use super::line::{Lender, QueueState};
use super::{AgentSetup, Effect, OfferResult, OverflowReason, Router, matching};
use crate::config::Queue;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

impl Router {
    pub(super) fn configure(&mut self, now: Timestamp, queues: Vec<Queue>, agents: Vec<AgentSetup>, out: &mut Vec<Effect>) {
        self.remove_missing_queues(now, &queues, out);
        for queue in queues {
            match self.queues.get_mut(&queue.id) {
                Some(state) => {
                    state.config = queue;
                    state.index_members();
                }
                None => drop(self.queues.insert(queue.id, QueueState::new(queue))),
            }
        }
        self.link_lenders();
        self.set_agents(now, agents, out);
        self.sort_again(now);
    }

    fn remove_missing_queues(&mut self, now: Timestamp, queues: &[Queue], out: &mut Vec<Effect>) {
        let kept: BTreeSet<QueueId> = queues.iter().map(|q| q.id).collect();
        let gone: Vec<QueueId> = self.queues.keys().filter(|q| !kept.contains(q)).copied().collect();
        for queue in &gone {
            // Nobody is sent on to a queue that goes too.
            if let Some(state) = self.queues.get_mut(queue) {
                state.config.queue_len_max = 0;
            }
        }
        for queue in gone {
            let waiting: Vec<InteractionId> = self.queues[&queue].waiting.iter().map(|p| p.interaction).collect();
            for interaction in waiting {
                self.end_offers_of(now, interaction, OfferResult::QueueGone, out);
                self.overflow(now, interaction, OverflowReason::QueueGone, out);
            }
            self.queues.remove(&queue);
        }
    }

    fn link_lenders(&mut self) {
        let ids = matching::queue_ids(&self.queues);
        let lenders: BTreeMap<QueueId, Vec<Lender>> = self
            .queues
            .iter()
            .map(|(id, queue)| {
                let lender = |b: &crate::config::Borrow| {
                    let from = *ids.get(b.from.as_str())?;
                    Some(Lender { queue: from, after_ms: b.after_ms, service_level_min: b.service_level_min }).filter(|l| l.queue != *id)
                };
                let mut all: Vec<Lender> = queue.config.routing.borrow.iter().filter_map(lender).collect();
                all.sort_by_key(|l| l.after_ms);
                (*id, all)
            })
            .collect();
        for (id, lenders) in lenders {
            if let Some(queue) = self.queues.get_mut(&id) {
                queue.lenders = lenders;
            }
        }
        self.borrowers = matching::borrowers(&self.queues);
    }

    /// Strategies, needs, priorities and members may all be other ones now: everybody's place is found anew.
    fn sort_again(&mut self, now: Timestamp) {
        for queue in self.queues.values_mut() {
            queue.free = self.agents.values().filter(|a| a.is_free()).filter_map(|a| queue.free_key(a)).collect();
            queue.lines.clear();
            queue.waiting.clear();
        }
        let waiting: Vec<InteractionId> = self.entries.keys().copied().collect();
        for interaction in waiting {
            self.find_place(now, interaction);
        }
        self.touched = self.queues.keys().copied().collect();
    }

    fn set_agents(&mut self, now: Timestamp, agents: Vec<AgentSetup>, out: &mut Vec<Effect>) {
        let wanted: BTreeMap<UserId, AgentSetup> = agents.into_iter().map(|a| (a.user, a)).collect();
        let missing: Vec<UserId> = self.agents.keys().filter(|a| !wanted.contains_key(a)).copied().collect();
        for user in missing {
            self.remove_agent(now, user, out);
        }
        let mut queues_of: BTreeMap<UserId, Vec<QueueId>> = BTreeMap::new();
        for (id, queue) in &self.queues {
            for user in queue.members.keys() {
                queues_of.entry(*user).or_default().push(*id);
            }
        }
        for (user, setup) in wanted {
            let queues = queues_of.remove(&user).unwrap_or_default();
            if let Entry::Vacant(place) = self.agents.entry(user) {
                let agent = Agent { queues, skills: setup.skills, ..Agent::new(user, now) };
                out.push(Effect::AgentChanged(agent.live()));
                place.insert(agent);
                continue;
            }
            self.change_agent(now, user, out, |a| {
                a.configured = true;
                a.queues = queues;
                a.skills = setup.skills;
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
