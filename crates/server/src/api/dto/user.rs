//! People, roles and API keys.
use super::common::{Validate, count, key, text, within};
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Agent,
    SeniorAgent,
    Supervisor,
    Inspector,
    KnowledgeEditor,
    Analyst,
    Admin,
    SecurityAdmin,
    Auditor,
}

#[derive(Debug, Clone, Copy, PartialEq, Default, Eq, Serialize, Deserialize, ToSchema)]
pub enum Locale {
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    #[serde(rename = "en")]
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Own,
    Team,
    All,
}

/// One kind of act that the holder may do, and how far.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// `thing.act`, e.g. `interaction.read`.
    #[schema(example = "interaction.read")]
    pub permission: String,
    pub scope: Scope,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserBody {
    #[schema(pattern = "^[a-z0-9._-]{1,60}$")]
    pub username: String,
    #[schema(min_length = 1, max_length = 80)]
    pub display_name: String,
    #[schema(max_items = 9)]
    pub roles: Vec<Role>,
    pub team: Option<Uuid>,
    /// The desk phone's number and SIP user; also how other agents dial this person.
    #[schema(pattern = "^[0-9]{2,10}$")]
    pub extension: Option<String>,
    pub locale: Locale,
    /// What the person can do, for routing: key → level, 1 … 10.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    pub skills: BTreeMap<String, u8>,
    /// Key of a capacity profile; absent: one call or five chats.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub capacity: Option<String>,
    pub disabled: bool,
}
impl Validate for UserBody {
    fn check(&self) -> ApiResult<()> {
        username("username", &self.username)?;
        text("display_name", &self.display_name, 1, 80)?;
        count("roles", self.roles.len(), 9)?;
        skills(&self.skills)?;
        self.capacity.as_ref().map_or(Ok(()), |c| key("capacity", c))?;
        match self.extension.as_deref() {
            Some(e) if !(2..=10).contains(&e.len()) || !e.bytes().all(|b| b.is_ascii_digit()) => {
                Err(Problem::invalid("extension", "2 to 10 digits"))
            }
            _ => Ok(()),
        }
    }
}

/// At most 50 skills of levels 1 to 10.
fn skills(skills: &BTreeMap<String, u8>) -> ApiResult<()> {
    count("skills", skills.len(), 50)?;
    for (skill, level) in skills {
        key("skills", skill)?;
        within(&format!("skills.{skill}"), u64::from(*level), 1, u64::from(domain::config::SKILL_LEVEL_MAX))?;
    }
    Ok(())
}

/// `^[a-z0-9._-]{1,60}$`
pub fn username(field: &str, value: &str) -> ApiResult<()> {
    let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-');
    if (1..=60).contains(&value.len()) && value.bytes().all(ok) {
        Ok(())
    } else {
        Err(Problem::invalid(field, "1 to 60 of a-z, 0-9, ., _ and -"))
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(pattern = "^[a-z0-9._-]{1,60}$")]
    pub username: String,
    #[schema(min_length = 1, max_length = 80)]
    pub display_name: String,
    #[schema(max_items = 9)]
    pub roles: Vec<Role>,
    pub team: Option<Uuid>,
    #[schema(pattern = "^[0-9]{2,10}$")]
    pub extension: Option<String>,
    pub locale: Locale,
    /// What the person can do, for routing: key → level, 1 … 10.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    pub skills: BTreeMap<String, u8>,
    /// Key of a capacity profile; absent: one call or five chats.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub capacity: Option<String>,
    #[serde(default)]
    pub disabled: bool,
    #[schema(min_length = 10, max_length = 200)]
    pub password: String,
}
impl NewUser {
    pub fn split(self) -> (UserBody, String) {
        let Self { username, display_name, roles, team, extension, locale, skills, capacity, disabled, password } = self;
        (UserBody { username, display_name, roles, team, extension, locale, skills, capacity, disabled }, password)
    }
}

/// `password`: 10 to 200 characters.
pub fn password(field: &str, value: &str) -> ApiResult<()> {
    text(field, value, 10, 200)
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct User {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    pub username: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub team: Option<Uuid>,
    pub extension: Option<String>,
    pub locale: Locale,
    pub skills: BTreeMap<String, u8>,
    pub capacity: Option<String>,
    pub disabled: bool,
    /// Locked after failed sign-ins until then.
    pub locked_until_at: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordBody {
    #[schema(min_length = 10, max_length = 200)]
    pub password: String,
}
impl Validate for PasswordBody {
    fn check(&self) -> ApiResult<()> {
        password("password", &self.password)
    }
}

/// A secret that is shown this once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PhonePassword {
    pub extension: String,
    pub realm: String,
    pub password: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleView {
    pub role: Role,
    pub grants: Vec<Grant>,
    /// Its users take calls.
    pub takes_calls: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Roles {
    pub items: Vec<RoleView>,
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    /// The key may do this and nothing else; its maker must hold the permission to give keys, not these.
    #[schema(min_items = 1, max_items = 40)]
    pub grants: Vec<Grant>,
    /// Microseconds UTC; absent: it does not expire.
    #[schema(minimum = 0)]
    pub expires_at: Option<i64>,
}
impl Validate for NewApiKey {
    fn check(&self) -> ApiResult<()> {
        text("name", &self.name, 1, 80)?;
        count("grants", self.grants.len(), 40)?;
        if self.grants.is_empty() {
            return Err(Problem::invalid("grants", "at least one"));
        }
        if self.expires_at.is_some_and(|at| at < 0) {
            return Err(Problem::invalid("expires_at", "microseconds UTC"));
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    pub id: Uuid,
    pub name: String,
    /// The public beginning of the secret, to recognise it.
    pub prefix: String,
    pub grants: Vec<Grant>,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CreatedApiKey {
    #[serde(flatten)]
    pub key: ApiKey,
    /// Shown this once; send it as `Authorization: Bearer`.
    pub secret: String,
}
