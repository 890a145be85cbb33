//! The agents of a scenario: a number (short form) or groups with queues, shifts and habits.
use super::Distribution;
use domain::config::Skills;
use serde::de::{Deserializer, Error, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Agents by number or by group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Crew {
    Count(u32),
    Groups(Vec<AgentGroup>),
}

/// By hand, because an untagged enum would answer a misspelt key of a group with "did not match any variant".
impl<'de> Deserialize<'de> for Crew {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Crew;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number of agents or a list of agent groups")
            }
            fn visit_u64<E: Error>(self, n: u64) -> Result<Crew, E> {
                u32::try_from(n).map(Crew::Count).map_err(|_| E::custom("too many agents"))
            }
            fn visit_i64<E: Error>(self, n: i64) -> Result<Crew, E> {
                u32::try_from(n).map(Crew::Count).map_err(|_| E::custom("the number of agents must be 1 or more"))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Crew, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Crew::Groups)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// Agents that are alike: the same queues, shifts and habits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentGroup {
    /// A person or a team; shown in errors only.
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default = "one")]
    pub count: u32,
    pub queues: Vec<Membership>,
    /// What they can do, for `routing.needs`.
    #[serde(default)]
    pub skills: Skills,
    /// When they are there; always when empty.
    #[serde(default)]
    pub shifts: Vec<Shift>,
    /// Time from the first ring to the answer; at once when absent. Longer than `ring_timeout_ms`: the agent did not answer.
    #[serde(default)]
    pub answer_delay: Option<Distribution>,
    /// Share of offers refused instead of answered.
    #[serde(default)]
    pub decline_share: f64,
    /// After an offer without answer the agent is away this long.
    #[serde(default = "away_default")]
    pub away_s: f64,
}

const fn one() -> u32 {
    1
}
const fn away_default() -> f64 {
    60.0
}

impl AgentGroup {
    /// `count` agents that serve these queues with level 1, always there, answering at once.
    pub fn new(count: u32, queues: &[&str]) -> Self {
        Self {
            name: None,
            count,
            queues: queues.iter().map(|q| Membership { queue: (*q).to_owned(), level: 1 }).collect(),
            skills: Skills::new(),
            shifts: Vec::new(),
            answer_delay: None,
            decline_share: 0.0,
            away_s: away_default(),
        }
    }
}

const fn best() -> u8 {
    1
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    pub queue: String,
    /// Skill level 1 (best) … 9.
    #[serde(default = "best")]
    pub level: u8,
}

/// Hours of the day, 0 … 24, fractions allowed. `to_h` before `from_h` works over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    pub from_h: f64,
    pub to_h: f64,
    /// On this day of the simulation only, 0 is the first; every day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u32>,
}

impl Shift {
    pub const fn daily(from_h: f64, to_h: f64) -> Self {
        Self { from_h, to_h, day: None }
    }
}
