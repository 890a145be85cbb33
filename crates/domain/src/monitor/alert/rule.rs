//! What an administrator writes down: when to raise an alert, how loudly, and whom to tell.
use crate::Timestamp;
use crate::config::Label;
use crate::monitor::{Metric, Scope, ScopeKind, Unit, Window};
use serde::{Deserialize, Serialize};

/// An alert clears when its number is back at this part of the threshold.
pub const CLEAR_RATIO: f64 = 0.9;
/// Without a duration a condition must hold in this many evaluations running.
pub const EVALUATIONS_MIN: u32 = 2;
pub const ESCALATE_AFTER_MS: u64 = 5 * 60_000;
pub const RULES_MAX: usize = 500;
pub const CONDITIONS_MAX: usize = 8;
pub const MUTES_MAX: usize = 32;
const KEY_LEN_MAX: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    Warn,
    Critical,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    #[default]
    All,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    Above,
    AtLeast,
    Below,
    AtMost,
}
impl Compare {
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Compare::Above => value > threshold,
            Compare::AtLeast => value >= threshold,
            Compare::Below => value < threshold,
            Compare::AtMost => value <= threshold,
        }
    }
    /// Large numbers are bad.
    pub const fn is_upper(self) -> bool {
        matches!(self, Compare::Above | Compare::AtLeast)
    }
}

/// One number against one threshold, in the metric's unit (seconds, percent 0 … 100, counts).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub metric: Metric,
    /// None: the queue or agent that the rule is at (`Rule::each`), or the tenant.
    #[serde(default)]
    pub scope: Option<Scope>,
    pub window: Window,
    pub compare: Compare,
    pub threshold: f64,
    /// A smaller sample says nothing: not met.
    #[serde(default)]
    pub n_min: u64,
    /// Must have held this long, as seen by evaluations; 0: at once. None: in `EVALUATIONS_MIN` evaluations running.
    #[serde(default)]
    pub for_ms: Option<u64>,
}

/// The rule is judged for every queue or every signed-in agent on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    Queue,
    Agent,
}

/// While it lasts nothing is fired and nothing escalates; what still holds afterwards fires then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum Mute {
    Once {
        from: Timestamp,
        until: Timestamp,
    },
    /// Minutes after local midnight; `until` before `from` runs over midnight.
    Daily {
        from_min: u16,
        until_min: u16,
    },
}
impl Mute {
    pub fn covers(&self, now: Timestamp, utc_offset_s: i32) -> bool {
        match *self {
            Mute::Once { from, until } => from <= now && now < until,
            Mute::Daily { from_min, until_min } => {
                let minute = (now.as_ms().div_euclid(1000) + i64::from(utc_offset_s)).rem_euclid(86_400) / 60;
                let (from, until) = (i64::from(from_min), i64::from(until_min));
                if from <= until { from <= minute && minute < until } else { from <= minute || minute < until }
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum Target {
    /// Pop-up and alert list of supervisors.
    App,
    /// An outgoing webhook by the id of its configuration.
    Webhook { webhook: String },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable natural key: `[a-z0-9_-]{1,40}`.
    pub key: String,
    pub name: Label,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub level: AlertLevel,
    #[serde(default)]
    pub each: Option<Each>,
    #[serde(default)]
    pub join: Join,
    pub conditions: Vec<Condition>,
    /// Above 0 and at most 1; 1: no hysteresis.
    #[serde(default = "clear_ratio")]
    pub clear_ratio: f64,
    #[serde(default)]
    pub mutes: Vec<Mute>,
    /// Unacknowledged for so long it is told again, louder; none: never.
    #[serde(default)]
    pub escalate_after_ms: Option<u64>,
    #[serde(default)]
    pub notify: Vec<Target>,
}

fn yes() -> bool {
    true
}
fn clear_ratio() -> f64 {
    CLEAR_RATIO
}

/// The administrator must change the rule named first.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RuleError {
    #[error("rule {0}: the key must be 1 to 40 of a-z, 0-9, _ and -")]
    Key(String),
    #[error("rule {0} is there twice: rename one")]
    Twice(String),
    #[error("more than {RULES_MAX} rules: remove some")]
    TooMany,
    #[error("rule {0}: give 1 to {CONDITIONS_MAX} conditions")]
    Conditions(String),
    #[error("rule {0}: more than {MUTES_MAX} mute windows: remove some")]
    Mutes(String),
    #[error("rule {0}: minutes of a daily mute window are 0 to 1439")]
    Minutes(String),
    #[error("rule {0}: clear_ratio is {1}: give a number above 0, at most 1")]
    ClearRatio(String, f64),
    #[error("rule {0}: the threshold of {1} is not a number")]
    Threshold(String, &'static str),
    #[error("rule {0}: {1} cannot be asked for {2} over {3}: choose another scope or window")]
    Question(String, &'static str, &'static str, &'static str),
}

impl Condition {
    /// Where the number must come back to, once the alert has fired. A lower bound in percent keeps `ratio` of what was missing to
    /// 100; a lower bound of a count rounds down, so that "fewer than one" clears at one.
    pub fn clear_at(&self, ratio: f64) -> f64 {
        if self.compare.is_upper() {
            return self.threshold * ratio;
        }
        match self.metric.definition().unit {
            Unit::Percent => 100.0 - ratio * (100.0 - self.threshold),
            Unit::Count => (self.threshold * (2.0 - ratio)).floor(),
            Unit::Seconds | Unit::Ratio => self.threshold * (2.0 - ratio),
        }
    }
}

impl Rule {
    /// # Errors
    /// What is wrong first, with the limits.
    pub fn check(&self) -> Result<(), RuleError> {
        let key = || self.key.clone();
        let fine = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
        if self.key.is_empty() || self.key.len() > KEY_LEN_MAX || !self.key.chars().all(fine) {
            return Err(RuleError::Key(key()));
        }
        if self.conditions.is_empty() || self.conditions.len() > CONDITIONS_MAX {
            return Err(RuleError::Conditions(key()));
        }
        if self.mutes.len() > MUTES_MAX {
            return Err(RuleError::Mutes(key()));
        }
        if self.mutes.iter().any(|m| matches!(m, Mute::Daily { from_min, until_min } if *from_min > 1439 || *until_min > 1439)) {
            return Err(RuleError::Minutes(key()));
        }
        if !(self.clear_ratio > 0.0 && self.clear_ratio <= 1.0) {
            return Err(RuleError::ClearRatio(key(), self.clear_ratio));
        }
        for c in &self.conditions {
            let definition = c.metric.definition();
            if !c.threshold.is_finite() {
                return Err(RuleError::Threshold(key(), definition.id));
            }
            let scope = c.scope.map_or(self.own_scope_kind(), Scope::kind);
            if !definition.fits(scope, c.window) {
                return Err(RuleError::Question(key(), definition.id, scope.word(), c.window.word()));
            }
        }
        Ok(())
    }

    const fn own_scope_kind(&self) -> ScopeKind {
        match self.each {
            None => ScopeKind::Tenant,
            Some(Each::Queue) => ScopeKind::Queue,
            Some(Each::Agent) => ScopeKind::Agent,
        }
    }
}

/// # Errors
/// The first rule that cannot be used, and why.
pub fn check_rules(rules: &[Rule]) -> Result<(), RuleError> {
    if rules.len() > RULES_MAX {
        return Err(RuleError::TooMany);
    }
    let mut keys = std::collections::BTreeSet::new();
    for rule in rules {
        rule.check()?;
        if !keys.insert(rule.key.as_str()) {
            return Err(RuleError::Twice(rule.key.clone()));
        }
    }
    Ok(())
}
