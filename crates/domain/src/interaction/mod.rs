//! One contact between a customer and the company, on any channel, and the parts it is made of.
use crate::{CustomerId, InteractionId, LegId, NumberId, Pii, QueueId, RecordingId, SegmentId, Timestamp, TrunkId, UserId};
use serde::{Deserialize, Serialize};

/// The way a contact takes place, the most demanding first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    #[default]
    Voice,
    Video,
    /// Live text: the customer waits for the next line.
    Chat,
    /// Text that may be answered later (SMS, messengers, e-mail).
    Message,
    /// A piece of work without anybody at the other end.
    Ticket,
}
impl Channel {
    pub const ALL: [Channel; 5] = [Channel::Voice, Channel::Video, Channel::Chat, Channel::Message, Channel::Ticket];
    /// Carried by the agent's device; the others by the desk alone.
    pub const fn is_call(self) -> bool {
        matches!(self, Channel::Voice | Channel::Video)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Inbound,
    Outbound,
    Internal,
}

/// Where an interaction stands. `Ended` and `Lost` are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InteractionState {
    /// In the entry plan (welcome, menu).
    Entry,
    Waiting,
    Offered,
    Dialling,
    Connected,
    Ended,
    /// The process died while it was open; closed by the next start.
    Lost,
}

/// How it ended, in the words reports use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Talked to an agent (or the called party).
    Handled,
    /// The customer left while waiting or while an agent was ringing.
    Abandoned,
    /// The customer left during the entry plan.
    LeftInEntry,
    /// Served without an agent (echo, information prompt, voicemail).
    SelfServed,
    /// Wait limit, queue full, closed.
    Overflowed,
    /// The customer did not want to wait, and is called back.
    CallbackBooked,
    /// An outbound call nobody answered, refused, or failed.
    NotReached,
    Failed,
    Lost,
}

/// Who hung up and why: SIP status and Q.850 cause (RFC 3326, ITU-T Q.850).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HangupCause {
    pub by: HangupBy,
    pub sip_status: Option<u16>,
    pub q850: Option<u8>,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HangupBy {
    Customer,
    Agent,
    #[default]
    System,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    pub id: InteractionId,
    pub channel: Channel,
    pub direction: Direction,
    pub state: InteractionState,
    pub outcome: Option<Outcome>,
    /// The customer's address: phone number of the far side.
    pub remote: Pii<String>,
    /// The company's number that was called or is shown.
    pub local: String,
    pub number: Option<NumberId>,
    pub trunk: Option<TrunkId>,
    pub queue: Option<QueueId>,
    pub agent: Option<UserId>,
    pub customer: Option<CustomerId>,
    pub started_at: Timestamp,
    pub queued_at: Option<Timestamp>,
    /// Start of the first talk with a person.
    pub answered_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    pub wait_ms: u64,
    pub talk_ms: u64,
    pub hold_ms: u64,
    pub wrap_up_ms: u64,
    pub hangup: Option<HangupCause>,
    pub wrap_up_code: Option<String>,
    pub note: Option<Pii<String>>,
    pub recording: Option<RecordingId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    Entry,
    Menu,
    Queue,
    Offer,
    Talk,
    Hold,
    Consult,
    WrapUp,
    Voicemail,
}

/// A stretch of one interaction, with who and where. Segments of one kind never overlap for one agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    pub id: SegmentId,
    pub interaction: InteractionId,
    pub kind: SegmentKind,
    pub queue: Option<QueueId>,
    pub agent: Option<UserId>,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// A stable word: `answered`, `declined`, `no_answer`, `caller_left`, `digit_1`, `transferred` …
    pub result: Option<String>,
}

/// What the media plane measured on one leg. Percentages and times as named; MOS by the E-model (ITU-T G.107, simplified).
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LegQuality {
    pub packets_received: u64,
    pub packets_sent: u64,
    pub packets_lost: u64,
    pub loss_pct: f32,
    /// RFC 3550 §6.4.1 interarrival jitter.
    pub jitter_ms: f32,
    /// From RTCP SR/RR; none when the far side sends none.
    pub round_trip_ms: Option<f32>,
    pub mos: f32,
    /// Time a packet of this leg spent in this process on its way to the other leg, median.
    pub added_latency_ms: f32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LegReport {
    pub interaction: InteractionId,
    pub leg: LegId,
    /// `customer`, `agent`, `outside`.
    pub party: String,
    pub agent: Option<UserId>,
    /// Signalling address of the far side (host:port or `browser`).
    pub peer: String,
    pub codec: String,
    pub quality: LegQuality,
}

/// A finished or running recording. The audio is in the blob store, sealed, under `blob`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    pub id: RecordingId,
    pub interaction: InteractionId,
    pub blob: String,
    pub started_at: Timestamp,
    pub duration_ms: u64,
    pub sample_rate_hz: u32,
    pub channels: u8,
    /// Size of the clear WAV that a reader sees.
    pub bytes: u64,
    pub state: RecordingState,
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingState {
    Running,
    Complete,
    /// Cut short by a crash; playable up to its last whole segment.
    Truncated,
}
