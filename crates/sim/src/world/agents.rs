//! The agents: their shifts, and what they do with an offer.
use super::{Happening, Observer, World, agent_index, slot_of};
use crate::chance::{quantile_us, unit_of};
use crate::floor::Violation;
use crate::plan::{DAY_US, us_of_hours};
use crate::scenario::Shift;
use domain::live::{AgentLive, AgentStatus, Device};
use domain::routing::Input;
use domain::{InteractionId, OfferId, UserId};

impl<O: Observer> World<'_, O> {
    /// Brings a group's agents to work or home, and plans the next time this is due.
    pub(super) fn shift_border(&mut self, group: usize) -> Result<(), Violation> {
        let plan = self.plan;
        let (Some(g), Some(were)) = (plan.groups.get(group), self.on_duty.get_mut(group)) else { return Ok(()) };
        let clock = self.now_us + plan.start_us;
        let (mut here, mut next) = (g.shifts.is_empty(), None);
        for shift in &g.shifts {
            let (is_on, wait) = on_shift(shift, clock);
            here |= is_on;
            next = wait.into_iter().chain(next).min();
        }
        let change = std::mem::replace(were, here) != here;
        if let Some(wait) = next {
            self.plan_after(wait as u64, Happening::Border(group as u32));
        }
        if !change {
            return Ok(());
        }
        // In the order of their groups.
        let first = plan.agents.partition_point(|a| a.group < group);
        for agent in plan.agents.iter().skip(first).take_while(|a| a.group == group) {
            if self.troubles.is_some() && here {
                self.come_to_work(agent_index(agent.user))?;
            } else if here {
                self.feed(Input::SignIn { agent: agent.user, device: Device::Browser })?;
                self.feed(Input::SetStatus { agent: agent.user, status: AgentStatus::Available, reason: None })?;
            } else {
                self.feed(Input::SignOut { agent: agent.user })?;
            }
        }
        Ok(())
    }

    /// The agent, if this offer still rings there.
    pub(super) fn ringing(&self, agent: u32, offer: OfferId) -> Option<UserId> {
        let rings = self.workers.get(agent as usize)?.ringing == Some(offer);
        self.plan.agents.get(agent as usize).filter(|_| rings).map(|a| a.user)
    }

    pub(super) fn agent_changed(&mut self, live: &AgentLive) {
        let agent = agent_index(live.user);
        let (Some(worker), Some(a)) = (self.workers.get_mut(agent), self.plan.agents.get(agent)) else { return };
        let before = std::mem::replace(&mut worker.status, live.status);
        let staffed = i64::from(is_staffed(live.status)) - i64::from(is_staffed(before));
        let busy = i64::from(is_busy(live.status)) - i64::from(is_busy(before));
        if staffed != 0 || busy != 0 {
            self.observer.staff(self.now_us, a.group, staffed, busy);
        }
        // Whoever finds themselves idle and not available looks whether they could be, after a while.
        let idle = matches!(live.status, AgentStatus::Away | AgentStatus::Break | AgentStatus::Offline);
        if self.troubles.is_some() && idle && before != live.status {
            let away_s = self.plan.groups.get(a.group).map_or(60.0, |g| g.away_s);
            self.plan_after((away_s * 1e6) as u64, Happening::ComesBack(agent as u32));
        }
    }

    pub(super) fn offered(&mut self, user: UserId, offer: OfferId, interaction: InteractionId) {
        let agent = agent_index(user);
        let group = self.plan.agents.get(agent).and_then(|a| self.plan.groups.get(a.group));
        let call = self.calls.get_mut(slot_of(interaction) as usize).filter(|c| c.open);
        let (Some(worker), Some(group), Some(call)) = (self.workers.get_mut(agent), group, call) else { return };
        (worker.ringing, worker.rings_for) = (Some(offer), Some(interaction));
        if std::mem::take(&mut call.fresh) && call.entered_us == self.now_us {
            call.waited = false;
            call.waited_first &= call.overflows > 0;
        }
        call.offers += 1;
        let luck = |purpose: u64| unit_of(self.seed ^ call.luck.0, call.luck.1, call.offers * 2 + purpose);
        let declines = group.decline_share > 0.0 && luck(0) <= group.decline_share;
        let delay_us = group.answer_delay.map_or(0, |d| quantile_us(&d, luck(1)));
        if delay_us == 0 && !declines && self.troubles.is_none() {
            self.inputs.push_back(Input::Accept { agent: user, offer });
        } else {
            self.plan_after(delay_us, Happening::React { agent: agent as u32, offer, declines });
        }
    }
}

/// Whether this shift is on, and how long until it begins or ends the next time. `clock` since midnight of the first day.
fn on_shift(shift: &Shift, clock: i64) -> (bool, Option<i64>) {
    let (from, to) = (us_of_hours(shift.from_h), us_of_hours(shift.to_h));
    let Some(day) = shift.day else {
        let of_day = clock.rem_euclid(DAY_US);
        let is_on = if from < to { (from..to).contains(&of_day) } else { of_day >= from || of_day < to };
        let until = |border: i64| Some((border - of_day).rem_euclid(DAY_US)).filter(|wait| *wait > 0).unwrap_or(DAY_US);
        return (is_on, Some(until(from).min(until(to))));
    };
    let midnight = i64::from(day) * DAY_US;
    let (begin, end) = (midnight + from, midnight + if from < to { to } else { to + DAY_US });
    let until = |border: i64| Some(border - clock).filter(|wait| *wait > 0);
    ((begin..end).contains(&clock), until(begin).or(until(end)))
}

const fn is_staffed(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::Available | AgentStatus::Ringing | AgentStatus::OnCall | AgentStatus::WrapUp)
}
const fn is_busy(status: AgentStatus) -> bool {
    matches!(status, AgentStatus::OnCall | AgentStatus::WrapUp)
}
