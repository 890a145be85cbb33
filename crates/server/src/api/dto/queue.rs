//! Queues, teams and codes.
use super::breaks::BreakQuota;
use super::common::{Label, Validate, count, key, optional_text, text, within};
use super::routing::{QueueMember, Routing, Strategy};
use crate::http::problem::ApiResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamBody {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// How many of the team may be on a break at once.
    #[serde(default)]
    pub breaks: BreakQuota,
}
impl Validate for TeamBody {
    fn check(&self) -> ApiResult<()> {
        self.breaks.check("breaks")?;
        text("name", &self.name, 1, 80)
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Team {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: TeamBody,
}

/// What happens to a caller who waited too long or found the queue full.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Overflow {
    /// Say the prompt and hang up.
    HangUp { prompt: Option<String> },
    /// Go on in another queue, named by key.
    Queue {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        queue: String,
    },
}

/// What a queue's service level means; T is its threshold, `ans` answered, `ab` abandoned, `sab` short abandons, `off` offered and ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevel {
    /// `ans_T / off`
    #[default]
    Sl1,
    /// `ans_T / (off − sab)`
    Sl2,
    /// `ans_T / (ans + ab − ab_T)`
    Sl3,
    /// `(ans_T + ab_T) / off`
    Sl4,
    /// `ans_T / ans`
    Sl5,
    /// `ans_T / (ans [+ ab [− sab]] [+ fo])` by the three switches.
    Genesys,
}

/// How the queue's numbers are counted. A change counts for everything that is still kept, not only from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Measure {
    pub service_level: ServiceLevel,
    /// An abandon after at most this wait is short; 0: none is.
    #[schema(minimum = 0, maximum = 600)]
    pub short_abandon_s: u32,
    pub include_abandons: bool,
    pub include_short_abandons: bool,
    pub include_flow_outs: bool,
}
impl Default for Measure {
    fn default() -> Self {
        Self {
            service_level: ServiceLevel::Sl1,
            short_abandon_s: 5,
            include_abandons: true,
            include_short_abandons: false,
            include_flow_outs: false,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueBody {
    /// Stable natural key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    pub strategy: Strategy,
    /// How long one agent's desk or phone rings before the offer is withdrawn.
    #[schema(minimum = 1000, maximum = 300000)]
    pub ring_timeout_ms: u64,
    #[schema(minimum = 0, maximum = 3600000)]
    pub wrap_up_ms: u64,
    #[schema(minimum = 0, maximum = 10000)]
    pub queue_len_max: u32,
    /// After this long without an answer the caller leaves by `overflow`.
    #[schema(minimum = 1000, maximum = 86400000)]
    pub wait_max_ms: u64,
    pub overflow: Overflow,
    /// Position is announced this often; 0 never.
    #[schema(minimum = 0, maximum = 3600000)]
    pub announce_every_ms: u64,
    /// Prompt key of the looping music.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub music: String,
    pub record: bool,
    #[schema(minimum = 1, maximum = 3600)]
    pub service_level_threshold_s: u32,
    #[serde(default)]
    pub measure: Measure,
    #[serde(default)]
    pub routing: Routing,
    #[schema(max_items = 500)]
    pub members: Vec<QueueMember>,
}
impl Validate for QueueBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        within("ring_timeout_ms", self.ring_timeout_ms, 1000, 300_000)?;
        within("wrap_up_ms", self.wrap_up_ms, 0, 3_600_000)?;
        within("queue_len_max", u64::from(self.queue_len_max), 0, 10_000)?;
        within("wait_max_ms", self.wait_max_ms, 1000, 86_400_000)?;
        within("announce_every_ms", self.announce_every_ms, 0, 3_600_000)?;
        key("music", &self.music)?;
        within("service_level_threshold_s", u64::from(self.service_level_threshold_s), 1, 3600)?;
        within("measure.short_abandon_s", u64::from(self.measure.short_abandon_s), 0, 600)?;
        match &self.overflow {
            Overflow::HangUp { prompt } => optional_text("overflow.prompt", prompt.as_ref(), 0, 40)?,
            Overflow::Queue { queue } => key("overflow.queue", queue)?,
        }
        count("members", self.members.len(), MEMBERS_MAX)?;
        self.routing.check("routing")?;
        self.members.iter().enumerate().try_for_each(|(i, m)| m.check(&format!("members.{i}")))
    }
}

/// Members of one queue.
pub const MEMBERS_MAX: usize = 500;

/// How somebody is in a queue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberBody {
    /// Skill level 1 (best) … 9: the ring in which this member is.
    #[serde(default = "one_level")]
    #[schema(minimum = 1, maximum = 9)]
    pub level: u8,
    /// Share of `weighted_random`.
    #[serde(default = "one_weight")]
    #[schema(minimum = 0, maximum = 1000)]
    pub weight: u16,
}
fn one_level() -> u8 {
    1
}
fn one_weight() -> u16 {
    1
}
impl Validate for MemberBody {
    fn check(&self) -> ApiResult<()> {
        within("level", u64::from(self.level), 1, 9)?;
        within("weight", u64::from(self.weight), 0, 1000)
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Queue {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: QueueBody,
}

/// A wrap-up code.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeBody {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
}
impl Validate for CodeBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")
    }
}
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Code {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: CodeBody,
}
