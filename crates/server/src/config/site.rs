//! `[site]`: where the contact centre is.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Place and surroundings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Site {
    /// Where its midnight is, seconds east of UTC: the beginning of "today" on boards and in alerts. China: 28800.
    pub utc_offset_s: i32,
    /// Webhooks may be posted to addresses of this machine and of private networks. Off, because an address typed into a form could
    /// otherwise reach what only this machine should.
    pub webhooks_private: bool,
}

impl Default for Site {
    fn default() -> Self {
        Self { utc_offset_s: 28_800, webhooks_private: false }
    }
}

impl Site {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.utc_offset_s % 900 != 0 || !(-43_200..=50_400).contains(&self.utc_offset_s) {
            return Err(invalid("site.utc_offset_s", "not a time zone's", "give a multiple of 900 between -43200 and 50400, e.g. 28800"));
        }
        Ok(())
    }
}
