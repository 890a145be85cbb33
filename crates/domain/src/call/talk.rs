//! Two legs that hear each other: hold, mute, digits, transfer, a lost browser that comes back.
use super::dial::Why;
use super::directory::Target;
use super::leg::Leg;
use super::machine::{Call, Phase};
use super::types::*;
use crate::event::EventKind;
use crate::interaction::{HangupBy, InteractionState, Outcome, SegmentKind};
use crate::live::Device;
use crate::{LegId, Timestamp, UserId};

/// Digits of one order.
pub const DIGITS_MAX: usize = 64;

pub(super) struct Talking {
    /// The agent's side (or the called target of a plain bridge).
    pub near: LegId,
    /// The customer's side (or the called colleague).
    pub far: LegId,
    pub held: bool,
    pub muted: bool,
    /// The agent's browser is gone and may come back before this.
    pub lost_until: Option<Timestamp>,
}

impl Call {
    pub(super) fn start_talk(
        &mut self,
        now: Timestamp,
        near: LegId,
        far: LegId,
        agent: Option<UserId>,
        record: bool,
        out: &mut Vec<Effect>,
    ) {
        let wait_ms = self.history.waited_ms(now);
        self.history.close_all(now, "answered", out);
        self.history.row.state = InteractionState::Connected;
        if self.history.row.answered_at.is_none() {
            self.history.row.answered_at = Some(now);
        }
        for (who, talked) in &mut self.occupied {
            *talked |= Some(*who) == agent || self.legs.iter().any(|l| (l.id == near || l.id == far) && l.agent == Some(*who));
        }
        out.push(Effect::Bridge { a: far, b: near });
        self.phase = Phase::Talking(Talking { near, far, held: false, muted: false, lost_until: None });
        self.history.record(now, EventKind::Answered { leg: near, wait_ms }, out);
        self.history.open(now, SegmentKind::Talk, agent);
        if record {
            self.start_recording(now, out);
        }
        if agent.is_some() {
            self.history.save(out);
        }
        self.live(out);
    }

    pub(super) fn talk_leg_down(&mut self, now: Timestamp, id: LegId, cause: Cause, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &self.phase else { return };
        if id != t.near && id != t.far {
            return;
        }
        if id == t.near && self.leg(id).is_some_and(|l| l.browser) {
            // The media worker gave the browser up: the page may still come back.
            return self.media_lost(now, id, out);
        }
        self.end(now, Outcome::Handled, self.by(id), cause, out);
    }

    /// A resumed browser is connected.
    pub(super) fn talk_leg_up(&mut self, _now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &mut self.phase else { return };
        if t.near != id {
            return self.hang_up(id, Cause::NORMAL, out);
        }
        t.lost_until = None;
        let (near, far, held, muted) = (t.near, t.far, t.held, t.muted);
        self.stop_timer(Timer::Resume);
        self.stop_timer(Timer::Connect);
        if muted {
            out.push(Effect::Mute { leg: near, on: true });
        }
        if !held {
            out.push(Effect::Bridge { a: far, b: near });
        }
        self.live(out);
    }

    pub(super) fn media_lost(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        if self.is_supervisor(id) {
            return self.hang_up(id, Cause::NORMAL, out);
        }
        let until = now.plus_ms(self.limits.resume_ms);
        match &mut self.phase {
            Phase::Talking(t) if t.near == id && t.lost_until.is_none() => {
                t.lost_until = Some(until);
                let (far, held) = (t.far, t.held);
                self.set_timer(Timer::Resume, until);
                if !held {
                    out.push(Effect::Unbridge);
                    self.music(far, out);
                }
                self.live(out);
            }
            Phase::AgentFirst { agent, .. } if *agent == id => self.end(now, Outcome::NotReached, HangupBy::Agent, Cause::NORMAL, out),
            Phase::Dialling(d) if d.near == id => self.end(now, Outcome::NotReached, HangupBy::Agent, Cause::NORMAL, out),
            Phase::Waiting(w) if w.taken.as_ref().is_some_and(|o| o.leg == Some(id)) => self.offer_connect_timeout(now, out),
            Phase::Waiting(w) if w.caller == Some(id) => self.end(now, Outcome::Abandoned, HangupBy::Agent, Cause::NORMAL, out),
            Phase::Entry { caller, .. } if *caller == id => self.end(now, Outcome::LeftInEntry, HangupBy::Agent, Cause::NORMAL, out),
            Phase::Farewell { leg, outcome, .. } if *leg == id => {
                let outcome = *outcome;
                self.end(now, outcome, HangupBy::Agent, Cause::NORMAL, out);
            }
            _ => {}
        }
    }

    pub(super) fn resume_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &self.phase else { return };
        let (near, far) = (t.near, t.far);
        self.stop_timer(Timer::Connect);
        let queue = self.history.row.queue.and_then(|q| self.directory.queue_by_id(q)).cloned();
        match queue {
            Some(queue) if self.leg(far).is_some_and(|l| l.is_up() && l.side == Side::Customer) => {
                self.agent_leaves(now, near, Some("media_failed"), out);
                self.enter_queue(now, far, queue, 0, true, None, 0, out);
            }
            _ => self.end(now, Outcome::Handled, HangupBy::Agent, Cause::NORMAL, out),
        }
    }

    pub(super) fn resumed(&mut self, now: Timestamp, request: u32, out: &mut Vec<Effect>) {
        let agent = match &self.phase {
            Phase::Talking(t) => self.leg(t.near).filter(|l| l.browser).and_then(|l| l.agent),
            _ => None,
        };
        let Some(agent) = agent.filter(|_| !self.legs_exhausted()) else {
            return out.push(Effect::Reply { request, result: Err("this call cannot be resumed") });
        };
        let Phase::Talking(t) = &self.phase else { return };
        let (old, far, held, lost) = (t.near, t.far, t.held, t.lost_until.is_some());
        let side = self.leg(old).map_or(Side::Agent, |l| l.side);
        self.hang_up(old, Cause::NORMAL, out);
        out.push(Effect::Reply { request, result: Ok(()) });
        if !lost && !held {
            out.push(Effect::Unbridge);
            self.music(far, out);
        }
        let leg = self.connect_agent(now, agent, Device::Browser, side, out);
        let until = now.plus_ms(self.limits.resume_ms);
        if let Phase::Talking(t) = &mut self.phase {
            t.near = leg;
            t.lost_until.get_or_insert(until);
        }
        if !lost {
            self.set_timer(Timer::Resume, until);
        }
        self.live(out);
    }

    pub(super) fn leg_held(&mut self, now: Timestamp, id: LegId, held: bool, out: &mut Vec<Effect>) {
        // Only the agent's side holds: a customer's PBX that holds plays its own music, which the agent should hear.
        if let Phase::Talking(t) = &self.phase
            && t.near == id
        {
            self.set_held(now, held, out);
        }
    }

    fn set_held(&mut self, now: Timestamp, held: bool, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &mut self.phase else { return };
        if t.held == held {
            return;
        }
        t.held = held;
        let (near, far, lost) = (t.near, t.far, t.lost_until.is_some());
        let agent = self.leg(near).and_then(|l| l.agent);
        let (ends, begins) = if held { (SegmentKind::Talk, SegmentKind::Hold) } else { (SegmentKind::Hold, SegmentKind::Talk) };
        self.history.close(now, ends, if held { "held" } else { "resumed" }, out);
        self.history.open(now, begins, agent);
        self.history.record(now, if held { EventKind::Held } else { EventKind::Unheld }, out);
        if held && !lost {
            out.push(Effect::Unbridge);
            self.music(far, out);
        } else if !held && !lost {
            out.push(Effect::Bridge { a: far, b: near });
        }
        self.live(out);
    }

    pub(super) fn asked(&mut self, now: Timestamp, request: u32, ask: Ask, out: &mut Vec<Effect>) {
        let result = self.try_ask(now, ask, out);
        // A call without a living leg is finished at once, and nothing follows that.
        let at = out.len() - usize::from(out.last() == Some(&Effect::Finished));
        out.insert(at, Effect::Reply { request, result });
    }

    fn try_ask(&mut self, now: Timestamp, ask: Ask, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        if self.is_over() {
            return Err("the call has ended");
        }
        match ask {
            Ask::Supervise { user, device, mode } => return self.supervise(now, user, device, mode, out),
            Ask::SuperviseAs { user, mode } => return self.supervise_as(now, user, mode, out),
            Ask::StopSupervising { user } => return self.stop_supervising(user, out),
            _ => {}
        }
        if let Some(result) = self.ask_of_caller(now, &ask, out) {
            return result;
        }
        if ask == Ask::HangUp && self.nobody_is_there() {
            self.withdrawn(now, out);
            return Ok(());
        }
        if ask == Ask::HangUp {
            let outcome = self.outcome_now(match self.phase {
                Phase::Dialling(_) | Phase::AgentFirst { .. } => Outcome::NotReached,
                Phase::Farewell { outcome, .. } => outcome,
                Phase::Waiting(_) => Outcome::Overflowed,
                _ => Outcome::Failed,
            });
            let by = if self.history.row.agent.is_some() { HangupBy::Agent } else { HangupBy::System };
            self.end(now, outcome, by, Cause::NORMAL, out);
            return Ok(());
        }
        let Phase::Talking(t) = &mut self.phase else { return Err("nobody is connected") };
        let (near, far) = (t.near, t.far);
        match ask {
            Ask::HangUp | Ask::Supervise { .. } | Ask::SuperviseAs { .. } | Ask::StopSupervising { .. } => {}
            Ask::Hold => self.set_held(now, true, out),
            Ask::Unhold => self.set_held(now, false, out),
            Ask::Mute(on) if t.muted != on => {
                t.muted = on;
                out.push(Effect::Mute { leg: near, on });
                self.history.record(now, EventKind::Muted { muted: on }, out);
                self.live(out);
            }
            Ask::Mute(_) => {}
            Ask::Dtmf(digits) => {
                check_digits(&digits)?;
                out.push(Effect::SendDigits { leg: far, digits: digits.to_ascii_uppercase() });
            }
            Ask::TransferQueue(id) => {
                let queue = self.directory.queue_by_id(id).cloned().ok_or("no such queue")?;
                self.pass_on(now, &queue.key.clone(), out);
                // The agent decided, not the menu.
                (self.chosen, self.priority) = (Chosen::default(), 0);
                self.enter_queue(now, far, queue, 0, false, None, 0, out);
            }
            Ask::TransferAgent(agent) => self.transfer_to_agent(now, near, far, agent, out)?,
            Ask::TransferTo { dialled, target } => self.transfer_to(now, near, far, &dialled, target, out)?,
        }
        Ok(())
    }

    /// A colleague who is served by one of our numbers presses keys for its menu, or leaves it.
    fn ask_of_caller(&mut self, now: Timestamp, ask: &Ask, out: &mut Vec<Effect>) -> Option<Result<(), Refusal>> {
        let caller = match &self.phase {
            Phase::Entry { caller, .. } => *caller,
            Phase::Waiting(w) => w.caller?,
            _ => return None,
        };
        self.leg(caller)?.agent?;
        match ask {
            Ask::HangUp => self.caller_left(now, caller, Cause::NORMAL, out),
            Ask::Dtmf(digits) => {
                if let Err(why) = check_digits(digits) {
                    return Some(Err(why));
                }
                digits.chars().for_each(|digit| self.digit(now, caller, digit, out));
            }
            _ => return None,
        }
        Some(Ok(()))
    }

    fn transfer_to_agent(&mut self, now: Timestamp, near: LegId, far: LegId, agent: UserId, out: &mut Vec<Effect>) -> Result<(), Refusal> {
        let user = self.directory.user(agent).cloned().ok_or("no such agent")?;
        if self.leg(near).and_then(|l| l.agent) == Some(agent) || self.leg(far).and_then(|l| l.agent) == Some(agent) {
            return Err("this agent is already in the call");
        }
        self.pass_on(now, &user.username, out);
        self.offer_to(now, far, agent, out);
        Ok(())
    }

    fn transfer_to(
        &mut self,
        now: Timestamp,
        near: LegId,
        far: LegId,
        dialled: &str,
        target: Target,
        out: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        if self.legs_exhausted() {
            return Err("too many transfers");
        }
        match target {
            Target::Agent(agent) => return self.transfer_to_agent(now, near, far, agent, out),
            Target::Number(number) => {
                self.pass_on(now, dialled, out);
                self.run_plan(now, number, far, out);
            }
            Target::Trunk { trunk, number } => {
                self.pass_on(now, dialled, out);
                self.dial(now, far, DialTo::Trunk { trunk, number }, Why::Transfer, out);
            }
        }
        Ok(())
    }

    /// The agent's part ends, the customer goes on.
    fn pass_on(&mut self, now: Timestamp, to: &str, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &self.phase else { return };
        let (near, lost) = (t.near, t.lost_until.is_some());
        self.history.record(now, EventKind::Transferred { to: to.to_owned() }, out);
        if lost {
            self.stop_timer(Timer::Resume);
            self.stop_timer(Timer::Connect);
        }
        self.agent_leaves(now, near, None, out);
    }

    fn agent_leaves(&mut self, now: Timestamp, near: LegId, away: Option<&'static str>, out: &mut Vec<Effect>) {
        let agent = self.leg(near).and_then(|l| l.agent);
        out.push(Effect::Unbridge);
        self.history.close_all(now, if away.is_some() { "media_failed" } else { "transferred" }, out);
        self.hang_up(near, Cause::NORMAL, out);
        if let Some(agent) = agent {
            self.release(agent, away, out);
        }
    }

    pub(super) fn referred(&mut self, now: Timestamp, leg: LegId, dialled: String, target: Option<Target>, out: &mut Vec<Effect>) {
        let result = match (&self.phase, target) {
            (Phase::Talking(t), Some(target)) if t.near == leg => {
                let (near, far) = (t.near, t.far);
                out.push(Effect::ReferProgress { leg, status: 200 });
                self.transfer_to(now, near, far, &dialled, target, out)
            }
            (_, None) => Err("no such number"),
            _ => Err("only the agent's side may transfer"),
        };
        if let Err(why) = result {
            out.push(Effect::ReferProgress { leg, status: if why == "no such number" { 404 } else { 603 } });
        }
    }

    pub(super) fn adopt(&mut self, now: Timestamp, replaces: LegId, agent: Option<UserId>, out: &mut Vec<Effect>) {
        let Phase::Talking(t) = &self.phase else { return };
        let (near, far) = (t.near, t.far);
        if (replaces != near && replaces != far) || self.legs_exhausted() {
            return;
        }
        let side = self.leg(replaces).map_or(Side::Agent, |l| l.side);
        self.history.record(now, EventKind::Transferred { to: "consulted".into() }, out);
        let stays = if replaces == near { far } else { near };
        let (stay_agent, held) = (self.leg(stays).and_then(|l| l.agent), matches!(&self.phase, Phase::Talking(t) if t.held));
        if held {
            out.push(Effect::StopPlay { leg: far });
        }
        self.agent_leaves(now, replaces, None, out);
        let leg = self.new_leg(side, agent, false, super::leg::LegState::Up);
        out.push(Effect::Adopt { leg, side });
        if let Some(agent) = agent {
            self.occupy(agent, out);
        }
        let (near, far) = if side == Side::Agent { (leg, stays) } else { (stays, leg) };
        let talker = self.leg(near).and_then(|l| l.agent).or(stay_agent);
        self.history.row.agent = talker.or(self.history.row.agent);
        self.start_talk(now, near, far, talker, false, out);
    }

    pub(super) fn given_away(&mut self, now: Timestamp, id: LegId, out: &mut Vec<Effect>) {
        let Some(leg) = self.leg_mut(id).filter(|l| Leg::is_live(l)) else { return };
        leg.state = super::leg::LegState::Down;
        if let Some(agent) = self.leg(id).and_then(|l| l.agent) {
            // The agent goes on in the other call, which reserves them for itself.
            self.release(agent, None, out);
        }
        let outcome = self.outcome_now(Outcome::Handled);
        self.end(now, outcome, HangupBy::Agent, Cause::NORMAL, out);
    }
}

fn check_digits(digits: &str) -> Result<(), Refusal> {
    let fine = !digits.is_empty()
        && digits.len() <= DIGITS_MAX
        && digits.chars().all(|c| matches!(c, '0'..='9' | 'A'..='D' | 'a'..='d' | '*' | '#'));
    if fine { Ok(()) } else { Err("digits must be 0-9, A-D, * or #") }
}
