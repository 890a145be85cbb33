//! Breaks: who may go now, who waits for one, and who stays too long.
use super::agents::Presence;
use super::{BreakEnd, Effect, House, Refusal, Router, Timer, record};
use crate::event::EventKind;
use crate::live::{AgentStatus, BreakRequestLive};
use crate::{BreakRequestId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Who may go on a break beyond every quota, and who waits in line for one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Breaks {
    /// In the order in which they asked; one an agent at most.
    pub requests: Vec<(UserId, BreakRequestLive)>,
    /// Granted, and taken when the last work ends.
    pub granted: BTreeSet<UserId>,
    /// Somebody came back, or the rules changed: look at the line.
    pub touched: bool,
}

impl House {
    /// How long this break may last.
    pub fn break_max_ms(&self, presence: &AgentStatus, reason: Option<&str>) -> Option<u64> {
        let reason = reason.filter(|_| *presence == AgentStatus::Break)?;
        self.break_reasons.iter().find(|r| r.key == reason).and_then(|r| r.duration_max_ms)
    }
}

impl Router {
    fn signed_in(&self, agents: &BTreeSet<UserId>) -> usize {
        agents.iter().filter(|u| self.agents.get(u).is_some_and(|a| a.presence.status != AgentStatus::Offline)).count()
    }

    fn on_break(&self, agents: &BTreeSet<UserId>) -> usize {
        let away =
            |u: &&UserId| self.breaks.granted.contains(u) || self.agents.get(u).is_some_and(|a| a.presence.status == AgentStatus::Break);
        agents.iter().filter(away).count()
    }

    /// Whether the agent may go on a break: none; else whether it must not even wait for one.
    fn break_full(&self, user: UserId) -> Option<bool> {
        if self.breaks.granted.contains(&user) {
            return None;
        }
        let full = self.house.break_quotas.iter().filter(|q| q.agents.contains(&user)).filter(|q| {
            let limit = q.quota.limit(self.signed_in(&q.agents));
            limit.is_some_and(|limit| self.on_break(&q.agents) >= limit)
        });
        full.map(|q| q.quota.refuse).reduce(|a, b| a || b)
    }

    /// An agent wants a break that would begin now. True: it has to wait for it.
    pub(super) fn must_wait_for_break(
        &mut self,
        now: Timestamp,
        user: UserId,
        reason: Option<String>,
        out: &mut Vec<Effect>,
    ) -> Result<bool, Refusal> {
        if self.agents.get(&user).is_some_and(|a| a.presence.status == AgentStatus::Break) {
            return Ok(false);
        }
        match self.break_full(user) {
            None => {
                self.withdraw_break(now, user, BreakEnd::Granted, out);
                Ok(false)
            }
            Some(true) => Err(Refusal::BreakFull),
            Some(false) => {
                let request = self.stand_in_line(now, user, reason, out);
                self.change_agent(now, user, out, |a| a.break_request = Some(request));
                Ok(true)
            }
        }
    }

    /// Before the last work of somebody who wants a break afterwards ends: without room they wait for it, and work on meanwhile.
    pub(super) fn hold_next_break(&mut self, now: Timestamp, user: UserId, out: &mut Vec<Effect>) {
        let Some(agent) = self.agents.get(&user).filter(|a| a.works.len() == 1) else { return };
        let Some(next) = agent.next.clone().filter(|n| n.status == AgentStatus::Break) else { return };
        if agent.presence.status == AgentStatus::Break {
            return;
        }
        let Some(refused) = self.break_full(user) else { return };
        let request = (!refused).then(|| self.stand_in_line(now, user, next.reason, out));
        self.change_agent(now, user, out, |a| (a.next, a.break_request) = (None, request));
    }

    /// Into the line; somebody who stands in it already keeps the place. The agent must be given the request.
    fn stand_in_line(&mut self, now: Timestamp, user: UserId, reason: Option<String>, out: &mut Vec<Effect>) -> BreakRequestLive {
        record(now, None, Some(user), None, EventKind::BreakRequested { reason: reason.clone() }, out);
        if let Some((_, standing)) = self.breaks.requests.iter_mut().find(|r| r.0 == user) {
            standing.reason = reason;
            return standing.clone();
        }
        let request = BreakRequestLive { request: BreakRequestId(self.next_offer_id(now).0), reason, asked_at: now };
        self.breaks.requests.push((user, request.clone()));
        request
    }

    /// Out of the line. The agent must lose the request; false: there was none.
    fn leave_line(&mut self, now: Timestamp, user: UserId, result: BreakEnd, out: &mut Vec<Effect>) -> bool {
        let Some(at) = self.breaks.requests.iter().position(|r| r.0 == user) else { return false };
        self.breaks.requests.remove(at);
        record(now, None, Some(user), None, EventKind::BreakRequestEnded { result: result.word().to_owned() }, out);
        true
    }

    /// The agent no longer waits for a break, if it did.
    pub(super) fn withdraw_break(&mut self, now: Timestamp, user: UserId, result: BreakEnd, out: &mut Vec<Effect>) {
        if self.leave_line(now, user, result, out) {
            self.change_agent(now, user, out, |a| a.break_request = None);
        }
    }

    /// A supervisor decides about a request.
    pub(super) fn decide_break(
        &mut self,
        now: Timestamp,
        request: BreakRequestId,
        approve: bool,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let user = self.breaks.requests.iter().find(|r| r.1.request == request).ok_or(Refusal::NoSuchRequest)?.0;
        if approve {
            self.go_on_break(now, user, BreakEnd::Approved, out);
        } else {
            self.withdraw_break(now, user, BreakEnd::Declined, out);
        }
        Ok(())
    }

    /// Somebody in line goes now, or when their last work ends.
    fn go_on_break(&mut self, now: Timestamp, user: UserId, result: BreakEnd, out: &mut Vec<Effect>) {
        self.leave_line(now, user, result, out);
        self.breaks.granted.insert(user);
        self.change_agent(now, user, out, |a| {
            let reason = a.break_request.take().and_then(|r| r.reason);
            let wanted = Presence { status: AgentStatus::Break, reason };
            if a.works.is_empty() { a.presence = wanted } else { a.next = Some(wanted) }
        });
    }

    /// The first in line for whom there is room goes, and so on. At the end of every step.
    pub(super) fn grant_breaks(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while std::mem::take(&mut self.breaks.touched) && !self.breaks.requests.is_empty() {
            let gone: Vec<UserId> = self.breaks.requests.iter().map(|r| r.0).filter(|u| !self.may_ask(*u)).collect();
            for user in gone {
                self.withdraw_break(now, user, BreakEnd::Withdrawn, out);
            }
            if let Some(user) = self.breaks.requests.iter().map(|r| r.0).find(|u| self.break_full(*u).is_none()) {
                self.go_on_break(now, user, BreakEnd::Granted, out);
                self.breaks.touched = true;
            }
        }
    }

    fn may_ask(&self, user: UserId) -> bool {
        self.agents.get(&user).is_some_and(|a| a.configured && a.presence.status != AgentStatus::Offline)
    }

    /// What a change of presence means for breaks: the time of this one, and room for others.
    pub(super) fn presence_changed(&mut self, now: Timestamp, user: UserId, before: &Presence, out: &mut Vec<Effect>) {
        let Some(agent) = self.agents.get(&user) else { return };
        let after = agent.presence.clone();
        if after == *before {
            return;
        }
        self.breaks.touched = true;
        self.timers.clear(Timer::BreakOver(user));
        let until = self.house.break_max_ms(&after.status, after.reason.as_deref()).map(|ms| now.plus_ms(ms));
        if let Some(at) = until {
            self.timers.set(Timer::BreakOver(user), at);
        }
        if matches!(after.status, AgentStatus::Break | AgentStatus::Offline) {
            self.breaks.granted.remove(&user);
        }
        let leaves = after.status == AgentStatus::Offline && self.leave_line(now, user, BreakEnd::Withdrawn, out);
        if let Some(agent) = self.agents.get_mut(&user) {
            agent.break_until = until;
            agent.break_request = agent.break_request.take().filter(|_| !leaves);
        }
    }

    pub(super) fn break_overstayed(&self, now: Timestamp, user: UserId, out: &mut Vec<Effect>) {
        let Some(agent) = self.agents.get(&user).filter(|a| a.presence.status == AgentStatus::Break) else { return };
        let reason = agent.presence.reason.clone();
        record(now, None, Some(user), None, EventKind::BreakOverstayed { reason: reason.clone(), was_ms: now.ms_since(agent.since) }, out);
        out.push(Effect::BreakOverstayed { agent: user, reason });
    }
}
