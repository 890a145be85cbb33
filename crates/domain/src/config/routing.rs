//! How a queue finds its agent: strategy, needs and their relaxation, priority, limits. Everything has a default: a queue that
//! says nothing rings its longest idle member.
use super::breaks::BreakQuota;
use super::needs::Needs;
use super::rules::RoutingRule;
use crate::UserId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The agent who has been free longest.
    #[default]
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
    /// By `QueueMember::weight`.
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
impl Strategy {
    /// Several agents may ring for one interaction.
    pub const fn rings_several(self) -> bool {
        matches!(self, Strategy::RingAll | Strategy::RingProgressively)
    }
}

/// With this many milliseconds a point, priority stands above any wait.
pub const PRIORITY_ABSOLUTE_MS: u64 = 1_000_000_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Routing {
    /// What agents of this queue must be able to do; none: every member.
    pub needs: Option<Needs>,
    /// Members of a higher (worse) level are left out at first.
    pub level_max: u8,
    /// What is given up after waiting, in order of `after_ms`.
    pub relax: Vec<Relax>,
    /// The score that decides who is next is `(waited + priority × this) × weight / 100`, in milliseconds.
    pub priority_ms: u64,
    /// Of this queue against others that want the same agent, per cent.
    pub weight: u32,
    /// How long a caller is kept for the agent they should have, if that agent works; 0: the pool at once.
    pub preferred_wait_ms: u64,
    /// `ring_progressively`: one more agent rings this often.
    pub ring_next_ms: u64,
    /// Unanswered offers in a row that set an agent away.
    pub no_answer_max: u8,
    /// Groups whose idle agents help out.
    pub borrow: Vec<Borrow>,
    /// Overflow when this long nobody who could serve the queue works; 0: never.
    pub no_agent_ms: u64,
    /// Overflow on arrival when more than this many wait per 100 agents at work; 0: never.
    pub waiting_percent_max: u32,
    /// Who hung up or was cut off while waiting and calls again within this has their place again; 0: never.
    pub resume_ms: u64,
    /// How many of its members may be on a break at once.
    pub breaks: BreakQuota,
    /// Whom this queue treats otherwise; after the rules that hold for all queues.
    pub rules: Vec<RoutingRule>,
}

impl Default for Routing {
    fn default() -> Self {
        Self {
            needs: None,
            level_max: LEVEL_MAX,
            relax: Vec::new(),
            priority_ms: PRIORITY_ABSOLUTE_MS,
            weight: 100,
            preferred_wait_ms: 0,
            ring_next_ms: 5_000,
            no_answer_max: 1,
            borrow: Vec::new(),
            no_agent_ms: 0,
            waiting_percent_max: 0,
            resume_ms: RESUME_MS,
            breaks: BreakQuota::default(),
            rules: Vec::new(),
        }
    }
}

pub const LEVEL_MAX: u8 = 9;
/// A place is kept so long unless a queue says otherwise.
pub const RESUME_MS: u64 = 120_000;
pub const RELAX_MAX: usize = 8;
pub const BORROW_MAX: usize = 8;

/// A step down: what is absent stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relax {
    /// From the moment the waiting began.
    pub after_ms: u64,
    /// Replaces what the queue asks for; `*` asks for nothing.
    #[serde(default)]
    pub needs: Option<Needs>,
    /// Members up to this level (a wider ring).
    #[serde(default)]
    pub level_max: Option<u8>,
    /// Also give up what the interaction itself asked for.
    #[serde(default)]
    pub own_needs: bool,
}

/// Idle agents of another queue, while that queue is well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Borrow {
    /// Key of the queue that lends; nobody may be waiting there.
    pub from: String,
    pub after_ms: u64,
    /// The lender's service level must be at least this, per cent; unknown counts as good.
    pub service_level_min: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueMember {
    pub user: UserId,
    /// Skill level 1 (best) … 9: the ring in which this member is.
    pub level: u8,
    /// Share of `weighted_random`.
    #[serde(default = "one")]
    pub weight: u16,
}

fn one() -> u16 {
    1
}
impl QueueMember {
    pub fn new(user: UserId, level: u8) -> Self {
        Self { user, level, weight: one() }
    }
}
