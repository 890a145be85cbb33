//! Presence: what agents want to be, what they are doing, and what follows.
use super::{Effect, OfferResult, Refusal, Router, Timer, record};
use crate::config::Skills;
use crate::event::EventKind;
use crate::live::{AgentLive, AgentStatus, Device};
use crate::{InteractionId, OfferId, QueueId, Timestamp, UserId};

/// A status the agent (or the system) chose, with its reason: `Offline`, `Available`, `Break` or `Away`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Presence {
    pub status: AgentStatus,
    pub reason: Option<String>,
}
impl Presence {
    fn away(reason: &str) -> Self {
        Self { status: AgentStatus::Away, reason: Some(reason.to_owned()) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Activity {
    Idle,
    Ringing(OfferId, InteractionId),
    OnCall(InteractionId),
    WrapUp { interaction: InteractionId, queue: Option<QueueId> },
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Agent {
    pub user: UserId,
    pub presence: Presence,
    pub activity: Activity,
    /// Begin of the live status.
    pub since: Timestamp,
    /// Takes effect when the activity ends.
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
    /// When the agent's turn began: became available, or ended its last call. A declined offer does not change it.
    pub idle_since: Timestamp,
    /// False: no longer in the set-up, goes when its activity ends.
    pub configured: bool,
}

impl Agent {
    pub fn new(user: UserId, now: Timestamp) -> Self {
        Self {
            user,
            presence: Presence::default(),
            activity: Activity::Idle,
            since: now,
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
        match self.activity {
            Activity::Idle => self.presence.status,
            Activity::Ringing(..) => AgentStatus::Ringing,
            Activity::OnCall(_) => AgentStatus::OnCall,
            Activity::WrapUp { .. } => AgentStatus::WrapUp,
        }
    }

    fn interaction(&self) -> Option<InteractionId> {
        match &self.activity {
            Activity::Idle => None,
            Activity::Ringing(_, i) | Activity::OnCall(i) => Some(*i),
            Activity::WrapUp { interaction, .. } => Some(*interaction),
        }
    }

    /// Can be reached on its device.
    pub fn reachable(&self) -> bool {
        self.device == Device::Browser || self.phone_registered
    }

    /// May be offered something now.
    pub fn is_free(&self) -> bool {
        self.configured && self.activity == Activity::Idle && self.presence.status == AgentStatus::Available && self.reachable()
    }

    pub fn live(&self) -> AgentLive {
        AgentLive {
            user: self.user,
            status: self.status(),
            reason: if self.activity == Activity::Idle { self.presence.reason.clone() } else { None },
            since: self.since,
            next: self.next.as_ref().map(|p| p.status),
            device: self.device,
            phone_registered: self.phone_registered,
            interaction: self.interaction(),
            queues: self.queues.clone(),
        }
    }

    /// The activity is over: idle, and what was asked for meanwhile takes effect.
    fn become_idle(&mut self) {
        self.activity = Activity::Idle;
        if let Some(next) = self.next.take() {
            self.presence = next;
        }
    }
}

impl Router {
    pub(super) fn agent(&self, agent: UserId) -> Result<&Agent, Refusal> {
        self.agents.get(&agent).filter(|a| a.configured || a.activity != Activity::Idle).ok_or(Refusal::NoSuchAgent)
    }

    /// The only way an agent changes: keeps the sets of free agents, the record of statuses and the live picture in step.
    pub(super) fn change_agent(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>, change: impl FnOnce(&mut Agent)) {
        self.forget_free(user);
        let Some(agent) = self.agents.get_mut(&user) else { return };
        let before = agent.live();
        change(agent);
        let status = agent.status();
        if status != before.status {
            let worked = matches!(before.status, AgentStatus::OnCall | AgentStatus::WrapUp);
            let came = agent.activity == Activity::Idle && !matches!(before.status, AgentStatus::Available | AgentStatus::Ringing);
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
        let gone = !agent.configured && agent.activity == Activity::Idle;
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
        let Some(agent) = self.agents.get(&user).filter(|a| a.is_free()) else { return };
        for id in &agent.queues {
            if let Some(queue) = self.queues.get_mut(id)
                && let Some(key) = queue.free_key(agent)
            {
                queue.free.remove(&key);
            }
        }
        let queues = agent.queues.clone();
        self.touch_queues_of(&queues);
    }

    fn note_free(&mut self, user: UserId) {
        let Some(agent) = self.agents.get(&user).filter(|a| a.is_free()) else { return };
        for id in &agent.queues {
            if let Some(queue) = self.queues.get_mut(id)
                && let Some(key) = queue.free_key(agent)
            {
                queue.free.insert(key);
            }
        }
        let queues = agent.queues.clone();
        self.touch_queues_of(&queues);
    }

    pub(super) fn sign_in(&mut self, now: Timestamp, user: UserId, device: Device, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        if agent.activity != Activity::Idle {
            // A second window of somebody who works already.
            return Ok(());
        }
        self.change_agent(now, user, out, |a| {
            a.device = device;
            if a.presence.status == AgentStatus::Offline {
                a.presence = Presence::away("signed_in");
                (a.answered, a.talk_ms, a.no_answers) = (0, 0, 0);
            }
        });
        Ok(())
    }

    pub(super) fn set_status(
        &mut self,
        now: Timestamp,
        user: UserId,
        status: AgentStatus,
        reason: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if !matches!(status, AgentStatus::Available | AgentStatus::Break | AgentStatus::Offline) {
            return Err(Refusal::InvalidStatus);
        }
        let agent = self.agent(user)?;
        if status == AgentStatus::Available && agent.activity == Activity::Idle && !agent.reachable() {
            return Err(Refusal::PhoneNotRegistered);
        }
        let reason = reason.filter(|_| status == AgentStatus::Break);
        let wanted = Presence { status, reason };
        match agent.activity.clone() {
            Activity::Idle => self.change_agent(now, user, out, |a| a.presence = wanted),
            Activity::Ringing(..) if status == AgentStatus::Available => {}
            Activity::Ringing(offer, _) => {
                self.change_agent(now, user, out, |a| a.presence = wanted);
                self.end_offer(now, offer, OfferResult::AgentLeft, out);
            }
            Activity::OnCall(_) => self.change_agent(now, user, out, |a| a.next = Some(wanted).filter(|w| *w != a.presence)),
            Activity::WrapUp { .. } if status == AgentStatus::Break => self.change_agent(now, user, out, |a| a.next = Some(wanted)),
            Activity::WrapUp { .. } => {
                self.change_agent(now, user, out, |a| a.next = Some(wanted));
                self.wrap_up_over(now, user, None, out);
            }
        }
        Ok(())
    }

    pub(super) fn set_device(&mut self, now: Timestamp, user: UserId, device: Device, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        if agent.device == device {
            return Ok(());
        }
        if matches!(agent.activity, Activity::Ringing(..) | Activity::OnCall(_)) {
            return Err(Refusal::Busy);
        }
        if device == Device::DeskPhone && !agent.phone_registered {
            return Err(Refusal::PhoneNotRegistered);
        }
        self.change_agent(now, user, out, |a| a.device = device);
        Ok(())
    }

    pub(super) fn phone_registered(
        &mut self,
        now: Timestamp,
        user: UserId,
        registered: bool,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        let lost = !registered && agent.device == Device::DeskPhone;
        let activity = agent.activity.clone();
        self.change_agent(now, user, out, |a| {
            a.phone_registered = registered;
            if lost && a.presence.status == AgentStatus::Available {
                a.presence = Presence::away("phone_lost");
            }
        });
        if let (true, Activity::Ringing(offer, _)) = (lost, activity) {
            self.end_offer(now, offer, OfferResult::DeviceLost, out);
        }
        Ok(())
    }

    pub(super) fn agent_busy(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        match agent.activity {
            Activity::OnCall(i) if i == interaction => return Ok(()),
            Activity::OnCall(_) | Activity::Ringing(..) => return Err(Refusal::Busy),
            Activity::Idle | Activity::WrapUp { .. } => {}
        }
        if agent.presence.status == AgentStatus::Offline {
            return Err(Refusal::Offline);
        }
        self.wrap_up_over(now, user, None, out);
        self.change_agent(now, user, out, |a| a.activity = Activity::OnCall(interaction));
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one input")]
    pub(super) fn released(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        queue: Option<QueueId>,
        wrap_up_ms: u64,
        away: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if self.agent(user)?.activity != Activity::OnCall(interaction) {
            return Err(Refusal::NotTheirs);
        }
        if wrap_up_ms > 0 {
            self.timers.set(Timer::WrapUp(user), now.plus_ms(wrap_up_ms));
        }
        self.change_agent(now, user, out, |a| {
            a.talk_ms = a.talk_ms.saturating_add(now.ms_since(a.since));
            a.last_end = Some(now);
            if let Some(reason) = &away {
                a.presence = Presence::away(reason);
            }
            if wrap_up_ms > 0 {
                a.activity = Activity::WrapUp { interaction, queue };
            } else {
                a.become_idle();
                if away.is_none() && a.presence.status == AgentStatus::Available && !a.reachable() {
                    a.presence = Presence::away("phone_lost");
                }
            }
        });
        Ok(())
    }

    pub(super) fn wrap_up_done(
        &mut self,
        now: Timestamp,
        user: UserId,
        interaction: InteractionId,
        code: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        match self.agent(user)?.activity {
            Activity::WrapUp { interaction: i, .. } if i == interaction => {
                self.wrap_up_over(now, user, code, out);
                Ok(())
            }
            _ => Err(Refusal::NotTheirs),
        }
    }

    /// Ends a wrap-up, by hand or by time; nothing when there is none.
    pub(super) fn wrap_up_over(&mut self, now: Timestamp, user: UserId, code: Option<String>, out: &mut Vec<Effect>) {
        self.timers.clear(Timer::WrapUp(user));
        let Some(agent) = self.agents.get(&user) else { return };
        let Activity::WrapUp { interaction, queue } = agent.activity else { return };
        let took_ms = now.ms_since(agent.since);
        record(now, Some(interaction), Some(user), queue, EventKind::WrapUpDone { code, took_ms }, out);
        self.change_agent(now, user, out, Agent::become_idle);
    }

    /// The agent rings: reserved by this offer.
    pub(super) fn agent_rings(&mut self, now: Timestamp, user: UserId, offer: OfferId, interaction: InteractionId, out: &mut Vec<Effect>) {
        self.change_agent(now, user, out, |a| a.activity = Activity::Ringing(offer, interaction));
    }

    /// The offer ended; `talks` when the agent took it.
    pub(super) fn agent_rang(
        &mut self,
        now: Timestamp,
        user: UserId,
        result: OfferResult,
        talks: Option<InteractionId>,
        no_answer_max: u8,
        out: &mut Vec<Effect>,
    ) {
        self.change_agent(now, user, out, |a| {
            match talks {
                Some(interaction) => {
                    a.activity = Activity::OnCall(interaction);
                    a.answered = a.answered.saturating_add(1);
                    a.no_answers = 0;
                }
                None => a.become_idle(),
            }
            match result {
                OfferResult::NoAnswer if a.no_answers.saturating_add(1) < no_answer_max => a.no_answers += 1,
                OfferResult::NoAnswer => a.presence = Presence::away("no_answer"),
                OfferResult::DeviceLost => a.presence = Presence::away("phone_lost"),
                _ => {}
            }
        });
    }
}
