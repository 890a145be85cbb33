//! Whether a rule holds: each condition with its own memory of how long it has.
use super::rule::{Condition, EVALUATIONS_MIN, Join, Rule};
use crate::Timestamp;
use crate::monitor::{Metric, Monitor, Scope};

/// What one condition was at the evaluations so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Memory {
    since: Option<Timestamp>,
    evaluations: u32,
    pub value: Option<f64>,
}

/// The conditions of one rule at one queue, agent or the tenant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Watch {
    conditions: Vec<Memory>,
}

impl Memory {
    /// `firing`: it must come all the way back to clear. No data, or too little, holds nothing.
    fn look(&mut self, now: Timestamp, monitor: &Monitor, c: &Condition, own: Scope, clear_ratio: f64, firing: bool) -> bool {
        let found = monitor.value(c.metric, c.scope.unwrap_or(own), c.window, now).filter(|v| v.n >= c.n_min);
        self.value = found.map(|v| v.value);
        let over = self.value.is_some_and(|v| c.compare.holds(v, c.threshold));
        if over {
            self.since.get_or_insert(now);
            self.evaluations = self.evaluations.saturating_add(1);
        } else {
            (self.since, self.evaluations) = (None, 0);
        }
        let lasted = match (self.since, c.for_ms) {
            (None, _) => false,
            (Some(since), Some(for_ms)) => now.ms_since(since) >= for_ms,
            (Some(_), None) => self.evaluations >= EVALUATIONS_MIN,
        };
        let clear_at = c.clear_at(clear_ratio);
        let not_back = self.value.is_some_and(|v| if c.compare.is_upper() { v > clear_at } else { v < clear_at });
        lasted || firing && (over || not_back)
    }
}

impl Watch {
    pub fn look(&mut self, now: Timestamp, monitor: &Monitor, rule: &Rule, own: Scope, firing: bool) -> bool {
        // A rule that was changed begins anew.
        self.conditions.resize(rule.conditions.len(), Memory::default());
        let looks: Vec<bool> = self
            .conditions
            .iter_mut()
            .zip(&rule.conditions)
            .map(|(memory, c)| memory.look(now, monitor, c, own, rule.clear_ratio, firing))
            .collect();
        match rule.join {
            Join::All => !looks.is_empty() && looks.iter().all(|l| *l),
            Join::Any => looks.iter().any(|l| *l),
        }
    }

    /// Nothing to remember.
    pub fn is_quiet(&self) -> bool {
        self.conditions.iter().all(|m| m.since.is_none())
    }

    /// The metric, its number and the threshold to show: those of the first condition that holds.
    pub fn shown(&self, rule: &Rule) -> (Metric, Option<f64>, f64) {
        let pairs = || self.conditions.iter().zip(&rule.conditions);
        let held = pairs().find(|(m, _)| m.since.is_some()).or_else(|| pairs().next());
        held.map_or((Metric::Waiting, None, 0.0), |(m, c)| (c.metric, m.value, c.threshold))
    }
}
