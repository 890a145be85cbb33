//! The machine itself: what it holds, how inputs reach it, and how it waits for its turn and ends.
use super::types::*;
use crate::routing::{Card, Enqueue};
use crate::{InteractionId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One callback, from the caller's yes to the end. It can be stored and brought back (`Input::Restarted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    pub(super) request: Request,
    pub(super) limits: Limits,
    pub(super) state: State,
    /// Times dialled; also the number of the last leg.
    pub(super) attempts: u8,
    /// The last leg was told to end and did not confirm it yet.
    pub(super) closing: bool,
    timers: BTreeMap<Timer, Timestamp>,
}

impl Callback {
    /// Takes a request; the first effects put it into the line or wait for its time.
    ///
    /// # Errors
    /// The request cannot be met; the words say who must act.
    pub fn start(now: Timestamp, request: Request, limits: Limits, window: Window<'_>, out: &mut Vec<Effect>) -> Result<Callback, Refusal> {
        check(now, &request)?;
        let first = allowed(window, request.not_before.unwrap_or(now).max(now)).filter(|at| *at < request.expires_at);
        let at = first.ok_or(Refusal::NoTime)?;
        let mut request = request;
        request.since = request.since.min(now);
        let state = State::Requested { at };
        let mut callback = Callback { request, limits, state, attempts: 0, closing: false, timers: BTreeMap::new() };
        callback.set_timer(Timer::Expiry, callback.request.expires_at);
        if at > now {
            callback.set_timer(Timer::Due, at);
            callback.enter(state, out);
        } else {
            callback.enqueue(out);
        }
        Ok(callback)
    }

    /// Feeds one input. Never panics, whatever comes; inputs about things that are over are ignored.
    pub fn handle(&mut self, now: Timestamp, input: Input, window: Window<'_>, out: &mut Vec<Effect>) {
        match input {
            Input::TurnNear => self.turn_near(now, window, out),
            Input::Offered { offer, agent } => {
                if self.state == State::Waiting {
                    self.enter(State::Offered { offer, agent }, out);
                }
            }
            Input::OfferEnded { offer } => {
                // The router kept its place while the agent rang.
                if matches!(self.state, State::Offered { offer: current, .. } if current == offer) {
                    self.enter(State::Waiting, out);
                }
            }
            Input::Assigned { agent } => self.assigned(now, agent, window, out),
            Input::NotQueued => self.not_queued(now, window, out),
            Input::EnqueueAgain => match self.state {
                State::Waiting | State::Offered { .. } => self.enqueue(out),
                State::Holding => out.push(Effect::Enqueue(self.on_the_line(now))),
                _ => {}
            },
            Input::LegUp { attempt } => self.leg_up(now, attempt, out),
            Input::LegDown { attempt, sip } => self.leg_down(now, attempt, sip, window, out),
            Input::AgentGone { agent } => self.agent_gone(now, agent, out),
            Input::Cancel { by } => self.cancel(now, by, out),
            Input::Restarted => self.restarted(now, window, out),
            Input::Tick => self.tick(now, window, out),
        }
    }

    /// When `Input::Tick` is wanted next, and why.
    pub fn next_timeout(&self) -> Option<(Timestamp, Timer)> {
        self.timers.iter().map(|(timer, at)| (*at, *timer)).min()
    }

    pub fn id(&self) -> InteractionId {
        self.request.interaction
    }
    pub fn request(&self) -> &Request {
        &self.request
    }
    pub fn state(&self) -> State {
        self.state
    }
    /// Times dialled so far.
    pub fn attempts(&self) -> u8 {
        self.attempts
    }
    /// Nothing follows: ended, and no leg is left. Forget it.
    pub fn is_over(&self) -> bool {
        self.state.is_final() && !self.closing
    }
    pub fn live(&self) -> CallbackLive {
        let r = &self.request;
        CallbackLive {
            interaction: r.interaction,
            queue: r.queue,
            number: r.number.clone(),
            customer: r.customer,
            mode: r.mode,
            state: self.state,
            since: r.since,
            expires_at: r.expires_at,
            attempts: self.attempts,
            tries: r.tries,
        }
    }

    fn tick(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        // Each due timer fires once, in the order of time; those that a firing one sets wait for the next tick.
        let mut due: Vec<(Timestamp, Timer)> = self.timers.iter().map(|(timer, at)| (*at, *timer)).filter(|(at, _)| *at <= now).collect();
        due.sort_unstable();
        for (at, timer) in due {
            if self.timers.get(&timer) == Some(&at) {
                self.timers.remove(&timer);
                self.fire(now, timer, window, out);
            }
        }
    }

    fn fire(&mut self, now: Timestamp, timer: Timer, window: Window<'_>, out: &mut Vec<Effect>) {
        match timer {
            Timer::Due => self.queue_from(now, now, window, out),
            Timer::Ring => self.ring_timeout(now, window, out),
            Timer::Hold => self.hold_timeout(now, window, out),
            Timer::Teardown => self.closing = false,
            Timer::TalkMax => {
                self.hang_up(now, out);
                self.finish(State::Done { outcome: Outcome::Reached }, out);
            }
            Timer::Expiry => {
                let queued = matches!(self.state, State::Waiting | State::Offered { .. });
                if queued {
                    out.push(Effect::Leave { reason: "expired" });
                }
                // Whoever is being called is still served; no try follows.
                if queued || matches!(self.state, State::Requested { .. } | State::RetryAt { .. }) {
                    self.finish(State::Done { outcome: Outcome::Expired }, out);
                }
            }
        }
    }

    /// Into the line at the first allowed instant from `from` on; ends when that comes too late.
    pub(super) fn queue_from(&mut self, now: Timestamp, from: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        match allowed(window, from.max(now)).filter(|at| *at < self.request.expires_at) {
            Some(at) if at <= now => self.enqueue(out),
            Some(at) => self.wait_until(at, out),
            None => self.finish(State::Done { outcome: Outcome::Expired }, out),
        }
    }

    pub(super) fn wait_until(&mut self, at: Timestamp, out: &mut Vec<Effect>) {
        self.set_timer(Timer::Due, at);
        let state = if self.attempts == 0 { State::Requested { at } } else { State::RetryAt { at } };
        self.enter(state, out);
    }

    fn enqueue(&mut self, out: &mut Vec<Effect>) {
        out.push(Effect::Enqueue(self.place()));
        self.enter(State::Waiting, out);
    }

    /// Its place in the router's line: always the original one.
    fn place(&self) -> Enqueue {
        let r = &self.request;
        let card = Card { remote: r.number.clone(), local: r.local.clone(), customer: r.customer, reason: Some("callback".into()) };
        Enqueue {
            interaction: r.interaction,
            queue: r.queue,
            priority: r.priority,
            card,
            since: r.since,
            head: false,
            needs: None,
            prefer: None,
            estimate_ms: None,
        }
    }

    /// The customer is on the line: before everybody. The router counts its wait limit for the head from `since`, and the
    /// original one may be hours ago; what this customer waits on the line begins now.
    pub(super) fn on_the_line(&self, now: Timestamp) -> Enqueue {
        Enqueue { since: now, head: true, ..self.place() }
    }

    fn cancel(&mut self, now: Timestamp, by: CancelledBy, out: &mut Vec<Effect>) {
        match self.state {
            State::Connected { .. } | State::Done { .. } | State::Cancelled { .. } => return,
            State::Waiting | State::Offered { .. } => out.push(Effect::Leave { reason: "cancelled" }),
            State::Dialling { agent } => {
                self.hang_up(now, out);
                out.extend(agent.map(|agent| Effect::Release { agent }));
            }
            State::Holding => {
                out.push(Effect::Leave { reason: "cancelled" });
                self.hang_up(now, out);
            }
            State::Requested { .. } | State::RetryAt { .. } => {}
        }
        self.finish(State::Cancelled { by }, out);
    }

    fn restarted(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        self.closing = false;
        self.clear_timer(Timer::Teardown);
        match self.state {
            State::Waiting | State::Offered { .. } => {
                // A router that outlived this node may still hold the place; it may be too late to take it again.
                out.push(Effect::Leave { reason: "restarted" });
                self.queue_from(now, now, window, out);
            }
            State::Holding => {
                out.push(Effect::Leave { reason: "restarted" });
                self.try_over(now, Outcome::Failed, window, out);
            }
            State::Dialling { .. } => self.try_over(now, Outcome::Failed, window, out),
            State::Connected { .. } => self.finish(State::Done { outcome: Outcome::Reached }, out),
            _ => {}
        }
    }

    pub(super) fn enter(&mut self, state: State, out: &mut Vec<Effect>) {
        self.state = state;
        out.push(Effect::Changed(Box::new(self.live())));
    }

    pub(super) fn finish(&mut self, state: State, out: &mut Vec<Effect>) {
        if self.state.is_final() {
            return;
        }
        self.timers.retain(|timer, _| *timer == Timer::Teardown);
        self.enter(state, out);
        out.push(Effect::Finished { state });
    }

    pub(super) fn set_timer(&mut self, timer: Timer, at: Timestamp) {
        self.timers.insert(timer, at);
    }
    pub(super) fn clear_timer(&mut self, timer: Timer) {
        self.timers.remove(&timer);
    }
}

/// A window that answers with an earlier instant means the one asked about.
pub(super) fn allowed(window: Window<'_>, from: Timestamp) -> Option<Timestamp> {
    window(from).map(|at| at.max(from))
}

fn check(now: Timestamp, r: &Request) -> Result<(), Refusal> {
    let digits = r.number.reveal().strip_prefix('+').unwrap_or(r.number.reveal());
    if !(3..=20).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::Number);
    }
    if !(1..=TRIES_MAX).contains(&r.tries) {
        return Err(Refusal::Tries);
    }
    if !(RETRY_GAP_MIN_MS..=RETRY_GAP_MAX_MS).contains(&r.retry_gap_ms) {
        return Err(Refusal::RetryGap);
    }
    if r.expires_at <= now || r.expires_at > now.plus_ms(KEPT_MAX_MS) {
        return Err(Refusal::Expiry);
    }
    Ok(())
}
