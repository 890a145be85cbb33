//! What the checker knows of the floor, from inputs and effects alone: its own books, kept without asking the router.
use domain::config::{Needs, Queue, RoutingRule, Skills};
use domain::live::{AgentLive, AgentStatus, Device};
use domain::routing::{Card, Enqueue};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy)]
pub(super) struct Ring {
    pub agent: UserId,
    pub interaction: InteractionId,
    pub expires_at: Timestamp,
}

/// Somebody in a queue, from coming in to the one end.
#[derive(Debug, Clone)]
pub(super) struct Stay {
    pub queue: QueueId,
    /// Rules included, as are `needs`.
    pub priority: u8,
    pub head: bool,
    pub since: Timestamp,
    pub needs: Option<Needs>,
    /// How long it is kept for the agent it should have, where a rule says so.
    pub hold_ms: Option<u64>,
    pub prefer: Option<UserId>,
    pub entered_at: Timestamp,
    /// In order of coming in: of two with the same claim the smaller goes first.
    pub number: u64,
    /// False after the router died, until it is told of this stay again.
    pub placed: bool,
    /// Agents that did not take it: spared for certain until, perhaps until.
    pub spared: BTreeMap<UserId, (Timestamp, Timestamp)>,
    /// Agents ring one after the other: no further one before.
    pub ring_next_at: Option<Timestamp>,
    /// The queue's longest wait is over.
    pub wait_until: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Person {
    pub live: AgentLive,
    /// Began to wait for work.
    pub turn_since: Timestamp,
    pub answered: u64,
    pub talk_ms: u64,
    pub last_end: Option<Timestamp>,
}

impl Person {
    pub fn new(live: AgentLive, now: Timestamp) -> Self {
        Self { live, turn_since: now, answered: 0, talk_ms: 0, last_end: None }
    }
    pub fn free(&self) -> bool {
        self.live.status == AgentStatus::Available && (self.live.device == Device::Browser || self.live.phone_registered)
    }
}

#[derive(Debug, Clone)]
pub(super) struct Line {
    pub config: Queue,
    pub service_level: Option<u8>,
    /// Place in the list of members of the one rung last, −1 for nobody yet; none when unknown, as after a change of members.
    pub rang_last: Option<i64>,
}

impl Line {
    pub fn member(&self, agent: UserId) -> Option<(usize, &domain::config::QueueMember)> {
        self.config.members.iter().enumerate().find(|(_, m)| m.user == agent)
    }
}

#[derive(Debug, Default)]
pub(super) struct Books {
    pub queues: BTreeMap<QueueId, Line>,
    /// Of the house.
    pub rules: Vec<RoutingRule>,
    /// Everybody in the set-up, with what they can do.
    pub skills: BTreeMap<UserId, Skills>,
    pub people: BTreeMap<UserId, Person>,
    pub rings: BTreeMap<OfferId, Ring>,
    /// How many ring for an interaction; never 0.
    ringing: BTreeMap<InteractionId, usize>,
    pub stays: BTreeMap<InteractionId, Stay>,
    /// Offered to one agent, past the queues.
    pub direct: BTreeSet<InteractionId>,
    pub talking: BTreeMap<UserId, InteractionId>,
    counter: u64,
}

impl Books {
    pub fn configure(&mut self, queues: &[Queue], agents: &[domain::routing::AgentSetup]) {
        let mut before = std::mem::take(&mut self.queues);
        for config in queues {
            let old = before.remove(&config.id);
            let (service_level, rang_last) = match old {
                Some(old) if old.config.members == config.members => (old.service_level, old.rang_last),
                Some(old) => (old.service_level, None),
                None => (None, Some(-1)),
            };
            self.queues.insert(config.id, Line { config: config.clone(), service_level, rang_last });
        }
        self.skills = agents.iter().map(|a| (a.user, a.skills.clone())).collect();
    }

    /// Comes in. The limits count from now, of somebody put back at the head from when their wait began, of somebody who is brought
    /// back from the store as if the router had never died.
    pub fn enter(&mut self, now: Timestamp, e: &Enqueue) {
        self.counter += 1;
        let (priority, needs) = self.ruled(e);
        let hold_ms = self.rules_for(e.queue, &e.card).find_map(|r| r.prefer_last_agent_ms);
        let wait_max_ms = self.queues.get(&e.queue).map_or(0, |q| q.config.wait_max_ms);
        let entered_at = e.entered_at.unwrap_or(now);
        let wait_from = if e.head { e.since } else { entered_at };
        let stay = Stay {
            queue: e.queue,
            priority,
            head: e.head,
            since: e.since,
            needs,
            hold_ms,
            prefer: e.prefer,
            entered_at,
            number: self.counter,
            placed: true,
            spared: BTreeMap::new(),
            ring_next_at: None,
            wait_until: wait_from.plus_ms(wait_max_ms),
        };
        self.stays.insert(e.interaction, stay);
    }

    /// The rules that concern somebody in this queue, the house's first.
    pub fn rules_for<'a>(&'a self, queue: QueueId, card: &'a Card) -> impl Iterator<Item = &'a RoutingRule> {
        let own = self.queues.get(&queue).map_or(&[][..], |l| &l.config.routing.rules);
        let known = card.known.as_deref();
        self.rules.iter().chain(own).filter(move |r| r.enabled && r.when.holds(known, &card.local, card.menu_digit))
    }

    /// What somebody asks for, and what the rules add.
    pub fn ruled(&self, e: &Enqueue) -> (u8, Option<Needs>) {
        let priority = self.rules_for(e.queue, &e.card).fold(e.priority, |sum, r| sum.saturating_add(r.priority));
        let mut needs: Vec<Needs> =
            e.needs.iter().chain(self.rules_for(e.queue, &e.card).filter_map(|r| r.needs.as_ref())).cloned().collect();
        let needs = if needs.len() > 1 { Some(Needs::All(needs)) } else { needs.pop() };
        (priority, needs)
    }

    /// Where the rules send somebody who may be sent on.
    pub fn sent_to(&self, e: &Enqueue) -> Option<QueueId> {
        let key = self.rules_for(e.queue, &e.card).find_map(|r| r.queue.as_deref()).filter(|_| e.may_move)?;
        self.queues.iter().find(|(id, l)| l.config.key == key && **id != e.queue).map(|(id, _)| *id)
    }

    pub fn ring(&mut self, offer: OfferId, ring: Ring) {
        *self.ringing.entry(ring.interaction).or_default() += 1;
        self.rings.insert(offer, ring);
    }

    pub fn stop_ring(&mut self, offer: OfferId) -> Option<Ring> {
        let ring = self.rings.remove(&offer)?;
        if let Some(n) = self.ringing.get_mut(&ring.interaction) {
            *n -= 1;
            if *n == 0 {
                self.ringing.remove(&ring.interaction);
                if let Some(stay) = self.stays.get_mut(&ring.interaction) {
                    stay.ring_next_at = None;
                }
            }
        }
        Some(ring)
    }

    pub fn rings_for(&self, interaction: InteractionId) -> bool {
        self.ringing.contains_key(&interaction)
    }

    /// The router is dead: what it alone knew is gone. Callers still wait and people still talk.
    pub fn forget_router(&mut self) {
        self.queues.clear();
        self.rules.clear();
        self.skills.clear();
        self.people.clear();
        self.rings.clear();
        self.ringing.clear();
        self.direct.clear();
        for stay in self.stays.values_mut() {
            stay.placed = false;
            stay.ring_next_at = None;
            stay.spared.clear();
        }
    }

    /// Placed stays of one queue.
    pub fn waiting_in(&self, queue: QueueId) -> usize {
        self.stays.values().filter(|s| s.placed && s.queue == queue).count()
    }

    /// Members who work now or soon.
    pub fn at_work(&self, line: &Line) -> usize {
        let works = |user: &UserId| {
            let status = self.people.get(user).map(|p| p.live.status);
            matches!(status, Some(AgentStatus::Available | AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp))
        };
        line.config.members.iter().map(|m| m.user).collect::<BTreeSet<_>>().iter().filter(|u| works(u)).count()
    }

    pub fn is_free(&self, agent: UserId) -> bool {
        self.skills.contains_key(&agent) && self.people.get(&agent).is_some_and(Person::free)
    }
}
