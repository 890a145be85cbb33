//! How a queue's service level is judged. A change counts for everything that is still kept, not only from now on.
use super::sums::{Sum, Sums};
use crate::config::Queue;
use crate::{QueueId, UserId};
use serde::{Deserialize, Serialize};

/// Service levels are exact up to here (see `Histogram`).
pub const THRESHOLD_S_MAX: u32 = 3_600;
pub const SHORT_ABANDON_S_MAX: u32 = 600;

/// The variants in use. `ans_T` answered within T, `ab_T` abandoned within T, `sab` short abandons, `off` offered and no longer waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevel {
    /// `ans_T / off`
    #[default]
    Sl1,
    /// `ans_T / (off − sab)`
    Sl2,
    /// `ans_T / (ans + ab − ab_T)`
    Sl3,
    /// `(ans_T + ab_T) / off`
    Sl4,
    /// `ans_T / ans`
    Sl5,
    /// `ans_T / (ans [+ ab [− sab]] [+ fo])` by the three `include_…` options.
    Genesys,
}

/// How a queue is judged, as its set-up says it; the threshold T stands beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measure {
    /// What the metric `service_level` means here.
    pub service_level: ServiceLevel,
    /// An abandon after at most this wait is short; 0: none is.
    pub short_abandon_s: u32,
    /// The three switches of the Genesys form.
    pub include_abandons: bool,
    pub include_short_abandons: bool,
    pub include_flow_outs: bool,
}
impl Default for Measure {
    fn default() -> Self {
        Self {
            service_level: ServiceLevel::Sl1,
            short_abandon_s: 5,
            include_abandons: true,
            include_short_abandons: false,
            include_flow_outs: false,
        }
    }
}

/// T, 1 … 3,600 seconds, and the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueOptions {
    pub threshold_s: u32,
    #[serde(default)]
    pub measure: Measure,
}
impl Default for QueueOptions {
    fn default() -> Self {
        Self { threshold_s: 20, measure: Measure::default() }
    }
}

/// One queue as the monitor must know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueSetup {
    pub queue: QueueId,
    #[serde(default)]
    pub options: QueueOptions,
    /// Whose status and time count for this queue.
    #[serde(default)]
    pub members: Vec<UserId>,
}

/// The administrator must change the named option.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OptionError {
    #[error("threshold_s of queue {0} is {1}: give 1 to {THRESHOLD_S_MAX}")]
    Threshold(QueueId, u32),
    #[error("short_abandon_s of queue {0} is {1}: give 0 to {SHORT_ABANDON_S_MAX}")]
    ShortAbandon(QueueId, u32),
    #[error("queue {0} is named twice: keep one")]
    Twice(QueueId),
    #[error("utc_offset_s is {0}: give a multiple of 900 between -43200 and 50400")]
    UtcOffset(i32),
}

impl From<&Queue> for QueueSetup {
    fn from(q: &Queue) -> Self {
        let options = QueueOptions { threshold_s: q.service_level_threshold_s, measure: q.measure.clone() };
        Self { queue: q.id, options, members: q.members.iter().map(|m| m.user).collect() }
    }
}

impl QueueSetup {
    /// # Errors
    /// The option that is out of its limits, with the limits.
    pub fn check(&self) -> Result<(), OptionError> {
        let o = &self.options;
        if !(1..=THRESHOLD_S_MAX).contains(&o.threshold_s) {
            return Err(OptionError::Threshold(self.queue, o.threshold_s));
        }
        if o.measure.short_abandon_s > SHORT_ABANDON_S_MAX {
            return Err(OptionError::ShortAbandon(self.queue, o.measure.short_abandon_s));
        }
        Ok(())
    }
}

impl QueueOptions {
    pub fn threshold_ms(&self) -> u64 {
        u64::from(self.threshold_s) * 1000
    }
    pub fn short_abandon_ms(&self) -> u64 {
        u64::from(self.measure.short_abandon_s) * 1000
    }

    /// Fills in what depends on more than one count: the Genesys form's and the chosen variant's two sides. Linear in the counts, so
    /// it may be worked out visit by visit or for a whole bucket.
    pub(super) fn judge(&self, sums: &mut Sums) {
        let (ans, ab, fo) = (sums.get(Sum::Answered), sums.get(Sum::Abandoned), sums.get(Sum::FlowOut));
        let (ans_t, ab_t) = (sums.get(Sum::AnsweredInThreshold), sums.get(Sum::AbandonedInThreshold));
        let sab = sums.get(Sum::ShortAbandoned);
        let off = ans + ab + fo;
        // Without abandons there are no short ones to take out again: that is SL5.
        let m = &self.measure;
        let abandons = match (m.include_abandons, m.include_short_abandons) {
            (false, _) => 0,
            (true, true) => ab,
            (true, false) => ab - sab,
        };
        let genesys = ans + abandons + if m.include_flow_outs { fo } else { 0 };
        let (over, under) = match m.service_level {
            ServiceLevel::Sl1 => (ans_t, off),
            ServiceLevel::Sl2 => (ans_t, off - sab),
            ServiceLevel::Sl3 => (ans_t, ans + ab - ab_t),
            ServiceLevel::Sl4 => (ans_t + ab_t, off),
            ServiceLevel::Sl5 => (ans_t, ans),
            ServiceLevel::Genesys => (ans_t, genesys),
        };
        for (sum, to) in [(Sum::GenesysUnder, genesys), (Sum::LevelOver, over), (Sum::LevelUnder, under)] {
            let was = sums.get(sum);
            sums.add(sum, to - was);
        }
    }
}
