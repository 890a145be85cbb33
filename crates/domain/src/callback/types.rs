//! What goes into the machine of a callback and what comes out of it.
use crate::call::Cause;
use crate::routing::Enqueue;
use crate::{CustomerId, InteractionId, OfferId, Pii, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// Times a number is dialled at most.
pub const TRIES_MAX: u8 = 10;
/// Between two tries at least; longer than any leg takes to end, so that two never ring at once.
pub const RETRY_GAP_MIN_MS: u64 = 60_000;
pub const RETRY_GAP_MAX_MS: u64 = 7 * 86_400_000;
/// A callback is kept this long at most.
pub const KEPT_MAX_MS: u64 = 30 * 86_400_000;
/// The router had no room: asked again after this.
pub const QUEUE_AGAIN_MS: u64 = 60_000;

/// When we may call: the first allowed instant at or after the given one (`Hours::next_open`); none: never.
pub type Window<'a> = &'a dyn Fn(Timestamp) -> Option<Timestamp>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The customer is dialled when an agent is free or soon will be, and never hears silence for long.
    CustomerFirst,
    /// An agent takes the offer, sees who it is, and hears the ringing.
    AgentFirst,
}

/// What the caller accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The callback's own interaction: it waits in the router's line under this id.
    pub interaction: InteractionId,
    pub queue: QueueId,
    /// As it will be dialled; normalised, because the same number asks only once.
    pub number: Pii<String>,
    /// The number of ours that was called.
    pub local: String,
    pub customer: Option<CustomerId>,
    pub priority: u8,
    /// When the caller began to wait: the place that is kept.
    pub since: Timestamp,
    pub mode: Mode,
    /// The agreed time; none: as soon as its place comes.
    pub not_before: Option<Timestamp>,
    /// Nothing is dialled from here on.
    pub expires_at: Timestamp,
    /// How often the number is dialled at most: 1 … `TRIES_MAX`.
    pub tries: u8,
    /// From the end of one try to the next: `RETRY_GAP_MIN_MS` … `RETRY_GAP_MAX_MS`.
    pub retry_gap_ms: u64,
}

/// Limits of one callback, ms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The customer's phone rings this long at most.
    pub ring_timeout_ms: u64,
    /// A customer who answered waits for an agent this long at most.
    pub hold_max_ms: u64,
    /// A leg that does not confirm its end is forgotten after this.
    pub teardown_ms: u64,
    /// The talk's end is assumed after this.
    pub talk_max_ms: u64,
}
impl Default for Limits {
    fn default() -> Self {
        Self { ring_timeout_ms: 30_000, hold_max_ms: 60_000, teardown_ms: 35_000, talk_max_ms: 4 * 3_600_000 }
    }
}

/// Why a request was not taken. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    #[error("number: not 3 to 20 digits with an optional +; ask the caller for another")]
    Number,
    #[error("tries: not 1 to 10; correct the queue's callback settings")]
    Tries,
    #[error("retry_gap_ms: not one minute to seven days; correct the queue's callback settings")]
    RetryGap,
    #[error("expires_at: in the past or more than 30 days ahead; correct the queue's callback settings")]
    Expiry,
    #[error("not_before: no allowed time between then and expires_at; offer the caller another time")]
    NoTime,
    #[error("this number already waits for a callback of this queue; tell the caller so")]
    Duplicate { existing: InteractionId },
    #[error("too many callbacks are open; do not offer them")]
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelledBy {
    Customer,
    Agent,
    System,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Customer and agent talked.
    Reached,
    NoAnswer,
    Busy,
    /// The network could not put the last try through.
    Failed,
    /// The number does not exist; not tried again.
    BadNumber,
    /// Answered, and hung up before an agent was there.
    CustomerLeft,
    /// Answered, and no agent came in time, at the last try.
    NoAgent,
    Expired,
}
impl Outcome {
    /// Whether another try may do better.
    pub(super) const fn may_retry(self) -> bool {
        matches!(self, Self::NoAnswer | Self::Busy | Self::Failed | Self::NoAgent)
    }
    /// What a leg's end before the answer means.
    pub(super) const fn of(cause: Cause) -> Outcome {
        match cause.sip {
            404 | 410 | 484 | 604 => Self::BadNumber,
            486 | 600 | 603 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            _ => Self::Failed,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not yet in the line: its time or the window's has not come.
    Requested {
        at: Timestamp,
    },
    /// In the line with the original `since`.
    Waiting,
    /// An agent's desk rings; the place is kept.
    Offered {
        offer: OfferId,
        agent: UserId,
    },
    /// The customer's phone rings, with the agent who is reserved, if any.
    Dialling {
        agent: Option<UserId>,
    },
    /// The customer is on the line and goes first as soon as an agent is free.
    Holding,
    Connected {
        agent: UserId,
    },
    RetryAt {
        at: Timestamp,
    },
    Done {
        outcome: Outcome,
    },
    Cancelled {
        by: CancelledBy,
    },
}
impl State {
    pub const fn is_final(&self) -> bool {
        matches!(self, State::Done { .. } | State::Cancelled { .. })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// Customer first: its place has come as far as that an agent is free or soon will be.
    TurnNear,
    /// The router offers it to an agent.
    Offered { offer: OfferId, agent: UserId },
    /// The offer is over without this agent.
    OfferEnded { offer: OfferId },
    /// The router reserved this agent: the offer was accepted.
    Assigned { agent: UserId },
    /// The router has no room for it: refused, queue full, queue gone.
    NotQueued,
    /// The router lost it or its wait limit passed: ask again, with the same place.
    EnqueueAgain,
    /// The customer answered.
    LegUp { attempt: u8 },
    /// The leg is gone for good, whoever wanted it.
    LegDown { attempt: u8, sip: u16 },
    /// The reserved or connected agent's own side failed (not: hung up).
    AgentGone { agent: UserId },
    /// Ignored once connected.
    Cancel { by: CancelledBy },
    /// The node came back: legs and reservations of before are gone.
    Restarted,
    /// A timer of `next_timeout` is due.
    Tick,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Stand in the router's line.
    Enqueue(Enqueue),
    /// Out of the line; harmless if it is not there.
    Leave { reason: &'static str },
    /// Call the customer; `LegUp` or `LegDown` with this attempt follows. The reserved agent hears the ringing.
    Dial { attempt: u8, number: Pii<String>, agent: Option<UserId> },
    /// End the leg in whatever way its state needs; `LegDown` follows.
    HangUp { attempt: u8 },
    /// The customer answered and no agent is there yet: say so, play music.
    Hold { attempt: u8 },
    /// The customer and the agent hear each other. The reservation is the talk's from here on.
    Connect { attempt: u8, agent: UserId },
    /// The agent is not needed after all: no talk, no wrap-up.
    Release { agent: UserId },
    /// The state, for lists and the store.
    Changed(Box<CallbackLive>),
    /// It is over. Comes once, and last but for the release of an agent who is assigned too late.
    Finished { state: State },
}

/// A callback as supervisors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackLive {
    pub interaction: InteractionId,
    pub queue: QueueId,
    pub number: Pii<String>,
    pub customer: Option<CustomerId>,
    pub mode: Mode,
    pub state: State,
    pub since: Timestamp,
    pub expires_at: Timestamp,
    /// Times dialled so far, of `tries`.
    pub attempts: u8,
    pub tries: u8,
}

/// Why the machine woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The agreed time, the window or the next try has come.
    Due,
    /// The customer does not answer.
    Ring,
    /// No agent comes for the customer on the line.
    Hold,
    /// A leg did not confirm its end.
    Teardown,
    TalkMax,
    Expiry,
}
