//! Rules of routing: whom they concern, and what they change. In a queue they hold there, as configuration of their own everywhere.
use super::{Label, Needs};
use serde::{Deserialize, Serialize};

/// Rules in one queue.
pub const RULES_MAX: usize = 20;

/// All that concern somebody are applied: priorities add up, needs must all be met; the first that names a queue or a wait decides
/// that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingRule {
    /// Named in explanations.
    pub key: String,
    pub name: Label,
    #[serde(default)]
    pub when: RuleWhen,
    /// Added to the interaction's own.
    #[serde(default)]
    pub priority: u8,
    #[serde(default)]
    pub needs: Option<Needs>,
    /// How long the customer's last agent is waited for, in place of `Routing::preferred_wait_ms`.
    #[serde(default)]
    pub prefer_last_agent_ms: Option<u64>,
    /// Key of the queue to go to instead.
    #[serde(default)]
    pub queue: Option<String>,
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// Everything that is named must hold; nothing named: everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleWhen {
    pub vip: Option<bool>,
    pub tag: Option<String>,
    pub company: Option<String>,
    /// Our number that was called.
    pub number: Option<String>,
    /// The digit that was chosen in the menu.
    pub menu_digit: Option<char>,
}

/// What rules may ask about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    pub vip: bool,
    pub tags: Vec<String>,
    pub company: Option<String>,
}
impl From<&super::Customer> for Known {
    fn from(c: &super::Customer) -> Self {
        Self { vip: c.vip, tags: c.tags.clone(), company: c.company.clone() }
    }
}

impl RuleWhen {
    /// `known`: none while nobody knows who it is; then there is no VIP, no tag and no company.
    pub fn holds(&self, known: Option<&Known>, number: &str, menu_digit: Option<char>) -> bool {
        self.vip.is_none_or(|vip| vip == known.is_some_and(|k| k.vip))
            && self.tag.as_ref().is_none_or(|tag| known.is_some_and(|k| k.tags.contains(tag)))
            && self.company.as_ref().is_none_or(|company| known.is_some_and(|k| k.company.as_ref() == Some(company)))
            && self.number.as_ref().is_none_or(|n| n == number)
            && self.menu_digit.is_none_or(|digit| menu_digit == Some(digit))
    }
}
