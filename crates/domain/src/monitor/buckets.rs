//! Sums by bucket and scope. Buckets are half-open, `[start, start + width)`, aligned to the Unix epoch in UTC (every time zone in
//! use is a whole number of quarters of an hour away, so a local day is a whole number of intervals).
use super::fold::{Deed, Disposition};
use super::histogram::Histogram;
use super::metric::Scope;
use super::options::QueueOptions;
use super::sums::{Sum, Sums};
use crate::interaction::Outcome;
use crate::{QueueId, Timestamp, UserId};
use std::collections::BTreeMap;

pub const INTERVAL_MS: i64 = 15 * 60_000;
pub(super) const MINUTE_MS: i64 = 60_000;
/// 26 hours: today, whole, in the longest local day.
pub const INTERVALS_KEPT: i64 = 104;
/// The longest rolling window and what may still be corrected.
pub const MINUTES_KEPT: i64 = 45;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub sums: Sums,
    pub answered: Histogram,
    pub abandoned: Histogram,
}

/// At most `kept × (1 + queues + agents)` cells; one exists only where something happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Buckets {
    width_ms: i64,
    kept: i64,
    /// Start of the oldest bucket that is kept; what belongs before it is not counted.
    horizon_ms: i64,
    /// By scope first: a question reads one scope over many buckets.
    cells: BTreeMap<(Scope, i64), Cell>,
}

/// `[from, to)` in milliseconds, aligned to buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub from_ms: i64,
    pub to_ms: i64,
}

impl Buckets {
    pub fn new(width_ms: i64, kept: i64) -> Self {
        Self { width_ms: width_ms.max(1), kept, horizon_ms: i64::MIN, cells: BTreeMap::new() }
    }

    pub fn start_of(&self, at_ms: i64) -> i64 {
        at_ms.div_euclid(self.width_ms) * self.width_ms
    }

    /// Forgets what is too old. Time that steps back forgets nothing and brings nothing back.
    pub fn advance(&mut self, now: Timestamp) {
        let horizon = self.start_of(now.as_ms()).saturating_sub((self.kept - 1) * self.width_ms);
        if horizon > self.horizon_ms {
            self.horizon_ms = horizon;
            self.cells.retain(|(_, start), _| *start >= horizon);
        }
    }

    fn cell(&mut self, start: i64, scope: Scope, change: impl FnOnce(&mut Cell)) {
        if start < self.horizon_ms {
            return;
        }
        let cell = self.cells.entry((scope, start)).or_default();
        change(cell);
        if *cell == Cell::default() {
            self.cells.remove(&(scope, start));
        }
    }

    fn merge(&mut self, at: Timestamp, queue: Option<QueueId>, agent: Option<UserId>, sums: &Sums, times: i64) {
        let start = self.start_of(at.as_ms());
        let scopes = [Some(Scope::Tenant), queue.map(|queue| Scope::Queue { queue }), agent.map(|agent| Scope::Agent { agent })];
        for scope in scopes.into_iter().flatten() {
            self.cell(start, scope, |c| c.sums.merge(sums, times));
        }
    }

    /// Counts a deed (`times` 1) or takes it out again (−1) under the queue's present options.
    pub fn count(&mut self, deed: &Deed, options: &QueueOptions, times: i64) {
        let mut sums = Sums::default();
        match *deed {
            Deed::Visit { queue, at, wait_ms, disposition } => self.visit(queue, at, wait_ms, disposition, options, times),
            Deed::Handling { queue, agent, at, talk_ms, hold_ms, holds } => {
                sums.add(Sum::Handled, 1);
                sums.add(Sum::TalkMs, ms(talk_ms));
                sums.add(Sum::HoldMs, ms(hold_ms));
                sums.add(Sum::Held, i64::from(holds > 0));
                sums.add(Sum::Holds, i64::from(holds));
                self.merge(at, queue, Some(agent), &sums, times);
            }
            Deed::Transfer { queue, agent, at } => {
                sums.add(Sum::Transfers, 1);
                self.merge(at, queue, agent, &sums, times);
            }
            Deed::WrapUp { queue, agent, at, took_ms } => {
                sums.add(Sum::WrapUps, 1);
                sums.add(Sum::WrapUpMs, ms(took_ms));
                self.merge(at, queue, agent, &sums, times);
            }
            Deed::Call { at, outcome } => {
                sums.add(Sum::Calls, 1);
                let more = match outcome {
                    Some(Outcome::Handled) => Some(Sum::CallsHandled),
                    Some(Outcome::SelfServed) => Some(Sum::CallsSelfServed),
                    Some(Outcome::LeftInEntry) => Some(Sum::CallsLeftInEntry),
                    None | Some(Outcome::Lost) => Some(Sum::CallsLost),
                    Some(Outcome::Abandoned | Outcome::Overflowed | Outcome::CallbackBooked | Outcome::NotReached | Outcome::Failed) => {
                        None
                    }
                };
                more.into_iter().for_each(|sum| sums.add(sum, 1));
                self.merge(at, None, None, &sums, times);
            }
        }
    }

    fn visit(&mut self, queue: QueueId, at: Timestamp, wait_ms: u64, how: Disposition, options: &QueueOptions, times: i64) {
        let mut sums = Sums::default();
        sums.add(Sum::Offered, 1);
        match how {
            Disposition::Waiting => sums.add(Sum::Waiting, 1),
            Disposition::Answered => {
                sums.add(Sum::Answered, 1);
                sums.add(Sum::WaitAnsweredMs, ms(wait_ms));
                sums.add(Sum::Delayed, i64::from(wait_ms > 0));
                sums.add(Sum::AnsweredInThreshold, i64::from(wait_ms <= options.threshold_ms()));
            }
            Disposition::Abandoned => {
                sums.add(Sum::Abandoned, 1);
                sums.add(Sum::WaitAbandonedMs, ms(wait_ms));
                sums.add(Sum::AbandonedInThreshold, i64::from(wait_ms <= options.threshold_ms()));
                sums.add(Sum::ShortAbandoned, i64::from(options.measure.short_abandon_s > 0 && wait_ms <= options.short_abandon_ms()));
            }
            Disposition::FlowOut => sums.add(Sum::FlowOut, 1),
            Disposition::Lost => {
                sums.add(Sum::FlowOut, 1);
                sums.add(Sum::LostInQueue, 1);
            }
        }
        options.judge(&mut sums);
        let start = self.start_of(at.as_ms());
        for scope in [Scope::Tenant, Scope::Queue { queue }] {
            self.cell(start, scope, |c| {
                c.sums.merge(&sums, times);
                match how {
                    Disposition::Answered => c.answered.add(wait_ms, times),
                    Disposition::Abandoned => c.abandoned.add(wait_ms, times),
                    _ => {}
                }
            });
        }
    }

    /// Plain counts at an instant.
    pub fn tally(&mut self, at: Timestamp, queue: Option<QueueId>, agent: Option<UserId>, sums: &[Sum]) {
        let mut all = Sums::default();
        sums.iter().for_each(|s| all.add(*s, 1));
        self.merge(at, queue, agent, &all, 1);
    }

    /// An agent's time in one status, split at the borders of buckets; `[from, to)`.
    pub fn credit(&mut self, agent: UserId, sum: Sum, from: Timestamp, to: Timestamp) {
        let (mut from_us, to_us) = (from.as_us().max(self.horizon_ms.saturating_mul(1000)), to.as_us());
        while from_us < to_us {
            let start = self.start_of(from_us.div_euclid(1000));
            let end_us = start.saturating_add(self.width_ms).saturating_mul(1000).min(to_us);
            // Whole milliseconds by their positions, so that the parts add up to the whole.
            let part = end_us.div_euclid(1000) - from_us.div_euclid(1000);
            let mut sums = Sums::default();
            sums.add(sum, part);
            self.merge(Timestamp(from_us), None, Some(agent), &sums, 1);
            from_us = end_us;
        }
    }

    /// Judges all kept visits of a queue again, by changed options.
    pub fn judge_again(&mut self, queue: QueueId, options: &QueueOptions) {
        let scope = Scope::Queue { queue };
        let mine: Vec<i64> = self.cells.range((scope, i64::MIN)..=(scope, i64::MAX)).map(|(k, _)| k.1).collect();
        for start in mine {
            let Some(cell) = self.cells.get_mut(&(scope, start)) else { continue };
            let before = cell.sums.clone();
            let short = if options.measure.short_abandon_s > 0 { cell.abandoned.within(options.short_abandon_ms()) } else { 0 };
            let counts = [
                (Sum::AnsweredInThreshold, cell.answered.within(options.threshold_ms())),
                (Sum::AbandonedInThreshold, cell.abandoned.within(options.threshold_ms())),
                (Sum::ShortAbandoned, short),
            ];
            for (sum, to) in counts {
                cell.sums.add(sum, to - before.get(sum));
            }
            options.judge(&mut cell.sums);
            let after = cell.sums.clone();
            self.cell(start, Scope::Tenant, |c| {
                c.sums.merge(&after, 1);
                c.sums.merge(&before, -1);
            });
        }
    }

    fn cells_of(&self, scope: Scope, range: Range) -> impl Iterator<Item = &Cell> {
        let to_ms = range.to_ms.max(range.from_ms);
        self.cells.range((scope, range.from_ms)..(scope, to_ms)).map(|(_, cell)| cell)
    }

    pub fn sums(&self, scope: Scope, range: Range) -> Sums {
        let mut all = Sums::default();
        self.cells_of(scope, range).for_each(|c| all.merge(&c.sums, 1));
        all
    }

    /// Waits of the answered.
    pub fn waits(&self, scope: Scope, range: Range) -> Histogram {
        let mut all = Histogram::default();
        self.cells_of(scope, range).for_each(|c| all.merge(&c.answered));
        all
    }

    #[cfg(test)]
    pub fn every(&self) -> impl Iterator<Item = (&(Scope, i64), &Cell)> {
        self.cells.iter()
    }
}

fn ms(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
