//! Alerts, their rules, and where they are sent.
use super::board::finite;
use super::common::{Label, Validate, count, key, same, within};
use super::monitor::{MetricName, MetricScope, MetricWindow};
use crate::http::problem::{ApiResult, Problem};
use domain::monitor as m;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    Warn,
    Critical,
}

/// Whether all conditions must hold, or one is enough.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    #[default]
    All,
    Any,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// The rule is judged for every queue or every signed-in agent on its own.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertEach {
    Queue,
    Agent,
}

/// One number against one threshold, in the metric's unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertCondition {
    pub metric: MetricName,
    /// None: the queue or agent that the rule is at (`each`), or everybody.
    #[serde(default)]
    pub scope: Option<MetricScope>,
    pub window: MetricWindow,
    pub compare: Compare,
    #[schema(minimum = -1e12, maximum = 1e12)]
    pub threshold: f64,
    /// A smaller sample says nothing: not met.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub n_min: u64,
    /// Must have held this long; 0: at once. None: at two looks running, which are half a second apart.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub for_ms: Option<u64>,
}

/// While it lasts nothing is fired and nothing escalates.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertMute {
    /// Microseconds UTC.
    Once {
        #[schema(minimum = 0)]
        from: i64,
        #[schema(minimum = 0)]
        until: i64,
    },
    /// Minutes after midnight where the centre is; `until_min` before `from_min` runs over midnight.
    Daily {
        #[schema(minimum = 0, maximum = 1439)]
        from_min: u16,
        #[schema(minimum = 0, maximum = 1439)]
        until_min: u16,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "to", rename_all = "snake_case", deny_unknown_fields)]
pub enum AlertTarget {
    /// Pop-up and list of those who may see the floor.
    App,
    /// A webhook by its key.
    Webhook {
        #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
        webhook: String,
    },
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRuleBody {
    /// Stable natural key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    #[serde(default = "yes")]
    pub enabled: bool,
    pub level: AlertLevel,
    #[serde(default)]
    pub each: Option<AlertEach>,
    #[serde(default)]
    pub join: Join,
    #[schema(min_items = 1, max_items = 8)]
    pub conditions: Vec<AlertCondition>,
    /// Once fired it clears when the number is back at this part of the threshold; 1: at the threshold itself.
    #[serde(default = "clear_ratio")]
    #[schema(minimum = 0.01, maximum = 1)]
    pub clear_ratio: f64,
    #[serde(default)]
    #[schema(max_items = 32)]
    pub mutes: Vec<AlertMute>,
    /// Unacknowledged for so long it is told again, louder; none: never.
    #[serde(default)]
    #[schema(minimum = 1000, maximum = 86_400_000)]
    pub escalate_after_ms: Option<u64>,
    #[serde(default)]
    #[schema(max_items = 8)]
    pub notify: Vec<AlertTarget>,
}
fn yes() -> bool {
    true
}
fn clear_ratio() -> f64 {
    m::CLEAR_RATIO
}

impl Validate for AlertRuleBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        within("conditions", self.conditions.len() as u64, 1, m::CONDITIONS_MAX as u64)?;
        for (i, c) in self.conditions.iter().enumerate() {
            finite(&format!("conditions.{i}.threshold"), &[c.threshold])?;
            within(&format!("conditions.{i}.n_min"), c.n_min, 0, 1_000_000)?;
            within(&format!("conditions.{i}.for_ms"), c.for_ms.unwrap_or_default(), 0, 86_400_000)?;
        }
        if !(0.01..=1.0).contains(&self.clear_ratio) {
            return Err(Problem::invalid("clear_ratio", "0.01 to 1"));
        }
        count("mutes", self.mutes.len(), m::MUTES_MAX)?;
        for (i, mute) in self.mutes.iter().enumerate() {
            let fine = match mute {
                AlertMute::Once { from, until } => *from >= 0 && *until >= 0,
                AlertMute::Daily { from_min, until_min } => *from_min <= 1439 && *until_min <= 1439,
            };
            if !fine {
                return Err(Problem::invalid(&format!("mutes.{i}"), "minutes are 0 to 1439, times microseconds UTC"));
            }
        }
        self.escalate_after_ms.map_or(Ok(()), |ms| within("escalate_after_ms", ms, 1000, 86_400_000))?;
        count("notify", self.notify.len(), 8)?;
        self.notify.iter().try_for_each(|n| if let AlertTarget::Webhook { webhook } = n { key("notify", webhook) } else { Ok(()) })?;
        // What a schema cannot say: whether a metric can be asked so.
        let rule: m::Rule = same(self)?;
        rule.check().map_err(|e| Problem::conflict(e.to_string()).field("conditions"))
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertRule {
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: AlertRuleBody,
}

/// Who has seen an alert, and when (microseconds UTC).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Acknowledged {
    pub by: Uuid,
    pub at: i64,
}

/// From firing to clearing; times are microseconds UTC.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Alert {
    /// Counts up over the life of the installation.
    pub number: u64,
    /// The rule's key.
    pub rule: String,
    pub name: Label,
    pub metric: MetricName,
    pub scope: MetricScope,
    pub level: AlertLevel,
    pub fired_at: i64,
    /// As it was at firing, in the metric's unit.
    pub value: Option<f64>,
    pub threshold: f64,
    pub acknowledged: Option<Acknowledged>,
    pub escalated_at: Option<i64>,
    pub cleared_at: Option<i64>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AlertStep {
    Fired,
    Acknowledged,
    Escalated,
    Cleared,
}

/// `data` of `alert` on the stream's topic `alerts`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AlertNews {
    pub what: AlertStep,
    pub alert: Alert,
}

/// `data` of `reset` on `alerts`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AlertsSnapshot {
    /// Those that have not cleared.
    pub alerts: Vec<Alert>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::dto::view;

    /// One shape everywhere: what webhooks post (the domain's JSON) is what the API answers.
    #[test]
    fn an_alert_looks_the_same_posted_and_answered() {
        let alert = m::Alert {
            number: 7,
            rule: "waiting_warn".into(),
            name: domain::config::Label { zh: "排队较多".into(), en: "Many waiting".into() },
            metric: m::Metric::Waiting,
            scope: m::Scope::Tenant,
            level: m::AlertLevel::Warn,
            fired_at: domain::Timestamp(1),
            value: Some(11.0),
            threshold: 10.0,
            notify: vec![m::Target::App, m::Target::Webhook { webhook: "ops".into() }],
            acknowledged: None,
            escalated_at: Some(domain::Timestamp(2)),
            cleared_at: None,
        };
        let answered = serde_json::to_value(view::<Alert>(&alert).unwrap()).unwrap();
        assert_eq!(serde_json::to_value(&alert).unwrap(), answered);
    }
}
