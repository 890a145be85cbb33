//! Queues, teams and codes.
use super::breaks::BreakQuota;
use super::common::{Label, Validate, count, key, optional_text, text, within};
use super::routing::{QueueMember, Routing, Strategy};
use crate::http::problem::{ApiResult, Problem};
use domain::callback::{KEPT_MAX_MS, RETRY_GAP_MAX_MS, RETRY_GAP_MIN_MS, TRIES_MAX};
use domain::config::{COMFORT_MAX, EXITS_MAX};
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
    /// Leave a message, which stays with the queue.
    Voicemail {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        greeting: String,
        #[schema(minimum = 1000, maximum = 600000)]
        length_max_ms: u64,
    },
    /// Offer to call back, keeping the place. 1: at the number that calls, 2: at another one, *: no.
    Callback {
        /// Prompt that names the keys.
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        ask: String,
        /// Prompt that asks for another number, ended by #; absent: only the number that calls.
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        other: Option<String>,
        /// Said before hanging up.
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        booked: Option<String>,
    },
}
impl Default for Overflow {
    fn default() -> Self {
        Self::HangUp { prompt: None }
    }
}
impl Overflow {
    pub fn check(&self, field: &str) -> ApiResult<()> {
        match self {
            Self::HangUp { prompt } => optional_text(&format!("{field}.prompt"), prompt.as_ref(), 0, 40),
            Self::Queue { queue } => key(&format!("{field}.queue"), queue),
            Self::Callback { ask, other, booked } => {
                key(&format!("{field}.ask"), ask)?;
                other.as_ref().map_or(Ok(()), |prompt| key(&format!("{field}.other"), prompt))?;
                booked.as_ref().map_or(Ok(()), |prompt| key(&format!("{field}.booked"), prompt))
            }
            Self::Voicemail { greeting, length_max_ms } => {
                key(&format!("{field}.greeting"), greeting)?;
                within(&format!("{field}.length_max_ms"), *length_max_ms, 1000, 600_000)
            }
        }
    }
}

/// Those who wait when their queue closes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// They are still served.
    #[default]
    Serve,
    /// They go by `closed`, as if they had come too late.
    Leave,
}

/// What callers hear and may do while they wait. Every field may be left out: music and nothing else.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhileWaiting {
    /// Prompt keys, said one after the other.
    #[schema(max_items = 20)]
    pub comfort: Vec<String>,
    /// One comfort prompt this often; 0 never.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub comfort_every_ms: u64,
    /// Keys by which a caller leaves the line.
    #[schema(max_items = 12)]
    pub exits: Vec<Exit>,
    /// The expected wait is said with the position, once its promises have proved good enough.
    pub say_estimate: bool,
    /// Overflow on arrival when the expected wait is longer; 0 never.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub estimate_max_ms: u64,
}
impl WhileWaiting {
    fn check(&self, field: &str) -> ApiResult<()> {
        count(&format!("{field}.comfort"), self.comfort.len(), COMFORT_MAX)?;
        self.comfort.iter().enumerate().try_for_each(|(i, prompt)| key(&format!("{field}.comfort.{i}"), prompt))?;
        within(&format!("{field}.comfort_every_ms"), self.comfort_every_ms, 0, 3_600_000)?;
        within(&format!("{field}.estimate_max_ms"), self.estimate_max_ms, 0, 86_400_000)?;
        count(&format!("{field}.exits"), self.exits.len(), EXITS_MAX)?;
        for (i, exit) in self.exits.iter().enumerate() {
            let at = format!("{field}.exits.{i}");
            if exit.digit.len() != 1 || !exit.digit.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#') {
                return Err(Problem::invalid(&format!("{at}.digit"), "one of 0-9, * and #"));
            }
            if self.exits.iter().take(i).any(|other| other.digit == exit.digit) {
                return Err(Problem::invalid(&format!("{at}.digit"), "is taken by another exit"));
            }
            exit.to.check(&format!("{at}.to"))?;
        }
        Ok(())
    }
}

/// How a queue calls back. Every field may be left out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Callbacks {
    pub mode: super::callback::CallbackMode,
    /// How often the number is dialled at most.
    #[schema(minimum = 1, maximum = 10)]
    pub tries: u8,
    /// From the end of one try to the next.
    #[schema(minimum = 60_000, maximum = 604_800_000)]
    pub retry_gap_ms: u64,
    /// No try begins later than this after the request or the agreed time; the time before the queue opens does not count.
    #[schema(minimum = 60_000, maximum = 2_592_000_000_u64)]
    pub kept_ms: u64,
    /// The customer's phone rings this long.
    #[schema(minimum = 10_000, maximum = 120_000)]
    pub ring_timeout_ms: u64,
    /// Prompt for a customer who answers before an agent is there.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub greeting: Option<String>,
}
impl Default for Callbacks {
    fn default() -> Self {
        let d = domain::config::Callbacks::default();
        Self {
            mode: super::callback::CallbackMode::AgentFirst,
            tries: d.tries,
            retry_gap_ms: d.retry_gap_ms,
            kept_ms: d.kept_ms,
            ring_timeout_ms: d.ring_timeout_ms,
            greeting: d.greeting,
        }
    }
}
impl Callbacks {
    fn check(&self, field: &str) -> ApiResult<()> {
        within(&format!("{field}.tries"), u64::from(self.tries), 1, u64::from(TRIES_MAX))?;
        within(&format!("{field}.retry_gap_ms"), self.retry_gap_ms, RETRY_GAP_MIN_MS, RETRY_GAP_MAX_MS)?;
        within(&format!("{field}.kept_ms"), self.kept_ms, 60_000, KEPT_MAX_MS)?;
        within(&format!("{field}.ring_timeout_ms"), self.ring_timeout_ms, 10_000, 120_000)?;
        self.greeting.as_ref().map_or(Ok(()), |prompt| key(&format!("{field}.greeting"), prompt))
    }
}

/// A key that leads out of the line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    #[schema(pattern = "^[0-9*#]$")]
    pub digit: String,
    pub to: Overflow,
}

/// What a caller who comes now would be promised.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitEstimate {
    /// Of the newcomer in the line, 1 = next.
    pub position: u32,
    pub agents_idle: u32,
    /// Ringing, talking, wrapping up.
    pub agents_busy: u32,
    /// Half of the callers wait no longer; absent: nobody serves the queue.
    pub p50_ms: Option<u64>,
    /// Nine of ten callers wait no longer.
    pub p90_ms: Option<u64>,
    /// How it is said.
    pub words: Option<Label>,
    /// Promises have lately been kept well enough to make one aloud.
    pub speakable: bool,
    pub quality: EstimateQuality,
}
/// How good the last promises were (up to 200 whose end is known).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EstimateQuality {
    pub samples: u32,
    /// Difference between promise and wait: median and ninetieth percentile.
    pub error_p50_ms: u64,
    pub error_p90_ms: u64,
    /// Above 0: too long was promised on the whole.
    pub bias: f64,
    /// Fraction of waits that ended within the promised P90; 0.9 is right.
    pub coverage_p90: f64,
}
impl WaitEstimate {
    pub fn of(outlook: &domain::estimate::Outlook) -> Self {
        let (facts, quality) = (&outlook.facts, &outlook.quality);
        let words = outlook.estimate.map(|e| e.spoken().label());
        Self {
            position: facts.position,
            agents_idle: facts.agents_idle,
            agents_busy: facts.agents_busy,
            p50_ms: outlook.estimate.map(|e| e.p50_ms),
            p90_ms: outlook.estimate.map(|e| e.p90_ms),
            words: words.map(|l| Label { zh: l.zh, en: l.en }),
            speakable: outlook.speakable,
            quality: EstimateQuality {
                samples: quality.samples,
                error_p50_ms: quality.error_p50_ms,
                error_p90_ms: quality.error_p90_ms,
                bias: quality.bias,
                coverage_p90: quality.coverage_p90,
            },
        }
    }
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
    /// Key of the calendar that says when it is open; absent: always.
    #[serde(default)]
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub hours: Option<String>,
    /// Where a caller goes who comes while it is closed.
    #[serde(default)]
    pub closed: Overflow,
    #[serde(default)]
    pub closing: Closing,
    #[serde(default)]
    pub waiting: WhileWaiting,
    #[serde(default)]
    pub callbacks: Callbacks,
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
        self.overflow.check("overflow")?;
        self.hours.as_ref().map_or(Ok(()), |hours| key("hours", hours))?;
        self.closed.check("closed")?;
        self.waiting.check("waiting")?;
        self.callbacks.check("callbacks")?;
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
