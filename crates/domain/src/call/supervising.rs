//! Supervisors in a running talk: they listen, whisper to the agent, or barge in. Who hears whom is worked out anew after every
//! input, so that a hold, a resumed browser or a new agent's leg changes it by itself. A supervisor's part ends with the talk.
use super::leg::LegState;
use super::machine::{Call, Phase};
use super::types::*;
use crate::event::EventKind;
use crate::live::Device;
use crate::{LegId, Timestamp, UserId};

/// Supervisors in one call at once.
pub const SUPERVISORS_MAX: usize = 4;

#[derive(Debug, Clone, Copy)]
pub(super) struct Supervisor {
    leg: LegId,
    user: UserId,
    mode: SuperviseMode,
}

/// Who takes part beside the two that talk.
#[derive(Debug, Default)]
pub(super) struct Supervision {
    present: Vec<Supervisor>,
    /// (from, to) pairs that hear each other because of a supervisor.
    mixed: Vec<(LegId, LegId)>,
}

impl Call {
    pub(super) fn supervise(
        &mut self,
        now: Timestamp,
        user: UserId,
        device: Device,
        mode: SuperviseMode,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if !matches!(self.phase, Phase::Talking(_)) {
            return Err("nobody is connected");
        }
        if self.has_agent(user) || self.supervision.present.iter().any(|s| s.user == user) {
            return Err("you are already in the call");
        }
        if self.supervision.present.len() >= SUPERVISORS_MAX || self.legs_exhausted() {
            return Err("too many take part");
        }
        let browser = device == Device::Browser;
        let leg = self.new_leg(Side::Agent, Some(user), browser, LegState::Dialling);
        if browser {
            out.push(Effect::OpenBrowser { leg, agent: user });
        } else {
            let caller = self.history.row.remote.clone();
            out.push(Effect::Dial { leg, side: Side::Agent, to: DialTo::Phone(user), caller, near: None });
        }
        self.supervision.present.push(Supervisor { leg, user, mode });
        self.set_timer(Timer::Supervise, now.plus_ms(self.limits.answer_timeout_ms));
        self.history.record(now, EventKind::Supervised { by: user, mode: Some(mode) }, out);
        Ok(())
    }

    pub(super) fn supervise_as(&mut self, now: Timestamp, user: UserId, mode: SuperviseMode, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let supervisor = self.supervision.present.iter_mut().find(|s| s.user == user).ok_or("you are not in the call")?;
        if supervisor.mode != mode {
            supervisor.mode = mode;
            self.history.record(now, EventKind::Supervised { by: user, mode: Some(mode) }, out);
        }
        Ok(())
    }

    pub(super) fn stop_supervising(&mut self, user: UserId, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let supervisor = self.supervision.present.iter().find(|s| s.user == user).copied().ok_or("you are not in the call")?;
        self.hang_up(supervisor.leg, Cause::NORMAL, out);
        Ok(())
    }

    /// Whether the leg is a supervisor's.
    pub(super) fn is_supervisor(&self, leg: LegId) -> bool {
        self.supervision.present.iter().any(|s| s.leg == leg)
    }

    /// Those who did not get through in time are given up.
    pub(super) fn supervise_timeout(&mut self, out: &mut Vec<Effect>) {
        let late: Vec<LegId> = self
            .supervision
            .present
            .iter()
            .map(|s| s.leg)
            .filter(|l| self.leg(*l).is_some_and(|l| l.state == LegState::Dialling))
            .collect();
        late.into_iter().for_each(|leg| self.hang_up(leg, Cause::NO_ANSWER, out));
    }

    /// Brings who hears whom to what it should be; called after every input.
    pub(super) fn mix(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.supervision.present.is_empty() {
            return self.supervision.mixed.clear();
        }
        let talk = match &self.phase {
            Phase::Talking(t) => Some((t.near, t.far)),
            _ => None,
        };
        if talk.is_none() {
            let legs: Vec<LegId> = self.supervision.present.iter().map(|s| s.leg).collect();
            legs.into_iter().for_each(|leg| self.hang_up(leg, Cause::NORMAL, out));
        }
        let gone = |call: &Self, leg: LegId| call.leg(leg).is_none_or(|l| !l.is_live());
        let left: Vec<UserId> = self.supervision.present.iter().filter(|s| gone(self, s.leg)).map(|s| s.user).collect();
        for by in left {
            self.supervision.present.retain(|s| s.user != by);
            self.history.record(now, EventKind::Supervised { by, mode: None }, out);
        }
        let wanted = self.wanted(talk);
        let before = std::mem::take(&mut self.supervision.mixed);
        for (from, to) in before.iter().filter(|p| !wanted.contains(p)) {
            // What a leg that ends heard ends with it.
            if !gone(self, *from) && !gone(self, *to) {
                out.push(Effect::Hear { from: *from, to: *to, on: false });
            }
        }
        for (from, to) in wanted.iter().filter(|p| !before.contains(p)) {
            out.push(Effect::Hear { from: *from, to: *to, on: true });
        }
        self.supervision.mixed = wanted;
    }

    fn wanted(&self, talk: Option<(LegId, LegId)>) -> Vec<(LegId, LegId)> {
        let Some((near, far)) = talk else { return Vec::new() };
        let up = |leg: LegId| self.leg(leg).is_some_and(super::leg::Leg::is_up);
        let mut pairs = Vec::new();
        for s in self.supervision.present.iter().filter(|s| up(s.leg)) {
            pairs.extend([(near, s.leg), (far, s.leg)]);
            if s.mode != SuperviseMode::Listen {
                pairs.push((s.leg, near));
            }
            if s.mode == SuperviseMode::Barge {
                pairs.push((s.leg, far));
            }
        }
        // A browser that is being resumed is not up yet; it is mixed in when it is.
        pairs.retain(|(from, to)| up(*from) && up(*to));
        pairs
    }
}
