//! What agents want to be, and on which device: sign-in, status, device.
use super::agents::Presence;
use super::{BreakEnd, Effect, OfferResult, Refusal, Router};
use crate::interaction::Channel;
use crate::live::{AgentStatus, Device};
use crate::{Timestamp, UserId};

impl Router {
    pub(super) fn sign_in(&mut self, now: Timestamp, user: UserId, device: Device, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        if !self.agent(user)?.works.is_empty() {
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
        if status == AgentStatus::Available && agent.works.is_empty() && !agent.reachable() {
            return Err(Refusal::PhoneNotRegistered);
        }
        let reason = reason.filter(|_| status == AgentStatus::Break);
        let later = matches!(agent.status(), AgentStatus::OnCall | AgentStatus::WrapUp);
        if status != AgentStatus::Break {
            self.breaks.touched |= self.breaks.granted.remove(&user);
            self.withdraw_break(now, user, BreakEnd::Withdrawn, out);
        } else if !later && self.must_wait_for_break(now, user, reason.clone(), out)? {
            return Ok(());
        }
        let Some(agent) = self.agents.get(&user) else { return Ok(()) };
        let wanted = Presence { status, reason };
        match agent.status() {
            // Nothing but rings: to stay available leaves them ringing, anything else refuses them.
            AgentStatus::Ringing if status == AgentStatus::Available => self.change_agent(now, user, out, |a| a.next = None),
            AgentStatus::OnCall => self.change_agent(now, user, out, |a| a.next = Some(wanted).filter(|w| *w != a.presence)),
            AgentStatus::WrapUp => self.change_agent(now, user, out, |a| a.next = Some(wanted)),
            _ => self.change_agent(now, user, out, |a| a.presence = wanted),
        }
        if status != AgentStatus::Available {
            self.stop_ringing(now, user, |_| true, OfferResult::AgentLeft, out);
        }
        let served = self.agents.get(&user).is_some_and(|a| a.works.iter().any(super::work::Work::is_active));
        if status != AgentStatus::Break && !served {
            self.wrap_ups_over(now, user, out);
        }
        Ok(())
    }

    /// A supervisor's word goes beyond every quota.
    pub(super) fn put_status(
        &mut self,
        now: Timestamp,
        user: UserId,
        status: AgentStatus,
        reason: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        self.agent(user)?;
        if status == AgentStatus::Break {
            self.withdraw_break(now, user, BreakEnd::Approved, out);
            self.breaks.granted.insert(user);
        }
        self.set_status(now, user, status, reason, out)
    }

    pub(super) fn set_device(&mut self, now: Timestamp, user: UserId, device: Device, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let agent = self.agent(user)?;
        if agent.device == device {
            return Ok(());
        }
        if agent.works.iter().any(|w| w.channel.is_call() && !w.is_wrap_up()) {
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
        self.change_agent(now, user, out, |a| {
            a.phone_registered = registered;
            if lost && a.presence.status == AgentStatus::Available {
                a.presence = Presence::away("phone_lost");
            }
        });
        if lost {
            self.stop_ringing(now, user, Channel::is_call, OfferResult::DeviceLost, out);
        }
        Ok(())
    }
}
