//! An observer of the floor: follows the router's effects from outside and says when a rule is broken.
use domain::config::Queue;
use domain::live::{AgentLive, AgentStatus, Device};
use domain::routing::{Effect, Enqueue, Input};
use domain::{InteractionId, OfferId, QueueId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// A rule that was broken, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Violation(pub String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ring {
    agent: UserId,
    interaction: InteractionId,
    expires_at: Timestamp,
}

#[derive(Debug, Clone)]
struct Waiting {
    order: (std::cmp::Reverse<u8>, std::cmp::Reverse<bool>, Timestamp, u64),
    queue: QueueId,
    /// Agents that declined it: they may be spared, so they do not count as able to take it.
    declined: BTreeSet<UserId>,
}

/// Feed it every input with the effects it had; it keeps its own books and compares.
#[derive(Debug, Default)]
pub struct Checker {
    queues: BTreeMap<QueueId, Queue>,
    agents: BTreeMap<UserId, AgentLive>,
    rings: BTreeMap<OfferId, Ring>,
    waiting: BTreeMap<InteractionId, Waiting>,
    talking: BTreeMap<UserId, InteractionId>,
    /// Interactions that an agent got, and how often they asked for one.
    asked: BTreeMap<InteractionId, u32>,
    got: BTreeMap<InteractionId, u32>,
    counter: u64,
}

fn broken(rule: impl Into<String>) -> Result<(), Violation> {
    Err(Violation(rule.into()))
}

fn holds(rule: bool, otherwise: &str) -> Result<(), Violation> {
    if rule { Ok(()) } else { broken(otherwise) }
}

impl Checker {
    /// # Errors
    /// The first rule that this step broke.
    pub fn step(&mut self, now: Timestamp, input: &Input, effects: &[Effect]) -> Result<(), Violation> {
        let refused = effects.iter().any(|e| matches!(e, Effect::Refused { .. }));
        if !refused {
            self.took(input);
        }
        for effect in effects {
            self.saw(now, effect)?;
        }
        self.agrees(now)
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Interactions that wait, talk, or ring.
    pub fn open(&self) -> usize {
        self.waiting.len() + self.talking.len() + self.rings.values().filter(|r| !self.waiting.contains_key(&r.interaction)).count()
    }

    fn took(&mut self, input: &Input) {
        match input {
            Input::Configure { queues, .. } => self.queues = queues.iter().map(|q| (q.id, q.clone())).collect(),
            Input::Enqueue(Enqueue { interaction, queue, priority, since, head, .. }) => {
                self.counter += 1;
                let order = (std::cmp::Reverse(*priority), std::cmp::Reverse(*head), *since, self.counter);
                self.waiting.insert(*interaction, Waiting { order, queue: *queue, declined: BTreeSet::new() });
                *self.asked.entry(*interaction).or_default() += 1;
            }
            Input::DirectOffer(direct) => *self.asked.entry(direct.interaction).or_default() += 1,
            Input::AgentBusy { agent, interaction } => drop(self.talking.insert(*agent, *interaction)),
            Input::Released { agent, .. } => drop(self.talking.remove(agent)),
            Input::Decline { offer, agent } => {
                if let Some(w) = self.rings.get(offer).and_then(|r| self.waiting.get_mut(&r.interaction)) {
                    w.declined.insert(*agent);
                }
            }
            _ => {}
        }
    }

    fn saw(&mut self, now: Timestamp, effect: &Effect) -> Result<(), Violation> {
        match effect {
            Effect::Offer { offer, .. } => {
                if self.rings.values().any(|r| r.agent == offer.agent) || self.talking.contains_key(&offer.agent) {
                    return broken("an agent has two voice offers or calls");
                }
                if self.rings.values().any(|r| r.interaction == offer.interaction) {
                    return broken("an interaction rings twice");
                }
                if offer.expires_at < now {
                    return broken("an offer begins after its end");
                }
                let ring = Ring { agent: offer.agent, interaction: offer.interaction, expires_at: offer.expires_at };
                self.first_in_line(offer.interaction, offer.agent)?;
                self.rings.insert(offer.offer, ring);
            }
            Effect::Withdraw { offer, .. } => {
                holds(self.rings.remove(offer).is_some(), "an offer ends that never began, or ends twice")?;
            }
            Effect::Assigned { offer, agent, interaction, .. } => {
                if self.rings.remove(offer).is_none_or(|r| r.agent != *agent || r.interaction != *interaction) {
                    return broken("assigned without the offer");
                }
                self.talking.insert(*agent, *interaction);
                *self.got.entry(*interaction).or_default() += 1;
                if self.got[interaction] > self.asked.get(interaction).copied().unwrap_or(0) {
                    return broken("an interaction has two winners");
                }
            }
            Effect::WaitingEnded { interaction, .. } => {
                holds(self.waiting.remove(interaction).is_some(), "somebody leaves the line who was not in it, or leaves twice")?;
            }
            // One that never got in: the line is full.
            Effect::Overflow { interaction, .. } => drop(self.waiting.remove(interaction)),
            Effect::AgentChanged(agent) => drop(self.agents.insert(agent.user, agent.clone())),
            Effect::AgentRemoved { agent } => drop(self.agents.remove(agent)),
            Effect::Healed { what } => return broken(format!("something had to be healed: {what}")),
            _ => {}
        }
        Ok(())
    }

    /// Nobody of the same queue stands before `interaction` who could have been given to `agent`.
    fn first_in_line(&self, interaction: InteractionId, agent: UserId) -> Result<(), Violation> {
        let Some(this) = self.waiting.get(&interaction) else { return Ok(()) };
        let earlier = self.waiting.iter().find(|(i, w)| {
            w.queue == this.queue
                && w.order < this.order
                && !w.declined.contains(&agent)
                && !self.rings.values().any(|r| r.interaction == **i)
        });
        match earlier {
            Some(_) => broken("somebody was passed over"),
            None => Ok(()),
        }
    }

    /// What must hold between steps.
    fn agrees(&self, now: Timestamp) -> Result<(), Violation> {
        if self.rings.values().any(|r| r.expires_at < now) {
            return broken("an offer outlived its lease");
        }
        for agent in self.agents.values() {
            let rings = self.rings.values().any(|r| r.agent == agent.user);
            if rings != (agent.status == AgentStatus::Ringing) {
                return broken("an agent's status says otherwise about ringing");
            }
            if self.talking.contains_key(&agent.user) != (agent.status == AgentStatus::OnCall) {
                return broken("an agent's status says otherwise about talking");
            }
        }
        let free = |a: &&AgentLive| a.status == AgentStatus::Available && (a.device == Device::Browser || a.phone_registered);
        for agent in self.agents.values().filter(free) {
            let served = self.waiting.iter().find(|(i, w)| {
                let member = self.queues.get(&w.queue).is_some_and(|q| q.members.iter().any(|m| m.user == agent.user));
                member && !w.declined.contains(&agent.user) && !self.rings.values().any(|r| r.interaction == **i)
            });
            if served.is_some() {
                return broken("a free agent and a caller stand side by side");
            }
        }
        Ok(())
    }
}
