//! The queues of a rebuilt scenario: set-up as it stands, times as they were measured.
use super::{Assumption, AssumptionKind, Records};
use crate::scenario::{Distribution, QueueSetup, SECONDS_MAX};
use domain::QueueId;
use domain::config::{Overflow, Queue, Routing};
use domain::monitor::Stay;
use domain::planning::{Tally, patience_s};
use std::collections::{BTreeMap, BTreeSet};

/// A queue's own patience is used from so many callers who gave up on.
pub(super) const ABANDONS_MIN: u64 = 5;
/// And its own handling time from so many answered.
pub(super) const ANSWERED_MIN: u64 = 5;
/// A handling time that nobody knows.
const HANDLING_DEFAULT_S: f64 = 180.0;

/// Mean and spread of some times.
#[derive(Clone, Copy, Default)]
struct Moments {
    n: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, ms: u64) {
        let s = ms as f64 / 1000.0;
        (self.n, self.sum, self.squares) = (self.n + 1.0, self.sum + s, self.squares + s * s);
    }

    /// Lognormal, as handling times usually are; none for no time at all.
    fn distribution(&self) -> Option<Distribution> {
        if self.n < 1.0 || self.sum <= 0.0 {
            return None;
        }
        let mean_s = (self.sum / self.n).clamp(1e-3, SECONDS_MAX);
        let variance = (self.squares / self.n - mean_s * mean_s).max(0.0);
        Some(Distribution::Lognormal { mean_s, sd_s: variance.sqrt().min(SECONDS_MAX) })
    }
}

#[derive(Clone, Copy, Default)]
struct Known {
    tally: Tally,
    handling: Moments,
    wrap_up: Moments,
}

impl Known {
    fn add(&mut self, stay: &Stay) {
        self.tally.add(stay, 0);
        if stay.is_answered() {
            self.handling.add(stay.talk_ms + stay.hold_ms);
            self.wrap_up.add(stay.wrap_up_ms);
        }
    }
}

/// How callers and agents of each queue behaved.
pub(super) struct Manners {
    queues: BTreeMap<QueueId, Known>,
    all: Known,
}

impl Manners {
    pub fn new(records: &Records<'_>, played: &BTreeSet<QueueId>) -> Self {
        let mut manners = Self { queues: BTreeMap::new(), all: Known::default() };
        for stay in records.stays.iter().filter(|s| played.contains(&s.queue)) {
            manners.queues.entry(stay.queue).or_default().add(stay);
            manners.all.add(stay);
        }
        manners
    }

    pub fn queue(&self, queue: &Queue, assumptions: &mut Vec<Assumption>) -> QueueSetup {
        use AssumptionKind as A;
        let known = self.queues.get(&queue.id).copied().unwrap_or_default();
        let own = known.tally.answered >= ANSWERED_MIN;
        if !own && known.tally.offered > 0 {
            assumptions.push(Assumption::in_queue(A::HandlingPooled, &queue.key));
        }
        let times = if own { known } else { self.all };
        QueueSetup {
            name: Some(queue.name.en.clone()),
            threshold_s: f64::from(queue.service_level_threshold_s),
            strategy: queue.strategy,
            routing: Routing { breaks: Default::default(), ..queue.routing.clone() },
            ring_timeout_ms: queue.ring_timeout_ms.max(1),
            queue_len_max: queue.queue_len_max,
            wait_max_ms: queue.wait_max_ms,
            overflow: played(&queue.overflow),
            handling: times.handling.distribution().unwrap_or(Distribution::Exponential { mean_s: HANDLING_DEFAULT_S }),
            wrap_up: times.wrap_up.distribution(),
            patience: self.patience(queue, &known.tally, assumptions),
            ..QueueSetup::new(&queue.key)
        }
    }

    fn patience(&self, queue: &Queue, own: &Tally, assumptions: &mut Vec<Assumption>) -> Option<Distribution> {
        let of = |t: &Tally| patience_s(t.wait_ms, t.abandoned).map(|s| Distribution::Exponential { mean_s: s.clamp(1e-3, SECONDS_MAX) });
        if own.abandoned >= ABANDONS_MIN {
            return of(own);
        }
        let pooled = of(&self.all.tally);
        if own.offered > 0 {
            let what = if pooled.is_some() { AssumptionKind::PatiencePooled } else { AssumptionKind::PatienceUnknown };
            assumptions.push(Assumption::in_queue(what, &queue.key));
        }
        pooled
    }
}

/// Callbacks are not simulated: who overflows into one has left the line, as by hanging up.
fn played(way: &Overflow) -> Overflow {
    match way {
        Overflow::Callback { .. } => Overflow::HangUp { prompt: None },
        other => other.clone(),
    }
}
