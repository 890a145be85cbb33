//! `[routing]`: the router's journal.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::ToSchema;

/// What the router is told can be kept and played again: `zhiyin simulate FILE.jsonl` shows every offer and winner.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoutingSection {
    /// File to which every input of the router is appended, one JSON object a line, without customers' numbers. Absent: none is kept.
    #[schema(value_type = Option<String>)]
    pub journal: Option<PathBuf>,
    /// The file grows to this size at most; then the journal ends, with a message in the log.
    pub journal_bytes_max: u64,
}

impl Default for RoutingSection {
    fn default() -> Self {
        Self { journal: None, journal_bytes_max: 1 << 30 }
    }
}

impl RoutingSection {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.journal.is_some() && self.journal_bytes_max == 0 {
            return Err(invalid("routing.journal_bytes_max", "is 0, so nothing could be written", "give it a size, or remove journal"));
        }
        Ok(())
    }
}
