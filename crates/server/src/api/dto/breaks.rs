//! Breaks: their reasons, how many at once, and who waits for one.
use super::common::{Label, Validate, key, within};
use crate::http::problem::ApiResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many may be on a break at once; without either limit everybody.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreakQuota {
    /// At most so many.
    #[schema(minimum = 0, maximum = 10_000)]
    pub agents_max: Option<u16>,
    /// At most so many of 100 who are signed in, but always one.
    #[schema(minimum = 0, maximum = 100)]
    pub percent_max: Option<u8>,
    /// Who comes too late is refused instead of waiting in line or for a supervisor.
    pub refuse: bool,
}
impl BreakQuota {
    pub fn check(&self, field: &str) -> ApiResult<()> {
        within(&format!("{field}.agents_max"), u64::from(self.agents_max.unwrap_or(0)), 0, 10_000)?;
        within(&format!("{field}.percent_max"), u64::from(self.percent_max.unwrap_or(0)), 0, 100)
    }
}

/// A reason for a break.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakReasonBody {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    /// Longer than this is told to the supervisor; absent: as long as it takes.
    #[schema(minimum = 60_000, maximum = 86_400_000)]
    pub duration_max_ms: Option<u64>,
}
impl Validate for BreakReasonBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        within("duration_max_ms", self.duration_max_ms.unwrap_or(60_000), 60_000, 86_400_000)?;
        self.name.check("name")
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BreakReason {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: BreakReasonBody,
}

/// A wish for a break that waits: in line, or for a supervisor's word.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct BreakRequestLive {
    /// For `POST /break-requests/{id}/approve` and `/decline`.
    pub request: Uuid,
    pub reason: Option<String>,
    pub asked_at: i64,
}
