//! The machine itself: when it stands in the line, and what follows a try.
use super::types::*;
use crate::call::Cause;
use crate::{CallbackId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One callback, from the caller's yes to the end. It can be stored and brought back (`Input::Restarted`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    request: Request,
    state: State,
    /// Times dialled.
    attempts: u8,
    /// Places taken; the number of the last.
    places: u32,
    /// Whoever wants it cancelled, while its call is told to end.
    cancelling: Option<CancelledBy>,
    timers: BTreeMap<Timer, Timestamp>,
}

impl Callback {
    /// Takes a request; the first effects put it into the line or wait for its time.
    ///
    /// # Errors
    /// The request cannot be met; the words say who must act.
    pub fn start(now: Timestamp, request: Request, window: Window<'_>, out: &mut Vec<Effect>) -> Result<Callback, Refusal> {
        check(now, &request)?;
        let first = allowed(window, request.not_before.unwrap_or(now).max(now)).filter(|at| *at < request.expires_at);
        let at = first.ok_or(Refusal::NoTime)?;
        let mut request = request;
        request.since = request.since.min(now);
        let state = State::Requested { at };
        let mut callback = Callback { request, state, attempts: 0, places: 0, cancelling: None, timers: BTreeMap::new() };
        callback.timers.insert(Timer::Expiry, callback.request.expires_at);
        callback.place_from(now, at, window, out);
        Ok(callback)
    }

    /// Feeds one input. Never panics, whatever comes; inputs about things that are over are ignored.
    pub fn handle(&mut self, now: Timestamp, input: Input, window: Window<'_>, out: &mut Vec<Effect>) {
        match input {
            Input::Dialled { place } => {
                if place == self.places && self.state == State::Waiting {
                    self.attempts = self.attempts.saturating_add(1);
                    self.enter(State::Calling, out);
                }
            }
            Input::PlaceEnded { place, end } => {
                if place == self.places && matches!(self.state, State::Waiting | State::Calling) {
                    self.place_ended(now, end, window, out);
                }
            }
            Input::Cancel { by } => self.cancel(by, out),
            Input::Restarted => self.restarted(now, window, out),
            Input::Tick => self.tick(now, window, out),
        }
    }

    /// When `Input::Tick` is wanted next, and why.
    pub fn next_timeout(&self) -> Option<(Timestamp, Timer)> {
        self.timers.iter().map(|(timer, at)| (*at, *timer)).min()
    }

    pub fn id(&self) -> CallbackId {
        self.request.id
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
    /// The number of its last stand in the line.
    pub fn place(&self) -> u32 {
        self.places
    }
    pub fn live(&self) -> CallbackLive {
        let r = &self.request;
        CallbackLive {
            id: r.id,
            asked_in: r.asked_in,
            queue: r.queue,
            number: r.number.clone(),
            customer: r.customer,
            mode: r.mode,
            state: self.state,
            since: r.since,
            not_before: r.not_before,
            expires_at: r.expires_at,
            attempts: self.attempts,
            tries: r.tries,
        }
    }

    fn tick(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        if self.timers.get(&Timer::Expiry).is_some_and(|at| *at <= now) {
            self.timers.remove(&Timer::Expiry);
            return self.expired(out);
        }
        if self.timers.get(&Timer::Due).is_some_and(|at| *at <= now) {
            self.timers.remove(&Timer::Due);
            self.place_from(now, now, window, out);
        }
    }

    fn expired(&mut self, out: &mut Vec<Effect>) {
        match self.state {
            // Whoever is being called is still served; no try follows.
            State::Calling | State::Done { .. } | State::Cancelled { .. } => {}
            State::Waiting => {
                out.push(Effect::Withdraw { place: self.places });
                self.finish(State::Done { outcome: Outcome::Expired }, out);
            }
            State::Requested { .. } | State::RetryAt { .. } => self.finish(State::Done { outcome: Outcome::Expired }, out),
        }
    }

    /// Into the line at the first allowed instant from `from` on; ends when that comes too late.
    fn place_from(&mut self, now: Timestamp, from: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        match allowed(window, from.max(now)).filter(|at| *at < self.request.expires_at) {
            Some(at) if at <= now => {
                self.places = self.places.wrapping_add(1);
                out.push(Effect::Place { place: self.places });
                self.enter(State::Waiting, out);
            }
            Some(at) => {
                self.timers.insert(Timer::Due, at);
                self.enter(if self.attempts == 0 { State::Requested { at } } else { State::RetryAt { at } }, out);
            }
            None => self.finish(State::Done { outcome: Outcome::Expired }, out),
        }
    }

    fn place_ended(&mut self, now: Timestamp, end: End, window: Window<'_>, out: &mut Vec<Effect>) {
        let outcome = end.outcome();
        if let Some(by) = self.cancelling.take()
            && outcome != Some(Outcome::Reached)
        {
            return self.finish(State::Cancelled { by }, out);
        }
        match outcome {
            None => self.place_from(now, now.plus_ms(QUEUE_AGAIN_MS), window, out),
            Some(outcome) if outcome.may_retry() && self.attempts < self.request.tries => {
                let next = allowed(window, now.plus_ms(self.request.retry_gap_ms)).filter(|at| *at < self.request.expires_at);
                match next {
                    Some(at) => self.place_from(now, at, window, out),
                    None => self.finish(State::Done { outcome }, out),
                }
            }
            Some(outcome) => self.finish(State::Done { outcome }, out),
        }
    }

    fn cancel(&mut self, by: CancelledBy, out: &mut Vec<Effect>) {
        match self.state {
            State::Done { .. } | State::Cancelled { .. } => {}
            // They may talk already: its call knows, and says how it ended.
            State::Calling => {
                if self.cancelling.is_none() {
                    self.cancelling = Some(by);
                    out.push(Effect::Withdraw { place: self.places });
                }
            }
            State::Waiting => {
                out.push(Effect::Withdraw { place: self.places });
                self.finish(State::Cancelled { by }, out);
            }
            State::Requested { .. } | State::RetryAt { .. } => self.finish(State::Cancelled { by }, out),
        }
    }

    fn restarted(&mut self, now: Timestamp, window: Window<'_>, out: &mut Vec<Effect>) {
        match self.state {
            State::Waiting => self.place_from(now, now, window, out),
            // Whether they talked is not known: better once more than never.
            State::Calling => self.place_ended(now, End::NotAnswered(Cause::UNAVAILABLE), window, out),
            _ => {}
        }
    }

    fn enter(&mut self, state: State, out: &mut Vec<Effect>) {
        self.state = state;
        out.push(Effect::Changed(Box::new(self.clone())));
    }

    fn finish(&mut self, state: State, out: &mut Vec<Effect>) {
        self.timers.clear();
        self.enter(state, out);
        out.push(Effect::Finished { state });
    }
}

/// A window that answers with an earlier instant means the one asked about.
fn allowed(window: Window<'_>, from: Timestamp) -> Option<Timestamp> {
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
