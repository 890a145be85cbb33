//! What is said to one caller alone, between the welcome and the plan: made while the welcome plays, waited for a little, never missed.
use super::entry::{Entry, menu_of};
use super::machine::{Call, Phase};
use super::types::*;
use crate::config::Number;
use crate::{LegId, Timestamp};
use std::sync::Arc;

/// How far the announcement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Personal {
    /// The driver looks it up.
    #[default]
    Pending,
    Ready(PersonalSound),
    /// There is none, it came too late, or it was said.
    Over,
}

impl Call {
    /// After the welcome: says it, waits for it, or goes on with the plan.
    pub(super) fn say_personal(&mut self, now: Timestamp, caller: LegId, number: Arc<Number>, typed: Option<char>, out: &mut Vec<Effect>) {
        if number.announcement_wait_ms == 0 || typed.is_some() {
            self.personal = Personal::Over;
        }
        match self.personal {
            Personal::Over => self.after_welcome(now, caller, number, typed, out),
            Personal::Ready(sound) => {
                self.personal = Personal::Over;
                let play = Some(self.play(caller, vec![Sound::Personal(sound)], false, out));
                self.step(Entry::Personal { number, play, typed });
            }
            Personal::Pending => {
                self.set_timer(Timer::Announcement, now.plus_ms(number.announcement_wait_ms));
                self.step(Entry::Personal { number, play: None, typed });
            }
        }
    }

    /// It is ready, there is none, or (from the timer) it did not come in time.
    pub(super) fn announcement(&mut self, now: Timestamp, sound: Option<PersonalSound>, out: &mut Vec<Effect>) {
        if self.personal != Personal::Pending {
            return;
        }
        self.personal = sound.map_or(Personal::Over, Personal::Ready);
        self.stop_timer(Timer::Announcement);
        if let Phase::Entry { caller, step: Entry::Personal { number, play: None, typed } } = &self.phase {
            let (caller, number, typed) = (*caller, number.clone(), *typed);
            self.say_personal(now, caller, number, typed, out);
        }
    }

    /// Who knows the menu need not listen.
    pub(super) fn pass_over_personal(&mut self, now: Timestamp, digit: char, out: &mut Vec<Effect>) {
        let Phase::Entry { caller, step: Entry::Personal { number, play, .. } } = &self.phase else { return };
        if menu_of(number).is_none() {
            return;
        }
        let (caller, number, playing) = (*caller, number.clone(), play.is_some());
        self.personal = Personal::Over;
        self.stop_timer(Timer::Announcement);
        if playing {
            out.push(Effect::StopPlay { leg: caller });
        }
        self.after_welcome(now, caller, number, Some(digit), out);
    }
}
