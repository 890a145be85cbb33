//! What happened: the only way history is made. The store appends events, the monitor folds them, reports query them.
use crate::call::SuperviseMode;
use crate::interaction::{Channel, Direction, HangupCause, Outcome, SegmentKind};
use crate::live::AgentStatus;
use crate::routing::Explanation;
use crate::{
    CallbackId, CustomerId, EventId, InteractionId, LegId, NumberId, OfferId, Pii, QueueId, RecordingId, Timestamp, TrunkId, UserId,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: EventId,
    pub at: Timestamp,
    pub interaction: Option<InteractionId>,
    pub agent: Option<UserId>,
    pub queue: Option<QueueId>,
    #[serde(flatten)]
    pub kind: EventKind,
}

/// An event as a machine makes it: machines draw no ids, the driver stamps one on (`Draft::stamp`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub at: Timestamp,
    pub interaction: Option<InteractionId>,
    pub agent: Option<UserId>,
    pub queue: Option<QueueId>,
    #[serde(flatten)]
    pub kind: EventKind,
}
impl Draft {
    pub fn stamp(self, id: EventId) -> Event {
        Event { id, at: self.at, interaction: self.interaction, agent: self.agent, queue: self.queue, kind: self.kind }
    }
}

/// Public names (`type`) are stable: reports, webhooks and the stream use them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EventKind {
    InteractionStarted {
        channel: Channel,
        direction: Direction,
        remote: Pii<String>,
        local: String,
        number: Option<NumberId>,
        trunk: Option<TrunkId>,
        customer: Option<CustomerId>,
    },
    SegmentStarted {
        segment: SegmentKind,
    },
    SegmentEnded {
        segment: SegmentKind,
        result: String,
    },
    Queued {
        priority: u8,
        /// A callback: counted when it was asked for, and not offered again.
        #[serde(default)]
        callback: bool,
    },
    /// They had waited here a short while ago, lost the line, and called again: they go on waiting as if they never had.
    PlaceResumed {
        /// Since the first of their calls came into this line.
        waited_ms: u64,
    },
    /// It did not get in, or had to leave: `queue_full`, `too_many_waiting`, `no_agent`, `wait_max`, `queue_gone`, `rule`. With
    /// one of the first three it was blocked.
    Overflowed {
        reason: String,
        /// The queue it goes to; none: out of the house.
        to: Option<QueueId>,
    },
    Dequeued {
        wait_ms: u64,
        reason: String,
    },
    Offered {
        offer: OfferId,
        ring_timeout_ms: u64,
    },
    /// Why this agent: follows `Offered` for an interaction out of a queue.
    Routed {
        offer: OfferId,
        explanation: Box<Explanation>,
    },
    OfferEnded {
        offer: OfferId,
        result: String,
    },
    Answered {
        leg: LegId,
        wait_ms: u64,
    },
    Held,
    Unheld,
    Muted {
        muted: bool,
    },
    Digit {
        digit: char,
    },
    Transferred {
        to: String,
    },
    /// A supervisor joined a talk, changed how, or (none) left.
    Supervised {
        by: UserId,
        mode: Option<SuperviseMode>,
    },
    RecordingStarted {
        recording: RecordingId,
    },
    RecordingEnded {
        recording: RecordingId,
        duration_ms: u64,
    },
    InteractionEnded {
        outcome: Outcome,
        hangup: HangupCause,
    },
    WrapUpDone {
        code: Option<String>,
        took_ms: u64,
    },
    AgentStatusChanged {
        from: AgentStatus,
        to: AgentStatus,
        reason: Option<String>,
        was_ms: u64,
    },
    /// A quota is exhausted: the agent waits for a break.
    BreakRequested {
        reason: Option<String>,
    },
    /// `granted` (there was room), `approved`, `declined`, `withdrawn`.
    BreakRequestEnded {
        result: String,
    },
    /// The break lasts longer than its reason allows.
    BreakOverstayed {
        reason: Option<String>,
        was_ms: u64,
    },
    InteractionLost,
    /// The customer is to be called back; the interaction is the one in which it was asked for, if any.
    CallbackRequested {
        callback: CallbackId,
    },
    /// `reached`, `no_answer`, `busy`, `failed`, `bad_number`, `customer_left`, `no_agent`, `expired`, `cancelled`.
    CallbackEnded {
        callback: CallbackId,
        result: String,
        attempts: u8,
    },
    /// The reconciler found and healed a difference between what two owners believed.
    Healed {
        what: String,
    },
}
