//! What the desk and the supervisor see this moment: snapshots sent over the stream. No personal data unmasked here
//! except what the receiver's own role allows; the server masks before sending.
use crate::interaction::{Channel, Direction, InteractionState};
use crate::{BreakRequestId, CallId, CustomerId, InteractionId, OfferId, Pii, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    #[default]
    Offline,
    Available,
    Ringing,
    OnCall,
    WrapUp,
    Break,
    /// Set by the system after an unanswered offer; the agent must come back by hand.
    Away,
}

/// How an agent hears and speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    #[default]
    Browser,
    DeskPhone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkStage {
    Ringing,
    Active,
    WrapUp,
}

/// One of the things an agent does at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentWork {
    pub interaction: InteractionId,
    pub channel: Channel,
    pub stage: WorkStage,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentLive {
    pub user: UserId,
    pub status: AgentStatus,
    /// Break reason key, or `no_answer` when away.
    pub reason: Option<String>,
    pub since: Timestamp,
    /// The break should be over by then; may lie in the past.
    #[serde(default)]
    pub break_until: Option<Timestamp>,
    /// The agent wants a break that is beyond a quota.
    #[serde(default)]
    pub break_request: Option<BreakRequestLive>,
    /// The status that follows the current call or wrap-up, if the agent asked for one.
    pub next: Option<AgentStatus>,
    pub device: Device,
    /// The desk phone is registered.
    pub phone_registered: bool,
    /// What the status tells of; `works` has all.
    pub interaction: Option<InteractionId>,
    /// In the order in which they came.
    #[serde(default)]
    pub works: Vec<AgentWork>,
    pub queues: Vec<QueueId>,
}

/// A wish for a break that waits: in line, or for a supervisor's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakRequestLive {
    pub request: BreakRequestId,
    pub reason: Option<String>,
    pub asked_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaitingLive {
    pub interaction: InteractionId,
    pub queue: QueueId,
    pub remote: Pii<String>,
    pub customer: Option<CustomerId>,
    #[serde(default)]
    pub channel: Channel,
    pub since: Timestamp,
    pub priority: u8,
    pub position: u32,
    /// The customer hung up and is called back when the turn comes.
    #[serde(default)]
    pub callback: bool,
}

/// An offer as the agent's desk receives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferLive {
    pub offer: OfferId,
    pub agent: UserId,
    pub interaction: InteractionId,
    /// None: offered to this agent alone (a transfer to the agent, an internal call).
    pub queue: Option<QueueId>,
    #[serde(default)]
    pub channel: Channel,
    pub remote: Pii<String>,
    pub local: String,
    pub customer: Option<CustomerId>,
    pub waited_ms: u64,
    pub expires_at: Timestamp,
    /// What the caller chose, e.g. the menu option's key; shown as the reason.
    pub reason: Option<String>,
}

/// A call as its agent and supervisors see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallLive {
    pub call: CallId,
    pub state: InteractionState,
    pub direction: Direction,
    pub remote: Pii<String>,
    pub local: String,
    pub customer: Option<CustomerId>,
    pub queue: Option<QueueId>,
    pub agent: Option<UserId>,
    /// A colleague who called one of our numbers and is served by its plan like a customer.
    pub caller: Option<UserId>,
    pub started_at: Timestamp,
    pub answered_at: Option<Timestamp>,
    pub held: bool,
    pub muted: bool,
    pub recording: bool,
    /// The agent's browser is gone; media resumes if it returns before this.
    pub resume_until: Option<Timestamp>,
}
