//! What is happening now, and the commands on it.
use super::common::Validate;
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    Offline,
    Available,
    Ringing,
    OnCall,
    WrapUp,
    Break,
    /// Set by the system after an unanswered offer.
    Away,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    Browser,
    DeskPhone,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AgentLive {
    pub user: Uuid,
    /// On the topic `agents` and in `/live`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub display_name: Option<String>,
    pub status: AgentStatus,
    /// Break reason key, or `no_answer` when away.
    pub reason: Option<String>,
    pub since: i64,
    /// The break should be over by then; may lie in the past.
    pub break_until: Option<i64>,
    /// The agent wants a break that is beyond a quota.
    pub break_request: Option<super::breaks::BreakRequestLive>,
    /// The status that follows the current call or wrap-up, if asked for.
    pub next: Option<AgentStatus>,
    pub device: Device,
    /// The desk phone is registered.
    pub phone_registered: bool,
    /// What the status tells of; `works` has all.
    pub interaction: Option<Uuid>,
    /// Everything the agent does at once, in the order in which it came.
    pub works: Vec<AgentWork>,
    pub queues: Vec<Uuid>,
}

/// One of the things an agent does at once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AgentWork {
    pub interaction: Uuid,
    pub channel: super::interaction::Channel,
    pub stage: WorkStage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkStage {
    Ringing,
    Active,
    WrapUp,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WaitingLive {
    pub interaction: Uuid,
    pub queue: Uuid,
    pub channel: super::interaction::Channel,
    pub remote: String,
    pub customer: Option<Uuid>,
    pub since: i64,
    pub priority: u8,
    pub position: u32,
    /// The customer hung up and is called back when the turn comes.
    pub callback: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OfferLive {
    pub offer: Uuid,
    pub agent: Uuid,
    pub interaction: Uuid,
    /// Absent: offered to this agent alone.
    pub queue: Option<Uuid>,
    pub channel: super::interaction::Channel,
    pub remote: String,
    pub local: String,
    pub customer: Option<Uuid>,
    pub waited_ms: u64,
    pub expires_at: i64,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CallLive {
    pub call: Uuid,
    pub state: super::interaction::InteractionState,
    pub direction: super::interaction::Direction,
    pub remote: String,
    pub local: String,
    pub customer: Option<Uuid>,
    pub queue: Option<Uuid>,
    pub agent: Option<Uuid>,
    /// A colleague who called one of our numbers and is served like a customer.
    pub caller: Option<Uuid>,
    pub started_at: i64,
    pub answered_at: Option<i64>,
    pub held: bool,
    pub muted: bool,
    pub recording: bool,
    /// The agent's browser is gone; media resumes if it returns before this.
    pub resume_until: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrunkLive {
    pub key: String,
    pub state: TrunkState,
    pub calls: u32,
    pub last_error: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TrunkState {
    Up,
    Down,
    Unknown,
    Disabled,
}

/// Everything that is happening, as the reader may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Live {
    pub agents: Vec<AgentLive>,
    pub waiting: Vec<WaitingLive>,
    pub offers: Vec<OfferLive>,
    pub calls: Vec<CallLive>,
    pub trunks: Vec<TrunkLive>,
}

/// What an agent may ask to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WantedStatus {
    Available,
    Break,
    Offline,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAgent {
    pub status: WantedStatus,
    /// Key of a break reason.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub reason: Option<String>,
    pub device: Option<Device>,
}
impl Validate for SetAgent {
    fn check(&self) -> ApiResult<()> {
        self.reason.as_ref().map_or(Ok(()), |r| super::common::key("reason", r))
    }
}

/// What a supervisor sets an agent to.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutStatus {
    pub status: WantedStatus,
    /// Key of a break reason.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub reason: Option<String>,
}
impl Validate for PutStatus {
    fn check(&self) -> ApiResult<()> {
        self.reason.as_ref().map_or(Ok(()), |r| super::common::key("reason", r))
    }
}

/// How the agent's side is carried.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(tag = "media", rename_all = "snake_case", deny_unknown_fields)]
pub enum MediaChoice {
    Browser {
        /// The browser's complete offer.
        #[schema(min_length = 1, max_length = 65536)]
        sdp: String,
    },
    DeskPhone {},
}

/// Longest SDP that is looked at.
pub const SDP_CHARS_MAX: usize = 65_536;

impl MediaChoice {
    pub fn into_engine(self) -> ApiResult<engine::handle::AgentMedia> {
        match self {
            Self::Browser { sdp } => {
                super::common::text("sdp", &sdp, 1, SDP_CHARS_MAX)?;
                Ok(engine::handle::AgentMedia::Browser { sdp_offer: sdp })
            }
            Self::DeskPhone {} => Ok(engine::handle::AgentMedia::DeskPhone),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Browser,
    DeskPhone,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    #[schema(pattern = "^[0-9*#+]{1,32}$")]
    pub to: String,
    pub media: MediaKind,
    /// The browser's complete offer; with `media = "browser"` only.
    #[schema(min_length = 1, max_length = 65536)]
    pub sdp: Option<String>,
}
impl Dial {
    pub fn into_engine(self) -> ApiResult<(String, engine::handle::AgentMedia)> {
        super::common::dialled("to", &self.to)?;
        let media = chosen(self.media, self.sdp)?;
        Ok((self.to, media))
    }
}

/// What a request says of its media in two fields.
fn chosen(media: MediaKind, sdp: Option<String>) -> ApiResult<engine::handle::AgentMedia> {
    let media = match (media, sdp) {
        (MediaKind::Browser, Some(sdp)) => MediaChoice::Browser { sdp },
        (MediaKind::DeskPhone, None) => MediaChoice::DeskPhone {},
        (MediaKind::Browser, None) => return Err(Problem::conflict("media \"browser\" needs an sdp").field("sdp")),
        (MediaKind::DeskPhone, Some(_)) => return Err(Problem::conflict("media \"desk_phone\" takes no sdp").field("sdp")),
    };
    media.into_engine()
}

/// How a supervisor takes part: heard by nobody, by the agent, by both.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuperviseMode {
    Listen,
    Whisper,
    Barge,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Supervise {
    pub mode: SuperviseMode,
    pub media: MediaKind,
    /// The browser's complete offer; with `media = "browser"` only.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 65536)]
    pub sdp: Option<String>,
}
impl Supervise {
    pub fn into_engine(self) -> ApiResult<(domain::call::SuperviseMode, engine::handle::AgentMedia)> {
        Ok((super::common::same(&self.mode)?, chosen(self.media, self.sdp)?))
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuperviseAs {
    pub mode: SuperviseMode,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resume {
    #[schema(min_length = 1, max_length = 65536)]
    pub sdp: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Connected {
    pub call: Uuid,
    /// The answer to the browser's offer.
    pub sdp: Option<String>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mute {
    pub muted: bool,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dtmf {
    #[schema(pattern = "^[0-9A-D*#]{1,32}$")]
    pub digits: String,
}
impl Validate for Dtmf {
    fn check(&self) -> ApiResult<()> {
        let ok = |b: u8| b.is_ascii_digit() || (b'A'..=b'D').contains(&b) || b == b'*' || b == b'#';
        if (1..=32).contains(&self.digits.len()) && self.digits.bytes().all(ok) {
            Ok(())
        } else {
            Err(Problem::invalid("digits", "1 to 32 of 0-9, A-D, * and #"))
        }
    }
}

/// A number as dialled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[0-9*#+]{1,32}$")]
pub struct Dialled(pub String);

/// Exactly one of the three.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferTo {
    /// A queue's id.
    Queue(Uuid),
    /// A user's id.
    Agent(Uuid),
    Number(Dialled),
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    pub to: TransferTo,
}
impl Transfer {
    pub fn into_engine(self) -> ApiResult<engine::handle::TransferTarget> {
        use engine::handle::TransferTarget;
        Ok(match self.to {
            TransferTo::Queue(id) => TransferTarget::Queue(id.into()),
            TransferTo::Agent(id) => TransferTarget::Agent(id.into()),
            TransferTo::Number(Dialled(number)) => {
                super::common::dialled("to.number", &number)?;
                TransferTarget::Outside(number)
            }
        })
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhoneConfig {
    /// In the order in which the browser should prefer them.
    pub codecs: Vec<String>,
    /// A page that comes back within this time keeps its call.
    pub resume_ms: u64,
    /// `POST /demo/call-me` works.
    pub demo: bool,
}
