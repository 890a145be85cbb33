//! What is different in the other world: a scenario made of a scenario.
use crate::chance::{hash, unit_of};
use crate::scenario::{
    AGENTS_MAX, AgentGroup, Crew, Distribution, Membership, QUEUES_MAX, QueueSetup, Replay, Scenario, ScenarioError, Shift,
};
use domain::config::{Needs, Overflow, RoutingRule, SKILL_LEVEL_MAX, Skills, Strategy};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Factors beyond these are mistakes.
const FACTOR_MIN: f64 = 0.1;
const FACTOR_MAX: f64 = 5.0;
const QUARTER_MS: u64 = 15 * 60_000;

/// Everything that may be changed; what is absent stays as it was.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Changes {
    /// So many times the callers, 0.1 … 5: some leave out, or come again somewhere in their quarter of an hour.
    pub arrivals_factor: Option<f64>,
    pub queues: Vec<QueueChange>,
    pub rules: RuleChanges,
    pub agents: AgentChanges,
}

/// Rules of routing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleChanges {
    /// Keys of those that no longer hold: of the house `key`, of a queue `queue.key`.
    pub removed: Vec<String>,
    /// New ones of the house; one with the key of another takes its place. Rules hold in the order of their keys.
    pub added: Vec<RoutingRule>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QueueChange {
    /// Key.
    pub queue: String,
    pub strategy: Option<Strategy>,
    /// Times talk and hold, and times wrap-up; 0.1 … 5.
    pub handling_factor: Option<f64>,
    pub wrap_up_factor: Option<f64>,
    /// On top of the caller's own.
    pub priority: Option<u8>,
    /// Per cent, against other queues.
    pub weight: Option<u32>,
    pub overflow: Option<Overflow>,
    pub wait_max_ms: Option<u64>,
    /// `*` asks for nothing.
    pub needs: Option<Needs>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentChanges {
    pub added: Vec<AddedAgents>,
    /// User names.
    pub removed: Vec<String>,
    pub changed: Vec<AgentChange>,
}

/// Some who were not there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedAgents {
    pub count: u32,
    pub queues: Vec<Membership>,
    #[serde(default)]
    pub skills: Skills,
    /// Every day; always when absent.
    #[serde(default)]
    pub shift: Option<Shift>,
}

/// Somebody who was there, otherwise.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AgentChange {
    pub username: String,
    /// Only those named change; 0 takes one away.
    pub skills: BTreeMap<String, u8>,
    /// Instead of all memberships.
    pub queues: Option<Vec<Membership>>,
}

fn wrong<T>(key: impl Into<String>, reason: impl Into<String>, fix: &str) -> Result<T, ScenarioError> {
    Err(ScenarioError { key: key.into(), reason: reason.into(), fix: fix.to_owned() })
}

fn factor(key: &str, factor: Option<f64>) -> Result<f64, ScenarioError> {
    match factor {
        Some(f) if !(FACTOR_MIN..=FACTOR_MAX).contains(&f) => wrong(key, format!("{f} is out of range"), "give a factor from 0.1 to 5"),
        f => Ok(f.unwrap_or(1.0)),
    }
}

impl Changes {
    /// The changed world. `seed` decides who leaves out or comes twice.
    ///
    /// # Errors
    /// What is out of range or names something that is not there, with its path in here.
    pub fn apply(&self, base: &Scenario, seed: u64) -> Result<Scenario, ScenarioError> {
        let mut changed = base.clone();
        let arrivals = factor("arrivals_factor", self.arrivals_factor)?;
        changed.replay = scaled(&base.replay, arrivals, seed);
        if self.queues.len() > QUEUES_MAX {
            return wrong("queues", "are too many", "name each queue once");
        }
        for (n, change) in self.queues.iter().enumerate() {
            let keys: Vec<String> = changed.queues.iter().map(|q| q.key.clone()).collect();
            if let Some(Overflow::Queue { queue }) = change.overflow.as_ref().filter(|o| !known(o, &keys)) {
                return wrong(format!("queues.{n}.overflow.queue"), format!("{queue:?} is not played"), "name a queue that is played too");
            }
            let Some(queue) = changed.queues.iter_mut().find(|q| q.key == change.queue) else {
                return wrong(format!("queues.{n}.queue"), format!("{:?} is not played", change.queue), "name a queue that is played");
            };
            change.apply(n, queue, &mut changed.replay)?;
        }
        self.rules.apply(&mut changed)?;
        let mut groups = match changed.agents.take() {
            Some(Crew::Groups(groups)) => groups,
            _ => Vec::new(),
        };
        self.agents.apply(&mut groups)?;
        changed.agents = Some(Crew::Groups(groups));
        changed.check()?;
        Ok(changed)
    }
}

fn known(overflow: &Overflow, keys: &[String]) -> bool {
    if let Overflow::Queue { queue } = overflow { keys.contains(queue) } else { true }
}

/// Each caller stays with the same luck whatever the factor; one more comes at another moment of the same quarter and is like nobody.
fn scaled(replay: &[Replay], factor: f64, seed: u64) -> Vec<Replay> {
    let mut all = Vec::with_capacity((replay.len() as f64 * factor) as usize + 1);
    for was in replay {
        let unit = |n: u64| unit_of(seed ^ hash(&was.queue), was.at_ms, n);
        if factor >= unit(0) {
            all.push(was.clone());
        }
        let more = (factor - 1.0).max(0.0);
        let copies = more.floor() as u64 + u64::from(unit(0) <= more.fract());
        for copy in 0..copies {
            let quarter = was.at_ms / QUARTER_MS * QUARTER_MS;
            let at_ms = quarter + (unit(1 + copy) * QUARTER_MS as f64) as u64;
            // Nobody in particular: with a past of their own, not with this one's.
            let (queue, caller) = (was.queue.clone(), was.caller.clone());
            all.push(Replay { at_ms, queue, caller, priority: was.priority, transferred: was.transferred, ..Replay::default() });
        }
    }
    all.sort_by_key(|r| r.at_ms);
    all
}

fn stretch(times: Distribution, by: f64) -> Distribution {
    match times {
        Distribution::Exponential { mean_s } => Distribution::Exponential { mean_s: mean_s * by },
        Distribution::Lognormal { mean_s, sd_s } => Distribution::Lognormal { mean_s: mean_s * by, sd_s: sd_s * by },
        Distribution::Deterministic { value_s } => Distribution::Deterministic { value_s: value_s * by },
    }
}

impl QueueChange {
    fn apply(&self, n: usize, queue: &mut QueueSetup, replay: &mut [Replay]) -> Result<(), ScenarioError> {
        let handling = factor(&format!("queues.{n}.handling_factor"), self.handling_factor)?;
        let wrap_up = factor(&format!("queues.{n}.wrap_up_factor"), self.wrap_up_factor)?;
        queue.handling = stretch(queue.handling, handling);
        queue.wrap_up = queue.wrap_up.map(|w| stretch(w, wrap_up));
        let times = |ms: Option<u64>, by: f64| ms.map(|ms| (ms as f64 * by).round() as u64);
        for was in replay.iter_mut().filter(|r| r.queue == self.queue) {
            was.handle_ms = times(was.handle_ms, handling);
            was.wrap_up_ms = times(was.wrap_up_ms, wrap_up);
        }
        queue.strategy = self.strategy.unwrap_or(queue.strategy);
        queue.priority = self.priority.unwrap_or(queue.priority);
        queue.routing.weight = self.weight.unwrap_or(queue.routing.weight);
        queue.wait_max_ms = self.wait_max_ms.unwrap_or(queue.wait_max_ms);
        if let Some(overflow) = &self.overflow {
            queue.overflow = overflow.clone();
        }
        if let Some(needs) = &self.needs {
            queue.routing.needs = Some(needs.clone());
        }
        Ok(())
    }
}

impl RuleChanges {
    fn apply(&self, changed: &mut Scenario) -> Result<(), ScenarioError> {
        for (n, name) in self.removed.iter().enumerate() {
            let (rules, key) = match name.split_once('.') {
                None => (Some(&mut changed.rules), name.as_str()),
                Some((queue, key)) => (changed.queues.iter_mut().find(|q| q.key == queue).map(|q| &mut q.routing.rules), key),
            };
            let at = rules.as_ref().and_then(|r| r.iter().position(|r| r.key == key));
            let Some((rules, at)) = rules.zip(at) else {
                return wrong(format!("rules.removed.{n}"), format!("{name:?} does not hold"), "name a rule that is switched on");
            };
            rules.remove(at);
        }
        for (n, rule) in self.added.iter().enumerate() {
            if let Some(queue) = rule.queue.as_ref().filter(|key| !changed.queues.iter().any(|q| q.key == **key)) {
                return wrong(format!("rules.added.{n}.queue"), format!("{queue:?} is not played"), "name a queue that is played");
            }
            changed.rules.retain(|r| r.key != rule.key);
            changed.rules.push(rule.clone());
        }
        changed.rules.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(())
    }
}

impl AgentChanges {
    fn apply(&self, groups: &mut Vec<AgentGroup>) -> Result<(), ScenarioError> {
        for (n, username) in self.removed.iter().enumerate() {
            let Some(at) = groups.iter().position(|g| g.name.as_ref() == Some(username)) else {
                return wrong(format!("agents.removed.{n}"), format!("{username:?} was not there"), "name an agent who was there");
            };
            groups.remove(at);
        }
        for (n, change) in self.changed.iter().enumerate() {
            let Some(group) = groups.iter_mut().find(|g| g.name.as_ref() == Some(&change.username)) else {
                let reason = format!("{:?} is not there", change.username);
                return wrong(format!("agents.changed.{n}.username"), reason, "name an agent who was there and stays");
            };
            for (skill, level) in &change.skills {
                match *level {
                    0 => drop(group.skills.remove(skill)),
                    1..=SKILL_LEVEL_MAX => drop(group.skills.insert(skill.clone(), *level)),
                    _ => return wrong(format!("agents.changed.{n}.skills.{skill}"), "is out of range", "give a level from 0 to 9"),
                }
            }
            if let Some(queues) = &change.queues {
                group.queues.clone_from(queues);
            }
        }
        let answer_delay = usual_delay(groups);
        for (n, added) in self.added.iter().enumerate() {
            if added.count == 0 || added.count > AGENTS_MAX {
                return wrong(format!("agents.added.{n}.count"), "is out of range", "give 1 to 10,000");
            }
            groups.push(AgentGroup {
                queues: added.queues.clone(),
                skills: added.skills.clone(),
                shifts: added.shift.into_iter().collect(),
                answer_delay,
                ..AgentGroup::new(added.count, &[])
            });
        }
        Ok(())
    }
}

/// Newcomers answer as fast as the others do on average.
fn usual_delay(groups: &[AgentGroup]) -> Option<Distribution> {
    let delays: Vec<f64> = groups.iter().filter_map(|g| g.answer_delay).map(Distribution::mean_s).collect();
    let value_s = delays.iter().sum::<f64>() / delays.len() as f64;
    value_s.is_finite().then_some(Distribution::Deterministic { value_s })
}
