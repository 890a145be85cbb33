//! Answers: one number for a metric, a scope and a window, with what it was made of.
use super::buckets::{Buckets, INTERVAL_MS, MINUTE_MS, Range};
use super::machine::{AgentNow, Monitor};
use super::metric::{Basis, Compute, Metric, Now, Scope, Unit, Window};
use super::sums::{Sum, Sums};
use crate::live::AgentStatus;
use crate::{InteractionId, QueueId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A number and what it was made of. Numerators and denominators of durations are in milliseconds, `value` is in the metric's unit;
/// add numerators and denominators of several values, never the values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Value {
    pub numerator: i64,
    pub denominator: i64,
    pub value: f64,
    /// The sample: contacts (of times: whole minutes) under the line; of counts and present values, the count.
    pub n: u64,
}

/// Somebody in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiter {
    pub interaction: InteractionId,
    pub queue: QueueId,
    pub since: Timestamp,
}

impl Value {
    fn new(unit: Unit, numerator: i64, denominator: i64, n: i64) -> Option<Value> {
        if denominator <= 0 {
            return None;
        }
        let quotient = numerator as f64 / denominator as f64;
        let value = match unit {
            Unit::Percent => quotient * 100.0,
            Unit::Seconds => quotient / 1000.0,
            Unit::Count | Unit::Ratio => quotient,
        };
        Some(Value { numerator, denominator, value, n: u64::try_from(n).unwrap_or(0) })
    }
}

impl Monitor {
    /// The number now. None: the metric cannot be asked so (`Definition::fits`), or there is nothing under the line.
    pub fn value(&self, metric: Metric, scope: Scope, window: Window, now: Timestamp) -> Option<Value> {
        let definition = metric.definition();
        if !definition.fits(scope.kind(), window) {
            return None;
        }
        match definition.compute {
            Compute::Now(what) => self.value_now(what, definition.unit, scope, now),
            _ => {
                let (fine, range) = self.range(window, now)?;
                self.value_over(metric, scope, fine, range, now)
            }
        }
    }

    /// The numbers of the last `points` intervals, the running one last: the dots of a trend. Empty for present values.
    pub fn trend(&self, metric: Metric, scope: Scope, points: u32, now: Timestamp) -> Vec<(Timestamp, Option<Value>)> {
        if !metric.definition().fits(scope.kind(), Window::Interval) {
            return Vec::new();
        }
        let running = self.intervals.start_of(now.as_ms());
        let points = i64::from(points).min(super::INTERVALS_KEPT);
        (0..points)
            .rev()
            .map(|back| {
                let from_ms = running - back * INTERVAL_MS;
                let range = Range { from_ms, to_ms: from_ms + INTERVAL_MS };
                (Timestamp::from_ms(from_ms), self.value_over(metric, scope, false, range, now))
            })
            .collect()
    }

    /// The buckets of a window: whether those of a minute, and from where to where. None for `Now`.
    pub(super) fn range(&self, window: Window, now: Timestamp) -> Option<(bool, Range)> {
        let now_ms = now.as_ms();
        let minute_end = self.minutes.start_of(now_ms) + MINUTE_MS;
        let interval = self.intervals.start_of(now_ms);
        let (fine, from_ms, to_ms) = match window {
            Window::Now => return None,
            Window::Interval => (false, interval, interval + INTERVAL_MS),
            Window::LastInterval => (false, interval - INTERVAL_MS, interval),
            Window::Last15Min => (true, minute_end - 15 * MINUTE_MS, minute_end),
            Window::Last30Min => (true, minute_end - 30 * MINUTE_MS, minute_end),
            Window::Today => {
                const DAY_MS: i64 = 24 * 3_600_000;
                let offset_ms = i64::from(self.utc_offset_s()) * 1000;
                let from = (now_ms + offset_ms).div_euclid(DAY_MS) * DAY_MS - offset_ms;
                (false, from, interval + INTERVAL_MS)
            }
        };
        Some((fine, Range { from_ms, to_ms }))
    }

    fn value_over(&self, metric: Metric, scope: Scope, fine: bool, range: Range, now: Timestamp) -> Option<Value> {
        let definition = metric.definition();
        let buckets = if fine { &self.minutes } else { &self.intervals };
        let sums = match definition.basis {
            Basis::AgentTime => self.agent_sums(buckets, scope, range, now),
            _ => buckets.sums(scope, range),
        };
        match definition.compute {
            Compute::Total(terms) => {
                let total = sums.weigh(terms);
                Value::new(definition.unit, total, 1, total)
            }
            Compute::Quotient { over, under } => {
                let under = sums.weigh(under);
                let n = if definition.basis == Basis::AgentTime { under / MINUTE_MS } else { under };
                Value::new(definition.unit, sums.weigh(over), under, n)
            }
            Compute::WaitQuantile(permille) => {
                let waits = buckets.waits(scope, range);
                let wait = i64::try_from(waits.quantile_ms(permille)?).unwrap_or(i64::MAX);
                Value::new(definition.unit, wait, 1, waits.count())
            }
            Compute::Now(_) => None,
        }
    }

    /// Ended stretches from the buckets, and the running ones up to now. A queue's agents are its members.
    fn agent_sums(&self, buckets: &Buckets, scope: Scope, range: Range, now: Timestamp) -> Sums {
        let mut all = match scope {
            Scope::Queue { queue } => {
                let mut all = Sums::default();
                for agent in self.members(queue) {
                    all.merge(&buckets.sums(Scope::Agent { agent: *agent }, range), 1);
                }
                all
            }
            _ => buckets.sums(scope, range),
        };
        let until_ms = now.as_ms().min(range.to_ms);
        for (_, agent) in self.agents_of(scope) {
            let running = until_ms - agent.since.as_ms().max(range.from_ms);
            if let Some(sum) = Sum::of_status(agent.status).filter(|_| running > 0) {
                all.add(sum, running);
            }
        }
        all
    }

    fn members(&self, queue: QueueId) -> &[UserId] {
        self.queues.get(&queue).map_or(&[], |q| &q.members)
    }

    pub(super) fn agents_of(&self, scope: Scope) -> Vec<(UserId, &AgentNow)> {
        match scope {
            Scope::Tenant => self.agents.iter().map(|(u, a)| (*u, a)).collect(),
            Scope::Queue { queue } => self.members(queue).iter().filter_map(|u| Some((*u, self.agents.get(u)?))).collect(),
            Scope::Agent { agent } => self.agents.get(&agent).map(|a| (agent, a)).into_iter().collect(),
        }
    }

    /// Those in line, the longest first within each queue. Empty for an agent: nobody waits for one agent.
    pub fn waiters(&self, scope: Scope) -> impl Iterator<Item = Waiter> {
        self.waiting
            .iter()
            .filter(move |(q, _)| match scope {
                Scope::Tenant => true,
                Scope::Queue { queue } => **q == queue,
                Scope::Agent { .. } => false,
            })
            .flat_map(|(queue, line)| {
                line.iter().map(|(since, interaction)| Waiter { interaction: *interaction, queue: *queue, since: *since })
            })
    }

    /// Interactions that talk with an agent.
    pub fn talkers(&self, scope: Scope) -> impl Iterator<Item = InteractionId> {
        self.talking
            .iter()
            .filter(move |(_, (q, a))| match scope {
                Scope::Tenant => true,
                Scope::Queue { queue } => *q == Some(queue),
                Scope::Agent { agent } => *a == agent,
            })
            .map(|(interaction, _)| *interaction)
    }

    /// Queues and agents there is something to say about, for rules and tables over each of them.
    pub fn queues(&self) -> Vec<QueueId> {
        let mut all: Vec<QueueId> = self.queues.keys().chain(self.waiting.keys()).copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    }
    /// Signed-in agents of a scope.
    pub fn agents(&self, scope: Scope) -> Vec<UserId> {
        self.agents_of(scope).into_iter().filter(|(_, a)| a.status != AgentStatus::Offline).map(|(u, _)| u).collect()
    }

    fn value_now(&self, what: Now, unit: Unit, scope: Scope, now: Timestamp) -> Option<Value> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let line = || match scope {
            Scope::Queue { queue } => self.waiting.get(&queue).map_or(0, |l| l.len()),
            _ => self.waiting.values().map(|l| l.len()).sum(),
        };
        let signed_in = || self.agents_of(scope).iter().filter(|(_, a)| a.status != AgentStatus::Offline).count();
        let age = |since: Option<Timestamp>| since.map_or(0, |s| i64::try_from(now.ms_since(s)).unwrap_or(i64::MAX));
        match what {
            Now::Waiting => Value::new(unit, count(line()), 1, count(line())),
            Now::LongestWait => {
                let first = match scope {
                    Scope::Queue { queue } => self.waiting.get(&queue).and_then(|l| l.first()),
                    _ => self.waiting.values().filter_map(|l| l.first()).min(),
                };
                Value::new(unit, age(first.map(|f| f.0)), 1, count(line()))
            }
            Now::WaitingPerAgent => Value::new(unit, count(line()), count(signed_in()), count(line())),
            Now::Talking => {
                let n = count(self.talkers(scope).count());
                Value::new(unit, n, 1, n)
            }
            Now::AgentsSignedIn => Value::new(unit, count(signed_in()), 1, count(signed_in())),
            Now::Agents(status) => {
                let n = count(self.agents_of(scope).iter().filter(|(_, a)| a.status == status).count());
                Value::new(unit, n, 1, n)
            }
            Now::AgentsOverstaying => {
                let n = count(self.agents_of(scope).iter().filter(|(user, a)| self.overstays(*user, a)).count());
                Value::new(unit, n, 1, n)
            }
            Now::LongestIn(status) => {
                let of_status = self.agents_of(scope).into_iter().filter(|(_, a)| a.status == status);
                let (first, n) =
                    of_status.fold((None, 0), |(first, n), (_, a)| (Some(first.map_or(a.since, |f: Timestamp| f.min(a.since))), n + 1));
                Value::new(unit, age(first), 1, n)
            }
        }
    }
}
