//! Numbers: which there are, for whom and over what time, and what stands behind one.
use super::common::Label;
use super::interaction::InteractionSummary;
use domain::monitor::Metric;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, schema::Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// A metric by its public name; `GET /api/v1/metrics` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MetricName(pub Metric);
impl PartialSchema for MetricName {
    fn schema() -> RefOr<Schema> {
        let names = Metric::ALL.iter().map(|m| m.id());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names)).into()
    }
}
impl ToSchema for MetricName {
    fn name() -> Cow<'static, str> {
        "MetricName".into()
    }
}

/// For whom a number is asked.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(tag = "of", rename_all = "snake_case", deny_unknown_fields)]
pub enum MetricScope {
    /// Everybody.
    Tenant,
    Queue {
        queue: Uuid,
    },
    Agent {
        agent: Uuid,
    },
}

/// Over what time: rolling windows move every minute; an interval is a quarter of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum MetricWindow {
    #[serde(rename = "now")]
    Now,
    #[serde(rename = "interval")]
    Interval,
    #[serde(rename = "last_interval")]
    LastInterval,
    #[serde(rename = "last_15_min")]
    Last15Min,
    #[serde(rename = "last_30_min")]
    Last30Min,
    /// Since midnight where the centre is (`site.utc_offset_s`).
    #[serde(rename = "today")]
    Today,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricUnit {
    Count,
    /// 0 … 100.
    Percent,
    Seconds,
    Ratio,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricBetter {
    Higher,
    Lower,
    Neither,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricScopeKind {
    Tenant,
    Queue,
    Agent,
}

/// What a metric is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MetricDefinition {
    pub id: MetricName,
    pub name: Label,
    pub unit: MetricUnit,
    /// Which way is good.
    pub better: MetricBetter,
    /// Of this moment: asked for over the window `now`, the others over every other window.
    pub live: bool,
    /// How it is made, in words.
    pub formula: Label,
    /// Where the definition comes from: the paragraph of the reference.
    pub source: String,
    pub scopes: Vec<MetricScopeKind>,
    pub windows: Vec<MetricWindow>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MetricList {
    pub metrics: Vec<MetricDefinition>,
}

/// A number and what it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MetricValue {
    /// Of durations in milliseconds.
    pub numerator: i64,
    pub denominator: i64,
    /// In the metric's unit.
    pub value: f64,
    /// The sample: contacts, or whole minutes.
    pub n: u64,
}

/// Which number.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricQuestion {
    pub metric: MetricName,
    pub scope: MetricScope,
    pub window: MetricWindow,
}

/// What stands behind a number.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MetricRecords {
    pub value: Option<MetricValue>,
    /// Begin of the window, microseconds UTC.
    pub from: i64,
    /// Its end, not included.
    pub to: i64,
    /// The newest first, at most 200.
    pub interactions: Vec<InteractionSummary>,
    /// Those of them that count over the line (of a rate), or at all (of a count).
    pub counted: Vec<Uuid>,
    pub agents: Vec<Uuid>,
    /// There are others.
    pub more: bool,
}
