//! One queue's waiting line: who is next, and in which class of needs they stand.
use super::agents::Agent;
use super::io::Shut;
use crate::config::{Needs, Queue, Strategy};
use crate::interaction::Channel;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody put at the head stands this much before their own time.
const HEAD_MS: i64 = 500_000_000;

/// Where somebody stands: the smaller the earlier. Score at a moment = (moment − `at_ms`) × weight, so the order never changes
/// by waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at_ms: i64,
    /// Of two with the same place, who came first.
    pub number: u64,
    pub interaction: InteractionId,
}

/// `at_ms` of a place: when it began to wait, moved forward by priority and by being put at the head.
pub fn place_ms(queue: &Queue, priority: u8, head: bool, since: Timestamp) -> i64 {
    let step = i64::try_from(queue.routing.priority_ms).unwrap_or(i64::MAX / 512);
    (since.0 / 1000) - step.saturating_mul(i64::from(priority)) - if head { HEAD_MS } else { 0 }
}

/// Those who ask for the same: one look at an agent answers for all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// Steps of `Routing::relax` that have come.
    pub step: u8,
    /// Lenders of `Routing::borrow` that may be asked.
    pub lenders: u8,
    /// For now only this agent will do.
    pub only: Option<UserId>,
    pub needs: Option<Needs>,
    pub channel: Channel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    pub level: u8,
    pub weight: u16,
    /// Position in the list of members.
    pub index: u32,
}

/// Free agents in the order of the queue's strategy; the least loaded first where the strategy does not care, of those the longest
/// idle.
pub(super) type FreeKey = (i64, Timestamp, UserId);
pub(super) type FreeSet = BTreeSet<FreeKey>;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct QueueState {
    pub config: Queue,
    pub members: BTreeMap<UserId, Member>,
    /// Everybody who waits, those for whom somebody rings too.
    pub waiting: BTreeSet<Place>,
    /// Those who may be offered, by what they ask for. Never holds an empty set.
    pub lines: BTreeMap<Class, BTreeSet<Place>>,
    /// Who may be offered one of a channel; the channels are those that ever came (`Router::channels`).
    pub free: BTreeMap<Channel, FreeSet>,
    /// Index of the member that round robin rang last.
    pub rang_last: Option<u32>,
    /// Queues whose agents may help here, in the order of `Routing::borrow`; those that are missing are left out.
    pub lenders: Vec<Lender>,
    pub service_level: Option<u8>,
    /// Closed by its hours.
    pub shut: Option<Shut>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lender {
    pub queue: QueueId,
    pub after_ms: u64,
    pub service_level_min: u8,
}

impl QueueState {
    pub fn new(config: Queue) -> Self {
        let mut state = Self {
            config,
            members: BTreeMap::new(),
            waiting: BTreeSet::new(),
            lines: BTreeMap::new(),
            free: BTreeMap::new(),
            rang_last: None,
            lenders: Vec::new(),
            service_level: None,
            shut: None,
        };
        state.index_members();
        state
    }

    pub fn index_members(&mut self) {
        let member = |(index, m): (usize, &crate::config::QueueMember)| {
            (m.user, Member { level: m.level, weight: m.weight, index: u32::try_from(index).unwrap_or(u32::MAX) })
        };
        self.members = self.config.members.iter().enumerate().map(member).collect();
    }

    /// Where a free agent stands among the free members.
    pub fn free_key(&self, agent: &Agent) -> Option<FreeKey> {
        let member = self.members.get(&agent.user)?;
        let rank = match self.config.strategy {
            Strategy::RoundRobin | Strategy::TopDown | Strategy::RingProgressively => i64::from(member.index),
            Strategy::FewestCalls => i64::try_from(agent.answered).unwrap_or(i64::MAX),
            Strategy::LeastRecent => agent.last_end.map_or(i64::MIN, |at| at.0),
            Strategy::LeastTalkTime => i64::try_from(agent.talk_ms).unwrap_or(i64::MAX),
            Strategy::LongestIdle | Strategy::Random | Strategy::WeightedRandom | Strategy::RingAll | Strategy::BestSkill => {
                i64::from(agent.load_percent())
            }
        };
        Some((rank, agent.idle_since, agent.user))
    }

    /// The free members for a channel, in order.
    pub fn free_for(&self, channel: Channel) -> impl Iterator<Item = &FreeKey> {
        self.free.get(&channel).into_iter().flatten()
    }

    pub fn put(&mut self, class: &Class, place: Place) {
        self.lines.entry(class.clone()).or_default().insert(place);
    }
    pub fn take(&mut self, class: &Class, place: &Place) {
        if let Some(line) = self.lines.get_mut(class) {
            line.remove(place);
            if line.is_empty() {
                self.lines.remove(class);
            }
        }
    }

    /// What the queue asks for in this step, and up to which level members may serve.
    pub fn asks(&self, step: u8) -> (Option<&Needs>, u8) {
        let routing = &self.config.routing;
        let mut asks = (routing.needs.as_ref(), routing.level_max);
        for relax in routing.relax.iter().take(usize::from(step)) {
            asks = (relax.needs.as_ref().or(asks.0), relax.level_max.unwrap_or(asks.1));
        }
        asks
    }

    /// The class of somebody who waits since `since`, and when it changes.
    pub fn class_at(
        &self,
        now: Timestamp,
        since: Timestamp,
        channel: Channel,
        needs: Option<&Needs>,
        only: Option<(UserId, Timestamp)>,
    ) -> (Class, Option<Timestamp>) {
        let waited = now.ms_since(since);
        let routing = &self.config.routing;
        let step = routing.relax.iter().filter(|r| r.after_ms <= waited).count();
        let lenders = self.lenders.iter().filter(|l| l.after_ms <= waited).count();
        let given_up = routing.relax.iter().take(step).any(|r| r.own_needs);
        let only = only.filter(|(_, until)| *until > now);
        let class = Class {
            step: u8::try_from(step).unwrap_or(u8::MAX),
            lenders: u8::try_from(lenders).unwrap_or(u8::MAX),
            only: only.map(|(agent, _)| agent),
            needs: needs.filter(|_| !given_up).cloned(),
            channel,
        };
        let steps = routing.relax.iter().map(|r| r.after_ms).chain(self.lenders.iter().map(|l| l.after_ms));
        let next = steps.filter(|after| *after > waited).map(|after| since.plus_ms(after)).chain(only.map(|(_, until)| until)).min();
        (class, next)
    }
}
