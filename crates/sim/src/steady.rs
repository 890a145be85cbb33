//! The short form's long run: batch means after a warm-up, until the figures are good enough.
//!
//! A batch is a number of consecutive arrivals. Beside the floor itself every arrival goes through two models whose answers are known
//! for certain, on the same gaps and handling times: as many agents as there are callers (M/M/∞: the number present is Poisson
//! distributed), and one agent as fast as all together (M/M/1). Where they had bad luck, so had the floor; regression on them takes
//! that luck out (control variates), which saves a factor of 5 to 50 in simulated calls. The figures stay those of the router: a
//! router that wasted an agent's time would show it.
use crate::estimate::{Controls, Measure};
use crate::floor::Violation;
use crate::plan::{HOUR_US, Plan};
use crate::report::{Halfwidths, SingleFigures, SingleReport};
use crate::world::{Call, End, Observer, World};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// At the most so many batches; then pairs become one.
const BATCHES_MAX: usize = 256;
/// With fewer there are no control variates.
const BATCHES_MIN: usize = 64;
/// A run without `hours` is at least so long: a spread guessed from a short run may look good by luck, and then ends it.
const ARRIVALS_MIN: u64 = 500_000;

/// When a run without `hours` ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Goal {
    /// Relative half width of the 95 % interval at which it may.
    pub precision: f64,
    /// Here at the latest.
    pub arrivals_max: u64,
}

impl Default for Goal {
    fn default() -> Self {
        Self { precision: 0.01, arrivals_max: 8_000_000 }
    }
}

const BATCH_ARRIVALS_FIRST: u64 = 64;
const CONTROLS: usize = 9;

#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    open: u64,
    offered: f64,
    waited: f64,
    answered: f64,
    within: f64,
    abandoned: f64,
    abandoned_within: f64,
    wait_s: f64,
    wait_answered_s: f64,
    busy_s: f64,
    staffed_s: f64,
    controls: [f64; CONTROLS],
}

impl Batch {
    fn join(&mut self, other: &Self) {
        self.open += other.open;
        for (a, b) in [
            (&mut self.offered, other.offered),
            (&mut self.waited, other.waited),
            (&mut self.answered, other.answered),
            (&mut self.within, other.within),
            (&mut self.abandoned, other.abandoned),
            (&mut self.abandoned_within, other.abandoned_within),
            (&mut self.wait_s, other.wait_s),
            (&mut self.wait_answered_s, other.wait_answered_s),
            (&mut self.busy_s, other.busy_s),
            (&mut self.staffed_s, other.staffed_s),
        ] {
            *a += b;
        }
        self.controls.iter_mut().zip(other.controls).for_each(|(a, b)| *a += b);
    }
}

/// The two known models beside the floor.
struct Models {
    servers: f64,
    threshold_s: f64,
    /// When the calls of the first model end; those in the past are still in it.
    endless: BinaryHeap<Reverse<i64>>,
    /// What the fast agent still has to do, in seconds.
    backlog_s: f64,
    /// True means of the controls; a model that cannot keep up has none.
    means: Vec<f64>,
}

impl Models {
    fn new(calls_per_s: f64, aht_s: f64, servers: u32, threshold_s: f64) -> Self {
        let n = f64::from(servers);
        let load = calls_per_s * aht_s;
        // P(X ≥ n) and P(X ≥ n+1) of the Poisson number present, by logarithms: e^−load may be no number any more.
        let (mut ln_term, mut below, mut last) = (-load, 0.0, 0.0);
        for k in 0..servers {
            last = ln_term.exp();
            below += last;
            ln_term += load.ln() - f64::from(k + 1).ln();
        }
        let at_least = (1.0 - below).max(0.0);
        let more = (at_least - ln_term.exp()).max(0.0);
        // E[X; X > n] = A·P(X ≥ n) and E[X(X−1); X > n] = A²·P(X ≥ n−1).
        let first = load * at_least;
        let second = load * load * (at_least + last) + first;
        let squared = second - 2.0 * n * first + n * n * more;
        let mut means = vec![1.0 / calls_per_s, aht_s, at_least, (first - n * more).max(0.0), squared.max(0.0)];
        let rho = load / n;
        if rho < 1.0 {
            // Seconds the fast agent is ahead by, for one that waits.
            let spare = n / aht_s - calls_per_s;
            means.extend([rho / spare, rho, rho * (-spare * threshold_s).exp(), 2.0 * rho / (spare * spare)]);
        }
        Self { servers: n, threshold_s, endless: BinaryHeap::new(), backlog_s: 0.0, means }
    }

    fn arrived(&mut self, call: &Call, gap_us: u64) -> [f64; CONTROLS] {
        let now = call.first_us;
        while self.endless.peek().is_some_and(|end| end.0 <= now) {
            self.endless.pop();
        }
        let present = self.endless.len() as f64;
        self.endless.push(Reverse(now.saturating_add(call.handle_us as i64)));
        let (gap_s, handle_s) = (gap_us as f64 / 1e6, call.handle_us as f64 / 1e6);
        self.backlog_s = (self.backlog_s - gap_s).max(0.0);
        let wait_s = self.backlog_s;
        self.backlog_s += handle_s / self.servers;
        let indicator = |yes: bool| if yes { 1.0 } else { 0.0 };
        [
            gap_s,
            handle_s,
            indicator(present >= self.servers),
            (present - self.servers).max(0.0),
            (present - self.servers).max(0.0).powi(2),
            wait_s,
            indicator(wait_s > 0.0),
            indicator(wait_s > self.threshold_s),
            wait_s * wait_s,
        ]
    }
}

struct Log {
    warm_up_us: i64,
    threshold_us: i64,
    models: Models,
    batches: Vec<Batch>,
    batch_arrivals: u64,
    arrivals: u64,
    staffed: i64,
    busy: i64,
    counted_to_us: i64,
}

impl Log {
    fn batch_of(&mut self, tag: u64) -> Option<&mut Batch> {
        self.batches.get_mut(usize::try_from(tag / self.batch_arrivals).ok()?)
    }

    /// Brings the agents' time up to now, into the batch that runs.
    fn count_time(&mut self, now_us: i64) {
        let from = std::mem::replace(&mut self.counted_to_us, now_us);
        let span_s = (now_us - from) as f64 / 1e6;
        if let Some(batch) = self.batches.last_mut() {
            batch.busy_s += span_s * self.busy as f64;
            batch.staffed_s += span_s * self.staffed as f64;
        }
    }

    fn join_pairs(&mut self) {
        let joined = self.batches.chunks(2).map(|pair| {
            pair.iter().skip(1).fold(pair.first().copied().unwrap_or_default(), |mut sum, b| {
                sum.join(b);
                sum
            })
        });
        self.batches = joined.collect();
        self.batch_arrivals *= 2;
    }

    /// Batches that are full and whose callers have all gone.
    fn complete(&self) -> &[Batch] {
        let full = usize::try_from(self.arrivals / self.batch_arrivals).unwrap_or(0).min(self.batches.len());
        let ended = self.batches.iter().take(full).take_while(|b| b.open == 0).count();
        self.batches.get(..ended).unwrap_or_default()
    }
}

impl Observer for Log {
    fn arrived(&mut self, call: &mut Call, gap_us: u64) {
        let controls = self.models.arrived(call, gap_us);
        if call.first_us < self.warm_up_us {
            call.tag = u64::MAX;
            return;
        }
        if self.arrivals == 0 {
            self.counted_to_us = call.first_us;
        }
        if self.arrivals.is_multiple_of(self.batch_arrivals) {
            self.count_time(call.first_us);
            if self.batches.len() >= BATCHES_MAX {
                self.join_pairs();
            }
            self.batches.push(Batch::default());
        }
        call.tag = self.arrivals;
        self.arrivals += 1;
        if let Some(batch) = self.batches.last_mut() {
            batch.offered += 1.0;
            batch.open += 1;
            batch.controls.iter_mut().zip(controls).for_each(|(sum, c)| *sum += c);
        }
    }

    fn entered(&mut self, _: &Call) {}
    fn moved(&mut self, _: &Call) {}

    fn ended(&mut self, now_us: i64, call: &Call, end: End) {
        let wait_us = now_us - call.first_us;
        let within = wait_us <= self.threshold_us;
        let Some(batch) = self.batch_of(call.tag).filter(|_| call.tag != u64::MAX) else { return };
        let wait_s = wait_us as f64 / 1e6;
        batch.open -= 1;
        batch.wait_s += wait_s;
        batch.waited += if call.waited_first { 1.0 } else { 0.0 };
        let in_time = if within { 1.0 } else { 0.0 };
        if end == End::Answered {
            batch.answered += 1.0;
            batch.wait_answered_s += wait_s;
            batch.within += in_time;
        } else {
            batch.abandoned += 1.0;
            batch.abandoned_within += in_time;
        }
    }

    fn staff(&mut self, now_us: i64, _: usize, staffed: i64, busy: i64) {
        self.count_time(now_us);
        self.staffed += staffed;
        self.busy += busy;
    }
}

/// What a figure is the ratio of.
type Part = fn(&Batch) -> f64;
const FIGURES: [(Part, Part); 7] = [
    (|b| b.waited, |b| b.offered),
    (|b| b.within, |b| b.offered),
    (|b| b.wait_s, |b| b.offered),
    (|b| b.wait_answered_s, |b| b.answered),
    (|b| b.abandoned, |b| b.offered),
    (|b| b.abandoned_within, |b| b.offered),
    (|b| b.busy_s, |b| b.staffed_s),
];

fn estimates(batches: &[Batch], means: &[f64]) -> [Measure; 7] {
    let samples: Vec<Vec<f64>> =
        batches.iter().map(|b| b.controls.iter().take(means.len()).map(|c| c / b.offered.max(1.0)).collect()).collect();
    let controls = Controls::new(&samples, means);
    FIGURES.map(|(top, bottom)| {
        let parts = |part: Part| batches.iter().map(part).collect::<Vec<f64>>();
        controls.ratio(&parts(top), &parts(bottom))
    })
}

/// Good enough to end: what callers notice is known to this precision, as far as it is not next to nothing.
fn precise(figures: &[Measure; 7], precision: f64) -> bool {
    figures.iter().all(|m| match (m.value, m.half_width()) {
        (Some(value), Some(half)) => half <= precision * value.abs() || value.abs() < 1e-9,
        _ => true,
    })
}

/// # Errors
/// A rule of the checker was broken.
pub(crate) fn run(plan: &Plan, hours: Option<f64>, goal: Goal) -> Result<SingleReport, Violation> {
    let queue = plan.queues.first();
    let rate = queue.map_or(1.0, |q| if let crate::plan::Rate::Constant(per_us) = q.rate { per_us * 1e6 } else { 1.0 });
    let threshold_us = queue.map_or(0, |q| q.threshold_us);
    let models = Models::new(rate, queue.map_or(1.0, |q| q.handling.mean_s()), plan.agents.len() as u32, threshold_us as f64 / 1e6);
    let log = Log {
        warm_up_us: plan.warm_up_us,
        threshold_us: threshold_us as i64,
        models,
        batches: Vec::new(),
        batch_arrivals: BATCH_ARRIVALS_FIRST,
        arrivals: 0,
        staffed: 0,
        busy: 0,
        counted_to_us: 0,
    };
    // Batches shorter than five relaxation times hang together and would promise too much.
    let apart = (rate * plan.warm_up_us as f64 / 1e6 / 2.0) as u64;
    let mut world = World::new(plan, plan.seed, log);
    world.open()?;
    let mut look_at = ARRIVALS_MIN.min(goal.arrivals_max);
    let mut converged = hours.is_some();
    while world.next()? {
        let log = &world.observer;
        if hours.is_some() || log.arrivals < look_at {
            continue;
        }
        look_at = log.arrivals + log.arrivals / 8;
        let complete = log.complete();
        if complete.len() >= BATCHES_MIN && log.batch_arrivals >= apart.min(goal.arrivals_max / 256) {
            converged = precise(&estimates(complete, &log.models.means), goal.precision);
        }
        if converged || log.arrivals >= goal.arrivals_max {
            break;
        }
    }
    Ok(report(plan, &world.observer, converged))
}

fn report(plan: &Plan, log: &Log, converged: bool) -> SingleReport {
    let complete = log.complete();
    let with_controls = complete.len() >= BATCHES_MIN;
    let measures = estimates(complete, if with_controls { &log.models.means } else { &[] });
    // Callers of the last, unfinished batch count in what was seen, not in what is concluded from it.
    let mut all = Batch::default();
    log.batches.iter().for_each(|b| all.join(b));
    let seen = if log.batches.iter().all(|b| b.open == 0) { all } else { sum(complete) };
    let observed = SingleFigures::from(FIGURES.map(|(top, bottom)| ratio(top(&seen), bottom(&seen))));
    let figures = if with_controls { SingleFigures::from(measures.map(|m| m.value.unwrap_or(0.0).max(0.0))) } else { observed };
    SingleReport {
        figures,
        half_width_95: Halfwidths::from(measures.map(|m| m.half_width())),
        method: if with_controls { "batch means with control variates" } else { "batch means" }.to_owned(),
        batches: complete.len() as u64,
        converged,
        seed: plan.seed,
        hours: (log.counted_to_us - plan.warm_up_us).max(0) as f64 / HOUR_US as f64,
        warm_up_hours: plan.warm_up_us as f64 / HOUR_US as f64,
        offered: seen.offered as u64,
        answered: seen.answered as u64,
        abandoned: seen.abandoned as u64,
        observed,
    }
}

fn sum(batches: &[Batch]) -> Batch {
    let mut all = Batch::default();
    batches.iter().for_each(|b| all.join(b));
    all
}

fn ratio(top: f64, bottom: f64) -> f64 {
    if bottom > 0.0 { top / bottom } else { 0.0 }
}
