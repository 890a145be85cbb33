//! What-if: a real day played again with something changed.
use super::common::{Validate, count, key, optional_text, text, within};
use super::planning::{MeasuredFigures, Simulated};
use super::queue::Overflow;
use super::routing::Strategy;
use super::rules::RoutingRuleBody;
use crate::http::problem::{ApiResult, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// Days of one run.
pub const DAYS_MAX: u32 = 7;
pub const REPLICATIONS_MAX: u32 = 100;
const QUEUES_MAX: usize = 100;
const AGENTS_MAX: usize = 1_000;

const fn one_day() -> u32 {
    1
}
const fn replications_default() -> u32 {
    20
}
const fn seed_default() -> u64 {
    1
}

/// Which days, and what is different in the other world.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfBody {
    /// The first day, where the centre is; absent: yesterday.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    pub date: Option<String>,
    #[serde(default = "one_day")]
    #[schema(minimum = 1, maximum = 7)]
    pub days: u32,
    /// Keys; absent: all to which somebody came. Queues they overflow to or borrow from come along.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub queues: Option<Vec<String>>,
    #[serde(default = "seed_default")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991u64)]
    pub seed: u64,
    /// How often the days are played, each time with other luck.
    #[serde(default = "replications_default")]
    #[schema(minimum = 10, maximum = 100)]
    pub replications: u32,
    #[serde(default)]
    pub changes: WhatIfChanges,
}

/// What is absent stays as it was.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhatIfChanges {
    /// So many times the callers.
    #[schema(minimum = 0.1, maximum = 5)]
    pub arrivals_factor: Option<f64>,
    #[schema(max_items = 100)]
    pub queues: Vec<WhatIfQueue>,
    pub rules: WhatIfRules,
    pub agents: WhatIfAgents,
}

/// Rules of routing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhatIfRules {
    /// Those that no longer hold: `key` of a rule for all queues, `queue.key` of a queue's own.
    #[schema(max_items = 100)]
    pub removed: Vec<String>,
    /// New ones for all queues; one with the key of another takes its place.
    #[schema(max_items = 100)]
    pub added: Vec<RoutingRuleBody>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfQueue {
    /// Key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub queue: String,
    #[serde(default)]
    pub strategy: Option<Strategy>,
    /// Times talk and hold.
    #[serde(default)]
    #[schema(minimum = 0.1, maximum = 5)]
    pub handling_factor: Option<f64>,
    /// Times wrap-up.
    #[serde(default)]
    #[schema(minimum = 0.1, maximum = 5)]
    pub wrap_up_factor: Option<f64>,
    /// On top of every caller's own.
    #[serde(default)]
    pub priority: Option<u8>,
    /// Against other queues, per cent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_000)]
    pub weight: Option<u32>,
    #[serde(default)]
    pub overflow: Option<Overflow>,
    #[serde(default)]
    #[schema(minimum = 1_000, maximum = 86_400_000)]
    pub wait_max_ms: Option<u64>,
    /// Instead of what the queue asks of agents; `*` asks for nothing.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub needs: Option<String>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WhatIfAgents {
    #[schema(max_items = 100)]
    pub added: Vec<WhatIfAdded>,
    /// User names.
    #[schema(max_items = 1000)]
    pub removed: Vec<String>,
    #[schema(max_items = 1000)]
    pub changed: Vec<WhatIfAgent>,
}

/// Membership of a queue.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfMembership {
    /// Key.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub queue: String,
    /// 1 (best) … 9.
    #[serde(default = "best")]
    #[schema(minimum = 1, maximum = 9)]
    pub level: u8,
}
const fn best() -> u8 {
    1
}

/// Hours of every day; an end before the begin is on the next day.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfShift {
    #[schema(minimum = 0, maximum = 24)]
    pub from_h: f64,
    #[schema(minimum = 0, maximum = 24)]
    pub to_h: f64,
}

/// Agents who were not there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfAdded {
    #[schema(minimum = 1, maximum = 1000)]
    pub count: u32,
    #[schema(min_items = 1, max_items = 100)]
    pub queues: Vec<WhatIfMembership>,
    /// By name, 1 … 10.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Absent: always there.
    #[serde(default)]
    pub shift: Option<WhatIfShift>,
}

/// An agent who was there, otherwise.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhatIfAgent {
    pub username: String,
    /// Only those named change; 0 takes one away.
    #[serde(default)]
    pub skills: BTreeMap<String, u8>,
    /// Instead of all memberships.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub queues: Option<Vec<WhatIfMembership>>,
}

impl Validate for WhatIfBody {
    fn check(&self) -> ApiResult<()> {
        within("days", u64::from(self.days), 1, u64::from(DAYS_MAX))?;
        within("replications", u64::from(self.replications), 10, u64::from(REPLICATIONS_MAX))?;
        if let Some(queues) = &self.queues {
            count("queues", queues.len(), QUEUES_MAX)?;
            queues.iter().enumerate().try_for_each(|(n, q)| key(&format!("queues.{n}"), q))?;
        }
        let changes = &self.changes;
        factor("changes.arrivals_factor", changes.arrivals_factor)?;
        count("changes.queues", changes.queues.len(), QUEUES_MAX)?;
        for (n, queue) in changes.queues.iter().enumerate() {
            queue.check(&format!("changes.queues.{n}"))?;
        }
        changes.rules.check("changes.rules")?;
        changes.agents.check("changes.agents")
    }
}

fn factor(field: &str, value: Option<f64>) -> ApiResult<()> {
    match value {
        Some(f) if !(0.1..=5.0).contains(&f) => Err(Problem::invalid(field, format!("0.1 to 5, not {f}"))),
        _ => Ok(()),
    }
}

impl WhatIfQueue {
    fn check(&self, at: &str) -> ApiResult<()> {
        key(&format!("{at}.queue"), &self.queue)?;
        factor(&format!("{at}.handling_factor"), self.handling_factor)?;
        factor(&format!("{at}.wrap_up_factor"), self.wrap_up_factor)?;
        within(&format!("{at}.weight"), u64::from(self.weight.unwrap_or(100)), 1, 10_000)?;
        within(&format!("{at}.wait_max_ms"), self.wait_max_ms.unwrap_or(1_000), 1_000, 86_400_000)?;
        optional_text(&format!("{at}.needs"), self.needs.as_ref(), 1, 500)?;
        self.overflow.as_ref().map_or(Ok(()), |o| o.check(&format!("{at}.overflow")))
    }
}

impl WhatIfRules {
    fn check(&self, at: &str) -> ApiResult<()> {
        count(&format!("{at}.removed"), self.removed.len(), QUEUES_MAX)?;
        count(&format!("{at}.added"), self.added.len(), QUEUES_MAX)?;
        self.removed.iter().enumerate().try_for_each(|(n, name)| text(&format!("{at}.removed.{n}"), name, 1, 81))?;
        self.added.iter().enumerate().try_for_each(|(n, rule)| rule.check_at(&format!("{at}.added.{n}.")))
    }
}

impl WhatIfAgents {
    fn check(&self, at: &str) -> ApiResult<()> {
        count(&format!("{at}.added"), self.added.len(), QUEUES_MAX)?;
        count(&format!("{at}.removed"), self.removed.len(), AGENTS_MAX)?;
        count(&format!("{at}.changed"), self.changed.len(), AGENTS_MAX)?;
        for (n, added) in self.added.iter().enumerate() {
            let at = format!("{at}.added.{n}");
            within(&format!("{at}.count"), u64::from(added.count), 1, 1_000)?;
            memberships(&format!("{at}.queues"), &added.queues)?;
            if added.queues.is_empty() {
                return Err(Problem::invalid(&format!("{at}.queues"), "at least one queue"));
            }
            skills(&format!("{at}.skills"), &added.skills, 1)?;
            if let Some(shift) = added.shift {
                let inside = |h: f64| (0.0..=24.0).contains(&h);
                if !inside(shift.from_h) || !inside(shift.to_h) || shift.from_h == shift.to_h {
                    return Err(Problem::invalid(&format!("{at}.shift"), "two different hours from 0 to 24"));
                }
            }
        }
        self.removed.iter().enumerate().try_for_each(|(n, name)| text(&format!("{at}.removed.{n}"), name, 1, 100))?;
        for (n, changed) in self.changed.iter().enumerate() {
            let at = format!("{at}.changed.{n}");
            text(&format!("{at}.username"), &changed.username, 1, 100)?;
            skills(&format!("{at}.skills"), &changed.skills, 0)?;
            memberships(&format!("{at}.queues"), changed.queues.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

fn memberships(at: &str, all: &[WhatIfMembership]) -> ApiResult<()> {
    count(at, all.len(), QUEUES_MAX)?;
    for (n, one) in all.iter().enumerate() {
        key(&format!("{at}.{n}.queue"), &one.queue)?;
        within(&format!("{at}.{n}.level"), u64::from(one.level), 1, 9)?;
    }
    Ok(())
}

fn skills(at: &str, all: &BTreeMap<String, u8>, low: u64) -> ApiResult<()> {
    count(at, all.len(), 50)?;
    all.iter().try_for_each(|(name, level)| {
        key(&format!("{at}.{name}"), name)?;
        within(&format!("{at}.{name}"), u64::from(*level), low, u64::from(domain::config::SKILL_LEVEL_MAX))
    })
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Others are before it.
    Waiting,
    Running,
    Done,
    /// `problem` says why.
    Failed,
    Cancelled,
}

/// A what-if run. Kept in memory: the last 20, until the next start.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIf {
    pub id: Uuid,
    pub state: RunState,
    /// 0 … 1.
    pub progress: f64,
    /// Microseconds UTC.
    pub created_at: i64,
    pub request: WhatIfBody,
    pub result: Option<WhatIfResult>,
    pub problem: Option<ProblemBody>,
}

/// Something that the records did not say, and what was taken instead.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WhatIfAssumption {
    pub what: AssumptionKind,
    /// Key; none: of all.
    pub queue: Option<String>,
    pub count: Option<u64>,
}

/// See `docs/planning.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssumptionKind {
    /// No agent's status was recorded: all members work all the time.
    ShiftsUnknown,
    /// `count` callers did not give up: how much longer they would have waited is drawn.
    PatienceDrawn,
    /// Too few gave up in this queue: its patience is that of all queues together.
    PatiencePooled,
    /// Nobody gave up: callers wait for ever.
    PatienceUnknown,
    /// `count` callers were not answered: how long they would have talked is drawn.
    HandlingDrawn,
    /// Too few were answered in this queue: its handling time is that of all queues together.
    HandlingPooled,
    /// There are rules: what they ask about customers, and the rules themselves, are those of today.
    RulesOfToday,
    /// `count` callers left by a key or a full line; they are played as callers who wait.
    FlowOutsWait,
    /// `count` callers waited still or were lost; they are not played.
    OpenLeftOut,
    /// Other queues are not played; their calls take no agent's time.
    QueuesLeftOut,
    /// Agents answer after their mean time of ringing, and always.
    RingingMean,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct WhatIfFigures {
    pub offered: Simulated,
    pub answered: Simulated,
    pub abandoned: Simulated,
    pub overflowed: Simulated,
    pub service_level: Simulated,
    pub asa_s: Simulated,
    pub abandon: Simulated,
    pub occupancy: Simulated,
}
impl From<&sim::Figures> for WhatIfFigures {
    fn from(f: &sim::Figures) -> Self {
        Self {
            offered: f.offered.into(),
            answered: f.answered.into(),
            abandoned: f.abandoned.into(),
            overflowed: f.overflowed.into(),
            service_level: f.service_level.into(),
            asa_s: f.asa_s.into(),
            abandon: f.abandon.into(),
            occupancy: f.occupancy.into(),
        }
    }
}

/// What was, what the simulation makes of it unchanged and changed, and the difference (after minus before) on the same callers with
/// the same luck: one whose interval does not hold 0 is real at 95 %.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIfCompared {
    pub real: MeasuredFigures,
    pub before: WhatIfFigures,
    pub after: WhatIfFigures,
    pub difference: WhatIfFigures,
}

/// The same of a quarter of an hour, without counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct WhatIfQuarter {
    /// Its begin, seconds after the first midnight.
    pub at_s: u32,
    pub offered: f64,
    pub real: QuarterReal,
    pub before: QuarterFigures,
    pub after: QuarterFigures,
    pub difference: QuarterFigures,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct QuarterReal {
    pub service_level: Option<f64>,
    pub asa_s: Option<f64>,
    pub abandon: Option<f64>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct QuarterFigures {
    pub service_level: Simulated,
    pub asa_s: Simulated,
    pub abandon: Simulated,
}
impl From<&sim::Figures> for QuarterFigures {
    fn from(f: &sim::Figures) -> Self {
        Self { service_level: f.service_level.into(), asa_s: f.asa_s.into(), abandon: f.abandon.into() }
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIfQueueResult {
    pub key: String,
    #[serde(flatten)]
    pub compared: WhatIfCompared,
    /// Quarters in which somebody came.
    pub quarters: Vec<WhatIfQuarter>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIfResult {
    /// The first day.
    pub date: String,
    pub days: u32,
    pub utc_offset_s: i32,
    pub seed: u64,
    pub replications: u32,
    /// Agents of the base.
    pub agents: u32,
    pub assumptions: Vec<WhatIfAssumption>,
    /// A contact counts once, however often it overflowed, with the threshold of the queue it came for.
    pub total: WhatIfCompared,
    pub quarters: Vec<WhatIfQuarter>,
    pub queues: Vec<WhatIfQueueResult>,
}
