//! What goes into the router and what comes out: plain values that travel over the bus, one node or many.
use super::KeptPlace;
use crate::config::{BreakQuota, BreakReason, Capacity, Known, Needs, Overflow, Queue, RoutingRule, Skills};
use crate::estimate::Spoken;
use crate::event::Draft;
use crate::interaction::Channel;
use crate::live::{AgentLive, AgentStatus, Device, OfferLive, WaitingLive};
use crate::{BreakRequestId, CustomerId, InteractionId, OfferId, Pii, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who is there, as the agent's desk shows it before answering.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Card {
    /// The customer's number or address.
    pub remote: Pii<String>,
    /// Our number that was called.
    pub local: String,
    pub customer: Option<CustomerId>,
    /// What the caller chose, e.g. the menu option's key.
    pub reason: Option<String>,
    /// The digit chosen in the menu, for rules.
    #[serde(default)]
    pub menu_digit: Option<char>,
    /// What is known of the customer, for rules. Boxed: most are unknown, and a card travels in many messages.
    #[serde(default)]
    pub known: Option<Box<Known>>,
}

/// One interaction that asks for an agent of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enqueue {
    pub interaction: InteractionId,
    /// Decides which of the agent's slots it takes.
    #[serde(default)]
    pub channel: Channel,
    pub queue: QueueId,
    /// 0 … 255, the higher goes first.
    pub priority: u8,
    pub card: Card,
    /// When the waiting began: now, or the original time of somebody who comes back.
    pub since: Timestamp,
    /// Goes before everybody of the same priority (an agent's media failed after the answer, a dead node's caller).
    pub head: bool,
    /// It had its place and the router lost it: what limits coming in does not turn it away.
    #[serde(default)]
    pub again: bool,
    /// What this interaction asks for besides what its queue asks for.
    #[serde(default)]
    pub needs: Option<Needs>,
    /// The agent it should have, e.g. the last one it talked with.
    #[serde(default)]
    pub prefer: Option<UserId>,
    /// A rule may send it to another queue: it comes from a number, and was not sent on before.
    #[serde(default)]
    pub may_move: bool,
    /// Half of the callers in its place would wait longer than this; none: not known.
    #[serde(default)]
    pub estimate_ms: Option<u64>,
    #[serde(default)]
    pub callback: Option<CallbackStage>,
    /// When it came into this line, if it stood there before (`Effect::Placed`); none: now.
    #[serde(default)]
    pub entered_at: Option<Timestamp>,
    /// Since when they stood in this line in an earlier call, whose place they still have: known before the call reached the line.
    #[serde(default)]
    pub resumed_since: Option<Timestamp>,
}
impl Enqueue {
    /// A call without anything special.
    pub fn new(interaction: InteractionId, queue: QueueId, since: Timestamp) -> Self {
        let card = Card::default();
        let channel = Channel::Voice;
        Self {
            interaction,
            channel,
            queue,
            priority: 0,
            card,
            since,
            head: false,
            again: false,
            needs: None,
            prefer: None,
            may_move: false,
            estimate_ms: None,
            callback: None,
            entered_at: None,
            resumed_since: None,
        }
    }
}

/// A place in the line that is kept for a callback. No limit of the queue turns it away, and while nobody is on the line it neither
/// waits too long nor is told anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackStage {
    /// Offered like any other; who takes it calls.
    AgentFirst,
    /// Not offered: when its turn comes an agent is kept free and the customer is called (`Effect::Turn`).
    CustomerFirst,
    /// The customer answered and waits.
    OnTheLine,
}

/// What holds for all queues.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct House {
    /// Applied before the queue's own.
    pub rules: Vec<RoutingRule>,
    pub break_quotas: Vec<QuotaSetup>,
    /// How long breaks may last.
    pub break_reasons: Vec<BreakReason>,
}

/// A quota and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaSetup {
    pub agents: BTreeSet<UserId>,
    pub quota: BreakQuota,
}

/// Somebody who may be given work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentSetup {
    pub user: UserId,
    #[serde(default)]
    pub skills: Skills,
    #[serde(default)]
    pub capacity: Capacity,
}
impl From<UserId> for AgentSetup {
    fn from(user: UserId) -> Self {
        Self { user, skills: Skills::new(), capacity: Capacity::default() }
    }
}

/// One interaction offered to one agent, past every queue: a transfer to an agent, an internal call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectOffer {
    pub interaction: InteractionId,
    #[serde(default)]
    pub channel: Channel,
    pub agent: UserId,
    /// The queue whose wrap-up rules and statistics count, if it came through one.
    pub queue: Option<QueueId>,
    pub card: Card,
    pub since: Timestamp,
    pub ring_timeout_ms: u64,
}

/// What one running call believes, for `Input::Reconcile`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallBelief {
    pub interaction: InteractionId,
    /// It waits in a queue (also while an agent rings).
    pub waiting: bool,
    /// Agents that are connected or being connected in it.
    pub agents: Vec<UserId>,
}

/// A closed queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shut {
    /// Where who comes now goes.
    pub way: Overflow,
    /// Those who wait already go too.
    pub leave: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// The set-up, whole, every time. Running calls and offers stay; what lost its queue overflows.
    Configure {
        queues: Vec<Queue>,
        agents: Vec<AgentSetup>,
    },
    /// What holds for all queues, whole, every time.
    House(House),
    /// How a queue is doing, per cent; none: not known. Decides whether it lends its agents.
    ServiceLevel {
        queue: QueueId,
        percent: Option<u8>,
    },
    /// Whether a queue is closed by its hours. Nobody new comes in while it is.
    Hours {
        queue: QueueId,
        closed: Option<Shut>,
    },
    /// The agent is there but not yet available (`Away`, reason `signed_in`).
    SignIn {
        agent: UserId,
        device: Device,
    },
    /// Offline now, or after the call.
    SignOut {
        agent: UserId,
    },
    /// A supervisor sets an agent's status: as `SetStatus`, without regard to quotas.
    PutStatus {
        agent: UserId,
        status: AgentStatus,
        reason: Option<String>,
    },
    /// A supervisor decides about a break that waits.
    DecideBreak {
        request: BreakRequestId,
        approve: bool,
    },
    /// `Available`, `Break` (with a reason key) or `Offline`; during a call it becomes the next status. A break beyond a quota waits
    /// in line (`AgentLive::break_request`) while the agent goes on working.
    SetStatus {
        agent: UserId,
        status: AgentStatus,
        reason: Option<String>,
    },
    /// Refused while the agent rings or talks.
    SetDevice {
        agent: UserId,
        device: Device,
    },
    PhoneRegistered {
        agent: UserId,
        registered: bool,
    },
    Enqueue(Enqueue),
    /// The interaction no longer wants an agent: it hung up, or left for elsewhere. Harmless when it is not known.
    Leave {
        interaction: InteractionId,
        reason: String,
    },
    Accept {
        agent: UserId,
        offer: OfferId,
    },
    Decline {
        agent: UserId,
        offer: OfferId,
    },
    /// Reserve the agent for a call it makes itself (click-to-call, internal call). Refused unless it is free.
    AgentBusy {
        agent: UserId,
        interaction: InteractionId,
    },
    /// The agent's part in the interaction ended; `wrap_up_ms` 0 means no wrap-up.
    Released {
        agent: UserId,
        interaction: InteractionId,
        queue: Option<QueueId>,
        wrap_up_ms: u64,
        /// Set the agent `Away` with this reason (its media failed), so that it does not get the next call at once.
        away: Option<String>,
    },
    WrapUpDone {
        agent: UserId,
        interaction: InteractionId,
        code: Option<String>,
    },
    DirectOffer(DirectOffer),
    /// The time of `next_timeout` has come.
    Due,
    /// Who the caller is was found after it began to wait: desks that ring are told, rules are applied again.
    Identified {
        interaction: InteractionId,
        customer: CustomerId,
        #[serde(default)]
        known: Known,
        #[serde(default)]
        prefer: Option<UserId>,
    },
    /// The caller was in a line a short while ago: where it is the line they wait in now, they have their place again.
    Resumed {
        interaction: InteractionId,
        places: Vec<KeptPlace>,
    },
    /// Everything the nodes' calls believe, collected at `taken_at`. Differences older than `RECONCILE_GRACE_MS` are healed.
    Reconcile {
        taken_at: Timestamp,
        calls: Vec<CallBelief>,
    },
}

/// Why an offer ended without its agent taking the interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferResult {
    Answered,
    Declined,
    NoAnswer,
    CallerLeft,
    /// The agent signed out, went on a break or was removed.
    AgentLeft,
    /// The agent's desk phone is no longer registered.
    DeviceLost,
    /// The queue was removed.
    QueueGone,
    /// The queue closed.
    Closed,
    /// Another agent who rang for it was faster.
    AnsweredElsewhere,
    /// The reconciler found that the call no longer exists.
    Healed,
}
impl OfferResult {
    /// The stable word of events, reports and the stream.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Declined => "declined",
            Self::NoAnswer => "no_answer",
            Self::CallerLeft => "caller_left",
            Self::AgentLeft => "agent_left",
            Self::DeviceLost => "device_lost",
            Self::QueueGone => "queue_gone",
            Self::Closed => "closed",
            Self::AnsweredElsewhere => "answered_elsewhere",
            Self::Healed => "healed",
        }
    }
}

/// Why an input could not be done. Nothing changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    #[error("no such agent")]
    NoSuchAgent,
    #[error("no such queue")]
    NoSuchQueue,
    #[error("the offer is gone")]
    OfferGone,
    #[error("the agent is offline")]
    Offline,
    #[error("the agent is busy")]
    Busy,
    #[error("the agent is not available")]
    NotAvailable,
    #[error("the desk phone is not registered")]
    PhoneNotRegistered,
    #[error("this status cannot be set")]
    InvalidStatus,
    #[error("the interaction already waits or talks")]
    Duplicate,
    #[error("the agent is not in that interaction")]
    NotTheirs,
    /// As many as may be are on a break, and nobody waits for one here.
    #[error("too many are on a break")]
    BreakFull,
    #[error("no such request")]
    NoSuchRequest,
    /// `WAITING_MAX` interactions wait in all queues together.
    #[error("too many are waiting")]
    WaitingMax,
}

/// How the wait for a break ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakEnd {
    /// There was room again.
    Granted,
    /// By a supervisor, beyond the quota.
    Approved,
    Declined,
    /// The agent does not want it any more, or left.
    Withdrawn,
}
impl BreakEnd {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OverflowReason {
    /// `queue_len_max` wait already.
    QueueFull,
    /// `wait_max_ms` passed.
    WaitMax,
    QueueGone,
    /// Outside the queue's hours.
    Closed,
    /// Nobody who could serve the queue is at work.
    NoAgent,
    /// Too many wait for the agents at work.
    TooManyWaiting,
    /// A rule says that it belongs elsewhere.
    Rule,
    /// The expected wait is too long.
    Estimate,
}
impl OverflowReason {
    pub const fn word(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::WaitMax => "wait_max",
            Self::QueueGone => "queue_gone",
            Self::Closed => "closed",
            Self::NoAgent => "no_agent",
            Self::TooManyWaiting => "too_many_waiting",
            Self::Rule => "rule",
            Self::Estimate => "estimate",
        }
    }
}

/// Where an interaction that leaves by overflow goes. The call does it: says the prompt, or enqueues again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum OverflowTo {
    /// This queue exists and has room at this moment.
    Queue {
        queue: QueueId,
    },
    HangUp {
        prompt: Option<String>,
    },
    /// The caller leaves a message.
    Voicemail {
        greeting: String,
        length_max_ms: u64,
    },
    /// The caller may be called back.
    Callback {
        ask: String,
        other: Option<String>,
        booked: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Show it on the agent's desk; ring the desk phone when `device` says so.
    Offer {
        offer: OfferLive,
        device: Device,
    },
    /// The same offer with what is known by now; nothing new rings.
    OfferChanged(OfferLive),
    /// The offer is over without an answer; stop ringing.
    Withdraw {
        offer: OfferId,
        agent: UserId,
        interaction: InteractionId,
        result: OfferResult,
    },
    /// The agent has it: connect. `queue` is the one it waited in; none for a direct offer without one.
    Assigned {
        interaction: InteractionId,
        agent: UserId,
        offer: OfferId,
        queue: Option<QueueId>,
        device: Device,
        waited_ms: u64,
    },
    /// The input of this step was not done.
    Refused {
        why: Refusal,
    },
    /// Tell the caller its position, 1 = next, and how long it will take if somebody knows (`estimate::Watch`).
    Announce {
        interaction: InteractionId,
        position: u32,
        #[serde(default)]
        wait: Option<Spoken>,
    },
    /// It no longer waits here.
    Overflow {
        interaction: InteractionId,
        queue: QueueId,
        reason: OverflowReason,
        to: OverflowTo,
    },
    /// A callback's turn: call the customer now. It is out of the line; this agent is kept free until it stands there again
    /// (`OnTheLine`), leaves, or `HELD_MAX_MS` passed.
    Turn {
        interaction: InteractionId,
        agent: UserId,
    },
    /// The router does not know this waiting call (any more): enqueue again with the original `since`.
    EnqueueAgain {
        interaction: InteractionId,
    },
    AgentChanged(AgentLive),
    AgentRemoved {
        agent: UserId,
    },
    BreakOverstayed {
        agent: UserId,
        reason: Option<String>,
    },
    /// It stands in the line like this, until `WaitingEnded`. The store keeps it: another router that is given it has the same place.
    Placed(Box<Enqueue>),
    WaitingChanged(WaitingLive),
    WaitingEnded {
        interaction: InteractionId,
        queue: QueueId,
    },
    /// A difference was found and repaired; counted.
    Healed {
        what: String,
    },
    Record(Draft),
}
impl Effect {
    /// The interaction whose call must hear of it; none for what concerns only desks, counters and the store.
    pub fn for_call(&self) -> Option<InteractionId> {
        match self {
            Effect::Offer { offer, .. } => Some(offer.interaction),
            Effect::Withdraw { interaction, .. }
            | Effect::Assigned { interaction, .. }
            | Effect::Announce { interaction, .. }
            | Effect::Overflow { interaction, .. }
            | Effect::Turn { interaction, .. }
            | Effect::EnqueueAgain { interaction } => Some(*interaction),
            _ => None,
        }
    }
}

/// Why the router wants to be woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The offer's lease ends.
    Ring(OfferId),
    WrapUp(UserId, InteractionId),
    /// The break has lasted as long as its reason allows.
    BreakOver(UserId),
    WaitMax(InteractionId),
    Announce(InteractionId),
    /// An agent that declined this interaction may get it again.
    CoolDown(InteractionId),
    /// The next step of what it asks for.
    Relax(InteractionId),
    /// One more agent rings.
    RingNext(InteractionId),
    /// Whether anybody works for its queue.
    NoAgent(InteractionId),
    /// An agent has been kept free for a customer who is called long enough.
    Held(InteractionId),
}
