//! A checked scenario made ready to run: ids instead of keys, microseconds instead of hours.
use crate::chance::hash;
use crate::scenario::check::REPLICATIONS_DEFAULT;
use crate::scenario::queue::threshold_default;
use crate::scenario::{AgentGroup, Arrivals, Caller, CallerKind, Crew, Distribution, QueueSetup, Scenario, ScenarioError, Trouble};
use domain::config::{Label, Queue, QueueMember, RoutingRule};
use domain::routing::Card;
use domain::{QueueId, Timestamp, UserId};
use std::collections::BTreeMap;

pub(crate) const HOUR_US: i64 = 3_600_000_000;
pub(crate) const DAY_US: i64 = 24 * HOUR_US;
/// Runs up to this many expected interactions are checked step by step unless the scenario says otherwise.
const CHECKED_INTERACTIONS_MAX: f64 = 20_000.0;
const CHECKED_AGENTS_MAX: usize = 200;

#[derive(Debug)]
pub(crate) struct Plan {
    pub seed: u64,
    pub check: bool,
    pub replications: u32,
    /// Time of the day at the beginning.
    pub start_us: i64,
    /// From the beginning: nothing before counts.
    pub warm_up_us: i64,
    /// From the beginning to the last arrival, the warm-up included.
    pub length_us: i64,
    pub queues: Vec<PlanQueue>,
    /// Agents that are alike; agents point into it.
    pub groups: Vec<AgentGroup>,
    pub agents: Vec<PlanAgent>,
    /// Rules of the house.
    pub rules: Vec<RoutingRule>,
    /// Callers who are somebody; others point into it.
    pub callers: Vec<Card>,
    /// In order of time.
    pub replay: Vec<PlanReplay>,
    pub trouble: Option<Trouble>,
}

#[derive(Debug)]
pub(crate) struct PlanQueue {
    pub config: Queue,
    pub name: String,
    pub stream: u64,
    pub priority: u8,
    pub threshold_us: u64,
    pub rate: Rate,
    pub handling: Distribution,
    pub wrap_up: Option<Distribution>,
    pub patience: Option<Distribution>,
    /// Arrivals up to this share, counted up, and who they are.
    pub kinds: Vec<(f64, u32)>,
    /// Groups whose agents serve it.
    pub groups: Vec<usize>,
}

#[derive(Debug)]
pub(crate) struct PlanAgent {
    pub user: UserId,
    pub group: usize,
}

#[derive(Debug)]
pub(crate) struct PlanReplay {
    pub at_us: i64,
    pub queue: usize,
    pub handle_us: Option<u64>,
    pub wrap_us: Option<u64>,
    pub patience_us: Option<u64>,
    pub patience_over_us: u64,
    pub priority: u8,
    pub caller: Option<u32>,
    pub prefer: Option<u32>,
    pub may_move: bool,
}

/// Arrivals a microsecond, over the day.
#[derive(Debug)]
pub(crate) enum Rate {
    None,
    Constant(f64),
    /// `per_us[i]` holds from `from_us + i · interval_us` o'clock.
    Profile {
        from_us: i64,
        interval_us: i64,
        per_us: Vec<f64>,
    },
}

impl Rate {
    fn of(arrivals: &Arrivals) -> Self {
        if let Some(per_hour) = arrivals.per_hour {
            return if per_hour > 0.0 { Self::Constant(per_hour / HOUR_US as f64) } else { Self::None };
        }
        let interval_us = i64::from(arrivals.interval_min.unwrap_or(60)) * 60_000_000;
        let from_us = us_of_hours(arrivals.from_h.unwrap_or(0.0));
        Self::Profile { from_us, interval_us, per_us: arrivals.calls.iter().flatten().map(|c| c / interval_us as f64).collect() }
    }

    /// When the expected number of arrivals since `from_us` (of the clock) reaches `work`; none when not before `end_us`.
    /// Inversion of the cumulative rate: exact for steps, and more traffic only moves the same arrivals together.
    pub fn after(&self, from_us: i64, mut work: f64, end_us: i64) -> Option<i64> {
        match self {
            Self::None => None,
            Self::Constant(rate) => Some(from_us.saturating_add((work / rate).min(1e17).round() as i64)).filter(|at| *at <= end_us),
            Self::Profile { from_us: first, interval_us, per_us } => {
                let mut now = from_us;
                while now <= end_us {
                    let into = (now - first).rem_euclid(DAY_US);
                    let index = (into / interval_us) as usize;
                    let rate = per_us.get(index).copied().unwrap_or(0.0);
                    // To the next step; after the last one to the profile's begin on the next day.
                    let left = if index < per_us.len() { interval_us - into % interval_us } else { DAY_US - into };
                    let room = rate * left as f64;
                    if room > work {
                        return Some(now + ((work / rate).round() as i64).min(left)).filter(|at| *at <= end_us);
                    }
                    work -= room;
                    now += left;
                }
                None
            }
        }
    }
}

pub(crate) fn us_of_hours(hours: f64) -> i64 {
    (hours * HOUR_US as f64).round() as i64
}

/// A readable id: `n` in its last bytes.
pub(crate) fn id_bytes(n: u64) -> [u8; 10] {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    // The byte shared with the uuid's variant stays free.
    random[2] = 0;
    random
}

impl Plan {
    /// # Errors
    /// What [`Scenario::check`] says.
    pub fn new(scenario: &Scenario) -> Result<Self, ScenarioError> {
        scenario.check()?;
        let full;
        let (scenario, warm_up_us) = if scenario.is_single() {
            full = as_queues(scenario);
            (&full, warm_up_us(scenario))
        } else {
            (scenario, 0)
        };
        let groups = match &scenario.agents {
            Some(Crew::Groups(groups)) => groups.clone(),
            _ => Vec::new(),
        };
        let agents: Vec<PlanAgent> = groups
            .iter()
            .enumerate()
            .flat_map(|(group, g)| std::iter::repeat_n(group, g.count as usize))
            .zip(1u64..)
            .map(|(group, n)| PlanAgent { user: UserId::from_parts(Timestamp(0), id_bytes(n)), group })
            .collect();
        let mut callers = Callers::default();
        let queues: Vec<PlanQueue> =
            scenario.queues.iter().zip(1u64..).map(|(q, n)| PlanQueue::new(q, n, (&groups, &agents), &mut callers)).collect();
        let preferred = preferred(scenario, &groups, &agents);
        let index: BTreeMap<&str, usize> = scenario.queues.iter().enumerate().map(|(n, q)| (q.key.as_str(), n)).collect();
        let mut replay: Vec<PlanReplay> = scenario
            .replay
            .iter()
            .filter_map(|r| {
                Some(PlanReplay {
                    at_us: r.at_ms as i64 * 1000,
                    queue: *index.get(r.queue.as_str())?,
                    handle_us: r.handle_ms.map(|ms| ms * 1000),
                    wrap_us: r.wrap_up_ms.map(|ms| ms * 1000),
                    patience_us: r.patience_ms.map(|ms| ms * 1000),
                    patience_over_us: r.patience_over_ms.unwrap_or(0) * 1000,
                    priority: r.priority,
                    caller: callers.number(&r.caller),
                    prefer: r.prefer.as_deref().and_then(|name| preferred.get(name)).copied(),
                    may_move: !r.transferred,
                })
            })
            .collect();
        replay.sort_by_key(|r| r.at_us);
        let hours = scenario.hours.unwrap_or(24.0);
        let replications = scenario.replications.unwrap_or(REPLICATIONS_DEFAULT);
        let expected: f64 = scenario.queues.iter().filter_map(|q| q.arrivals.as_ref()).map(|a| a.per_hour_max() * hours).sum();
        let small = (expected + replay.len() as f64) * f64::from(replications) <= CHECKED_INTERACTIONS_MAX;
        Ok(Self {
            seed: scenario.seed.unwrap_or(1),
            check: scenario.check.unwrap_or(scenario.trouble.is_some() || small && agents.len() <= CHECKED_AGENTS_MAX),
            replications,
            start_us: us_of_hours(scenario.start_h.unwrap_or(0.0)),
            warm_up_us,
            length_us: warm_up_us + us_of_hours(hours),
            queues,
            groups,
            agents,
            rules: scenario.rules.clone(),
            callers: callers.cards,
            replay,
            trouble: scenario.trouble.clone(),
        })
    }
}

impl PlanQueue {
    fn new(q: &QueueSetup, number: u64, (groups, agents): (&[AgentGroup], &[PlanAgent]), callers: &mut Callers) -> Self {
        let levels: Vec<Option<u8>> = groups.iter().map(|g| g.queues.iter().find(|m| m.queue == q.key).map(|m| m.level)).collect();
        let level = |group: usize| levels.get(group).copied().flatten();
        let members = agents.iter().filter_map(|a| Some(QueueMember::new(a.user, level(a.group)?))).collect();
        let name = q.name.clone().unwrap_or_else(|| q.key.clone());
        let config = Queue {
            id: QueueId::from_parts(Timestamp(0), id_bytes(number)),
            key: q.key.clone(),
            name: Label { zh: name.clone(), en: name.clone() },
            strategy: q.strategy,
            ring_timeout_ms: q.ring_timeout_ms,
            // The simulator draws every wrap-up itself and says it at release.
            wrap_up_ms: 0,
            queue_len_max: q.queue_len_max,
            wait_max_ms: q.wait_max_ms,
            overflow: q.overflow.clone(),
            announce_every_ms: 0,
            music: String::new(),
            record: false,
            hours: None,
            closed: Default::default(),
            closing: Default::default(),
            waiting: Default::default(),
            callbacks: Default::default(),
            service_level_threshold_s: q.threshold_s.round() as u32,
            measure: Default::default(),
            routing: q.routing.clone(),
            members,
        };
        Self {
            config,
            name,
            stream: hash(&q.key),
            priority: q.priority,
            threshold_us: (q.threshold_s * 1e6).round() as u64,
            rate: q.arrivals.as_ref().map_or(Rate::None, Rate::of),
            handling: q.handling,
            wrap_up: q.wrap_up,
            patience: q.patience,
            kinds: kinds(&q.callers, callers),
            groups: levels.iter().enumerate().filter(|(_, l)| l.is_some()).map(|(n, _)| n).collect(),
        }
    }
}

/// Agents by name. Where nothing waits for anybody nobody is preferred, as live: being preferred decides between equals, too.
fn preferred<'a>(scenario: &Scenario, groups: &'a [AgentGroup], agents: &[PlanAgent]) -> BTreeMap<&'a str, u32> {
    let rules = scenario.queues.iter().flat_map(|q| &q.routing.rules).chain(&scenario.rules);
    let keeps = scenario.queues.iter().any(|q| q.routing.preferred_wait_ms > 0)
        || rules.into_iter().any(|r| r.enabled && r.prefer_last_agent_ms.is_some_and(|ms| ms > 0));
    let named = (0u32..).zip(agents).filter_map(|(n, a)| {
        let group = groups.get(a.group).filter(|g| g.count == 1)?;
        Some((group.name.as_deref()?, n))
    });
    named.filter(|_| keeps).collect()
}

/// Who is alike is one.
#[derive(Default)]
struct Callers {
    numbers: BTreeMap<Caller, u32>,
    cards: Vec<Card>,
}

impl Callers {
    /// None for a stranger.
    fn number(&mut self, caller: &Caller) -> Option<u32> {
        if caller.is_stranger() {
            return None;
        }
        if let Some(number) = self.numbers.get(caller) {
            return Some(*number);
        }
        let number = self.cards.len() as u32;
        self.cards.push(caller.card());
        self.numbers.insert(caller.clone(), number);
        Some(number)
    }
}

fn kinds(all: &[CallerKind], callers: &mut Callers) -> Vec<(f64, u32)> {
    let mut up_to = 0.0;
    let mut kinds = Vec::with_capacity(all.len());
    for kind in all {
        up_to += kind.share;
        // A share of strangers still takes its part.
        kinds.push((up_to, callers.number(&kind.who).unwrap_or(u32::MAX)));
    }
    kinds
}

/// The short form in the words of the full one.
fn as_queues(s: &Scenario) -> Scenario {
    let calls = s.calls_per_hour.unwrap_or(0.0);
    let count = if let Some(Crew::Count(n)) = s.agents { n } else { 0 };
    let queue = QueueSetup {
        threshold_s: s.threshold_s.unwrap_or_else(threshold_default),
        arrivals: Some(Arrivals { per_hour: Some(calls), ..Arrivals::default() }),
        handling: Distribution::Exponential { mean_s: s.aht_s.unwrap_or(0.0) },
        patience: s.patience_s.map(|mean_s| Distribution::Exponential { mean_s }),
        // Nobody is turned away: the model has neither a longest line nor a longest wait.
        queue_len_max: u32::MAX,
        wait_max_ms: u64::MAX / 2_000_000,
        ..QueueSetup::new("queue")
    };
    Scenario {
        seed: s.seed,
        check: s.check,
        hours: Some(s.hours.unwrap_or(SINGLE_HOURS_DEFAULT)),
        agents: Some(Crew::Groups(vec![AgentGroup::new(count, &["queue"])])),
        replications: s.replications,
        queues: vec![queue],
        ..Scenario::default()
    }
}

/// Of the short form where it needs an end, as in a comparison.
const SINGLE_HOURS_DEFAULT: f64 = 100.0;

/// How long an empty floor takes to forget that it was empty: ten relaxation times. An M/M/c queue without patience relaxes in about
/// `AHT / (N (1 − √ρ)²)` when busy, in one handling time when idle; impatience forgets within one patience.
pub(crate) fn warm_up_us(s: &Scenario) -> i64 {
    let (calls, aht_s) = (s.calls_per_hour.unwrap_or(0.0), s.aht_s.unwrap_or(0.0));
    let agents = if let Some(Crew::Count(n)) = s.agents { f64::from(n) } else { 1.0 };
    let load = calls * aht_s / 3600.0 / agents.max(1.0);
    let busy_s = if load < 1.0 { aht_s / (agents * (1.0 - load.sqrt()).powi(2)) } else { f64::INFINITY };
    let relaxed_s = aht_s + busy_s.min(s.patience_s.unwrap_or(f64::INFINITY));
    // A floor on the brink never forgets; a fifth of a million calls is what this may cost.
    let enough_s = 200_000.0 / calls.max(1e-3) * 3600.0;
    ((10.0 * relaxed_s).min(enough_s.max(10.0 * aht_s)) * 1e6) as i64
}
