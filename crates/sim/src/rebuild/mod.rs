//! Real days as a scenario: who came, who was there, and how long it took, out of the records, so that they can be played again with
//! something changed.
//!
//! A caller comes at the recorded time into the recorded queue with the recorded priority, and takes the recorded time when an agent
//! answers. How long callers would have waited is known of those who gave up only; of all others it is known that they would have
//! waited longer than they did, and the rest is drawn from the exponential distribution with the queue's mean patience
//! ([`domain::planning::patience_s`]). What else could not be taken from the records is told as an [`Assumption`].
mod callers;
mod changes;
mod crew;
mod queues;
#[cfg(test)]
mod tests;

pub use callers::{CHOICE_EVENTS, Came, chosen};
pub use changes::{AddedAgents, AgentChange, AgentChanges, Changes, QueueChange, RuleChanges};

use crate::scenario::{AgentGroup, Crew, Replay, Scenario};
use domain::config::{Overflow, Queue, RoutingRule, Skills};
use domain::monitor::{Stay, StayEnd};
use domain::planning::Presence;
use domain::{InteractionId, QueueId, Timestamp, UserId};
use queues::Manners;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// An agent as the set-up has it.
#[derive(Debug, Clone)]
pub struct Person {
    pub user: UserId,
    /// Names the agent in scenarios and changes.
    pub username: String,
    pub skills: Skills,
}

/// What is known of the days.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// Midnight of the first day.
    pub from: Timestamp,
    pub days: u32,
    pub queues: &'a [Queue],
    pub people: &'a [Person],
    /// Those that hold in all queues, in their order.
    pub rules: &'a [RoutingRule],
    /// Who is not named is a stranger who came straight into the line.
    pub callers: &'a BTreeMap<InteractionId, Came>,
    /// Of these days, in order of time; others are passed over.
    pub stays: &'a [Stay],
    /// Empty: nothing was recorded, and everybody counts as there all the time.
    pub presences: &'a BTreeMap<UserId, Presence>,
    /// Keys of the queues that are played; none: all to which somebody came. Queues they overflow to or borrow from come along.
    pub only: Option<&'a BTreeSet<String>>,
}

/// Something that the records did not say. The page shows each in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssumptionKind {
    /// No agent's status was recorded: all members work all the time.
    ShiftsUnknown,
    /// `count` callers did not give up: how much longer they would have waited is drawn.
    PatienceDrawn,
    /// Too few gave up in this queue: its patience is that of all queues together.
    PatiencePooled,
    /// Nobody gave up: callers wait for ever.
    PatienceUnknown,
    /// `count` callers were not answered: how long they would have talked is drawn.
    HandlingDrawn,
    /// Nobody was answered in this queue: its handling time is that of all queues together.
    HandlingPooled,
    /// There are rules: what they ask about customers, and the rules themselves, are those of today.
    RulesOfToday,
    /// `count` callers left by a key or a full line; they are played as callers who wait.
    FlowOutsWait,
    /// `count` callers waited still or were lost; they are not played.
    OpenLeftOut,
    /// Other queues are not played; their calls take no agent's time.
    QueuesLeftOut,
    /// Agents answer after their mean time of ringing, and always.
    RingingMean,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    pub what: AssumptionKind,
    /// Key; none: of all.
    pub queue: Option<String>,
    pub count: Option<u64>,
}

impl Assumption {
    fn of(what: AssumptionKind) -> Self {
        Self { what, queue: None, count: None }
    }
    fn counted(what: AssumptionKind, count: u64) -> Option<Self> {
        (count > 0).then_some(Self { count: Some(count), ..Self::of(what) })
    }
    fn in_queue(what: AssumptionKind, queue: &str) -> Self {
        Self { queue: Some(queue.to_owned()), ..Self::of(what) }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Rebuilt {
    pub scenario: Scenario,
    pub assumptions: Vec<Assumption>,
    /// Everybody who is played, over all overflows as one stay in the queue they came for: what the simulation's total counts.
    pub contacts: Vec<Stay>,
}

const DAY_MS: u64 = 24 * 3_600_000;

/// The days as a scenario. Nobody to play is a scenario without `replay`.
pub fn rebuild(records: &Records<'_>) -> Rebuilt {
    let coming: Vec<Coming<'_>> = comings(records);
    let played = played(records, &coming);
    let mut assumptions = Vec::new();
    let mine: Vec<&Coming<'_>> = coming.iter().filter(|c| played.contains(&c.first.queue)).collect();
    if mine.len() < coming.len() {
        assumptions.push(Assumption::of(AssumptionKind::QueuesLeftOut));
    }
    let queues: Vec<&Queue> = records.queues.iter().filter(|q| played.contains(&q.id)).collect();
    let manners = Manners::new(records, &played);
    let keys: BTreeMap<QueueId, &str> = queues.iter().map(|q| (q.id, q.key.as_str())).collect();
    let setups = queues.iter().map(|q| manners.queue(q, &mut assumptions)).collect();
    let replay: Vec<Replay> = mine.iter().filter_map(|c| c.replay(records, &keys)).collect();
    let rules: Vec<RoutingRule> = records.rules.iter().filter(|r| r.enabled).cloned().collect();
    assumptions.extend(of_rules(&rules, &queues));
    let answered = mine.iter().filter(|c| c.last.is_answered()).count() as u64;
    let gave_up = mine.iter().filter(|c| c.last.end == StayEnd::Abandoned).count() as u64;
    let flown = mine.iter().filter(|c| c.last.end == StayEnd::FlowOut).count() as u64;
    let open = mine.len() as u64 - answered - gave_up - flown;
    assumptions.extend(Assumption::counted(AssumptionKind::PatienceDrawn, answered + flown));
    assumptions.extend(Assumption::counted(AssumptionKind::HandlingDrawn, gave_up + flown));
    assumptions.extend(Assumption::counted(AssumptionKind::FlowOutsWait, flown));
    assumptions.extend(Assumption::counted(AssumptionKind::OpenLeftOut, open));
    let groups: Vec<AgentGroup> = crew::groups(records, &queues, &mut assumptions);
    let scenario = Scenario {
        check: Some(false),
        hours: Some(f64::from(records.days) * 24.0),
        start_h: Some(0.0),
        agents: Some(Crew::Groups(groups)),
        queues: setups,
        rules,
        replay,
        ..Scenario::default()
    };
    let contacts = mine.iter().filter(|c| !matches!(c.last.end, StayEnd::Lost | StayEnd::Waiting)).map(|c| c.as_one()).collect();
    Rebuilt { scenario, assumptions, contacts }
}

/// A caller who came into a queue from outside or from an agent, and what became of it over all overflows.
struct Coming<'a> {
    first: &'a Stay,
    last: &'a Stay,
    /// From an agent.
    transferred: bool,
}

impl Coming<'_> {
    fn waited_ms(&self) -> u64 {
        self.last.at.plus_ms(self.last.wait_ms).ms_since(self.first.at)
    }

    fn as_one(&self) -> Stay {
        Stay { queue: self.first.queue, at: self.first.at, wait_ms: self.waited_ms(), ..self.last.clone() }
    }

    /// None for who is not played.
    fn replay(&self, records: &Records<'_>, played: &BTreeMap<QueueId, &str>) -> Option<Replay> {
        let waited_ms = self.waited_ms();
        let came = records.callers.get(&self.first.interaction).cloned().unwrap_or_default();
        let stood = records.queues.iter().find(|q| q.id == self.first.queue)?;
        // The rules are played: what they added is not the caller's own.
        let added = callers::rules_for(records.rules, stood, &came.caller).fold(0, |sum: u8, r| sum.saturating_add(r.priority));
        let sent_from = came.first_queue.filter(|_| !self.transferred).and_then(|q| played.get(&q));
        let queue = match sent_from {
            Some(first) => *first,
            None => played.get(&self.first.queue)?,
        };
        let base = Replay {
            at_ms: self.first.at.ms_since(records.from),
            queue: queue.to_owned(),
            priority: self.first.priority.saturating_sub(added),
            prefer: came.last_agent.and_then(|a| records.people.iter().find(|p| p.user == a)).map(|p| p.username.clone()),
            caller: came.caller,
            // Sent on already, from where is not played.
            transferred: self.transferred || came.first_queue.is_some() && sent_from.is_none(),
            ..Replay::default()
        };
        let over = Some(waited_ms).filter(|ms| *ms > 0);
        Some(match self.last.end {
            StayEnd::Answered => Replay {
                handle_ms: Some(self.last.talk_ms + self.last.hold_ms),
                wrap_up_ms: Some(self.last.wrap_up_ms),
                patience_over_ms: over,
                ..base
            },
            StayEnd::Abandoned => Replay { patience_ms: Some(waited_ms), ..base },
            StayEnd::FlowOut => Replay { patience_over_ms: over, ..base },
            StayEnd::Lost | StayEnd::Waiting => return None,
        })
    }
}

/// Stays of one contact that follow each other by overflow are one coming: the simulated queue overflows by itself.
fn comings<'a>(records: &Records<'a>) -> Vec<Coming<'a>> {
    let to = records.from.plus_ms(u64::from(records.days) * DAY_MS);
    let mut of_contact: BTreeMap<InteractionId, Vec<&'a Stay>> = BTreeMap::new();
    for stay in records.stays {
        of_contact.entry(stay.interaction).or_default().push(stay);
    }
    let mut all: Vec<Coming<'a>> = Vec::new();
    for stays in of_contact.values_mut() {
        stays.sort_by_key(|s| s.at);
        let mut chain: Option<Coming<'a>> = None;
        for stay in stays.iter().copied() {
            match &mut chain {
                Some(c) if c.last.end == StayEnd::FlowOut => c.last = stay,
                _ => {
                    let transferred = chain.is_some();
                    all.extend(chain.replace(Coming { first: stay, last: stay, transferred }));
                }
            }
        }
        all.extend(chain);
    }
    all.retain(|c| c.first.at >= records.from && c.first.at < to);
    all.sort_by_key(|c| (c.first.at, c.first.interaction));
    all
}

/// What stands for what the records do not say about rules.
fn of_rules(house: &[RoutingRule], queues: &[&Queue]) -> Option<Assumption> {
    let mut all = queues.iter().flat_map(|q| &q.routing.rules).chain(house).filter(|r| r.enabled);
    all.next().map(|_| Assumption::of(AssumptionKind::RulesOfToday))
}

/// The queues in question, and those that they need.
fn played(records: &Records<'_>, coming: &[Coming<'_>]) -> BTreeSet<QueueId> {
    let came: BTreeSet<QueueId> = coming.iter().map(|c| c.first.queue).collect();
    let asked = |q: &&Queue| records.only.map_or_else(|| came.contains(&q.id), |only| only.contains(&q.key));
    let mut found: BTreeSet<QueueId> = BTreeSet::new();
    let mut open: Vec<&Queue> = records.queues.iter().filter(asked).collect();
    while let Some(queue) = open.pop() {
        if !found.insert(queue.id) {
            continue;
        }
        let overflow = if let Overflow::Queue { queue } = &queue.overflow { Some(queue) } else { None };
        let rules = records.rules.iter().chain(&queue.routing.rules).filter(|r| r.enabled).filter_map(|r| r.queue.as_ref());
        let needed = queue.routing.borrow.iter().map(|b| &b.from).chain(overflow).chain(rules);
        open.extend(needed.filter_map(|key| records.queues.iter().find(|q| q.key == *key)));
    }
    found
}
