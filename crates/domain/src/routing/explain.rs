//! Why this agent: what the router looked at when it made an offer, kept with the interaction.
use super::Router;
use super::line::{Class, QueueState};
use super::waiting::Entry;
use crate::config::Strategy;
use crate::live::AgentStatus;
use crate::{QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Agents named on either side; the totals count all.
pub const EXPLAINED_MAX: usize = 20;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    pub strategy: Strategy,
    pub waited_ms: u64,
    /// `(waited + priority × priority_ms) × weight / 100`: why it was this interaction's turn.
    pub score_ms: i64,
    /// Steps of relaxation that had come.
    pub step: u8,
    /// Keys of the rules that applied.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What an agent had to be able to do at that moment.
    pub needs: Option<String>,
    /// The agent was kept for, or the one a caller should have.
    pub preferred: Option<UserId>,
    /// Lent by another queue.
    pub borrowed_from: Option<QueueId>,
    /// Free agents that would have done, the chosen one first.
    pub candidates: Vec<UserId>,
    pub candidates_total: u32,
    pub ruled_out: Vec<RuledOut>,
    pub ruled_out_total: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuledOut {
    pub agent: UserId,
    pub why: Why,
}

/// The rule that left an agent out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Offline,
    Break,
    Away,
    Ringing,
    OnCall,
    WrapUp,
    /// Does so much else that none of this channel has room.
    Capacity,
    /// The desk phone is not registered.
    Unreachable,
    /// Outside the ring that may be asked yet.
    Level,
    Skills,
    /// Declined this interaction, or did not answer it, a short while ago.
    Spared,
    /// The interaction is kept for its preferred agent.
    Preferred,
    /// Of a queue that lends its agents only after a longer wait.
    NotLentYet,
    /// Of a queue that lends, but has callers of its own or a service level that is too low.
    NotLent,
}
impl Why {
    /// Rules that waiting can soften; the others are about what the agent does.
    pub const fn yields(self) -> bool {
        matches!(self, Why::Level | Why::Skills | Why::Preferred | Why::NotLentYet)
    }
}

impl Router {
    pub(super) fn explain(&self, now: Timestamp, entry: &Entry, queue: &QueueState, chosen: UserId) -> Explanation {
        let class = &entry.class;
        let (mut candidates, mut ruled_out) = (vec![chosen], Vec::new());
        let (mut fit, mut unfit) = (1u32, 0u32);
        for agent in queue.members.keys().filter(|a| **a != chosen) {
            match self.ruled_out(now, entry, queue, class, *agent) {
                None => {
                    fit += 1;
                    if candidates.len() < EXPLAINED_MAX {
                        candidates.push(*agent);
                    }
                }
                Some(why) => {
                    unfit += 1;
                    if ruled_out.len() < EXPLAINED_MAX {
                        ruled_out.push(RuledOut { agent: *agent, why });
                    }
                }
            }
        }
        let borrowed = !queue.members.contains_key(&chosen);
        let lender = |l: &&super::line::Lender| self.queues.get(&l.queue).is_some_and(|q| q.members.contains_key(&chosen));
        let score = (i128::from(now.0 / 1000) - i128::from(entry.place.at_ms)) * i128::from(queue.config.routing.weight) / 100;
        Explanation {
            strategy: queue.config.strategy,
            waited_ms: now.ms_since(entry.since),
            score_ms: i64::try_from(score).unwrap_or(i64::MAX),
            step: class.step,
            rules: entry.applied.rules.clone(),
            needs: queue.all_needs(class),
            preferred: entry.prefer,
            borrowed_from: queue.lenders.iter().find(lender).map(|l| l.queue).filter(|_| borrowed),
            candidates,
            candidates_total: fit,
            ruled_out,
            ruled_out_total: unfit,
        }
    }

    /// Why this member may not be offered the entry; none: it may.
    pub(super) fn ruled_out(&self, now: Timestamp, entry: &Entry, queue: &QueueState, class: &Class, agent: UserId) -> Option<Why> {
        let Some(a) = self.agents.get(&agent).filter(|a| a.configured) else { return Some(Why::Offline) };
        let (needs, level_max) = queue.asks(class.step);
        let busy = (!a.can_take(class.channel)).then(|| match a.status() {
            AgentStatus::Offline => Why::Offline,
            AgentStatus::Break => Why::Break,
            AgentStatus::Away => Why::Away,
            _ if a.works.iter().any(|w| w.channel != class.channel) => Why::Capacity,
            AgentStatus::Ringing => Why::Ringing,
            AgentStatus::OnCall => Why::OnCall,
            AgentStatus::WrapUp => Why::WrapUp,
            AgentStatus::Available if a.reachable() => Why::Capacity,
            AgentStatus::Available => Why::Unreachable,
        });
        let level = queue.members.get(&agent).is_some_and(|m| m.level > level_max);
        let skills = || !needs.into_iter().chain(class.needs.as_ref()).all(|n| n.met_by(&a.skills));
        busy.or(level.then_some(Why::Level))
            .or_else(|| skills().then_some(Why::Skills))
            .or_else(|| class.only.is_some_and(|only| only != agent).then_some(Why::Preferred))
            .or_else(|| entry.spares(now, agent).then_some(Why::Spared))
    }
}
