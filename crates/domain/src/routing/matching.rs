//! Who gets whom: the first in line that a free agent may serve, and the agent that the queue's strategy picks.
use super::waiting::Order;
use super::{Effect, Router};
use crate::config::Strategy;
use crate::{InteractionId, Timestamp, UserId};

/// A free agent as a strategy sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub agent: UserId,
    /// Skill level in the queue, 1 (best) … 9.
    pub level: u8,
    pub idle_since: Timestamp,
}

/// The strategy's choice among free agents; none of none.
pub fn pick(strategy: Strategy, candidates: &[Candidate]) -> Option<UserId> {
    match strategy {
        Strategy::LongestIdle => candidates.iter().min_by_key(|c| (c.idle_since, c.agent)).map(|c| c.agent),
    }
}

impl Router {
    /// Offers until nobody who waits can be served by anybody who is free.
    pub(super) fn match_waiting(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while !self.idle.is_empty() {
            let best = self.queues.values().filter_map(|q| self.first_servable(now, q)).min_by_key(|m| m.0);
            let Some((order, agent)) = best else { break };
            let interaction: InteractionId = order.4;
            self.offer_entry(now, interaction, agent, out);
        }
    }

    /// The first of this queue that some free member may be offered, and to whom.
    fn first_servable(&self, now: Timestamp, queue: &super::waiting::QueueState) -> Option<(Order, UserId)> {
        if queue.waiting.is_empty() {
            return None;
        }
        let free: Vec<Candidate> = self
            .idle
            .iter()
            .filter_map(|(idle_since, agent)| Some(Candidate { agent: *agent, level: *queue.levels.get(agent)?, idle_since: *idle_since }))
            .collect();
        if free.is_empty() {
            return None;
        }
        for order in &queue.waiting {
            if self.offer_of.contains_key(&order.4) {
                continue;
            }
            let cool = self.entries.get(&order.4).map_or(&[][..], |e| &e.cool[..]);
            let spared = |agent: UserId| cool.iter().any(|(a, until)| *a == agent && *until > now);
            let agent = if cool.is_empty() {
                pick(queue.config.strategy, &free)
            } else {
                let willing: Vec<Candidate> = free.iter().copied().filter(|c| !spared(c.agent)).collect();
                pick(queue.config.strategy, &willing)
            };
            if let Some(agent) = agent {
                return Some((*order, agent));
            }
        }
        None
    }
}
