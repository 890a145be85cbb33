//! What a queue does with its callers besides finding an agent: its hours, and the ways out of its line.
use crate::calendar::{SwitchPosition, Why};
use serde::{Deserialize, Serialize};

/// A way out of a line, or past a number or queue that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Overflow {
    /// Say the prompt and hang up.
    HangUp { prompt: Option<String> },
    /// Go on in another queue, by key.
    Queue { queue: String },
    /// Greeting, tone, record up to `length_max_ms`, hang up. The message stays with the queue the caller came from.
    Voicemail { greeting: String, length_max_ms: u64 },
}
impl Default for Overflow {
    fn default() -> Self {
        Overflow::HangUp { prompt: None }
    }
}

impl Overflow {
    /// What a caller meets who finds it closed for this reason; `self` is what the administrator set for ordinary closing.
    /// In an emergency everybody hears why and nobody is kept; a prompt given with the switch is said instead of the usual one.
    #[must_use]
    pub fn when_closed(&self, why: &Why) -> Overflow {
        let said = |prompt: &Option<String>| match self {
            Overflow::HangUp { prompt: usual } => Overflow::HangUp { prompt: prompt.clone().or_else(|| usual.clone()) },
            _ => Overflow::HangUp { prompt: prompt.clone() },
        };
        match why {
            Why::Switch { set: SwitchPosition::Emergency, prompt } => said(prompt),
            Why::Switch { prompt: Some(prompt), .. } if matches!(self, Overflow::HangUp { .. }) => said(&Some(prompt.clone())),
            _ => self.clone(),
        }
    }
}

/// Those who wait when their queue closes. An emergency sends everybody away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// They are still served.
    #[default]
    Serve,
    /// They leave as if they had come too late.
    Leave,
}

/// Comfort prompts, ways out and exits of one queue.
pub const COMFORT_MAX: usize = 20;
pub const EXITS_MAX: usize = 12;

/// What callers of a queue hear and may do while they wait. The default: music and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WhileWaiting {
    /// Prompt keys, said one after the other, one every `comfort_every_ms`.
    pub comfort: Vec<String>,
    /// 0: never.
    pub comfort_every_ms: u64,
    /// Keys by which a caller leaves the line.
    pub exits: Vec<Exit>,
    /// The expected wait is said with the position, once its promises have proved good enough.
    pub say_estimate: bool,
    /// Overflow on arrival when half of the callers would wait longer; 0: never.
    pub estimate_max_ms: u64,
}

/// A key that leads out of the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// One of `0-9 * #`.
    pub digit: char,
    pub to: Overflow,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_depends_on_why_it_is_closed() {
        let hang_up = |p: &str| Overflow::HangUp { prompt: Some(p.into()) };
        let voicemail = Overflow::Voicemail { greeting: "greeting".into(), length_max_ms: 1_000 };
        let switch = |set, prompt: Option<&str>| Why::Switch { set, prompt: prompt.map(str::to_owned) };
        let night = Why::Weekly { day: crate::calendar::Weekday::Sun };
        for (usual, why, met) in [
            (hang_up("closed"), night.clone(), hang_up("closed")),
            (voicemail.clone(), night, voicemail.clone()),
            (hang_up("closed"), switch(SwitchPosition::Closed, Some("training")), hang_up("training")),
            (hang_up("closed"), switch(SwitchPosition::Closed, None), hang_up("closed")),
            (voicemail.clone(), switch(SwitchPosition::Closed, Some("training")), voicemail.clone()),
            (voicemail.clone(), switch(SwitchPosition::Emergency, Some("fire")), hang_up("fire")),
            (hang_up("closed"), switch(SwitchPosition::Emergency, None), hang_up("closed")),
            (voicemail, switch(SwitchPosition::Emergency, None), Overflow::HangUp { prompt: None }),
        ] {
            assert_eq!(usual.when_closed(&why), met, "{why:?}");
        }
    }
}
