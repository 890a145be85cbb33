//! How many may be on a break at once, and for how long.
use super::Label;
use serde::{Deserialize, Serialize};

/// Of a team or a queue. Without either limit everybody may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakQuota {
    /// At most so many at once.
    pub agents_max: Option<u16>,
    /// At most so many of 100 who are signed in, but always one.
    pub percent_max: Option<u8>,
    /// Who comes too late is refused instead of waiting in line or for a supervisor.
    pub refuse: bool,
}
impl BreakQuota {
    /// How many of `signed_in` may be on a break; none: all.
    pub fn limit(&self, signed_in: usize) -> Option<usize> {
        let share = self.percent_max.map(|p| (signed_in * usize::from(p) / 100).max(1));
        let most = self.agents_max.map(usize::from);
        most.into_iter().chain(share).min()
    }
}

/// A reason an agent may give for a break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakReason {
    pub key: String,
    pub name: Label,
    /// Longer than this is told to the supervisor; none: as long as it takes.
    #[serde(default)]
    pub duration_max_ms: Option<u64>,
}
