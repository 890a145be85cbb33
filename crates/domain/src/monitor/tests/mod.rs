//! Numbers fed as events, the way the router and the calls make them.
use super::*;
use crate::event::{Event, EventKind};
use crate::interaction::{Channel, Direction, HangupBy, HangupCause, Outcome};
use crate::live::AgentStatus;
use crate::{EventId, InteractionId, LegId, OfferId, Pii, QueueId, Timestamp, UserId};
use uuid::Uuid;

mod alerts;
mod boards;
mod catalogue;
mod count;
mod random;
mod records;
mod router;
mod stays;
mod time;

/// The beginning of an interval, and of a minute.
const START: Timestamp = Timestamp::from_ms(1_800_000_000_000);
const Q: QueueId = QueueId(Uuid::from_u128(0x11));
const Q2: QueueId = QueueId(Uuid::from_u128(0x12));
const ALICE: UserId = UserId(Uuid::from_u128(0xa1));
const BOB: UserId = UserId(Uuid::from_u128(0xa2));
const CHINA_S: i32 = 28_800;

fn call(n: u128) -> InteractionId {
    InteractionId(Uuid::from_u128(0xc000 + n))
}
fn queue(queue: QueueId) -> Scope {
    Scope::Queue { queue }
}
fn agent(agent: UserId) -> Scope {
    Scope::Agent { agent }
}
fn at(ms: u64) -> Timestamp {
    START.plus_ms(ms)
}

/// A stream of events with ids in the order made.
#[derive(Default)]
struct Tape {
    events: Vec<Event>,
}

impl Tape {
    fn push(&mut self, at: Timestamp, interaction: Option<InteractionId>, agent: Option<UserId>, queue: Option<QueueId>, kind: EventKind) {
        let id = EventId(Uuid::from_u128(1 + self.events.len() as u128));
        self.events.push(Event { id, at, interaction, agent, queue, kind });
    }
    fn started(&mut self, ms: u64, n: u128, direction: Direction) {
        let kind = EventKind::InteractionStarted {
            channel: Channel::Voice,
            direction,
            remote: Pii::default(),
            local: String::new(),
            number: None,
            trunk: None,
            customer: None,
        };
        self.push(at(ms), Some(call(n)), None, None, kind);
    }
    fn queued(&mut self, ms: u64, n: u128, queue: QueueId) {
        self.push(at(ms), Some(call(n)), None, Some(queue), EventKind::Queued { priority: 0, callback: false });
    }
    fn dequeued(&mut self, ms: u64, n: u128, queue: QueueId, reason: &str) {
        // What the machines say as the wait is not used: it runs over all queues of the call.
        self.push(at(ms), Some(call(n)), None, Some(queue), EventKind::Dequeued { wait_ms: 0, reason: reason.into() });
    }
    fn answered(&mut self, ms: u64, n: u128, queue: QueueId, agent: UserId) {
        self.push(at(ms), Some(call(n)), Some(agent), Some(queue), EventKind::Answered { leg: LegId(1), wait_ms: 0 });
    }
    fn talk(&mut self, ms: u64, n: u128, kind: EventKind) {
        self.push(at(ms), Some(call(n)), Some(ALICE), Some(Q), kind);
    }
    fn ended(&mut self, ms: u64, n: u128, outcome: Outcome, by: HangupBy) {
        let kind = EventKind::InteractionEnded { outcome, hangup: HangupCause { by, ..HangupCause::default() } };
        self.push(at(ms), Some(call(n)), None, Some(Q), kind);
    }
    fn wrap_up(&mut self, ms: u64, n: u128, took_ms: u64) {
        self.talk(ms, n, EventKind::WrapUpDone { code: None, took_ms });
    }
    fn status(&mut self, ms: u64, agent: UserId, from: AgentStatus, to: AgentStatus, was_ms: u64) {
        self.push(at(ms), None, Some(agent), None, EventKind::AgentStatusChanged { from, to, reason: None, was_ms });
    }
    fn offer_ended(&mut self, ms: u64, n: u128, agent: UserId, result: &str) {
        let offer = OfferId(Uuid::from_u128(n));
        self.push(at(ms), Some(call(n)), Some(agent), Some(Q), EventKind::OfferEnded { offer, result: result.into() });
    }

    /// One call through `Q` that waits `wait_ms` and then talks a second, leaves, or overflows.
    fn visit(&mut self, ms: u64, n: u128, wait_ms: u64, end: &str) {
        self.started(ms, n, Direction::Inbound);
        self.queued(ms, n, Q);
        let over = ms + wait_ms;
        self.dequeued(over, n, Q, end);
        match end {
            "answered" => {
                self.answered(over, n, Q, ALICE);
                self.ended(over + 1000, n, Outcome::Handled, HangupBy::Customer);
            }
            "caller_left" => self.ended(over, n, Outcome::Abandoned, HangupBy::Customer),
            _ => self.ended(over + 3000, n, Outcome::Overflowed, HangupBy::System),
        }
    }

    /// Folded at `ms`, with `Q` under these options and both agents its members.
    fn monitor(&self, ms: u64, options: QueueOptions) -> Monitor {
        Monitor::recompute(CHINA_S, vec![setup(options)], at(ms), &self.events).unwrap()
    }
}

fn measured(measure: Measure) -> QueueOptions {
    QueueOptions { measure, ..QueueOptions::default() }
}
fn setup(options: QueueOptions) -> QueueSetup {
    QueueSetup { queue: Q, options, members: vec![ALICE, BOB] }
}

/// A value of today in whole hundredths of its unit.
fn today(monitor: &Monitor, metric: Metric, scope: Scope, ms: u64) -> Option<i64> {
    monitor.value(metric, scope, Window::Today, at(ms)).map(|v| (v.value * 100.0).round() as i64)
}
