//! How stays end: exactly once, and for a reason that holds.
use super::{Checker, Violation, holds};
use domain::config::Overflow;
use domain::routing::{Input, OverflowReason, OverflowTo};
use domain::{InteractionId, QueueId, Timestamp};

impl Checker {
    pub(super) fn left_line(&mut self, interaction: InteractionId) -> Result<(), Violation> {
        let Some(stay) = self.books.stays.remove(&interaction).filter(|s| s.placed) else {
            return holds(false, || format!("{interaction} leaves a line it was not in, or leaves twice"));
        };
        self.step.left.insert(interaction, stay);
        Ok(())
    }

    pub(super) fn overflowed(
        &mut self,
        now: Timestamp,
        interaction: InteractionId,
        queue: QueueId,
        reason: OverflowReason,
        to: &OverflowTo,
    ) -> Result<(), Violation> {
        let turned_away = matches!(reason, OverflowReason::QueueFull | OverflowReason::TooManyWaiting | OverflowReason::Rule);
        let stay = if turned_away {
            let Some(stay) = self.books.stays.remove(&interaction).filter(|_| self.step.entered == Some(interaction)) else {
                return holds(false, || format!("{interaction} was turned away though it did not come now"));
            };
            stay
        } else {
            let Some(stay) = self.step.left.get(&interaction).cloned() else {
                return holds(false, || format!("{interaction} overflows without leaving the line"));
            };
            *self.step.ended.entry(interaction).or_default() += 1;
            stay
        };
        holds(stay.queue == queue, || format!("{interaction} overflows out of another queue than its own"))?;
        let waiting = self.books.waiting_in(queue);
        let line = self.books.queues.get(&queue);
        let why = match (reason, line) {
            (OverflowReason::QueueGone, line) => line.is_none(),
            // Its wait was over while it rang, and the queue's end ended the ringing.
            (OverflowReason::WaitMax, None) => stay.wait_until <= now,
            (_, None) => false,
            (OverflowReason::QueueFull, Some(l)) => !stay.head && waiting >= l.config.queue_len_max as usize,
            (OverflowReason::TooManyWaiting, Some(l)) => {
                let most = l.config.routing.waiting_percent_max as usize;
                !stay.head && most > 0 && (waiting + 1) * 100 > most * self.books.at_work(l)
            }
            (OverflowReason::WaitMax, Some(_)) => stay.wait_until <= now,
            // What rules ask about is known on coming, here: who waits is not sent on by one.
            (OverflowReason::Rule, Some(_)) => {
                let to = if let OverflowTo::Queue { queue } = to { Some(*queue) } else { None };
                return holds(to.is_some() && to == self.step.sent_to, || format!("{interaction} is sent to {to:?} by no rule"));
            }
            // The floors that are checked have no hours and no promises.
            (OverflowReason::Closed | OverflowReason::Estimate, Some(_)) => false,
            (OverflowReason::NoAgent, Some(l)) => {
                l.config.routing.no_agent_ms > 0
                    && self.books.at_work(l) == 0
                    && now >= stay.entered_at.plus_ms(l.config.routing.no_agent_ms)
            }
        };
        holds(why, || format!("{interaction} overflowed as {}, which is not so", reason.word()))?;
        self.led_right(queue, to)
    }

    /// The queue's own rule; a rule that names a missing or full queue hangs up.
    fn led_right(&mut self, queue: QueueId, to: &OverflowTo) -> Result<(), Violation> {
        let rule = self.books.queues.get(&queue).map(|l| &l.config.overflow);
        let open = |key: &str| {
            let target = self.books.queues.iter().find(|(id, l)| l.config.key == key && **id != queue);
            target.filter(|(id, l)| self.books.waiting_in(**id) < l.config.queue_len_max as usize).map(|(id, _)| *id)
        };
        let right = match (rule, to) {
            (Some(Overflow::HangUp { prompt }), OverflowTo::HangUp { prompt: said }) => prompt == said,
            (Some(Overflow::Voicemail { greeting, length_max_ms }), OverflowTo::Voicemail { greeting: said, length_max_ms: most }) => {
                greeting == said && length_max_ms == most
            }
            (Some(Overflow::Callback { ask, .. }), OverflowTo::Callback { ask: said, .. }) => ask == said,
            (Some(Overflow::Callback { .. }), _) | (Some(_), OverflowTo::Callback { .. }) => false,
            (Some(Overflow::HangUp { .. }), OverflowTo::Queue { .. }) => false,
            (Some(Overflow::Queue { queue: key }), OverflowTo::Queue { queue }) => open(key) == Some(*queue),
            (Some(Overflow::Queue { queue: key }), OverflowTo::HangUp { .. }) => open(key).is_none(),
            (Some(Overflow::Queue { .. }), OverflowTo::Voicemail { .. })
            | (Some(Overflow::HangUp { .. }), OverflowTo::Voicemail { .. })
            | (Some(Overflow::Voicemail { .. }), OverflowTo::Queue { .. } | OverflowTo::HangUp { .. }) => false,
            // The queue is gone, its rule with it.
            (None, _) => true,
        };
        if let OverflowTo::Queue { queue } = to {
            self.step.sent_on.push(*queue);
        }
        holds(right, || format!("overflow out of {queue} leads elsewhere than its rule: {to:?}"))
    }

    /// Who left a line in this step was answered, gone, overflowed or healed away: one of these, once.
    pub(super) fn ended_once(&self, input: &Input) -> Result<(), Violation> {
        let gone = if let Input::Leave { interaction, .. } = input { Some(*interaction) } else { None };
        let mut healed = self.step.healed;
        for interaction in self.step.left.keys() {
            match self.step.ended.get(interaction) {
                Some(1) => {}
                Some(_) => return holds(false, || format!("{interaction} ended twice")),
                None if gone == Some(*interaction) => {}
                None if healed > 0 => healed -= 1,
                None => return holds(false, || format!("{interaction} was lost")),
            }
        }
        for queue in &self.step.sent_on {
            holds(self.books.queues.contains_key(queue), || format!("somebody is sent on to {queue}, which is not there"))?;
        }
        let stayed = self.step.sent_to.is_none() || self.step.entered.is_none_or(|i| !self.books.stays.contains_key(&i));
        holds(stayed, || "somebody came into a queue whom a rule sends on".to_owned())?;
        let came = self.step.entered.and_then(|i| self.books.stays.get(&i)).filter(|s| !s.head);
        if let Some(stay) = came
            && let Some(line) = self.books.queues.get(&stay.queue)
        {
            // Nobody leaves by the step that lets somebody in, so the rest of the line is what it was.
            let others = self.books.waiting_in(stay.queue).saturating_sub(1);
            holds(others < line.config.queue_len_max as usize, || "a full queue let somebody in".to_owned())?;
        }
        Ok(())
    }

    /// Beyond the queue's longest wait only who rings at that moment still waits.
    pub(super) fn nobody_waits_too_long(&self, now: Timestamp) -> Result<(), Violation> {
        let late = self.books.stays.iter().find(|(i, s)| s.placed && s.wait_until < now && !self.books.rings_for(**i));
        holds(late.is_none(), || format!("{:?} waits beyond the queue's limit", late.map(|l| l.0)))
    }
}
