//! Why nobody gets this one: where it stands, which rule leaves out whom now, and what the next step will change.
use super::Router;
use super::explain::Why;
use super::line::{Class, QueueState};
use super::waiting::Entry;
use crate::interaction::Channel;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Agents and interactions named; the totals count all.
pub const DIAGNOSED_MAX: usize = 100;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    pub interaction: InteractionId,
    pub queue: QueueId,
    pub channel: Channel,
    pub since: Timestamp,
    pub priority: u8,
    /// Keys of the rules that apply.
    pub rules: Vec<String>,
    /// 1 = next.
    pub position: u32,
    pub waiting: u32,
    /// Who stands before it, the next first.
    pub ahead: Vec<Ahead>,
    /// What an agent must be able to do now, the queue's and its own together.
    pub needs: Option<String>,
    pub level_max: u8,
    /// The agent it is kept for at the moment.
    pub kept_for: Option<UserId>,
    /// Agents that ring for it.
    pub ringing: Vec<UserId>,
    /// The members, then those of the queues that lend.
    pub agents: Vec<Verdict>,
    pub agents_total: u32,
    pub next: Option<NextStep>,
    /// It leaves by overflow then, if nobody rings for it.
    pub overflow_at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ahead {
    pub interaction: InteractionId,
    pub priority: u8,
    pub since: Timestamp,
    pub ringing: bool,
}

/// One agent and the rule that leaves them out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub agent: UserId,
    /// None: could have it; somebody before it takes them, or the next look gives it to them.
    pub why: Option<Why>,
    /// Declined or did not answer: asked again from then on.
    pub spared_until: Option<Timestamp>,
    /// Belongs to this queue and may be lent.
    pub lent_by: Option<QueueId>,
}

/// What waiting longer changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NextStep {
    pub at: Timestamp,
    pub needs: Option<String>,
    pub level_max: u8,
    /// Queues whose agents may help from then on, besides.
    pub lenders: Vec<QueueId>,
    /// No longer kept for its preferred agent.
    pub freed: bool,
    /// Members whom only this rules out now.
    pub gains: Vec<UserId>,
}

impl Router {
    /// None: it waits in no queue.
    pub fn diagnose(&self, now: Timestamp, interaction: InteractionId) -> Option<Diagnosis> {
        let entry = self.entries.get(&interaction)?;
        let queue = self.queues.get(&entry.queue)?;
        let (agents, agents_total) = self.verdicts(now, entry, queue);
        let ahead = queue.waiting.range(..entry.place);
        let overflow_at = self.timers.at(super::Timer::WaitMax(interaction));
        Some(Diagnosis {
            interaction,
            queue: entry.queue,
            channel: entry.channel,
            since: entry.since,
            priority: entry.applied.priority,
            rules: entry.applied.rules.clone(),
            position: u32::try_from(ahead.clone().count()).unwrap_or(u32::MAX).saturating_add(1),
            waiting: u32::try_from(queue.waiting.len()).unwrap_or(u32::MAX),
            ahead: ahead.filter_map(|p| self.ahead(p.interaction)).take(DIAGNOSED_MAX).collect(),
            needs: queue.all_needs(&entry.class),
            level_max: queue.asks(entry.class.step).1,
            kept_for: entry.class.only,
            ringing: self.ringing.get(&interaction).into_iter().flatten().filter_map(|o| self.offers.get(o)).map(|o| o.agent).collect(),
            agents,
            agents_total,
            next: self.next_step(now, interaction, entry, queue),
            overflow_at,
        })
    }

    fn ahead(&self, interaction: InteractionId) -> Option<Ahead> {
        let entry = self.entries.get(&interaction)?;
        let ringing = self.ringing.contains_key(&interaction);
        Some(Ahead { interaction, priority: entry.applied.priority, since: entry.since, ringing })
    }

    fn verdicts(&self, now: Timestamp, entry: &Entry, queue: &QueueState) -> (Vec<Verdict>, u32) {
        let own = queue.members.keys().map(|agent| (*agent, None, None));
        let lent = queue.lenders.iter().enumerate().flat_map(|(n, lender)| {
            let from = self.queues.get(&lender.queue);
            let asked = n < usize::from(entry.class.lenders);
            let well = from.is_some_and(|q| q.is_well(lender.service_level_min));
            let why = if !asked { Some(Why::NotLentYet) } else { (!well).then_some(Why::NotLent) };
            let members = from.into_iter().flat_map(|q| q.members.keys()).filter(|u| !queue.members.contains_key(u));
            members.map(move |agent| (*agent, Some(lender.queue), why))
        });
        let mut all: Vec<Verdict> = Vec::new();
        let mut total = 0u32;
        for (agent, lent_by, why) in own.chain(lent) {
            total = total.saturating_add(1);
            if all.len() >= DIAGNOSED_MAX {
                continue;
            }
            let why = why.or_else(|| self.ruled_out(now, entry, queue, &entry.class, agent));
            let spared_until = entry.cool.iter().find(|c| c.0 == agent && c.1 > now).map(|c| c.1);
            all.push(Verdict { agent, why, spared_until, lent_by });
        }
        (all, total)
    }

    fn next_step(&self, now: Timestamp, interaction: InteractionId, entry: &Entry, queue: &QueueState) -> Option<NextStep> {
        let at = self.timers.at(super::Timer::Relax(interaction))?;
        let (class, _) = self.class_of(at, entry, queue);
        let able = |class: &Class, agent: &UserId| self.ruled_out(now, entry, queue, class, *agent).is_none_or(|why| !why.yields());
        let gains = queue.members.keys().filter(|a| !able(&entry.class, a) && able(&class, a)).take(DIAGNOSED_MAX).copied().collect();
        let more = queue.lenders.iter().take(usize::from(class.lenders)).skip(usize::from(entry.class.lenders));
        Some(NextStep {
            at,
            needs: queue.all_needs(&class),
            level_max: queue.asks(class.step).1,
            lenders: more.map(|l| l.queue).collect(),
            freed: entry.class.only.is_some() && class.only.is_none(),
            gains,
        })
    }
}

impl QueueState {
    /// What the queue and the interaction ask for together, as text.
    pub(super) fn all_needs(&self, class: &Class) -> Option<String> {
        let needs: Vec<String> = [self.asks(class.step).0, class.needs.as_ref()].into_iter().flatten().map(ToString::to_string).collect();
        (!needs.is_empty()).then(|| needs.join(" & "))
    }

    /// Nobody waits here, and the service level holds: its agents may help elsewhere.
    pub(super) fn is_well(&self, service_level_min: u8) -> bool {
        self.lines.is_empty() && self.service_level.is_none_or(|now| now >= service_level_min)
    }
}
