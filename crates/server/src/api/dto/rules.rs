//! Rules of routing: whom they concern, and what they change.
use super::common::{Label, Validate, dialled, key, optional_text, within};
use super::number::menu_digit;
use super::routing::needs;
use crate::http::problem::ApiResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whom a rule concerns: everything that is named must hold; nothing named: everybody.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RuleWhen {
    /// The customer's mark as a VIP.
    pub vip: Option<bool>,
    /// One of the customer's tags.
    #[schema(min_length = 1, max_length = 40)]
    pub tag: Option<String>,
    #[schema(min_length = 1, max_length = 200)]
    pub company: Option<String>,
    /// Our number that was called.
    #[schema(pattern = "^[0-9*#+]{1,32}$")]
    pub number: Option<String>,
    /// The digit that was chosen in the menu.
    #[schema(pattern = "^[0-9*#]$")]
    pub menu_digit: Option<String>,
}

/// All rules that hold are applied: priorities add up, needs must all be met, the first that names a queue or a wait decides it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingRuleBody {
    /// Rules are applied in the order of their keys; named in explanations.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    #[serde(default)]
    pub when: RuleWhen,
    /// Added to the interaction's priority.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 255)]
    pub priority: u8,
    /// What an agent must be able to do besides.
    #[schema(max_length = 500)]
    pub needs: Option<String>,
    /// How long the customer's last agent is waited for, in place of the queue's own time.
    #[schema(minimum = 0, maximum = 600_000)]
    pub prefer_last_agent_ms: Option<u64>,
    /// Key of the queue to go to instead; for those who come from a number, once.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub queue: Option<String>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

impl RoutingRuleBody {
    /// `at`: the path of the rule, with its dot, where it stands inside something else.
    pub fn check_at(&self, at: &str) -> ApiResult<()> {
        let field = |name: &str| format!("{at}{name}");
        key(&field("key"), &self.key)?;
        self.name.check(&field("name"))?;
        optional_text(&field("when.tag"), self.when.tag.as_ref(), 1, 40)?;
        optional_text(&field("when.company"), self.when.company.as_ref(), 1, 200)?;
        self.when.number.as_ref().map_or(Ok(()), |n| dialled(&field("when.number"), n))?;
        self.when.menu_digit.as_ref().map_or(Ok(()), |d| menu_digit(&field("when.menu_digit"), d))?;
        needs(&field("needs"), self.needs.as_deref())?;
        within(&field("prefer_last_agent_ms"), self.prefer_last_agent_ms.unwrap_or(0), 0, 600_000)?;
        self.queue.as_ref().map_or(Ok(()), |q| key(&field("queue"), q))
    }
}
impl Validate for RoutingRuleBody {
    fn check(&self) -> ApiResult<()> {
        self.check_at("")
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoutingRule {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: RoutingRuleBody,
}
