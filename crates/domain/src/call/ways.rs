//! The ways out of a line, and past a number that is closed: another queue, a message, a last prompt.
use super::machine::{Call, Phase};
use super::types::*;
use super::{booking::Prompts, entry::Entry, waiting::OVERFLOWS_MAX};
use crate::config::{EntryPlan, Number, Overflow};
use crate::interaction::{InteractionState, Outcome, SegmentKind};
use crate::{LegId, Timestamp};

impl Call {
    /// The number's plan does not run now.
    pub(super) fn number_closed(&mut self, now: Timestamp, caller: LegId, number: &Number, way: Overflow, out: &mut Vec<Effect>) {
        if let EntryPlan::Queue { queue, .. } = &number.plan {
            // A message left at night belongs to the queue it was meant for.
            self.history.row.queue = self.directory.queue(queue).map(|q| q.id);
        }
        self.history.close(now, SegmentKind::Entry, "closed", out);
        self.take_way(now, caller, way, 0, out);
    }

    /// `passed_on`: how often this caller went from queue to queue before.
    pub(super) fn take_way(&mut self, now: Timestamp, caller: LegId, way: Overflow, passed_on: u8, out: &mut Vec<Effect>) {
        let prompt = match way {
            Overflow::Queue { queue } => match self.directory.queue(&queue).filter(|_| passed_on < OVERFLOWS_MAX).cloned() {
                Some(queue) => return self.enter_queue(now, caller, queue, self.priority, false, None, passed_on + 1, out),
                None => None,
            },
            Overflow::Callback { ask, other, booked } => return self.ask_out_of_line(now, caller, Prompts { ask, other, booked }, out),
            Overflow::Voicemail { greeting, length_max_ms } => return self.take_message(caller, greeting, length_max_ms, out),
            Overflow::HangUp { prompt } => prompt,
        };
        let sound = prompt.map_or(Sound::Tone(Tone::Busy), Sound::Prompt);
        let outcome = self.outcome_now(Outcome::Overflowed);
        self.farewell(now, caller, Some(sound), outcome, Cause { sip: 480, q850: Some(34) }, out);
    }

    /// Greeting and tone; the recording begins after them.
    pub(super) fn take_message(&mut self, caller: LegId, greeting: String, length_max_ms: u64, out: &mut Vec<Effect>) {
        let play = self.play(caller, vec![Sound::Prompt(greeting), Sound::Tone(Tone::Beep)], false, out);
        self.history.row.state = InteractionState::Entry;
        self.phase = Phase::Entry { caller, step: Entry::Greeting { play, length_max_ms } };
        self.live(out);
    }
}
