//! Its turn: dialling, holding, connecting, and what follows a try that failed.
use super::machine::{Callback, allowed};
use super::types::*;
use crate::call::Cause;
use crate::{Timestamp, UserId};

impl Callback {
    pub(super) fn turn_near(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        if self.request.mode != Mode::CustomerFirst || self.state != State::Waiting {
            return;
        }
        // Out of the line meanwhile, or an agent would be offered a line on which nobody is yet.
        out.push(Effect::Leave { reason: "dialling" });
        self.dial(now, None, window, out);
    }

    pub(super) fn assigned(&mut self, now: Timestamp, agent: UserId, window: Window<'_>, out: &mut Vec<Effect>) {
        match self.state {
            State::Waiting | State::Offered { .. } => self.dial(now, Some(agent), window, out),
            State::Dialling { agent: None } => self.enter(State::Dialling { agent: Some(agent) }, out),
            State::Holding => self.connect(now, agent, out),
            // Reserved twice is reserved.
            State::Dialling { agent: Some(current) } | State::Connected { agent: current } if current == agent => {}
            _ => out.push(Effect::Release { agent }),
        }
    }

    /// The line let go of it.
    pub(super) fn not_queued(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        match self.state {
            State::Waiting | State::Offered { .. } => self.queue_from(now, now.plus_ms(QUEUE_AGAIN_MS), window, out),
            State::Holding => {
                self.hang_up(now, out);
                self.try_over(now, Outcome::NoAgent, window, out);
            }
            _ => {}
        }
    }

    /// The one place that dials: within the window, one leg at a time, `tries` times at most.
    fn dial(&mut self, now: Timestamp, agent: Option<UserId>, window: Window<'_>, out: &mut Vec<Effect>) {
        let open = allowed(window, now) == Some(now) && now < self.request.expires_at;
        if !open || self.closing {
            out.extend(agent.map(|agent| Effect::Release { agent }));
            let from = if self.closing { now.plus_ms(self.limits.teardown_ms.max(1)) } else { now };
            return self.queue_from(now, from, window, out);
        }
        self.attempts += 1;
        self.set_timer(Timer::Ring, now.plus_ms(self.limits.ring_timeout_ms));
        out.push(Effect::Dial { attempt: self.attempts, number: self.request.number.clone(), agent });
        self.enter(State::Dialling { agent }, out);
    }

    pub(super) fn leg_up(&mut self, now: Timestamp, attempt: u8, out: &mut Vec<Effect>) {
        if attempt != self.attempts || self.closing {
            return;
        }
        match self.state {
            State::Dialling { agent: Some(agent) } => self.connect(now, agent, out),
            State::Dialling { agent: None } => self.hold(now, out),
            _ => {}
        }
    }

    fn hold(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.clear_timer(Timer::Ring);
        self.clear_timer(Timer::TalkMax);
        self.set_timer(Timer::Hold, now.plus_ms(self.limits.hold_max_ms));
        out.push(Effect::Hold { attempt: self.attempts });
        out.push(Effect::Enqueue(self.on_the_line(now)));
        self.enter(State::Holding, out);
    }

    fn connect(&mut self, now: Timestamp, agent: UserId, out: &mut Vec<Effect>) {
        self.clear_timer(Timer::Ring);
        self.clear_timer(Timer::Hold);
        self.set_timer(Timer::TalkMax, now.plus_ms(self.limits.talk_max_ms));
        out.push(Effect::Connect { attempt: self.attempts, agent });
        self.enter(State::Connected { agent }, out);
    }

    pub(super) fn leg_down(&mut self, now: Timestamp, attempt: u8, sip: u16, window: Window<'_>, out: &mut Vec<Effect>) {
        if attempt != self.attempts {
            return;
        }
        if self.closing {
            self.closing = false;
            return self.clear_timer(Timer::Teardown);
        }
        match self.state {
            State::Dialling { .. } => self.try_over(now, Outcome::of(Cause::from_sip(sip)), window, out),
            State::Holding => {
                out.push(Effect::Leave { reason: "caller_left" });
                // Who answers and hangs up does not want to be called again.
                self.finish(State::Done { outcome: Outcome::CustomerLeft }, out);
            }
            State::Connected { .. } => self.finish(State::Done { outcome: Outcome::Reached }, out),
            _ => {}
        }
    }

    pub(super) fn agent_gone(&mut self, now: Timestamp, agent: UserId, out: &mut Vec<Effect>) {
        match self.state {
            // The phone rings on: who answers goes first with the next agent.
            State::Dialling { agent: Some(current) } if current == agent => {
                out.push(Effect::Release { agent });
                self.enter(State::Dialling { agent: None }, out);
            }
            State::Connected { agent: current } if current == agent => self.hold(now, out),
            _ => {}
        }
    }

    pub(super) fn ring_timeout(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        if matches!(self.state, State::Dialling { .. }) {
            self.hang_up(now, out);
            self.try_over(now, Outcome::NoAnswer, window, out);
        }
    }

    pub(super) fn hold_timeout(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        if self.state == State::Holding {
            out.push(Effect::Leave { reason: "no_agent" });
            self.hang_up(now, out);
            self.try_over(now, Outcome::NoAgent, window, out);
        }
    }

    /// The try came to nothing: the agent is free, and the next try waits for its gap and the window, with the same place.
    pub(super) fn try_over(&mut self, now: Timestamp, outcome: Outcome, window: Window<'_>, out: &mut Vec<Effect>) {
        self.clear_timer(Timer::Ring);
        self.clear_timer(Timer::Hold);
        if let State::Dialling { agent: Some(agent) } = self.state {
            out.push(Effect::Release { agent });
        }
        let next = allowed(window, now.plus_ms(self.request.retry_gap_ms)).filter(|at| *at < self.request.expires_at);
        match next {
            Some(at) if outcome.may_retry() && self.attempts < self.request.tries => self.wait_until(at, out),
            _ => self.finish(State::Done { outcome }, out),
        }
    }

    /// Ends the leg and remembers that it is not gone yet.
    pub(super) fn hang_up(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.closing = true;
        self.set_timer(Timer::Teardown, now.plus_ms(self.limits.teardown_ms));
        out.push(Effect::HangUp { attempt: self.attempts });
    }
}
