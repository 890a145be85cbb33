//! A queue of a scenario: who comes, how long it takes, and the routing settings under the names that configuration gives them.
use super::{Caller, CallerKind};
use domain::config::{Overflow, Routing, Strategy};
use serde::{Deserialize, Serialize};

/// A random time. One uniform draw each, so that two scenarios on the same seed see the same luck.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    Exponential {
        mean_s: f64,
    },
    /// By mean and standard deviation of the time itself, not of its logarithm.
    Lognormal {
        mean_s: f64,
        sd_s: f64,
    },
    Deterministic {
        value_s: f64,
    },
}

impl Distribution {
    pub const ZERO: Self = Self::Deterministic { value_s: 0.0 };

    pub const fn mean_s(self) -> f64 {
        match self {
            Self::Exponential { mean_s } | Self::Lognormal { mean_s, .. } => mean_s,
            Self::Deterministic { value_s } => value_s,
        }
    }
}

/// How many come: `per_hour` all the time, or `calls` an interval of `interval_min` minutes from `from_h` o'clock, every day again.
/// Poisson in either case.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Arrivals {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<f64>,
    /// 15, 30 or 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_min: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_h: Option<f64>,
    /// Expected number of each interval; outside of them nobody comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<f64>>,
}

fn aht_default() -> Distribution {
    Distribution::Exponential { mean_s: 180.0 }
}

/// A queue with what comes into it. Settings of routing have the names and meaning of [`domain::config::Queue`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSetup {
    /// `[a-z0-9_-]{1,40}`.
    pub key: String,
    /// Shown in reports; the key when absent.
    #[serde(default)]
    pub name: Option<String>,
    /// Seconds of the service level.
    #[serde(default = "threshold_default")]
    pub threshold_s: f64,
    /// 0 … 255, the higher goes first when an agent serves several queues.
    #[serde(default)]
    pub priority: u8,
    #[serde(default)]
    pub strategy: Strategy,
    #[serde(default)]
    pub routing: Routing,
    #[serde(default = "ring_default")]
    pub ring_timeout_ms: u64,
    #[serde(default = "len_default")]
    pub queue_len_max: u32,
    /// A day when absent.
    #[serde(default = "wait_default")]
    pub wait_max_ms: u64,
    #[serde(default = "overflow_default")]
    pub overflow: Overflow,
    #[serde(default)]
    pub arrivals: Option<Arrivals>,
    /// Those of its arrivals who are somebody; the others are strangers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<CallerKind>,
    /// Talk and hold.
    #[serde(default = "aht_default")]
    pub handling: Distribution,
    #[serde(default)]
    pub wrap_up: Option<Distribution>,
    /// Callers wait for ever when absent.
    #[serde(default)]
    pub patience: Option<Distribution>,
}

pub(crate) const fn threshold_default() -> f64 {
    20.0
}
const fn ring_default() -> u64 {
    20_000
}
const fn len_default() -> u32 {
    10_000
}
const fn wait_default() -> u64 {
    86_400_000
}
const fn overflow_default() -> Overflow {
    Overflow::HangUp { prompt: None }
}

impl QueueSetup {
    /// A queue nobody comes to yet, with every setting at its default.
    pub fn new(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            name: None,
            threshold_s: threshold_default(),
            priority: 0,
            strategy: Strategy::default(),
            routing: Routing::default(),
            ring_timeout_ms: ring_default(),
            queue_len_max: len_default(),
            wait_max_ms: wait_default(),
            overflow: overflow_default(),
            arrivals: None,
            callers: Vec::new(),
            handling: aht_default(),
            wrap_up: None,
            patience: None,
        }
    }
}

/// One interaction that comes at a fixed time, in milliseconds from the simulation's start. What it does not say is drawn as the
/// queue's others are; the draw hangs on its queue and its time alone, so that leaving one out changes nobody else's luck.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replay {
    pub at_ms: u64,
    pub queue: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrap_up_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience_ms: Option<u64>,
    /// It is known to have waited this long without giving up: what is drawn comes on top, which is exact for exponential patience.
    /// Means nothing beside `patience_ms`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patience_over_ms: Option<u64>,
    /// On top of its queue's.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub priority: u8,
    #[serde(default, skip_serializing_if = "Caller::is_stranger")]
    pub caller: Caller,
    /// Name of the agents' group of one whom they had last: waited for where a queue or a rule says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefer: Option<String>,
    /// An agent sent it here: no rule sends it on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub transferred: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(n: &u8) -> bool {
    *n == 0
}
