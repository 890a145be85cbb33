//! What rules of routing may ask about a caller.
use domain::config::Known;
use domain::routing::Card;
use serde::{Deserialize, Serialize};

/// One caller, or all of one kind. Nothing said: somebody whom nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Caller {
    /// Our number that was called.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// What was chosen in the menu.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub menu_digit: Option<char>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vip: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}

impl Caller {
    pub fn is_stranger(&self) -> bool {
        *self == Self::default()
    }

    pub(crate) fn card(&self) -> Card {
        let known = Known { vip: self.vip, tags: self.tags.clone(), company: self.company.clone() };
        let known = (known != Known::default()).then(|| Box::new(known));
        Card { local: self.number.clone(), menu_digit: self.menu_digit, known, ..Card::default() }
    }
}

/// So many of a queue's callers, 0 … 1, are like this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallerKind {
    pub share: f64,
    pub who: Caller,
}
