//! What goes wrong with people and devices: agents come and go, pause, vanish, their phones fail; callers hang up as they are answered.
use super::{Happening, Observer, START, World, interaction};
use crate::chance::{Chance, hash, stream_seed};
use crate::floor::Violation;
use crate::report::TroubleFigures;
use domain::CustomerId;
use domain::live::{AgentStatus, Device};
use domain::routing::Input;

const HOUR_US: f64 = 3.6e9;
/// An agent that took a call whose media fails finds that out within so long.
const MEDIA_FAILS_WITHIN_US: f64 = 5e6;
/// A customer's look-up takes up to this.
const LOOK_UP_US: f64 = 4e5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mishap {
    RouterDies,
    Reload,
    ServiceLevel(u32),
    /// Calls and router are compared.
    Reconcile,
    /// This agent's desk finds the new router.
    Reconnects(u32),
    /// A call that noticed the router's death asks for its place.
    ComesAgain {
        slot: u32,
        serial: u32,
    },
    /// Something happens to this agent.
    Agent(u32),
    Back(u32, Absence),
    MediaFails {
        agent: u32,
        slot: u32,
        serial: u32,
    },
    /// The customer was found: there is an agent they should have.
    Identified {
        slot: u32,
        serial: u32,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Absence {
    Home,
    Break,
    Vanished,
    Phone,
}

/// An agent as a person, whatever the router believes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Desk {
    has_phone: bool,
    phone_lost: bool,
    home: bool,
    on_break: bool,
    vanished: bool,
    /// The present router knows of them.
    pub connected: bool,
    /// Slot of the call they are in.
    pub talks: Option<u32>,
    wraps_until_us: i64,
}

pub(super) struct Troubles {
    pub chance: Chance,
    pub desks: Vec<Desk>,
    pub figures: TroubleFigures,
}

impl Troubles {
    pub fn new(plan: &crate::plan::Plan, seed: u64) -> Self {
        let mut chance = Chance::new(stream_seed(seed, hash("trouble"), 0));
        let share = plan.trouble.as_ref().map_or(0.0, |t| t.desk_phone_share);
        let desk = |_: &crate::plan::PlanAgent| Desk { has_phone: chance.happens(share), connected: true, ..Desk::default() };
        let desks = plan.agents.iter().map(desk).collect();
        Self { chance, desks, figures: TroubleFigures::default() }
    }
}

impl<O: Observer> World<'_, O> {
    pub(super) fn begin_trouble(&mut self) {
        let Some(t) = &self.plan.trouble else { return };
        self.mishap_after(t.router_dies_per_h, Mishap::RouterDies);
        self.mishap_after(t.reload_per_h, Mishap::Reload);
        for queue in 0..self.plan.queues.len() as u32 {
            self.mishap_after(t.service_level_per_h, Mishap::ServiceLevel(queue));
        }
        for agent in 0..self.plan.agents.len() as u32 {
            self.mishap_after(t.of_agent_per_h(), Mishap::Agent(agent));
        }
        self.plan_after(0, Happening::Mishap(Mishap::Reconcile));
    }

    /// The next one of a kind that comes so often, unless the day ends before.
    pub(super) fn mishap_after(&mut self, per_hour: f64, mishap: Mishap) {
        let Some(t) = &mut self.troubles else { return };
        let wait_us = t.chance.exponential() / per_hour * HOUR_US;
        if per_hour > 0.0 && self.now_us as f64 + wait_us < self.plan.length_us as f64 {
            self.plan_after(wait_us as u64, Happening::Mishap(mishap));
        }
    }

    /// Uniform up to this, in microseconds.
    pub(super) fn within_us(&mut self, most_us: f64) -> u64 {
        self.troubles.as_mut().map_or(0, |t| (t.chance.unit() * most_us) as u64)
    }

    pub(super) fn luckless(&mut self, share: f64) -> bool {
        share > 0.0 && self.troubles.as_mut().is_some_and(|t| t.chance.happens(share))
    }

    pub(super) fn count(&mut self, what: fn(&mut TroubleFigures) -> &mut u64) {
        if let Some(t) = &mut self.troubles {
            *what(&mut t.figures) += 1;
        }
    }

    pub(super) fn desk(&mut self, agent: usize) -> Option<&mut Desk> {
        self.troubles.as_mut()?.desks.get_mut(agent)
    }

    pub(super) fn strike(&mut self, mishap: Mishap) -> Result<(), Violation> {
        let Some(t) = &self.plan.trouble else { return Ok(()) };
        match mishap {
            Mishap::RouterDies => {
                self.mishap_after(t.router_dies_per_h, mishap);
                self.router_dies()
            }
            Mishap::Reload => {
                self.mishap_after(t.reload_per_h, mishap);
                self.configure()
            }
            Mishap::ServiceLevel(queue) => {
                self.mishap_after(t.service_level_per_h, mishap);
                let percent = 40 + self.within_us(60.0) as u8;
                let id = self.plan.queues.get(queue as usize).map(|q| q.config.id);
                id.map_or(Ok(()), |queue| self.feed(Input::ServiceLevel { queue, percent: Some(percent) }))
            }
            Mishap::Reconcile => self.reconcile(),
            Mishap::Reconnects(agent) => self.reconnect(agent as usize),
            Mishap::ComesAgain { slot, serial } => self.come_again(slot, serial),
            Mishap::Agent(agent) => {
                self.mishap_after(t.of_agent_per_h(), mishap);
                self.agent_fails(agent)
            }
            Mishap::Back(agent, from) => self.agent_is_back(agent as usize, from),
            Mishap::MediaFails { agent, slot, serial } => self.media_fails(agent as usize, slot, serial),
            Mishap::Identified { slot, serial } => self.identified(slot, serial),
        }
    }

    fn agent_fails(&mut self, agent: u32) -> Result<(), Violation> {
        let Some(t) = &self.plan.trouble else { return Ok(()) };
        let at = agent as usize;
        let on_duty = self.is_on_duty(at);
        let drawn = self.within_us(1e6) as f64 / 1e6 * t.of_agent_per_h();
        let user = self.plan.agents.get(at).map(|a| a.user);
        let (Some(user), Some(desk)) = (user, self.desk(at)) else { return Ok(()) };
        if !on_duty || desk.home || desk.on_break || desk.vanished {
            return Ok(());
        }
        let (from, input) = if drawn < t.sign_out_per_h {
            desk.home = true;
            self.count(|f| &mut f.signed_out);
            (Absence::Home, Some(Input::SignOut { agent: user }))
        } else if drawn < t.sign_out_per_h + t.break_per_h {
            desk.on_break = true;
            self.count(|f| &mut f.breaks);
            (Absence::Break, Some(Input::SetStatus { agent: user, status: AgentStatus::Break, reason: Some("rest".into()) }))
        } else if drawn < t.sign_out_per_h + t.break_per_h + t.vanish_per_h {
            desk.vanished = true;
            self.count(|f| &mut f.vanished);
            (Absence::Vanished, None)
        } else if desk.has_phone && !desk.phone_lost {
            desk.phone_lost = true;
            self.count(|f| &mut f.phones_lost);
            (Absence::Phone, Some(Input::PhoneRegistered { agent: user, registered: false }))
        } else {
            return Ok(());
        };
        let mean_s = if from == Absence::Phone { t.phone_lost_s } else { t.absent_s };
        let after_us = self.troubles.as_mut().map_or(0.0, |t| t.chance.exponential()) * mean_s * 1e6;
        self.plan_after(after_us as u64, Happening::Mishap(Mishap::Back(agent, from)));
        input.map_or(Ok(()), |input| self.feed(input))
    }

    fn agent_is_back(&mut self, agent: usize, from: Absence) -> Result<(), Violation> {
        let user = self.plan.agents.get(agent).map(|a| a.user);
        let (Some(user), Some(desk)) = (user, self.desk(agent)) else { return Ok(()) };
        match from {
            Absence::Home => desk.home = false,
            Absence::Break => desk.on_break = false,
            Absence::Vanished => desk.vanished = false,
            Absence::Phone => desk.phone_lost = false,
        }
        let connected = desk.connected;
        match from {
            Absence::Home | Absence::Vanished => self.come_to_work(agent),
            Absence::Break => self.offer_oneself(agent),
            Absence::Phone if connected => {
                self.feed(Input::PhoneRegistered { agent: user, registered: true })?;
                self.offer_oneself(agent)
            }
            Absence::Phone => Ok(()),
        }
    }

    /// Signs in and, if nothing speaks against it, becomes available.
    pub(super) fn come_to_work(&mut self, agent: usize) -> Result<(), Violation> {
        let (on_duty, user) = (self.is_on_duty(agent), self.plan.agents.get(agent).map(|a| a.user));
        let (Some(user), Some(desk)) = (user, self.desk(agent).copied()) else { return Ok(()) };
        if !on_duty || desk.home || desk.vanished || !desk.connected {
            return Ok(());
        }
        if desk.has_phone && !desk.phone_lost {
            self.feed(Input::PhoneRegistered { agent: user, registered: true })?;
        }
        let device = if desk.has_phone { Device::DeskPhone } else { Device::Browser };
        self.feed(Input::SignIn { agent: user, device })?;
        self.offer_oneself(agent)
    }

    /// Becomes available, or says that it is on a break, if it is neither working nor away for good.
    pub(super) fn offer_oneself(&mut self, agent: usize) -> Result<(), Violation> {
        let (on_duty, user, now_us) = (self.is_on_duty(agent), self.plan.agents.get(agent).map(|a| a.user), self.now_us);
        let status = self.workers.get(agent).map(|w| w.status);
        let (Some(user), Some(desk), Some(status)) = (user, self.desk(agent).copied(), status) else { return Ok(()) };
        let idle = matches!(status, AgentStatus::Away | AgentStatus::Break | AgentStatus::Offline);
        if !on_duty || desk.home || desk.vanished || !desk.connected || desk.talks.is_some() || !idle {
            return Ok(());
        }
        if desk.on_break {
            return self.feed(Input::SetStatus { agent: user, status: AgentStatus::Break, reason: Some("rest".into()) });
        }
        if desk.wraps_until_us > now_us {
            self.plan(desk.wraps_until_us, Happening::ComesBack(agent as u32));
            return Ok(());
        }
        if desk.has_phone && desk.phone_lost {
            return Ok(());
        }
        self.feed(Input::SetStatus { agent: user, status: AgentStatus::Available, reason: None })
    }

    pub(super) fn is_on_duty(&self, agent: usize) -> bool {
        self.plan.agents.get(agent).and_then(|a| self.on_duty.get(a.group)).is_some_and(|here| *here)
    }

    /// Nobody is at the desk to answer.
    pub(super) fn deserted(&self, agent: usize) -> bool {
        self.troubles.as_ref().and_then(|t| t.desks.get(agent)).is_some_and(|d| d.vanished || d.home)
    }

    /// A new call's wishes.
    pub(super) fn wishes(&mut self, call: &mut super::Call, slot: u32) {
        let Some(t) = &self.plan.trouble else { return };
        call.extra_priority = self.within_us(f64::from(t.priority_max) + 0.999) as u8;
        if self.luckless(t.own_needs_share) {
            let n = self.within_us(t.own_needs.len() as f64 - 0.001);
            call.own_needs = Some(n as u8).filter(|n| usize::from(*n) < t.own_needs.len());
        }
        if self.luckless(t.prefer_share) {
            let wanted = self.within_us(self.plan.agents.len() as f64 - 0.001) as u32;
            call.wants = Some(wanted);
            // Half are known on coming, the others a moment later.
            if self.luckless(0.5) {
                call.prefer = Some(wanted);
            } else {
                let after_us = self.within_us(LOOK_UP_US);
                self.plan_after(after_us, Happening::Mishap(Mishap::Identified { slot, serial: call.serial }));
            }
        }
    }

    fn identified(&mut self, slot: u32, serial: u32) -> Result<(), Violation> {
        let call = self.calls.get(slot as usize).filter(|c| c.open && c.serial == serial);
        let Some(prefer) = call.and_then(|c| c.wants).and_then(|a| self.plan.agents.get(a as usize)).map(|a| a.user) else { return Ok(()) };
        let customer = CustomerId::from_parts(START, [7; 10]);
        let card = call.and_then(|c| c.caller).and_then(|c| self.plan.callers.get(c as usize));
        let known = card.and_then(|c| c.known.as_deref()).cloned().unwrap_or_default();
        self.feed(Input::Identified { interaction: interaction(slot, serial), customer, known, prefer: Some(prefer) })
    }

    /// The agent reacts to an offer; in trouble the caller may be gone in that moment.
    pub(super) fn hangs_up_on_answer(&mut self, offered: domain::InteractionId) -> Result<bool, Violation> {
        let share = self.plan.trouble.as_ref().map_or(0.0, |t| t.hang_up_on_answer_share);
        if !self.luckless(share) {
            return Ok(false);
        }
        let slot = super::slot_of(offered);
        let Some(call) = self.calls.get_mut(slot as usize).filter(|c| c.open && c.waiting) else { return Ok(false) };
        let serial = call.serial;
        if interaction(slot, serial) != offered {
            return Ok(false);
        }
        self.count(|f| &mut f.hung_up_on_answer);
        if self.luckless(0.5) {
            // Before the router hears of the answer.
            self.hang_up(slot, serial)?;
        } else if let Some(call) = self.calls.get_mut(slot as usize) {
            // The router assigns it, but nobody is there.
            call.gone_on_answer = true;
        }
        Ok(true)
    }

    /// Whether the media of this answered call will fail; then it is planned.
    pub(super) fn media_will_fail(&mut self, agent: usize, slot: u32, serial: u32) -> bool {
        let share = self.plan.trouble.as_ref().map_or(0.0, |t| t.media_fails_share);
        if !self.luckless(share) {
            return false;
        }
        let after_us = self.within_us(MEDIA_FAILS_WITHIN_US);
        self.plan_after(after_us, Happening::Mishap(Mishap::MediaFails { agent: agent as u32, slot, serial }));
        true
    }

    /// Gone in the moment of an answer that another agent or the clock forestalled.
    pub(super) fn gone_unanswered(&mut self, offered: domain::InteractionId) -> Result<(), Violation> {
        let slot = super::slot_of(offered);
        match self.calls.get(slot as usize).copied() {
            Some(call) if call.open && call.waiting && call.gone_on_answer && interaction(slot, call.serial) == offered => {
                self.hang_up(slot, call.serial)
            }
            _ => Ok(()),
        }
    }

    fn media_fails(&mut self, agent: usize, slot: u32, serial: u32) -> Result<(), Violation> {
        let call = self.calls.get_mut(slot as usize).filter(|c| c.open && c.serial == serial && c.agent == Some(agent as u32));
        let (Some(call), Some(a)) = (call, self.plan.agents.get(agent)) else { return Ok(()) };
        (call.agent, call.head) = (None, true);
        let call = *call;
        if let Some(desk) = self.desk(agent) {
            desk.talks = None;
        }
        self.count(|f| &mut f.media_failed);
        let queue = self.plan.queues.get(call.queue).map(|q| q.config.id);
        let away = Some("media_failed".to_owned());
        self.feed(Input::Released { agent: a.user, interaction: interaction(slot, serial), queue, wrap_up_ms: 0, away })?;
        self.enqueue(slot, &call, false);
        self.feed_all()
    }

    /// The agent's talk is over in truth; they work on until then, whatever the router knows.
    pub(super) fn hung_up_with(&mut self, agent: usize, wrap_us: u64) {
        let until_us = self.now_us.saturating_add(wrap_us as i64);
        if let Some(desk) = self.desk(agent) {
            desk.talks = None;
            desk.wraps_until_us = until_us;
            self.plan(until_us, Happening::ComesBack(agent as u32));
        }
    }
}
