//! How much one agent does at once.
use super::common::{Label, Validate, count, key, same, within};
use super::interaction::Channel;
use crate::http::problem::{ApiResult, Problem};
use domain::config::{Capacity, LOAD_MAX_PERCENT, SLOTS_MAX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Slots per channel and what may interrupt what, under a key that users may be given.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityProfileBody {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    /// A channel that is not named is not served.
    #[schema(max_items = 5)]
    pub channels: Vec<ChannelCapacity>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelCapacity {
    pub channel: Channel,
    /// Contacts of this channel at once.
    #[schema(minimum = 0, maximum = 50)]
    pub slots: u8,
    /// What one takes of the agent's attention: all that is not interrupted sums up to 100 at most.
    #[schema(minimum = 0, maximum = 100)]
    pub load_percent: u8,
    /// Channels that are set aside while one of this is served.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub interrupts: Vec<Channel>,
}

impl Validate for CapacityProfileBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        count("channels", self.channels.len(), 5)?;
        for (i, channel) in self.channels.iter().enumerate() {
            within(&format!("channels.{i}.slots"), u64::from(channel.slots), 0, u64::from(SLOTS_MAX))?;
            within(&format!("channels.{i}.load_percent"), u64::from(channel.load_percent), 0, u64::from(LOAD_MAX_PERCENT))?;
            count(&format!("channels.{i}.interrupts"), channel.interrupts.len(), 5)?;
        }
        let capacity: Capacity = same(&self.channels)?;
        capacity.fault().map_or(Ok(()), |fault| Err(Problem::invalid("channels", fault)))
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CapacityProfile {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: CapacityProfileBody,
}
