//! Interactions: what happened between a customer and us.
use super::common::{Validate, optional_text};
use crate::http::problem::ApiResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! words {
    ($($(#[$m:meta])* $name:ident { $($variant:ident),* $(,)? })*) => {$(
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),* }
    )*};
}
words! {
    Channel { Voice, Video, Chat, Message, Ticket }
    Direction { Inbound, Outbound, Internal }
    InteractionState { Entry, Waiting, Offered, Dialling, Connected, Ended, Lost }
    Outcome { Handled, Abandoned, LeftInEntry, SelfServed, Overflowed, CallbackBooked, NotReached, Failed, Lost }
    HangupBy { Customer, Agent, System }
    SegmentKind { Entry, Menu, Queue, Offer, Talk, Hold, Consult, WrapUp, Voicemail }
    RecordingState { Running, Complete, Truncated }
}

/// SIP status and Q.850 cause of the end.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HangupCause {
    pub by: HangupBy,
    pub sip_status: Option<u16>,
    pub q850: Option<u8>,
}

/// One row of a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct InteractionSummary {
    pub id: Uuid,
    pub channel: Channel,
    pub direction: Direction,
    pub state: InteractionState,
    pub outcome: Option<Outcome>,
    /// The customer's number, masked by role.
    pub remote: String,
    pub local: String,
    pub number: Option<Uuid>,
    pub trunk: Option<Uuid>,
    pub queue: Option<Uuid>,
    pub agent: Option<Uuid>,
    pub customer: Option<Uuid>,
    pub started_at: i64,
    pub queued_at: Option<i64>,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub wait_ms: u64,
    pub talk_ms: u64,
    pub hold_ms: u64,
    pub wrap_up_ms: u64,
    pub hangup: Option<HangupCause>,
    pub wrap_up_code: Option<String>,
    pub note: Option<String>,
    pub recording: Option<Uuid>,
    /// The agent's display name.
    #[serde(default)]
    pub agent_name: Option<String>,
    /// Masked by role.
    #[serde(default)]
    pub customer_name: Option<String>,
    #[serde(default)]
    pub queue_name: Option<super::Label>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    pub id: Uuid,
    pub kind: SegmentKind,
    pub queue: Option<Uuid>,
    pub agent: Option<Uuid>,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub result: Option<String>,
}

/// What the media plane measured on one leg.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LegQuality {
    pub packets_received: u64,
    pub packets_sent: u64,
    pub packets_lost: u64,
    pub loss_pct: f32,
    pub jitter_ms: f32,
    pub round_trip_ms: Option<f32>,
    /// 1.0 – 5.0.
    pub mos: f32,
    pub added_latency_ms: f32,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Leg {
    pub leg: u16,
    /// `customer`, `agent`, `outside`.
    pub party: String,
    pub agent: Option<Uuid>,
    pub peer: String,
    pub codec: String,
    pub quality: LegQuality,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RecordingInfo {
    pub id: Uuid,
    pub started_at: i64,
    pub duration_ms: u64,
    pub sample_rate_hz: u32,
    pub channels: u8,
    pub bytes: u64,
    pub state: RecordingState,
}

/// One thing that happened; `type` says what, the other fields belong to the type.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    pub id: Uuid,
    pub at: i64,
    pub agent: Option<Uuid>,
    pub queue: Option<Uuid>,
    pub r#type: String,
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// Why an agent was offered the interaction out of a queue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Route {
    pub at: i64,
    pub agent: Option<Uuid>,
    pub queue: Option<Uuid>,
    #[serde(flatten)]
    pub explanation: Explanation,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Explanation {
    pub strategy: super::routing::Strategy,
    pub waited_ms: u64,
    /// `(waited + priority × priority_ms) × weight / 100`: why it was this interaction's turn.
    pub score_ms: i64,
    /// Steps of relaxation that had come.
    pub step: u8,
    /// Keys of the rules that applied.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What an agent had to be able to do at that moment.
    pub needs: Option<String>,
    /// The agent the caller should have.
    pub preferred: Option<Uuid>,
    /// The queue that lent the agent.
    pub borrowed_from: Option<Uuid>,
    /// Free agents that would have done, the chosen one first; at most 20 are named.
    pub candidates: Vec<Uuid>,
    pub candidates_total: u32,
    /// At most 20 are named.
    pub ruled_out: Vec<RuledOut>,
    pub ruled_out_total: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RuledOut {
    pub agent: Uuid,
    pub why: Why,
}

/// The rule that left an agent out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Offline,
    Break,
    Away,
    Ringing,
    OnCall,
    WrapUp,
    /// Does so much else that none of this channel has room.
    Capacity,
    /// The desk phone is not registered.
    Unreachable,
    /// Outside the ring that may be asked yet.
    Level,
    Skills,
    /// Declined this interaction, or did not answer it, a short while ago.
    Spared,
    /// The interaction is kept for its preferred agent.
    Preferred,
    /// Of a queue that lends its agents only after a longer wait.
    NotLentYet,
    /// Of a queue that lends, but has callers of its own or a service level that is too low.
    NotLent,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct InteractionDetail {
    #[serde(flatten)]
    pub interaction: InteractionSummary,
    pub segments: Vec<Segment>,
    pub legs: Vec<Leg>,
    pub events: Vec<EventView>,
    /// Every offer out of a queue, explained, in order of time.
    pub routes: Vec<Route>,
    pub recording_info: Option<RecordingInfo>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WrapUp {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub code: Option<String>,
    #[schema(max_length = 4000)]
    pub note: Option<String>,
}
impl Validate for WrapUp {
    fn check(&self) -> ApiResult<()> {
        if let Some(code) = &self.code {
            super::common::key("code", code)?;
        }
        optional_text("note", self.note.as_ref(), 0, 4000)
    }
}

/// Loudness over time, one list a channel (customer, agent), peaks 0–127.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Waveform {
    pub channels: Vec<Vec<u8>>,
    pub duration_ms: u64,
}
