//! What a number does with its caller: welcome, menu, echo, endless prompt, voicemail, straight bridge.
use super::booking::Booking;
use super::leg::LegState;
use super::machine::{Call, Phase};
use super::types::*;
use crate::config::{EntryPlan, Menu, MenuTarget, Number, Overflow};
use crate::event::EventKind;
use crate::interaction::{HangupBy, InteractionState, Outcome, SegmentKind};
use crate::{LegId, NumberId, Timestamp};
use std::sync::Arc;

pub(super) enum Entry {
    /// Answer sent, the leg is not up yet.
    Answering {
        number: Arc<Number>,
        /// It is closed: the caller goes this way instead of through the plan.
        closed: Option<Overflow>,
    },
    /// Welcome, then recording notice. A digit for the menu cuts the welcome short and is kept; the notice is always heard.
    Welcome {
        number: Arc<Number>,
        play: u32,
        /// The recording notice, while it is still to come.
        notice: Option<String>,
        /// The notice itself is heard: not to be cut.
        noticing: bool,
        typed: Option<char>,
    },
    /// What is said to this caller personally, or the wait for it. A digit for the menu passes it over.
    Personal {
        number: Arc<Number>,
        play: Option<u32>,
        typed: Option<char>,
    },
    Menu {
        number: Arc<Number>,
        play: Option<u32>,
        repeats_left: u8,
        after_info: bool,
    },
    Echo,
    Endless,
    Greeting {
        play: u32,
        length_max_ms: u64,
    },
    Recording,
    /// Out of the line, or before it: the caller is asked whether to be called back.
    Booking(Booking),
}

impl Entry {
    /// Whether a caller who leaves here got what the number is for.
    pub fn serves(&self) -> bool {
        matches!(self, Entry::Echo | Entry::Endless | Entry::Recording)
    }
}

impl Call {
    /// Runs a number's plan for `caller`, answering it first where the plan speaks.
    pub(super) fn run_plan(&mut self, now: Timestamp, number: NumberId, caller: LegId, out: &mut Vec<Effect>) {
        let Some(number) = self.directory.number_by_id(number).cloned() else {
            let outcome = self.outcome_now(Outcome::Failed);
            return self.end(now, outcome, HangupBy::System, Cause::NOT_FOUND, out);
        };
        let closed = self.directory.closed(now, &number);
        if let EntryPlan::Bridge { target, record } = &number.plan
            && closed.is_none()
        {
            return self.dial_bridge(now, caller, target.clone(), *record, out);
        }
        self.history.row.state = InteractionState::Entry;
        self.history.open(now, SegmentKind::Entry, None);
        self.phase = Phase::Entry { caller, step: Entry::Answering { number, closed } };
        match self.leg_mut(caller).map(|l| l.state) {
            Some(LegState::Offering { .. }) => {
                if let Some(leg) = self.leg_mut(caller) {
                    leg.state = LegState::Answering;
                }
                out.push(Effect::Answer { leg: caller });
                // Known before the welcome is over, so that the agent's desk has it with the offer.
                if self.plan_reaches_agents() {
                    self.identify(out);
                }
                self.live(out);
            }
            Some(LegState::Up) => {
                self.live(out);
                self.begin_plan(now, out);
            }
            _ => {}
        }
    }

    fn plan_reaches_agents(&self) -> bool {
        matches!(&self.phase, Phase::Entry { step: Entry::Answering { number, .. }, .. } if matches!(number.plan, EntryPlan::Ivr { .. } | EntryPlan::Queue { .. }))
    }

    pub(super) fn begin_plan(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        let Phase::Entry { caller, step: Entry::Answering { number, closed } } = &self.phase else { return };
        let (caller, number) = (*caller, number.clone());
        if let Some(way) = closed.clone() {
            return self.number_closed(now, caller, &number, way, out);
        }
        match &number.plan {
            EntryPlan::Ivr { welcome, recording_notice, .. } | EntryPlan::Queue { welcome, recording_notice, .. } => {
                let (welcome, notice) = (welcome.clone(), recording_notice.clone());
                match welcome {
                    Some(prompt) => {
                        let play = self.play(caller, vec![Sound::Prompt(prompt)], false, out);
                        self.step(Entry::Welcome { number, play, notice, noticing: false, typed: None });
                    }
                    None => self.give_notice(now, caller, number, notice, None, out),
                }
            }
            EntryPlan::Echo => {
                out.push(Effect::Echo { leg: caller });
                self.step(Entry::Echo);
            }
            EntryPlan::Prompt { prompt } => {
                self.play(caller, vec![Sound::Prompt(prompt.clone())], true, out);
                self.step(Entry::Endless);
            }
            EntryPlan::Voicemail { greeting, length_max_ms } => self.take_message(caller, greeting.clone(), *length_max_ms, out),
            EntryPlan::Bridge { .. } => {}
        }
    }

    pub(super) fn step(&mut self, next: Entry) {
        if let Phase::Entry { step, .. } = &mut self.phase {
            *step = next;
        }
    }

    fn give_notice(
        &mut self,
        now: Timestamp,
        caller: LegId,
        number: Arc<Number>,
        notice: Option<String>,
        typed: Option<char>,
        out: &mut Vec<Effect>,
    ) {
        let Some(prompt) = notice else { return self.say_personal(now, caller, number, typed, out) };
        let play = self.play(caller, vec![Sound::Prompt(prompt)], false, out);
        self.step(Entry::Welcome { number, play, notice: None, noticing: true, typed });
    }

    /// A digit while the caller is being welcomed.
    fn typed_ahead(&mut self, now: Timestamp, digit: char, out: &mut Vec<Effect>) {
        let Phase::Entry { caller, step: Entry::Welcome { number, notice, noticing, typed, .. } } = &mut self.phase else { return };
        if menu_of(number).is_none() {
            return;
        }
        *typed = Some(digit);
        if !*noticing {
            let (caller, number, notice) = (*caller, number.clone(), notice.take());
            out.push(Effect::StopPlay { leg: caller });
            self.give_notice(now, caller, number, notice, Some(digit), out);
        }
    }

    /// The plan itself: its menu or its queue.
    pub(super) fn after_welcome(&mut self, now: Timestamp, caller: LegId, number: Arc<Number>, typed: Option<char>, out: &mut Vec<Effect>) {
        match &number.plan {
            EntryPlan::Ivr { menu, .. } => {
                let repeats_left = menu.repeats;
                self.history.close(now, SegmentKind::Entry, "menu", out);
                self.history.open(now, SegmentKind::Menu, None);
                match typed {
                    Some(digit) => {
                        self.step(Entry::Menu { number, play: None, repeats_left, after_info: false });
                        self.menu_digit(now, digit, out);
                    }
                    None => self.play_menu(caller, number, repeats_left, out),
                }
            }
            EntryPlan::Queue { queue, priority, .. } => {
                let (queue, priority) = (queue.clone(), *priority);
                self.enter_queue_by_key(now, caller, &queue, priority, None, out);
            }
            _ => {}
        }
    }

    fn play_menu(&mut self, caller: LegId, number: Arc<Number>, repeats_left: u8, out: &mut Vec<Effect>) {
        let Some(menu) = menu_of(&number) else { return };
        self.stop_timer(Timer::Menu);
        let play = Some(self.play(caller, vec![Sound::Prompt(menu.prompt.clone())], false, out));
        self.step(Entry::Menu { number, play, repeats_left, after_info: false });
    }

    /// A digit from any leg: it matters to the caller's menu, waiting or voicemail only.
    pub(super) fn digit(&mut self, now: Timestamp, leg: LegId, digit: char, out: &mut Vec<Effect>) {
        let digit = digit.to_ascii_uppercase();
        if !matches!(digit, '0'..='9' | 'A'..='D' | '*' | '#') {
            return;
        }
        if let Phase::Waiting(w) = &self.phase {
            if w.caller == Some(leg) {
                self.key_while_waiting(now, digit, out);
            }
            return;
        }
        let Phase::Entry { caller, step } = &mut self.phase else { return };
        if *caller != leg {
            return;
        }
        match step {
            Entry::Welcome { .. } => self.typed_ahead(now, digit, out),
            Entry::Personal { .. } => self.pass_over_personal(now, digit, out),
            Entry::Menu { .. } => self.menu_digit(now, digit, out),
            Entry::Recording if digit == '#' => self.voicemail_full(now, out),
            Entry::Booking(_) => drop(self.key_while_booking(now, digit, out)),
            _ => {}
        }
    }

    fn menu_digit(&mut self, now: Timestamp, digit: char, out: &mut Vec<Effect>) {
        let Phase::Entry { caller, step: Entry::Menu { number, play, repeats_left, .. } } = &self.phase else { return };
        let (caller, number, playing, repeats_left) = (*caller, number.clone(), play.is_some(), *repeats_left);
        let Some(menu) = menu_of(&number) else { return };
        self.stop_timer(Timer::Menu);
        self.history.record(now, EventKind::Digit { digit }, out);
        if playing {
            out.push(Effect::StopPlay { leg: caller });
        }
        match menu.options.iter().find(|o| o.digit == digit) {
            Some(option) => {
                self.chosen = Chosen { menu_digit: Some(digit), needs: option.needs.clone(), may_move: false };
                let label = if option.label.zh.is_empty() { &option.label.en } else { &option.label.zh };
                let reason = (!label.is_empty()).then(|| label.clone());
                self.menu_target(now, caller, &number, &option.target, reason, &format!("digit_{digit}"), false, out);
            }
            None => self.menu_again(now, caller, number, repeats_left, "no_input", out),
        }
    }

    fn menu_again(&mut self, now: Timestamp, caller: LegId, number: Arc<Number>, repeats_left: u8, word: &str, out: &mut Vec<Effect>) {
        match (repeats_left.checked_sub(1), menu_of(&number)) {
            (Some(left), _) => self.play_menu(caller, number, left, out),
            (None, Some(menu)) => {
                self.chosen = Chosen::default();
                self.menu_target(now, caller, &number, &menu.otherwise, None, word, true, out);
            }
            (None, None) => {}
        }
    }

    fn menu_target(
        &mut self,
        now: Timestamp,
        caller: LegId,
        number: &Arc<Number>,
        target: &MenuTarget,
        reason: Option<String>,
        word: &str,
        last: bool,
        out: &mut Vec<Effect>,
    ) {
        match target {
            MenuTarget::Queue { queue, priority } => {
                self.history.close(now, SegmentKind::Menu, word, out);
                self.enter_queue_by_key(now, caller, queue, *priority, reason, out);
            }
            // Information is followed by the menu again, except where it is all that is left.
            MenuTarget::Prompt { prompt } if !last => {
                let play = Some(self.play(caller, vec![Sound::Prompt(prompt.clone())], false, out));
                let repeats_left = menu_of(number).map_or(0, |m| m.repeats);
                self.step(Entry::Menu { number: number.clone(), play, repeats_left, after_info: true });
            }
            MenuTarget::Prompt { prompt } => {
                self.history.close(now, SegmentKind::Menu, word, out);
                self.farewell(now, caller, Some(Sound::Prompt(prompt.clone())), Outcome::SelfServed, Cause::NORMAL, out);
            }
            MenuTarget::Repeat if !last => {
                let repeats_left = menu_of(number).map_or(0, |m| m.repeats);
                self.play_menu(caller, number.clone(), repeats_left, out);
            }
            MenuTarget::Repeat => self.end(now, Outcome::LeftInEntry, HangupBy::System, Cause::NORMAL, out),
            MenuTarget::HangUp { prompt } => {
                self.history.close(now, SegmentKind::Menu, word, out);
                let outcome = if last { Outcome::LeftInEntry } else { Outcome::SelfServed };
                self.farewell(now, caller, prompt.clone().map(Sound::Prompt), outcome, Cause::NORMAL, out);
            }
        }
    }

    pub(super) fn menu_timeout(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Phase::Entry { caller, step: Entry::Menu { number, repeats_left, .. } } = &self.phase {
            let (caller, number, left) = (*caller, number.clone(), *repeats_left);
            self.menu_again(now, caller, number, left, "no_input", out);
        }
    }

    /// A sound ended by itself.
    pub(super) fn played(&mut self, now: Timestamp, leg: LegId, play: u32, out: &mut Vec<Effect>) {
        match &mut self.phase {
            Phase::Farewell { leg: l, play: p, outcome, cause } if *l == leg && *p == play => {
                let (outcome, cause) = (*outcome, *cause);
                self.end(now, outcome, HangupBy::System, cause, out);
            }
            Phase::Entry { caller, step } if *caller == leg => match step {
                Entry::Welcome { number, play: p, notice, typed, .. } if *p == play => {
                    let (number, notice, typed) = (number.clone(), notice.take(), *typed);
                    self.give_notice(now, leg, number, notice, typed, out);
                }
                Entry::Personal { number, play: p, typed } if *p == Some(play) => {
                    let (number, typed) = (number.clone(), *typed);
                    self.after_welcome(now, leg, number, typed, out);
                }
                Entry::Menu { number, play: p, repeats_left, after_info } if *p == Some(play) => {
                    if *after_info {
                        let (number, left) = (number.clone(), *repeats_left);
                        return self.play_menu(leg, number, left, out);
                    }
                    *p = None;
                    let wait = menu_of(number).map_or(0, |m| m.timeout_ms);
                    self.set_timer(Timer::Menu, now.plus_ms(wait));
                }
                Entry::Booking(_) => self.wait_for_key(now, out),
                Entry::Greeting { play: p, length_max_ms } if *p == play => {
                    let most = *length_max_ms;
                    self.history.close(now, SegmentKind::Entry, "greeted", out);
                    self.history.open(now, SegmentKind::Voicemail, None);
                    self.start_recording(now, out);
                    self.step(Entry::Recording);
                    self.set_timer(Timer::Voicemail, now.plus_ms(most));
                    self.live(out);
                }
                _ => {}
            },
            Phase::Waiting(_) => self.announced(now, leg, play, out),
            _ => {}
        }
    }

    pub(super) fn voicemail_full(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Phase::Entry { step: Entry::Recording, .. } = self.phase {
            self.end(now, Outcome::SelfServed, HangupBy::System, Cause::NORMAL, out);
        }
    }
}

pub(super) fn menu_of(number: &Number) -> Option<&Menu> {
    match &number.plan {
        EntryPlan::Ivr { menu, .. } => Some(menu),
        _ => None,
    }
}
