//! Callbacks.
use super::common::{Validate, text, within};
use crate::http::problem::ApiResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackMode {
    /// An agent takes the offer, sees who it is, and hears the ringing.
    #[default]
    AgentFirst,
    /// The customer's phone rings while an agent is kept free for them.
    CustomerFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackState {
    /// Its time, or the queue's hours, have not come.
    Requested,
    /// Stands in the line, or rings at an agent.
    Waiting,
    /// The customer is being called, or talks.
    Calling,
    RetryAt,
    Done,
    Cancelled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackOutcome {
    Reached,
    NoAnswer,
    Busy,
    Failed,
    /// The number does not exist.
    BadNumber,
    /// Answered, and hung up before an agent was there.
    CustomerLeft,
    /// Answered, and no agent came in time.
    NoAgent,
    Expired,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Callback {
    pub id: Uuid,
    /// The interaction in which it was asked for.
    pub asked_in: Option<Uuid>,
    pub queue: Uuid,
    /// Masked by role.
    pub number: String,
    pub customer: Option<Uuid>,
    pub mode: CallbackMode,
    pub state: CallbackState,
    /// When it stands in line next, while `requested` or `retry_at`.
    pub at: Option<i64>,
    /// How it ended, when `done`.
    pub outcome: Option<CallbackOutcome>,
    /// When the customer began to wait: the place that is kept.
    pub since: i64,
    /// The agreed time.
    pub not_before: Option<i64>,
    pub expires_at: i64,
    /// Times dialled so far, of `tries`.
    pub attempts: u8,
    pub tries: u8,
}

/// Who is to be called back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallbackBody {
    pub queue: Uuid,
    /// 3 to 20 digits with an optional +; spaces and dashes are left out.
    #[schema(min_length = 3, max_length = 40)]
    pub number: String,
    pub customer: Option<Uuid>,
    #[serde(default)]
    pub priority: u8,
    /// Absent: the queue's.
    pub mode: Option<CallbackMode>,
    /// The agreed time, at most 30 days ahead; absent: as soon as its place comes.
    #[schema(minimum = 0)]
    pub not_before: Option<i64>,
}
impl Validate for CallbackBody {
    fn check(&self) -> ApiResult<()> {
        text("number", &self.number, 3, 40)?;
        self.not_before.map_or(Ok(()), |at| within("not_before", u64::try_from(at).unwrap_or(u64::MAX), 0, i64::MAX as u64))
    }
}
