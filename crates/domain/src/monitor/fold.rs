//! What one interaction's events amount to: a pure function of the sorted facts, worked out anew whenever one is added.
//!
//! Events come from two owners (the router, the call) and may arrive late, twice or swapped; sorting first makes the result the
//! same. Facts of one instant are taken in the order of `rank`, the only one in which the machines make them.
use super::words::{Left, left};
use crate::event::{Event, EventKind};
use crate::interaction::{Direction, HangupBy, Outcome};
use crate::{EventId, QueueId, Timestamp, UserId};

/// Facts kept of one interaction; after that only its end is heard.
pub(super) const FACTS_MAX: usize = 256;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fact {
    pub at: Timestamp,
    pub id: EventId,
    pub agent: Option<UserId>,
    pub queue: Option<QueueId>,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Started(Direction),
    Dequeued(Left),
    Transferred,
    Queued,
    /// A callback stands in line: its visit was counted when it was asked for.
    CalledBack,
    Answered,
    Held,
    Unheld,
    WrapUp {
        took_ms: u64,
    },
    Ended {
        abandoned: bool,
        outcome: Outcome,
    },
    Lost,
}

impl Fact {
    /// None for events that say nothing about one interaction's numbers.
    pub fn of(event: &Event) -> Option<Fact> {
        let what = match &event.kind {
            EventKind::InteractionStarted { direction, .. } => What::Started(*direction),
            EventKind::Dequeued { reason, .. } => What::Dequeued(left(reason)),
            EventKind::Transferred { .. } => What::Transferred,
            EventKind::Queued { callback: true, .. } => What::CalledBack,
            EventKind::Queued { .. } => What::Queued,
            EventKind::Answered { .. } => What::Answered,
            EventKind::Held => What::Held,
            EventKind::Unheld => What::Unheld,
            EventKind::WrapUpDone { took_ms, .. } => What::WrapUp { took_ms: *took_ms },
            EventKind::InteractionEnded { outcome, hangup } => {
                What::Ended { abandoned: hangup.by == HangupBy::Customer || *outcome == Outcome::Abandoned, outcome: *outcome }
            }
            EventKind::InteractionLost => What::Lost,
            _ => return None,
        };
        Some(Fact { at: event.at, id: event.id, agent: event.agent, queue: event.queue, what })
    }

    pub fn ends(&self) -> bool {
        matches!(self.what, What::Ended { .. } | What::Lost)
    }

    pub fn key(&self) -> (Timestamp, u8, EventId) {
        let rank = match self.what {
            What::Started(_) => 0,
            What::Dequeued(_) => 1,
            What::Transferred => 2,
            What::Queued | What::CalledBack => 3,
            What::Answered => 4,
            What::Held => 5,
            What::Unheld => 6,
            What::WrapUp { .. } => 7,
            What::Ended { .. } => 8,
            What::Lost => 9,
        };
        (self.at, rank, self.id)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Disposition {
    Waiting,
    Answered,
    Abandoned,
    FlowOut,
    Lost,
}

/// One countable thing, with the time that says to which bucket it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    Visit {
        queue: QueueId,
        at: Timestamp,
        wait_ms: u64,
        disposition: Disposition,
    },
    Handling {
        queue: Option<QueueId>,
        agent: UserId,
        at: Timestamp,
        talk_ms: u64,
        hold_ms: u64,
        holds: u32,
    },
    Transfer {
        queue: Option<QueueId>,
        agent: Option<UserId>,
        at: Timestamp,
    },
    WrapUp {
        queue: Option<QueueId>,
        agent: Option<UserId>,
        at: Timestamp,
        took_ms: u64,
    },
    /// A whole inbound call; none: it was lost in a crash.
    Call {
        at: Timestamp,
        outcome: Option<Outcome>,
    },
}

/// What the facts amount to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub deeds: Vec<Deed>,
    /// Where it waits (also while an agent rings or is being connected), and since when.
    pub waiting: Option<(QueueId, Timestamp)>,
    pub talking: Option<(Option<QueueId>, UserId)>,
}

struct Visit {
    queue: QueueId,
    since: Timestamp,
    /// An agent took it and is being connected.
    connecting: bool,
}

struct Talk {
    queue: Option<QueueId>,
    agent: UserId,
    since: Timestamp,
    held_since: Option<Timestamp>,
    hold_ms: u64,
    holds: u32,
}

#[derive(Default)]
struct Teller {
    visit: Option<Visit>,
    talk: Option<Talk>,
    /// A visit's end that sorts before its beginning: both of one instant.
    early: Option<(QueueId, Timestamp, Left)>,
    direction: Option<Direction>,
    queued: bool,
    /// The customer left, if the interaction ended.
    abandoned: bool,
    deeds: Vec<Deed>,
}

/// `facts` sorted by `Fact::key`, each id once.
pub(super) fn tell(facts: &[Fact]) -> Told {
    let mut teller = Teller {
        direction: facts.iter().find_map(|f| if let What::Started(d) = f.what { Some(d) } else { None }),
        queued: facts.iter().any(|f| matches!(f.what, What::Queued | What::CalledBack)),
        abandoned: facts.iter().any(|f| matches!(f.what, What::Ended { abandoned: true, .. })),
        ..Teller::default()
    };
    for fact in facts {
        teller.hear(fact);
    }
    if let Some(v) = &teller.visit {
        teller.deeds.push(Deed::Visit { queue: v.queue, at: v.since, wait_ms: 0, disposition: Disposition::Waiting });
    }
    Told { deeds: teller.deeds, waiting: teller.visit.map(|v| (v.queue, v.since)), talking: teller.talk.map(|t| (t.queue, t.agent)) }
}

impl Teller {
    fn hear(&mut self, fact: &Fact) {
        let at = fact.at;
        match fact.what {
            What::Started(_) | What::CalledBack => {}
            What::Queued => self.queued(at, fact.queue),
            What::Dequeued(how) => self.dequeued(at, fact.queue, how),
            What::Answered => self.answered(fact),
            What::Held => {
                if let Some(t) = self.talk.as_mut().filter(|t| t.held_since.is_none()) {
                    t.held_since = Some(at);
                    t.holds = t.holds.saturating_add(1);
                }
            }
            What::Unheld => {
                if let Some(t) = &mut self.talk {
                    t.hold_ms += t.held_since.take().map_or(0, |since| at.ms_since(since));
                }
            }
            What::Transferred => {
                let (queue, agent) = self.talk.as_ref().map_or((fact.queue, fact.agent), |t| (t.queue, Some(t.agent)));
                self.talk_over(at);
                if self.is_inbound() {
                    self.deeds.push(Deed::Transfer { queue, agent, at });
                }
            }
            // It belongs to the bucket in which it began: that is where its talk ended.
            What::WrapUp { took_ms } if self.is_inbound() => {
                let began = Timestamp(at.0.saturating_sub(i64::try_from(took_ms).unwrap_or(i64::MAX).saturating_mul(1000)));
                self.deeds.push(Deed::WrapUp { queue: fact.queue, agent: fact.agent, at: began, took_ms });
            }
            What::WrapUp { .. } => {}
            What::Ended { outcome, .. } => {
                self.leave(at, Left::Ended);
                self.talk_over(at);
                self.call_over(at, Some(outcome));
            }
            What::Lost => {
                self.leave(at, Left::Lost);
                // How long they really talked is not known.
                self.talk = None;
                self.call_over(at, None);
            }
        }
    }

    /// Work that came from outside: calls that began inside count only if they went through a queue.
    fn is_inbound(&self) -> bool {
        self.queued || !matches!(self.direction, Some(Direction::Outbound | Direction::Internal))
    }

    fn queued(&mut self, at: Timestamp, queue: Option<QueueId>) {
        self.talk_over(at);
        let Some(queue) = queue else { return };
        match &mut self.visit {
            // The agent never got connected, or the router had lost it: the same visit goes on.
            Some(v) if v.queue == queue => v.connecting = false,
            _ => {
                self.leave(at, Left::FlowOut);
                self.visit = Some(Visit { queue, since: at, connecting: false });
            }
        }
        if let Some((_, at, how)) = self.early.take_if(|e| e.0 == queue && e.1 == at) {
            self.dequeued(at, Some(queue), how);
        }
    }

    fn dequeued(&mut self, at: Timestamp, queue: Option<QueueId>, how: Left) {
        match &mut self.visit {
            Some(v) if queue.is_none_or(|q| q == v.queue) => {
                if how == Left::Answered {
                    v.connecting = true;
                } else if !v.connecting {
                    self.leave(at, how);
                }
            }
            _ => self.early = queue.map(|q| (q, at, how)),
        }
    }

    fn answered(&mut self, fact: &Fact) {
        let queue = self.visit.as_ref().map(|v| v.queue).or(fact.queue);
        self.leave(fact.at, Left::Answered);
        self.talk_over(fact.at);
        // Nobody of ours: a trunk or a plain bridge.
        let Some(agent) = fact.agent else { return };
        self.talk = Some(Talk { queue, agent, since: fact.at, held_since: None, hold_ms: 0, holds: 0 });
    }

    fn leave(&mut self, at: Timestamp, how: Left) {
        let Some(v) = self.visit.take() else { return };
        let disposition = match how {
            Left::Answered => Disposition::Answered,
            Left::Abandoned => Disposition::Abandoned,
            Left::Ended if self.abandoned => Disposition::Abandoned,
            Left::FlowOut | Left::Ended => Disposition::FlowOut,
            Left::Lost => Disposition::Lost,
        };
        self.deeds.push(Deed::Visit { queue: v.queue, at: v.since, wait_ms: at.ms_since(v.since), disposition });
    }

    fn talk_over(&mut self, at: Timestamp) {
        let Some(t) = self.talk.take() else { return };
        if !self.is_inbound() {
            return;
        }
        let hold_ms = t.hold_ms + t.held_since.map_or(0, |since| at.ms_since(since));
        let talk_ms = at.ms_since(t.since).saturating_sub(hold_ms);
        self.deeds.push(Deed::Handling { queue: t.queue, agent: t.agent, at, talk_ms, hold_ms, holds: t.holds });
    }

    fn call_over(&mut self, at: Timestamp, outcome: Option<Outcome>) {
        // Once only, and only for what is known to have come from outside.
        let told = self.deeds.iter().any(|d| matches!(d, Deed::Call { .. }));
        if self.direction == Some(Direction::Inbound) && !told {
            self.deeds.push(Deed::Call { at, outcome });
        }
    }
}
