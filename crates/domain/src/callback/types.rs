//! What goes into the machine of a callback and what comes out of it.
use crate::call::Cause;
use crate::config::{CallbackMode, Needs};
use crate::{CallbackId, CustomerId, InteractionId, Pii, QueueId, Timestamp, TrunkId};
use serde::{Deserialize, Serialize};

/// Times a number is dialled at most.
pub const TRIES_MAX: u8 = 10;
/// Between two tries at least; longer than any leg takes to end, so that two never ring at once.
pub const RETRY_GAP_MIN_MS: u64 = 60_000;
pub const RETRY_GAP_MAX_MS: u64 = 7 * 86_400_000;
/// A callback is kept this long at most.
pub const KEPT_MAX_MS: u64 = 30 * 86_400_000;
/// The line did not take it, or nobody was dialled in the end: it stands in line again after this.
pub const QUEUE_AGAIN_MS: u64 = 60_000;

/// When we may call: the first allowed instant at or after the given one (`Hours::next_open`); none: never.
pub type Window<'a> = &'a dyn Fn(Timestamp) -> Option<Timestamp>;

/// What the caller accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub id: CallbackId,
    /// The interaction in which it was asked for; none: by API.
    pub asked_in: Option<InteractionId>,
    pub queue: QueueId,
    /// As it will be dialled; normalised, because the same number asks only once.
    pub number: Pii<String>,
    /// The number of ours that was called.
    pub local: String,
    /// Where the caller came in: goes out there when no trunk's prefix takes the number.
    pub trunk: Option<TrunkId>,
    pub customer: Option<CustomerId>,
    pub priority: u8,
    /// What was asked of an agent, from the menu.
    pub needs: Option<Needs>,
    /// When the caller began to wait: the place that is kept.
    pub since: Timestamp,
    pub mode: CallbackMode,
    /// The agreed time; none: as soon as its place comes.
    pub not_before: Option<Timestamp>,
    /// No try begins from here on.
    pub expires_at: Timestamp,
    /// How often the number is dialled at most: 1 … `TRIES_MAX`.
    pub tries: u8,
    /// From the end of one try to the next: `RETRY_GAP_MIN_MS` … `RETRY_GAP_MAX_MS`.
    pub retry_gap_ms: u64,
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
    Duplicate { existing: CallbackId },
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
    /// The stable word of events, reports and the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::NoAnswer => "no_answer",
            Self::Busy => "busy",
            Self::Failed => "failed",
            Self::BadNumber => "bad_number",
            Self::CustomerLeft => "customer_left",
            Self::NoAgent => "no_agent",
            Self::Expired => "expired",
        }
    }
    /// Whether another try may do better.
    pub(super) const fn may_retry(self) -> bool {
        matches!(self, Self::NoAnswer | Self::Busy | Self::Failed | Self::NoAgent)
    }
    /// What the end of a phone that was not answered means.
    const fn unanswered(cause: Cause) -> Outcome {
        match cause.sip {
            404 | 410 | 484 | 604 => Self::BadNumber,
            486 | 600 | 603 => Self::Busy,
            408 | 480 | 487 => Self::NoAnswer,
            _ => Self::Failed,
        }
    }
}

/// How one stand in the line ended, as its call saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The customer's phone was never dialled: the line closed or was full, the agent's side failed.
    NotDialled,
    /// The customer did not answer.
    NotAnswered(Cause),
    CustomerLeft,
    NoAgent,
    Reached,
}
impl End {
    pub(super) const fn outcome(self) -> Option<Outcome> {
        Some(match self {
            End::NotDialled => return None,
            End::NotAnswered(cause) => Outcome::unanswered(cause),
            End::CustomerLeft => Outcome::CustomerLeft,
            End::NoAgent => Outcome::NoAgent,
            End::Reached => Outcome::Reached,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Not yet in the line: its time or the window's has not come.
    Requested {
        at: Timestamp,
    },
    /// In the line with the original `since`, or ringing at an agent.
    Waiting,
    /// The customer is being called, or talks.
    Calling,
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
    /// The stable word of the store and the API.
    pub const fn word(&self) -> &'static str {
        match self {
            State::Requested { .. } => "requested",
            State::Waiting => "waiting",
            State::Calling => "calling",
            State::RetryAt { .. } => "retry_at",
            State::Done { .. } => "done",
            State::Cancelled { .. } => "cancelled",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The call of this place dials the customer.
    Dialled {
        place: u32,
    },
    /// The call of this place is over. Comes once for every `Effect::Place`.
    PlaceEnded {
        place: u32,
        end: End,
    },
    Cancel {
        by: CancelledBy,
    },
    /// The node came back: calls and places of before are gone.
    Restarted,
    /// A timer of `next_timeout` is due.
    Tick,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Begin a call that stands in the router's line with this request's `since`.
    Place { place: u32 },
    /// End the call of this place unless customer and agent talk; `PlaceEnded` follows in any case.
    Withdraw { place: u32 },
    /// As it stands now, for lists and the store.
    Changed(Box<super::Callback>),
    /// It is over. Comes once, and last.
    Finished { state: State },
}

/// A callback as supervisors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallbackLive {
    pub id: CallbackId,
    pub asked_in: Option<InteractionId>,
    pub queue: QueueId,
    pub number: Pii<String>,
    pub customer: Option<CustomerId>,
    pub mode: CallbackMode,
    #[serde(flatten)]
    pub state: State,
    pub since: Timestamp,
    pub not_before: Option<Timestamp>,
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
    Expiry,
}
