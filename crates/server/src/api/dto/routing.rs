//! How a queue finds its agent.
use super::breaks::BreakQuota;
use super::common::{count, key, within};
use super::rules::RoutingRuleBody;
use crate::http::problem::{ApiResult, Problem};
use domain::config::{BORROW_MAX, Needs, RELAX_MAX, RULES_MAX};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The agent who has been free longest.
    LongestIdle,
    /// In the order of the members, starting after the one who was rung last.
    RoundRobin,
    /// Fewest interactions answered since signing in.
    FewestCalls,
    /// The earliest end of the last interaction.
    LeastRecent,
    /// Least time talked since signing in.
    LeastTalkTime,
    Random,
    /// By the members' weights.
    WeightedRandom,
    /// The first free member in their order.
    TopDown,
    /// All free members at once; the first to answer has it.
    RingAll,
    /// As top-down, one more every `ring_next_ms`.
    RingProgressively,
    /// The best fit for the skills that are needed.
    BestSkill,
}

/// Every field may be left out: then the longest idle member is rung, and priority stands above any wait.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Routing {
    /// What agents must be able to do, e.g. `english >= 3 & (billing >= 2 | vip)`; absent: every member.
    #[schema(max_length = 500)]
    pub needs: Option<String>,
    /// Members of a higher (worse) level are left out at first.
    #[schema(minimum = 1, maximum = 9)]
    pub level_max: u8,
    /// What is given up after waiting, in order of `after_ms`.
    #[schema(max_items = 8)]
    pub relax: Vec<Relax>,
    /// The score that decides who is next is `(waited + priority × this) × weight / 100`, in milliseconds.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub priority_ms: u64,
    /// Of this queue against others that want the same agent, per cent.
    #[schema(minimum = 1, maximum = 10_000)]
    pub weight: u32,
    /// How long a caller is kept for the agent they should have, if that agent works; 0: the pool at once.
    #[schema(minimum = 0, maximum = 600_000)]
    pub preferred_wait_ms: u64,
    /// `ring_progressively`: one more agent rings this often.
    #[schema(minimum = 500, maximum = 300_000)]
    pub ring_next_ms: u64,
    /// Unanswered offers in a row that set an agent away.
    #[schema(minimum = 1, maximum = 10)]
    pub no_answer_max: u8,
    /// Groups whose idle agents help out.
    #[schema(max_items = 8)]
    pub borrow: Vec<Borrow>,
    /// Overflow when this long nobody who could serve the queue works; 0: never.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub no_agent_ms: u64,
    /// Overflow on arrival when more than this many wait per 100 agents at work; 0: never.
    #[schema(minimum = 0, maximum = 100_000)]
    pub waiting_percent_max: u32,
    /// Who hung up or was cut off while waiting and calls again within this has their place again; 0: never.
    #[schema(minimum = 0, maximum = 3_600_000)]
    pub resume_ms: u64,
    /// How many of its members may be on a break at once.
    pub breaks: BreakQuota,
    /// Rules of this queue, applied after those that hold for all.
    #[schema(max_items = 20)]
    pub rules: Vec<RoutingRuleBody>,
}

impl Default for Routing {
    fn default() -> Self {
        let d = domain::config::Routing::default();
        Self {
            needs: None,
            level_max: d.level_max,
            relax: Vec::new(),
            priority_ms: d.priority_ms,
            weight: d.weight,
            preferred_wait_ms: d.preferred_wait_ms,
            ring_next_ms: d.ring_next_ms,
            no_answer_max: d.no_answer_max,
            borrow: Vec::new(),
            no_agent_ms: d.no_agent_ms,
            waiting_percent_max: d.waiting_percent_max,
            resume_ms: d.resume_ms,
            breaks: BreakQuota::default(),
            rules: Vec::new(),
        }
    }
}

/// A step down: what is absent stays as it was.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Relax {
    /// From the moment the waiting began.
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub after_ms: u64,
    /// Replaces what the queue asks for; `*` asks for nothing.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub needs: Option<String>,
    /// Members up to this level (a wider ring).
    #[serde(default)]
    #[schema(minimum = 1, maximum = 9)]
    pub level_max: Option<u8>,
    /// Also give up what the interaction itself asked for.
    #[serde(default)]
    pub own_needs: bool,
}

/// Idle agents of another queue, while nobody waits there and it is well.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Borrow {
    /// Key of the queue that lends.
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub from: String,
    #[schema(minimum = 0, maximum = 86_400_000)]
    pub after_ms: u64,
    /// The lender's service level must be at least this, per cent; unknown counts as good.
    #[schema(minimum = 0, maximum = 100)]
    pub service_level_min: u8,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueueMember {
    pub user: Uuid,
    /// Skill level 1 (best) … 9: the ring in which this member is.
    #[schema(minimum = 1, maximum = 9)]
    pub level: u8,
    /// Share of `weighted_random`.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 1000)]
    pub weight: u16,
}

fn one() -> u16 {
    1
}

impl QueueMember {
    pub fn check(&self, field: &str) -> ApiResult<()> {
        within(&format!("{field}.level"), u64::from(self.level), 1, 9)?;
        within(&format!("{field}.weight"), u64::from(self.weight), 0, 1000)
    }
}

impl Routing {
    pub fn check(&self, field: &str) -> ApiResult<()> {
        let at = |name: &str| format!("{field}.{name}");
        needs(&at("needs"), self.needs.as_deref())?;
        within(&at("level_max"), u64::from(self.level_max), 1, 9)?;
        within(&at("priority_ms"), self.priority_ms, 0, 1_000_000_000)?;
        within(&at("weight"), u64::from(self.weight), 1, 10_000)?;
        within(&at("preferred_wait_ms"), self.preferred_wait_ms, 0, 600_000)?;
        within(&at("ring_next_ms"), self.ring_next_ms, 500, 300_000)?;
        within(&at("no_answer_max"), u64::from(self.no_answer_max), 1, 10)?;
        within(&at("no_agent_ms"), self.no_agent_ms, 0, 3_600_000)?;
        within(&at("waiting_percent_max"), u64::from(self.waiting_percent_max), 0, 100_000)?;
        within(&at("resume_ms"), self.resume_ms, 0, 3_600_000)?;
        count(&at("relax"), self.relax.len(), RELAX_MAX)?;
        for (i, step) in self.relax.iter().enumerate() {
            step.check(&at(&format!("relax.{i}")))?;
        }
        if !self.relax.is_sorted_by_key(|step| step.after_ms) {
            return Err(Problem::invalid(&at("relax"), "steps come in the order of after_ms"));
        }
        count(&at("borrow"), self.borrow.len(), BORROW_MAX)?;
        for (i, lender) in self.borrow.iter().enumerate() {
            key(&at(&format!("borrow.{i}.from")), &lender.from)?;
            within(&at(&format!("borrow.{i}.after_ms")), lender.after_ms, 0, 86_400_000)?;
            within(&at(&format!("borrow.{i}.service_level_min")), u64::from(lender.service_level_min), 0, 100)?;
        }
        self.breaks.check(&at("breaks"))?;
        count(&at("rules"), self.rules.len(), RULES_MAX)?;
        for (i, rule) in self.rules.iter().enumerate() {
            rule.check_at(&at(&format!("rules.{i}.")))?;
        }
        Ok(())
    }
}

impl Relax {
    fn check(&self, field: &str) -> ApiResult<()> {
        within(&format!("{field}.after_ms"), self.after_ms, 0, 86_400_000)?;
        needs(&format!("{field}.needs"), self.needs.as_deref())?;
        within(&format!("{field}.level_max"), u64::from(self.level_max.unwrap_or(1)), 1, 9)
    }
}

pub fn needs(field: &str, text: Option<&str>) -> ApiResult<()> {
    let Some(text) = text else { return Ok(()) };
    text.parse::<Needs>().map(drop).map_err(|error| Problem::invalid(field, error.to_string()))
}
