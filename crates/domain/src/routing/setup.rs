//! Taking in a changed set-up while everything runs.
use super::agents::{Agent, Presence};
use super::line::{FreeSet, Lender, QueueState};
use super::{AgentSetup, Effect, House, OfferResult, Router, matching};
use crate::config::Queue;
use crate::interaction::Channel;
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
            self.empty_queue(now, queue, out);
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
        self.sort_free();
        for queue in self.queues.values_mut() {
            queue.lines.clear();
            queue.waiting.clear();
        }
        self.judge_all(now);
        self.touched = self.queues.keys().copied().collect();
    }

    /// Rules may be other ones now. Who waits already is not sent to another queue by them.
    pub(super) fn set_house(&mut self, now: Timestamp, house: House) {
        let rules_changed = house.rules != self.house.rules;
        self.house = house;
        self.breaks.touched = true;
        if rules_changed {
            self.judge_all(now);
        }
    }

    fn judge_all(&mut self, now: Timestamp) {
        let waiting: Vec<InteractionId> = self.entries.keys().copied().collect();
        for interaction in waiting {
            let applied = self.entries.get(&interaction).map(|e| self.apply_rules(e)).unwrap_or_default();
            if let Some(entry) = self.entries.get_mut(&interaction) {
                entry.applied = applied;
            }
            self.find_place(now, interaction);
        }
    }

    /// Sorts the free agents of all queues anew, for every channel there is.
    fn sort_free(&mut self) {
        for queue in self.queues.values_mut() {
            let members: Vec<&Agent> = queue.members.keys().filter_map(|user| self.agents.get(user)).collect();
            let set = |channel: Channel| -> FreeSet {
                members.iter().filter(|a| a.can_take(channel)).filter_map(|a| queue.free_key(a)).collect()
            };
            let free = self.channels.iter().map(|c| (*c, set(*c))).collect();
            queue.free = free;
        }
    }

    /// The first of its channel: from now on it is known who is free for one.
    pub(super) fn know_channel(&mut self, channel: Channel) {
        if self.channels.insert(channel) {
            self.sort_free();
        }
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
                let agent = Agent { queues, skills: setup.skills, capacity: setup.capacity, ..Agent::new(user, now) };
                out.push(Effect::AgentChanged(agent.live()));
                place.insert(agent);
                continue;
            }
            self.change_agent(now, user, out, |a| {
                a.configured = true;
                a.queues = queues;
                a.skills = setup.skills;
                a.capacity = setup.capacity;
            });
        }
    }

    /// Gone at once when idle or ringing; after its last work otherwise.
    fn remove_agent(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>) {
        self.stop_ringing(now, user, |_| true, OfferResult::AgentLeft, out);
        self.wrap_ups_over(now, user, out);
        self.change_agent(now, user, out, |a| {
            a.configured = false;
            if a.works.is_empty() { a.presence = Presence::default() } else { a.next = Some(Presence::default()) }
        });
    }
}
