//! Offering a callback: in the line, where the place is kept while the caller thinks about it, or past it (a queue that is closed or
//! full). 1 takes the number that calls, 2 asks for another one ended by #, * goes back.
use super::entry::Entry;
use super::machine::{Call, Phase};
use super::types::*;
use super::waiting::Waiting;
use crate::interaction::{InteractionState, Outcome};
use crate::{LegId, Pii, Timestamp};

/// After a prompt, and between two digits of a number.
const KEY_TIMEOUT_MS: u64 = 8_000;
/// The book answers at once; a driver that does not is taken as a no.
const ANSWER_MAX_MS: u64 = 10_000;
/// Prompts said again to somebody who presses nothing.
const REPEATS_MAX: u8 = 1;
const NUMBER_LEN_MAX: usize = 20;

/// Keys of what is said; see `config::Overflow::Callback`.
pub(super) struct Prompts {
    pub ask: String,
    pub other: Option<String>,
    pub booked: Option<String>,
}

pub(super) struct Booking {
    prompts: Prompts,
    step: Step,
    repeats: u8,
}

enum Step {
    Ask,
    Number(String),
    /// The book is asked.
    Asked,
}

impl Call {
    pub(super) fn is_booking(&self) -> bool {
        match &self.phase {
            Phase::Waiting(w) => w.booking.is_some(),
            Phase::Entry { step, .. } => matches!(step, Entry::Booking(_)),
            _ => false,
        }
    }

    fn booking(&mut self) -> Option<(LegId, &mut Booking)> {
        match &mut self.phase {
            Phase::Waiting(Waiting { caller: Some(caller), booking: Some(booking), .. }) => Some((*caller, booking)),
            Phase::Entry { caller, step: Entry::Booking(booking) } => Some((*caller, booking)),
            _ => None,
        }
    }

    /// A caller in the line asks for it; one who cannot be called goes on waiting.
    pub(super) fn ask_in_line(&mut self, now: Timestamp, prompts: Prompts, out: &mut Vec<Effect>) {
        let booking = self.first_step(prompts);
        if let Phase::Waiting(w) = &mut self.phase
            && booking.is_some()
        {
            w.booking = booking;
            self.ask(now, out);
        }
    }

    /// The caller is not in a line.
    pub(super) fn ask_out_of_line(&mut self, now: Timestamp, caller: LegId, prompts: Prompts, out: &mut Vec<Effect>) {
        let Some(booking) = self.first_step(prompts).filter(|_| self.history.row.queue.is_some()) else {
            return self.not_booked(now, caller, out);
        };
        self.history.row.state = InteractionState::Entry;
        self.phase = Phase::Entry { caller, step: Entry::Booking(booking) };
        self.live(out);
        self.ask(now, out);
    }

    /// None: neither the number that calls nor any other can be called.
    fn first_step(&self, prompts: Prompts) -> Option<Booking> {
        let step = match self.calls_from() {
            Some(_) => Step::Ask,
            None => prompts.other.as_ref().map(|_| Step::Number(String::new()))?,
        };
        Some(Booking { prompts, step, repeats: 0 })
    }

    /// The number that calls, if it can be called.
    fn calls_from(&self) -> Option<Pii<String>> {
        let row = &self.history.row;
        self.directory.way_out(row.remote.reveal(), row.trunk).map(|_| row.remote.clone())
    }

    /// Says what the present step asks for.
    fn ask(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Some((caller, booking)) = self.booking() else { return };
        let prompt = match &booking.step {
            Step::Ask => Some(booking.prompts.ask.clone()),
            Step::Number(_) => booking.prompts.other.clone(),
            Step::Asked => None,
        };
        let Some(prompt) = prompt else { return };
        let play = self.play(caller, vec![Sound::Prompt(prompt)], false, out);
        if let Phase::Waiting(w) = &mut self.phase {
            w.announcing = Some(play);
        }
        self.set_timer(Timer::Menu, now.plus_ms(PROMPT_MAX_MS));
    }

    /// The prompt is over.
    pub(super) fn wait_for_key(&mut self, now: Timestamp, _out: &mut Vec<Effect>) {
        if self.is_booking() {
            self.set_timer(Timer::Menu, now.plus_ms(KEY_TIMEOUT_MS));
        }
    }

    /// Whether the key was for this.
    pub(super) fn key_while_booking(&mut self, now: Timestamp, digit: char, out: &mut Vec<Effect>) -> bool {
        let Some((caller, booking)) = self.booking() else { return false };
        match (&mut booking.step, digit) {
            (Step::Asked, _) => {}
            (Step::Ask, '1') => match self.calls_from() {
                Some(number) => self.book(now, number, out),
                None => self.ask(now, out),
            },
            (Step::Ask, '2') if booking.prompts.other.is_some() => {
                booking.step = Step::Number(String::new());
                self.ask(now, out);
            }
            (Step::Ask, '*') => self.not_booked(now, caller, out),
            (Step::Ask, _) => {}
            (Step::Number(typed), '0'..='9') => {
                if typed.len() < NUMBER_LEN_MAX {
                    typed.push(digit);
                }
                self.set_timer(Timer::Menu, now.plus_ms(KEY_TIMEOUT_MS));
            }
            (Step::Number(typed), '#') => {
                let number = std::mem::take(typed);
                self.number_typed(now, number, out);
            }
            (Step::Number(typed), _) if typed.is_empty() => self.not_booked(now, caller, out),
            (Step::Number(typed), _) => {
                typed.clear();
                self.ask(now, out);
            }
        }
        true
    }

    fn number_typed(&mut self, now: Timestamp, number: String, out: &mut Vec<Effect>) {
        match self.directory.way_out(&number, self.history.row.trunk) {
            Some(_) => self.book(now, Pii::new(number), out),
            None => self.ask(now, out),
        }
    }

    pub(super) fn booking_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Some((caller, booking)) = self.booking() else { return };
        let typed = if let Step::Number(typed) = &mut booking.step { std::mem::take(typed) } else { String::new() };
        let asked = matches!(booking.step, Step::Asked);
        booking.repeats += 1;
        let again = booking.repeats <= REPEATS_MAX;
        match typed.is_empty() {
            false => self.number_typed(now, typed, out),
            true if again && !asked => self.ask(now, out),
            true => self.not_booked(now, caller, out),
        }
    }

    fn book(&mut self, now: Timestamp, number: Pii<String>, out: &mut Vec<Effect>) {
        let row = &self.history.row;
        let Some(queue) = row.queue else { return };
        let wish = Wish {
            queue,
            number,
            local: row.local.clone(),
            trunk: row.trunk,
            customer: row.customer,
            priority: self.priority,
            needs: self.chosen.needs.clone(),
            since: row.queued_at.unwrap_or(now),
        };
        if let Some((_, booking)) = self.booking() {
            booking.step = Step::Asked;
        }
        self.set_timer(Timer::Menu, now.plus_ms(ANSWER_MAX_MS));
        out.push(Effect::Book(Box::new(wish)));
    }

    pub(super) fn booked(&mut self, now: Timestamp, taken: bool, out: &mut Vec<Effect>) {
        let in_line = matches!(self.phase, Phase::Waiting(_));
        let Some((caller, booking)) = self.booking().filter(|(_, b)| matches!(b.step, Step::Asked)) else {
            // An agent was faster, or the caller hung up before the book had answered.
            if taken {
                out.push(Effect::Unbook);
            }
            return;
        };
        let said = booking.prompts.booked.take();
        if !taken {
            return self.not_booked(now, caller, out);
        }
        self.stop_timer(Timer::Menu);
        if in_line {
            out.push(Effect::Route(RouteRequest::Leave { reason: "callback" }));
            self.stop_ringing(out);
        }
        self.history.close_all(now, "callback", out);
        let outcome = self.outcome_now(Outcome::CallbackBooked);
        self.farewell(now, caller, said.map(Sound::Prompt), outcome, Cause::NORMAL, out);
    }

    /// No callback: on waiting, or the end for somebody who is in no line.
    fn not_booked(&mut self, now: Timestamp, caller: LegId, out: &mut Vec<Effect>) {
        self.stop_timer(Timer::Menu);
        if let Phase::Waiting(w) = &mut self.phase {
            (w.booking, w.announcing) = (None, None);
            return self.music(caller, out);
        }
        let outcome = self.outcome_now(Outcome::Overflowed);
        self.farewell(now, caller, Some(Sound::Tone(Tone::Busy)), outcome, Cause { sip: 480, q850: Some(34) }, out);
    }
}

/// A prompt that does not report its end.
const PROMPT_MAX_MS: u64 = 60_000;
