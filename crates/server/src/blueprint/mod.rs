//! Blueprints: a whole set-up as one TOML file. Things are named by what people know them by (user names, keys, numbers),
//! never by ids; applying twice changes nothing; nothing is ever deleted.
pub mod apply;
pub mod begin;
pub mod diff;
pub mod export;
pub mod people;
mod scopes;

pub use apply::Applied;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A file's tables, not yet looked into; kinds are checked when they are applied.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Blueprint {
    pub team: Vec<Map<String, Value>>,
    pub user: Vec<Map<String, Value>>,
    pub prompt: Vec<Map<String, Value>>,
    pub calendar: Vec<Map<String, Value>>,
    pub break_reason: Vec<Map<String, Value>>,
    pub wrap_up_code: Vec<Map<String, Value>>,
    pub capacity_profile: Vec<Map<String, Value>>,
    pub routing_rule: Vec<Map<String, Value>>,
    pub queue: Vec<Map<String, Value>>,
    pub number: Vec<Map<String, Value>>,
    pub trunk: Vec<Map<String, Value>>,
    pub customer: Vec<Map<String, Value>>,
    pub board: Vec<Map<String, Value>>,
    pub webhook: Vec<Map<String, Value>>,
    pub alert_rule: Vec<Map<String, Value>>,
}

/// What is wrong with a blueprint, and where.
#[derive(Debug, thiserror::Error)]
pub enum BlueprintError {
    #[error("not a blueprint: {0}")]
    Syntax(String),
    /// One entry: `queue service`, its field, the reason.
    #[error("{entry}: {field}{reason}")]
    Entry { entry: String, field: String, reason: String },
    #[error("{0}")]
    References(String),
    #[error(transparent)]
    Store(#[from] store::StoreError),
}

impl BlueprintError {
    pub(crate) fn entry(entry: &str, reason: impl Into<String>) -> Self {
        Self::Entry { entry: entry.to_owned(), field: String::new(), reason: reason.into() }
    }
    pub(crate) fn problem(entry: &str, problem: &crate::http::problem::Problem) -> Self {
        let (field, reason) = problem.words();
        Self::Entry { entry: entry.to_owned(), field: field.map(|f| format!("{f}: ")).unwrap_or_default(), reason }
    }
}

impl Blueprint {
    /// # Errors
    /// `Syntax` for text that is no TOML or has a table of an unknown name.
    pub fn parse(text: &str) -> Result<Self, BlueprintError> {
        toml::from_str(text).map_err(|e| BlueprintError::Syntax(e.to_string()))
    }

    /// Adds another file's entries.
    pub fn merge(&mut self, other: Self) {
        self.team.extend(other.team);
        self.user.extend(other.user);
        self.prompt.extend(other.prompt);
        self.calendar.extend(other.calendar);
        self.break_reason.extend(other.break_reason);
        self.wrap_up_code.extend(other.wrap_up_code);
        self.capacity_profile.extend(other.capacity_profile);
        self.routing_rule.extend(other.routing_rule);
        self.queue.extend(other.queue);
        self.number.extend(other.number);
        self.trunk.extend(other.trunk);
        self.customer.extend(other.customer);
        self.board.extend(other.board);
        self.webhook.extend(other.webhook);
        self.alert_rule.extend(other.alert_rule);
    }
}

/// Fields that an entry may leave out.
pub(crate) fn defaults(kind: &str) -> Map<String, Value> {
    let value = match kind {
        "user" => json!({ "roles": [], "locale": "zh-CN", "disabled": false }),
        "queue" => json!({
            "strategy": "longest_idle", "ring_timeout_ms": 20_000, "wrap_up_ms": 30_000, "queue_len_max": 100, "wait_max_ms": 600_000,
            "overflow": { "do": "hang_up" }, "announce_every_ms": 30_000, "record": true, "service_level_threshold_s": 20, "members": [],
        }),
        "number" => json!({ "language": "zh-CN", "enabled": true }),
        "trunk" => json!({
            "port": 5060, "transport": "udp", "inbound": [], "register": false, "prefix": "", "strip": 0, "calls_max": 100, "enabled": true,
        }),
        "webhook" => json!({ "enabled": true }),
        "customer" => json!({ "phones": [], "tags": [], "vip": false }),
        _ => json!({}),
    };
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// The entry with what it left out.
pub(crate) fn complete(kind: &str, entry: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = defaults(kind);
    fields.extend(entry.clone());
    fields
}
