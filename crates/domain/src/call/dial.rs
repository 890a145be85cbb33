//! Calls that we make: the agent's side first for a click, then the far side, with what the one hears meanwhile.
use super::directory::Target;
use super::leg::{Leg, LegState};
use super::machine::{Call, Phase};
use super::types::*;
use crate::interaction::{Direction, HangupBy, InteractionState, Outcome};
use crate::{LegId, Pii, Timestamp, UserId};

pub(super) struct Dialling {
    /// Who waits for the answer.
    pub near: LegId,
    pub far: LegId,
    pub why: Why,
    /// The far side's own sound is already heard.
    early: bool,
    /// The far side answered; the near one is being answered.
    answered: bool,
}

#[derive(Clone, PartialEq)]
pub(super) enum Why {
    /// An entry plan leads straight there.
    Bridge { record: bool },
    /// A person calls out or a colleague.
    Out { record: bool },
    /// A customer is passed on.
    Transfer,
}

impl Call {
    /// An agent's side is there (or an unanswered phone): on to whom they want.
    pub(super) fn proceed(&mut self, now: Timestamp, near: LegId, target: Target, out: &mut Vec<Effect>) {
        let own = self.leg(near).and_then(|l| l.agent);
        let record = own.and_then(|a| self.directory.queue_of(a)).is_some_and(|q| q.record);
        match target {
            Target::Number(number) => self.run_plan(now, number, near, out),
            Target::Agent(agent) if own == Some(agent) => self.dial_refused(now, near, Cause::BUSY, out),
            Target::Agent(agent) => self.dial(now, near, DialTo::Phone(agent), Why::Out { record: false }, out),
            Target::Trunk { trunk, number } => self.dial(now, near, DialTo::Trunk { trunk, number }, Why::Out { record }, out),
        }
    }

    pub(super) fn dial_bridge(&mut self, now: Timestamp, caller: LegId, target: String, record: bool, out: &mut Vec<Effect>) {
        self.dial(now, caller, DialTo::Uri(target), Why::Bridge { record }, out);
    }

    pub(super) fn dial(&mut self, now: Timestamp, near: LegId, to: DialTo, why: Why, out: &mut Vec<Effect>) {
        if self.legs_exhausted() {
            return self.end(now, Outcome::Failed, HangupBy::System, Cause::UNAVAILABLE, out);
        }
        let side = match self.leg(near).map(|l| l.side) {
            Some(Side::Agent) => Side::Customer,
            _ => Side::Agent,
        };
        let agent = match &to {
            DialTo::Phone(user) => Some(*user),
            _ => None,
        };
        if let DialTo::Trunk { trunk, .. } = &to {
            self.history.row.trunk = Some(*trunk);
        }
        let caller = self.shown_caller(Some(near), &to);
        let far = self.new_leg(side, agent, false, LegState::Dialling);
        let live = !matches!(why, Why::Bridge { .. });
        self.history.row.state = InteractionState::Dialling;
        self.phase = Phase::Dialling(Dialling { near, far, why, early: false, answered: false });
        self.set_timer(Timer::Answer, now.plus_ms(self.limits.answer_timeout_ms));
        out.push(Effect::Dial { leg: far, side, to, caller, near: Some(near) });
        if self.leg(near).is_some_and(Leg::is_up) {
            // Until it rings there is something to hear that says "working".
            if live {
                self.play(near, vec![Sound::Tone(Tone::Ringback)], true, out);
            }
        }
        if live {
            self.live(out);
        }
    }

    /// The number that the dialled side sees: a trunk's own, the customer's, or the extension of the agent who calls.
    pub(super) fn shown_caller(&self, near: Option<LegId>, to: &DialTo) -> Pii<String> {
        let row = &self.history.row;
        let extension = |user: UserId| self.directory.user(user).and_then(|u| u.extension.clone());
        let agent = near.and_then(|near| self.leg(near)).and_then(|l| l.agent);
        if let DialTo::Trunk { trunk, .. } = to
            && let Some(id) = self.directory.trunk(*trunk).and_then(|t| t.caller_id.clone())
        {
            return Pii::new(id);
        }
        match agent.and_then(extension) {
            Some(extension) => Pii::new(extension),
            None if row.direction == Direction::Inbound => row.remote.clone(),
            None => Pii::new(row.local.clone()),
        }
    }

    pub(super) fn agent_side_up(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Connect);
        self.stop_timer(Timer::Answer);
        if let Phase::AgentFirst { agent, target } = &self.phase {
            let (agent, target) = (*agent, target.clone());
            self.proceed(now, agent, target, out);
        }
    }

    pub(super) fn leg_ringing(&mut self, id: LegId, early_media: bool, out: &mut Vec<Effect>) {
        let Phase::Dialling(d) = &mut self.phase else { return };
        if d.far != id || d.answered || d.early {
            return;
        }
        d.early = early_media;
        let (near, far) = (d.near, d.far);
        match self.leg(near).map(|l| l.state) {
            Some(LegState::Offering { ringing }) if !ringing || early_media => {
                if let Some(leg) = self.leg_mut(near) {
                    leg.state = LegState::Offering { ringing: true };
                }
                out.push(Effect::Ring { leg: near, early_media });
            }
            Some(LegState::Up) if early_media => out.push(Effect::StopPlay { leg: near }),
            _ => {}
        }
        if early_media {
            out.push(Effect::Bridge { a: near, b: far });
        }
    }

    pub(super) fn dialled_leg_up(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        let Phase::Dialling(d) = &mut self.phase else { return };
        let (near, far) = (d.near, d.far);
        if id == far {
            d.answered = true;
            self.stop_timer(Timer::Answer);
            if let Some(leg) = self.leg_mut(near)
                && matches!(leg.state, LegState::Offering { .. })
            {
                leg.state = LegState::Answering;
                out.push(Effect::Answer { leg: near });
                return;
            }
        }
        let both = [near, far].iter().all(|l| self.leg(*l).is_some_and(Leg::is_up));
        if both {
            self.dialled_through(now, near, far, out);
        }
    }

    fn dialled_through(&mut self, now: Timestamp, near: LegId, far: LegId, out: &mut Vec<Effect>) {
        let Phase::Dialling(d) = &self.phase else { return };
        let why = d.why.clone();
        let agent_of = |leg: LegId| self.leg(leg).and_then(|l| l.agent);
        // The talk's "near" is the agent's side: the one whose orders and holds count.
        let (agent_leg, other) = match self.leg(near).map(|l| l.side) {
            Some(Side::Agent) => (near, far),
            _ => (far, near),
        };
        let agent = agent_of(agent_leg);
        let colleague = agent_of(other);
        if let Some(agent) = agent {
            self.occupy(agent, out);
            self.history.row.agent = Some(agent);
        }
        if let Some(colleague) = colleague {
            self.occupy(colleague, out);
        }
        let record = match why {
            Why::Bridge { record } | Why::Out { record } => record,
            Why::Transfer => false,
        };
        self.start_talk(now, agent_leg, other, agent, record, out);
    }

    pub(super) fn dialling_leg_down(&mut self, now: Timestamp, id: LegId, cause: Cause, out: &mut Vec<Effect>) {
        let Phase::Dialling(d) = &self.phase else { return };
        let (near, far, why) = (d.near, d.far, d.why.clone());
        if id == far {
            return self.dial_failed(now, near, why, cause, out);
        }
        if id == near {
            let outcome = match why {
                Why::Bridge { .. } => Outcome::Abandoned,
                Why::Out { .. } => Outcome::NotReached,
                Why::Transfer => Outcome::Handled,
            };
            let outcome = self.outcome_now(outcome);
            self.end(now, outcome, self.by(near), cause, out);
        }
    }

    fn dial_failed(&mut self, now: Timestamp, near: LegId, why: Why, cause: Cause, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Answer);
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).cloned();
        match (why, queue) {
            (Why::Transfer, Some(queue)) => self.enter_queue(now, near, queue, 0, true, None, 0, out),
            _ => self.dial_refused(now, near, cause, out),
        }
    }

    /// Nobody is reached: an unanswered caller is told by status, one who hears us by tone.
    pub(super) fn dial_refused(&mut self, now: Timestamp, near: LegId, cause: Cause, out: &mut Vec<Effect>) {
        let outcome = self.outcome_now(Outcome::NotReached);
        let tone = if matches!(cause.sip, 486 | 600 | 603) { Tone::Busy } else { Tone::Congestion };
        self.farewell(now, near, Some(Sound::Tone(tone)), outcome, cause, out);
    }

    pub(super) fn answer_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        match &self.phase {
            Phase::Dialling(d) => {
                let (near, far, why) = (d.near, d.far, d.why.clone());
                self.hang_up(far, Cause::CANCELLED, out);
                self.dial_failed(now, near, why, Cause::NO_ANSWER, out);
            }
            Phase::AgentFirst { .. } => self.end(now, Outcome::NotReached, HangupBy::Agent, Cause::NO_ANSWER, out),
            Phase::Calling { .. } => self.customer_not_reached(now, Cause::NO_ANSWER, out),
            Phase::Waiting(_) => self.offer_connect_timeout(now, out),
            _ => {}
        }
    }

    pub(super) fn connect_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        match &self.phase {
            Phase::AgentFirst { .. } => self.end(now, Outcome::NotReached, HangupBy::Agent, Cause::TIMEOUT, out),
            Phase::Waiting(_) => self.offer_connect_timeout(now, out),
            // A resumed browser that never connects is lost again; the resume timer still runs.
            _ => {}
        }
    }
}
