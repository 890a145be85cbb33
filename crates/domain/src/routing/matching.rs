//! Who gets whom: the first in line that a free agent may serve, and the agent that the queue's strategy picks.
//!
//! Only queues that something happened to are looked at, and in each one look at an agent answers for everybody who asks for
//! the same: a step costs what changed, not what waits.
use super::agents::Agent;
use super::line::{Class, FreeKey, Place, QueueState};
use super::waiting::Entry;
use super::{Effect, Router, mix};
use crate::config::Strategy;
use crate::{QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// The best that one queue can do now.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Match {
    /// Milliseconds × per cent; the highest of all queues goes first.
    score: i128,
    place: Place,
    agent: UserId,
}

impl Router {
    /// Offers until nobody who waits can be served by anybody who is free.
    pub(super) fn match_waiting(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let mut found: BTreeMap<QueueId, Match> = BTreeMap::new();
        loop {
            for queue in std::mem::take(&mut self.touched) {
                match self.first_servable(now, queue) {
                    Some(best) => drop(found.insert(queue, best)),
                    None => drop(found.remove(&queue)),
                }
            }
            let Some((queue, best)) = found.iter().max_by(|a, b| (a.1.score, b.1.place).cmp(&(b.1.score, a.1.place))) else { return };
            let (queue, best) = (*queue, *best);
            found.remove(&queue);
            if let Some(member) = self.queues.get(&queue).and_then(|q| q.members.get(&best.agent)).copied()
                && let Some(state) = self.queues.get_mut(&queue)
            {
                state.rang_last = Some(member.index);
            }
            if !self.turn(now, best.place.interaction, best.agent, out) {
                self.offer_entry(now, best.place.interaction, best.agent, out);
            }
            self.touch(queue);
        }
    }

    /// The queue is looked at again before this step ends.
    pub(super) fn touch(&mut self, queue: QueueId) {
        self.touched.insert(queue);
    }

    /// All queues that this agent may serve, also as somebody borrowed.
    pub(super) fn touch_queues_of(&mut self, queues: &[QueueId]) {
        for queue in queues {
            self.touched.insert(*queue);
            if let Some(borrowers) = self.borrowers.get(queue) {
                self.touched.extend(borrowers);
            }
        }
    }

    /// The first of this queue that some free agent may be offered, and to whom.
    fn first_servable(&self, now: Timestamp, queue: QueueId) -> Option<Match> {
        let state = self.queues.get(&queue)?;
        let mut best: Option<(Place, UserId)> = None;
        for (class, line) in &state.lines {
            for place in line {
                if best.is_some_and(|(first, _)| *place > first) {
                    break;
                }
                let Some(entry) = self.entries.get(&place.interaction) else { continue };
                if !entry.may_ring(now) {
                    continue;
                }
                match self.choose(now, state, class, entry) {
                    Some(agent) => {
                        best = Some((*place, agent));
                        break;
                    }
                    // Those behind ask for the same; only somebody who spares an agent says nothing about them.
                    None if entry.cool.is_empty() => break,
                    None => {}
                }
            }
        }
        let (place, agent) = best?;
        let waited = i128::from(now.0 / 1000) - i128::from(place.at_ms);
        Some(Match { score: waited * i128::from(state.config.routing.weight), place, agent })
    }

    /// The strategy's choice for somebody among the free agents who may serve them.
    fn choose(&self, now: Timestamp, queue: &QueueState, class: &Class, entry: &Entry) -> Option<UserId> {
        let fits = |agent: &Agent| !entry.spares(now, agent.user) && serves(queue, class, agent);
        let free = |key: &FreeKey| self.agents.get(&key.2).filter(|a| fits(a));
        if let Some(wanted) = class.only.or(entry.prefer) {
            let here = self.agents.get(&wanted).filter(|a| a.can_take(class.channel) && queue.members.contains_key(&wanted) && fits(a));
            if here.is_some() || class.only.is_some() {
                return here.map(|a| a.user);
            }
        }
        let own = match queue.config.strategy {
            Strategy::RoundRobin => self.next_in_turn(queue, class, fits),
            Strategy::Random | Strategy::WeightedRandom => self.by_lot(queue, class, fits),
            Strategy::BestSkill => {
                let fit = |a: &&Agent| {
                    let needs = [class.needs.as_ref(), queue.asks(class.step).0];
                    let skill: u32 = needs.into_iter().flatten().map(|n| n.fit(&a.skills)).sum();
                    let level = queue.members.get(&a.user).map_or(u8::MAX, |m| m.level);
                    (std::cmp::Reverse(skill), level, a.load_percent(), a.idle_since, a.user)
                };
                queue.free_for(class.channel).filter_map(free).min_by_key(fit).map(|a| a.user)
            }
            _ => queue.free_for(class.channel).find_map(free).map(|a| a.user),
        };
        own.or_else(|| self.borrowed(queue, class, &fits))
    }

    fn next_in_turn(&self, queue: &QueueState, class: &Class, fits: impl Fn(&Agent) -> bool) -> Option<UserId> {
        let last = queue.rang_last.map_or(-1, i64::from);
        let border = (last, Timestamp(i64::MAX), UserId(uuid::Uuid::max()));
        let free = queue.free.get(&class.channel)?;
        let after = free.range((Bound::Excluded(border), Bound::Unbounded));
        let before = free.range(..=border);
        after.chain(before).map(|key| key.2).find(|user| self.agents.get(user).is_some_and(&fits))
    }

    /// Chance comes from the seed and the number of offers made so far.
    fn by_lot(&self, queue: &QueueState, class: &Class, fits: impl Fn(&Agent) -> bool) -> Option<UserId> {
        let even = queue.config.strategy == Strategy::Random;
        let weight = |user: &UserId| if even { 1 } else { queue.members.get(user).map_or(0, |m| u64::from(m.weight)) };
        let in_the_hat: Vec<(UserId, u64)> = queue
            .free_for(class.channel)
            .map(|key| key.2)
            .filter(|user| self.agents.get(user).is_some_and(&fits))
            .map(|user| (user, weight(&user)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        let total: u64 = in_the_hat.iter().map(|(_, weight)| weight).sum();
        let mut drawn = mix(self.seed ^ mix(self.counter)).checked_rem(total)?;
        in_the_hat.into_iter().find_map(|(user, weight)| match drawn.checked_sub(weight) {
            Some(rest) => {
                drawn = rest;
                None
            }
            None => Some(user),
        })
    }

    /// The longest idle of the first lender that is well.
    fn borrowed(&self, queue: &QueueState, class: &Class, fits: &impl Fn(&Agent) -> bool) -> Option<UserId> {
        queue.lenders.iter().take(usize::from(class.lenders)).find_map(|lender| {
            let from = self.queues.get(&lender.queue)?;
            let well = from.is_well(lender.service_level_min);
            let free = from.free_for(class.channel).filter_map(|key| self.agents.get(&key.2)).filter(|a| fits(a));
            if well { free.min_by_key(|a| (a.load_percent(), a.idle_since, a.user)).map(|a| a.user) } else { None }
        })
    }
}

/// Whether this agent may serve the class at all. Somebody borrowed has no level here.
fn serves(queue: &QueueState, class: &Class, agent: &Agent) -> bool {
    let (needs, level_max) = queue.asks(class.step);
    let level = queue.members.get(&agent.user).map(|m| m.level);
    level.is_none_or(|level| level <= level_max)
        && class.only.is_none_or(|only| only == agent.user)
        && [needs, class.needs.as_ref()].into_iter().flatten().all(|n| n.met_by(&agent.skills))
}

/// Queues by key, for what names another queue.
pub(super) fn queue_ids(queues: &BTreeMap<QueueId, QueueState>) -> BTreeMap<&str, QueueId> {
    queues.iter().map(|(id, q)| (q.config.key.as_str(), *id)).collect()
}

/// Who borrows from whom, the other way round.
pub(super) fn borrowers(queues: &BTreeMap<QueueId, QueueState>) -> BTreeMap<QueueId, BTreeSet<QueueId>> {
    let mut map: BTreeMap<QueueId, BTreeSet<QueueId>> = BTreeMap::new();
    for (id, queue) in queues {
        for lender in &queue.lenders {
            map.entry(lender.queue).or_default().insert(*id);
        }
    }
    map
}
