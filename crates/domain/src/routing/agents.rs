//! An agent: who it is to the router, and the one way in which it changes.
use super::line::{FreeKey, FreeSet};
use super::work::{Stage, Work};
use super::{Effect, Refusal, Router, record};
use crate::config::{Capacity, Skills};
use crate::event::EventKind;
use crate::interaction::Channel;
use crate::live::{AgentLive, AgentStatus, BreakRequestLive, Device};
use crate::{InteractionId, QueueId, Timestamp, UserId};

/// A status the agent (or the system) chose, with its reason: `Offline`, `Available`, `Break` or `Away`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Presence {
    pub status: AgentStatus,
    pub reason: Option<String>,
}
impl Presence {
    pub fn away(reason: &str) -> Self {
        Self { status: AgentStatus::Away, reason: Some(reason.to_owned()) }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Agent {
    pub user: UserId,
    pub presence: Presence,
    /// What it does, in the order in which it came; never more than `capacity` admits.
    pub works: Vec<Work>,
    pub capacity: Capacity,
    /// Begin of the live status.
    pub since: Timestamp,
    /// When the break should be over.
    pub break_until: Option<Timestamp>,
    pub break_request: Option<BreakRequestLive>,
    /// Takes effect when the last work ends; nothing more is offered until then.
    pub next: Option<Presence>,
    pub device: Device,
    pub phone_registered: bool,
    pub queues: Vec<QueueId>,
    pub skills: Skills,
    /// Interactions answered, and time on them, since signing in.
    pub answered: u64,
    pub talk_ms: u64,
    pub last_end: Option<Timestamp>,
    /// Offers in a row that were not answered.
    pub no_answers: u8,
    /// When the agent's turn began: became available, or ended its last work. A declined offer does not change it.
    pub idle_since: Timestamp,
    /// False: no longer in the set-up, goes when its last work ends.
    pub configured: bool,
}

impl Agent {
    pub fn new(user: UserId, now: Timestamp) -> Self {
        Self {
            user,
            presence: Presence::default(),
            works: Vec::new(),
            capacity: Capacity::default(),
            since: now,
            break_until: None,
            break_request: None,
            next: None,
            device: Device::Browser,
            phone_registered: false,
            queues: Vec::new(),
            skills: Skills::new(),
            answered: 0,
            talk_ms: 0,
            last_end: None,
            no_answers: 0,
            idle_since: now,
            configured: true,
        }
    }

    pub fn status(&self) -> AgentStatus {
        match self.main_work().map(|w| &w.stage) {
            None => self.presence.status,
            Some(Stage::Ringing(_) | Stage::Held) => AgentStatus::Ringing,
            Some(Stage::Active) => AgentStatus::OnCall,
            Some(Stage::WrapUp(_)) => AgentStatus::WrapUp,
        }
    }

    fn interaction(&self) -> Option<InteractionId> {
        self.main_work().map(|w| w.interaction)
    }

    /// Can be reached on its device.
    pub fn reachable(&self) -> bool {
        self.device == Device::Browser || self.phone_registered
    }

    /// At work for more: what it then may be given is a question of capacity.
    fn takes_work(&self) -> bool {
        self.configured && self.presence.status == AgentStatus::Available && self.next.is_none()
    }

    /// May be offered one of this channel now.
    pub fn can_take(&self, channel: Channel) -> bool {
        self.takes_work() && (self.reachable() || !channel.is_call()) && self.has_room(channel)
    }

    pub fn live(&self) -> AgentLive {
        AgentLive {
            user: self.user,
            status: self.status(),
            reason: if self.works.is_empty() { self.presence.reason.clone() } else { None },
            since: self.since,
            break_until: self.break_until.filter(|_| self.works.is_empty()),
            break_request: self.break_request.clone(),
            next: self.next.as_ref().map(|p| p.status),
            device: self.device,
            phone_registered: self.phone_registered,
            interaction: self.interaction(),
            works: self.works.iter().map(Work::live).collect(),
            queues: self.queues.clone(),
        }
    }
}

impl Router {
    pub(super) fn agent(&self, agent: UserId) -> Result<&Agent, Refusal> {
        self.agents.get(&agent).filter(|a| a.configured || !a.works.is_empty()).ok_or(Refusal::NoSuchAgent)
    }

    /// The only way an agent changes: keeps the sets of free agents, the record of statuses and the live picture in step.
    pub(super) fn change_agent(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>, change: impl FnOnce(&mut Agent)) {
        self.forget_free(user);
        let Some(agent) = self.agents.get_mut(&user) else { return };
        let (before, presence) = (agent.live(), agent.presence.clone());
        change(agent);
        self.presence_changed(now, user, &presence, out);
        let Some(agent) = self.agents.get_mut(&user) else { return };
        let status = agent.status();
        if status != before.status {
            let worked = matches!(before.status, AgentStatus::OnCall | AgentStatus::WrapUp);
            let came = agent.works.is_empty() && !matches!(before.status, AgentStatus::Available | AgentStatus::Ringing);
            if worked || came {
                agent.idle_since = now;
            }
            agent.since = now;
            let kind = EventKind::AgentStatusChanged {
                from: before.status,
                to: status,
                reason: agent.live().reason,
                was_ms: now.ms_since(before.since),
            };
            let (interaction, queue) = (agent.interaction().or(before.interaction), None);
            record(now, interaction, Some(user), queue, kind, out);
        }
        let after = agent.live();
        let gone = !agent.configured && agent.works.is_empty();
        let came_or_went = (before.status == AgentStatus::Offline) != (status == AgentStatus::Offline);
        if after != before {
            out.push(Effect::AgentChanged(after));
        }
        self.note_free(user);
        if came_or_went {
            self.keep_again(now, user);
        }
        if gone {
            self.agents.remove(&user);
            out.push(Effect::AgentRemoved { agent: user });
        }
    }

    fn forget_free(&mut self, user: UserId) {
        self.each_free_set(user, |set, key| set.remove(&key));
    }

    fn note_free(&mut self, user: UserId) {
        self.each_free_set(user, |set, key| set.insert(key));
    }

    /// Every set of free agents in which this one stands as it is now; its queues are looked at again.
    fn each_free_set(&mut self, user: UserId, mut what: impl FnMut(&mut FreeSet, FreeKey) -> bool) {
        let Some(agent) = self.agents.get(&user).filter(|a| a.takes_work()) else { return };
        let channels: Vec<Channel> = self.channels.iter().copied().filter(|c| agent.can_take(*c)).collect();
        if channels.is_empty() {
            return;
        }
        for id in &agent.queues {
            let Some(queue) = self.queues.get_mut(id) else { continue };
            let Some(key) = queue.free_key(agent) else { continue };
            for channel in &channels {
                what(queue.free.entry(*channel).or_default(), key);
            }
        }
        let queues = agent.queues.clone();
        self.touch_queues_of(&queues);
    }
}
