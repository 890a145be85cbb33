//! Signing in and setting up.
use super::user::{Grant, Locale, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    #[schema(min_length = 1, max_length = 200)]
    pub username: String,
    #[schema(min_length = 1, max_length = 1000)]
    pub password: String,
}

/// The signed-in person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SelfView {
    pub id: Uuid,
    pub username: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub team: Option<Uuid>,
    pub extension: Option<String>,
    pub locale: Locale,
    /// Takes calls.
    pub agent: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignedIn {
    /// For `Authorization: Bearer`; browsers use the cookie instead.
    pub token: String,
    /// Send it as `X-CSRF-Token` with every change made by cookie.
    pub csrf: String,
    pub user: SelfView,
    pub permissions: Vec<Grant>,
    pub expires_at: i64,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// Empty for bearer tokens and API keys, which need none.
    pub csrf: String,
    /// Absent for an API key that belongs to nobody.
    pub user: Option<SelfView>,
    pub permissions: Vec<Grant>,
    pub expires_at: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// From the one-time link.
    #[schema(min_length = 1, max_length = 100)]
    pub token: String,
    #[schema(pattern = "^[a-z0-9._-]{1,60}$")]
    pub username: String,
    #[schema(min_length = 1, max_length = 80)]
    pub display_name: String,
    #[schema(min_length = 10, max_length = 200)]
    pub password: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SetupState {
    /// No user exists yet: the one-time link may be used.
    pub needed: bool,
}

/// What a person may change of itself.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfPatch {
    pub locale: Locale,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    #[schema(min_length = 1, max_length = 1000)]
    pub current: String,
    #[schema(min_length = 10, max_length = 200)]
    pub new: String,
}

/// Names for ids, and whom a call can be transferred to. Holds nothing personal of customers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Directory {
    pub queues: Vec<DirectoryQueue>,
    pub agents: Vec<DirectoryAgent>,
    pub teams: Vec<DirectoryTeam>,
    pub break_reasons: Vec<super::breaks::BreakReasonBody>,
    pub wrap_up_codes: Vec<super::queue::CodeBody>,
}
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DirectoryQueue {
    pub id: Uuid,
    pub key: String,
    pub name: super::Label,
    pub wrap_up_ms: u64,
}
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DirectoryAgent {
    pub id: Uuid,
    pub display_name: String,
    pub extension: Option<String>,
    pub team: Option<Uuid>,
}
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DirectoryTeam {
    pub id: Uuid,
    pub name: String,
}
