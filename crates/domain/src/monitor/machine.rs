//! The monitor itself: takes events, keeps who waits and who does what, and the buckets of sums.
use super::buckets::{Buckets, INTERVAL_MS, INTERVALS_KEPT, MINUTE_MS, MINUTES_KEPT};
use super::fold::{Deed, FACTS_MAX, Fact, Told, What, tell};
use super::options::{OptionError, QueueOptions, QueueSetup};
use super::sums::Sum;
use crate::event::{Event, EventKind};
use crate::live::{AgentLive, AgentStatus};
use crate::{EventId, InteractionId, QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Interactions remembered together; beyond it the one that was silent longest is closed as lost.
pub const INTERACTIONS_MAX: usize = 40_000;
/// An interaction that neither waits nor talks is remembered this long for what may still come late.
pub const SETTLE_MS: u64 = 30 * 60_000;
/// Agents with a present status.
pub const AGENTS_MAX: usize = 20_000;
/// Events remembered by id, so that one delivered twice counts once.
pub const SEEN_MAX: usize = 65_536;
/// An event from further ahead than this comes from a wrong clock and is not counted.
pub const FUTURE_MAX_MS: u64 = 5 * 60_000;
/// And one from further back has nothing to do with what is kept.
pub const PAST_MAX_MS: i64 = 7 * 24 * 3_600_000;

/// What is known of one interaction.
#[derive(Debug, Clone, Default, PartialEq)]
struct Story {
    facts: Vec<Fact>,
    told: Told,
    last_at: Timestamp,
}

/// An agent at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AgentNow {
    pub status: AgentStatus,
    pub since: Timestamp,
    /// Of two changes at one instant the later id is taken.
    event: Option<EventId>,
}

/// Fold with `apply`, ask with `value` and `drill`. Memory: see the limits of this module and of `Buckets`.
#[derive(Debug, Clone)]
pub struct Monitor {
    utc_offset_s: i32,
    pub(super) queues: BTreeMap<QueueId, QueueSetup>,
    pub(super) minutes: Buckets,
    pub(super) intervals: Buckets,
    stories: BTreeMap<InteractionId, Story>,
    /// Stories by the time of their last fact.
    by_age: BTreeSet<(Timestamp, InteractionId)>,
    pub(super) waiting: BTreeMap<QueueId, BTreeSet<(Timestamp, InteractionId)>>,
    pub(super) talking: BTreeMap<InteractionId, (Option<QueueId>, UserId)>,
    pub(super) agents: BTreeMap<UserId, AgentNow>,
    /// When an agent's break was last said to last too long.
    overstayed: BTreeMap<UserId, Timestamp>,
    /// Latest time of an event: the clock of forgetting, so that old events may be folded as if live.
    latest: Timestamp,
    seen: BTreeSet<EventId>,
    seen_order: VecDeque<EventId>,
    ignored: u64,
}

impl Monitor {
    /// `utc_offset_s`: where the tenant's midnight is, seconds east of UTC (China: 28,800).
    ///
    /// # Errors
    /// `UtcOffset` when it is not a time zone's.
    pub fn new(utc_offset_s: i32) -> Result<Self, OptionError> {
        let mut monitor = Self {
            utc_offset_s: 0,
            queues: BTreeMap::new(),
            minutes: Buckets::new(MINUTE_MS, MINUTES_KEPT),
            intervals: Buckets::new(INTERVAL_MS, INTERVALS_KEPT),
            stories: BTreeMap::new(),
            by_age: BTreeSet::new(),
            waiting: BTreeMap::new(),
            talking: BTreeMap::new(),
            agents: BTreeMap::new(),
            overstayed: BTreeMap::new(),
            latest: Timestamp(i64::MIN),
            seen: BTreeSet::new(),
            seen_order: VecDeque::new(),
            ignored: 0,
        };
        monitor.set_utc_offset(utc_offset_s)?;
        Ok(monitor)
    }

    /// Everything anew from stored events, in any order: gives what folding them live gave.
    ///
    /// # Errors
    /// As `new` and `configure`.
    pub fn recompute<'a>(
        utc_offset_s: i32,
        queues: Vec<QueueSetup>,
        now: Timestamp,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Result<Self, OptionError> {
        let mut monitor = Self::new(utc_offset_s)?;
        monitor.configure(queues)?;
        let mut sorted: Vec<&Event> = events.into_iter().collect();
        sorted.sort_by_key(|e| (e.at, e.id));
        for event in sorted {
            monitor.apply(now, event);
        }
        Ok(monitor)
    }

    /// # Errors
    /// `UtcOffset` when it is not a time zone's; nothing changed.
    pub fn set_utc_offset(&mut self, utc_offset_s: i32) -> Result<(), OptionError> {
        if utc_offset_s % 900 != 0 || !(-43_200..=50_400).contains(&utc_offset_s) {
            return Err(OptionError::UtcOffset(utc_offset_s));
        }
        self.utc_offset_s = utc_offset_s;
        Ok(())
    }
    pub fn utc_offset_s(&self) -> i32 {
        self.utc_offset_s
    }

    /// The queues, whole, every time. All kept visits are judged again by changed options.
    ///
    /// # Errors
    /// The first option out of its limits; nothing changed.
    pub fn configure(&mut self, queues: Vec<QueueSetup>) -> Result<(), OptionError> {
        let mut new = BTreeMap::new();
        for setup in queues {
            setup.check()?;
            let queue = setup.queue;
            if new.insert(queue, setup).is_some() {
                return Err(OptionError::Twice(queue));
            }
        }
        let old = std::mem::replace(&mut self.queues, new);
        let touched: BTreeSet<QueueId> = old.keys().chain(self.queues.keys()).copied().collect();
        for queue in touched {
            let options = self.options(queue);
            if old.get(&queue).map(|q| &q.options).cloned().unwrap_or_default() != options {
                self.minutes.judge_again(queue, &options);
                self.intervals.judge_again(queue, &options);
            }
        }
        Ok(())
    }

    /// Options of a queue; the defaults for one that was not configured.
    pub fn options(&self, queue: QueueId) -> QueueOptions {
        self.queues.get(&queue).map(|q| q.options.clone()).unwrap_or_default()
    }

    /// Takes one event in. Late (within `SETTLE_MS`), repeated and swapped ones are fine.
    pub fn apply(&mut self, now: Timestamp, event: &Event) {
        self.advance(now);
        if event.at > now.plus_ms(FUTURE_MAX_MS) || event.at.as_ms() < now.as_ms().saturating_sub(PAST_MAX_MS) {
            self.ignored += 1;
            return;
        }
        if !self.is_new(event.id) {
            return;
        }
        match (&event.kind, event.agent, event.interaction) {
            (EventKind::AgentStatusChanged { from, to, was_ms, .. }, Some(agent), _) => {
                self.agent_changed(event, agent, *from, *to, *was_ms)
            }
            (EventKind::BreakOverstayed { .. }, Some(agent), _) => self.break_overstayed(event.at, agent),
            (EventKind::OfferEnded { result, .. }, ..) => self.offer_ended(event, result),
            (_, _, Some(interaction)) => {
                if let Some(fact) = Fact::of(event) {
                    self.learn(interaction, fact);
                }
            }
            _ => {}
        }
        self.latest = self.latest.max(event.at);
        self.bound(self.latest);
    }

    /// The agents as the router has them, whole: after a restart nobody is where the last event left them.
    pub fn sync_agents(&mut self, agents: &[AgentLive]) {
        let now = |a: &AgentLive| AgentNow { status: a.status, since: a.since, event: None };
        self.agents = agents.iter().take(AGENTS_MAX).map(|a| (a.user, now(a))).collect();
    }

    /// Lets time pass without an event: what is too old is forgotten.
    pub fn advance(&mut self, now: Timestamp) {
        self.minutes.advance(now);
        self.intervals.advance(now);
    }

    /// Events that could not be counted: from a wrong clock, or above a limit of this module.
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    fn is_new(&mut self, id: EventId) -> bool {
        if !self.seen.insert(id) {
            return false;
        }
        self.seen_order.push_back(id);
        if self.seen_order.len() > SEEN_MAX
            && let Some(oldest) = self.seen_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }

    fn agent_changed(&mut self, event: &Event, agent: UserId, from: AgentStatus, to: AgentStatus, was_ms: u64) {
        if let Some(sum) = Sum::of_status(from) {
            let was_us = i64::try_from(was_ms).unwrap_or(i64::MAX).saturating_mul(1000);
            let began = Timestamp(event.at.0.saturating_sub(was_us));
            self.minutes.credit(agent, sum, began, event.at);
            self.intervals.credit(agent, sum, began, event.at);
        }
        if self.agents.len() >= AGENTS_MAX && !self.agents.contains_key(&agent) {
            self.agents.retain(|_, a| a.status != AgentStatus::Offline);
            if self.agents.len() >= AGENTS_MAX {
                self.ignored += 1;
                return;
            }
        }
        let new = AgentNow { status: to, since: event.at, event: Some(event.id) };
        let present = self.agents.entry(agent).or_insert_with(|| new.clone());
        if (present.since, present.event) <= (new.since, new.event) {
            *present = new;
        }
    }

    fn break_overstayed(&mut self, at: Timestamp, agent: UserId) {
        if self.overstayed.len() >= AGENTS_MAX && !self.overstayed.contains_key(&agent) {
            let agents = &self.agents;
            self.overstayed.retain(|a, _| agents.get(a).is_some_and(|now| now.status == AgentStatus::Break));
        }
        if self.overstayed.len() >= AGENTS_MAX {
            self.ignored += 1;
            return;
        }
        let last = self.overstayed.entry(agent).or_insert(at);
        *last = at.max(*last);
    }

    /// The break that the agent is on was said to last too long; one of an earlier break says nothing.
    pub(super) fn overstays(&self, agent: UserId, now: &AgentNow) -> bool {
        now.status == AgentStatus::Break && self.overstayed.get(&agent).is_some_and(|at| *at >= now.since)
    }

    fn offer_ended(&mut self, event: &Event, result: &str) {
        let sums = [Sum::Offers, Sum::of_offer(result)];
        self.minutes.tally(event.at, event.queue, event.agent, &sums);
        self.intervals.tally(event.at, event.queue, event.agent, &sums);
    }

    fn learn(&mut self, interaction: InteractionId, fact: Fact) {
        let story = self.stories.entry(interaction).or_default();
        if story.facts.len() >= FACTS_MAX && !fact.ends() || story.facts.len() > FACTS_MAX {
            self.ignored += 1;
            return;
        }
        let place = story.facts.partition_point(|f| f.key() < fact.key());
        if story.facts.get(place).is_some_and(|f| f.id == fact.id) {
            return;
        }
        self.by_age.remove(&(story.last_at, interaction));
        story.last_at = story.last_at.max(fact.at);
        self.by_age.insert((story.last_at, interaction));
        story.facts.insert(place, fact);
        let told = tell(&story.facts);
        let before = std::mem::replace(&mut story.told, told.clone());
        self.replace(interaction, &before, &told);
    }

    /// Takes out what an interaction amounted to and counts what it amounts to now.
    fn replace(&mut self, interaction: InteractionId, before: &Told, after: &Told) {
        // Most stay as they were, and two may be alike.
        let mut gone: Vec<&Deed> = before.deeds.iter().collect();
        for deed in &after.deeds {
            match gone.iter().position(|d| *d == deed) {
                Some(same) => drop(gone.swap_remove(same)),
                None => self.count(deed, 1),
            }
        }
        for deed in gone {
            self.count(deed, -1);
        }
        if before.waiting != after.waiting {
            if let Some((queue, since)) = before.waiting
                && let Some(line) = self.waiting.get_mut(&queue)
            {
                line.remove(&(since, interaction));
                if line.is_empty() {
                    self.waiting.remove(&queue);
                }
            }
            if let Some((queue, since)) = after.waiting {
                self.waiting.entry(queue).or_default().insert((since, interaction));
            }
        }
        match after.talking {
            Some(talk) => drop(self.talking.insert(interaction, talk)),
            None => drop(self.talking.remove(&interaction)),
        }
    }

    fn count(&mut self, deed: &Deed, times: i64) {
        let options = match deed {
            Deed::Visit { queue, .. } => self.options(*queue),
            _ => QueueOptions::default(),
        };
        self.minutes.count(deed, &options, times);
        self.intervals.count(deed, &options, times);
    }

    /// Forgets interactions that are settled, and, above the limit, the one silent longest.
    fn bound(&mut self, now: Timestamp) {
        let mut busy = Vec::new();
        while let Some((last_at, interaction)) = self.by_age.first().copied() {
            let open = self.stories.get(&interaction).is_some_and(|s| s.told.waiting.is_some() || s.told.talking.is_some());
            let full = self.stories.len() > INTERACTIONS_MAX;
            if !full && now.ms_since(last_at) <= SETTLE_MS {
                break;
            }
            self.by_age.remove(&(last_at, interaction));
            if open && !full {
                // It may go on for hours; looked at again after as long.
                busy.push((now, interaction));
                continue;
            }
            if open {
                self.close_lost(now, interaction);
            }
            self.stories.remove(&interaction);
        }
        for (at, interaction) in busy {
            if let Some(story) = self.stories.get_mut(&interaction) {
                story.last_at = at;
                self.by_age.insert((at, interaction));
            }
        }
    }

    fn close_lost(&mut self, now: Timestamp, interaction: InteractionId) {
        self.ignored += 1;
        let Some(mut story) = self.stories.remove(&interaction) else { return };
        let id = EventId(uuid::Uuid::max());
        story.facts.push(Fact { at: now, id, agent: None, queue: None, what: What::Lost });
        let told = tell(&story.facts);
        self.replace(interaction, &story.told, &told);
    }

    #[cfg(test)]
    pub(super) fn stories(&self) -> usize {
        self.stories.len()
    }
}
