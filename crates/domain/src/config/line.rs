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
    /// Offer to call back, keeping the place: `ask` names the keys (1 this number, 2 another one, * no), `other` asks for another
    /// number ended by # (none: only the number that calls), `booked` is said before hanging up.
    Callback { ask: String, other: Option<String>, booked: Option<String> },
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallbackMode {
    /// An agent takes the offer, sees who it is, and hears the ringing.
    #[default]
    AgentFirst,
    /// The customer's phone rings while an agent is kept free for them; who answers is first in line and hears `greeting`.
    CustomerFirst,
}

/// How a queue calls back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Callbacks {
    pub mode: CallbackMode,
    /// How often the number is dialled at most: 1 … 10.
    pub tries: u8,
    /// From the end of one try to the next: one minute to seven days.
    pub retry_gap_ms: u64,
    /// No try begins later than this after the request (or the agreed time): at most 30 days.
    pub kept_ms: u64,
    /// The customer's phone rings this long: 10 to 120 s.
    pub ring_timeout_ms: u64,
    /// Said to a customer who answers before an agent is there.
    pub greeting: Option<String>,
}
impl Default for Callbacks {
    fn default() -> Self {
        let (tries, retry_gap_ms, kept_ms) = (3, 15 * 60_000, 24 * 3_600_000);
        Self { mode: CallbackMode::default(), tries, retry_gap_ms, kept_ms, ring_timeout_ms: 30_000, greeting: None }
    }
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
