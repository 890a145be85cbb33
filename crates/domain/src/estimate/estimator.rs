//! The estimator of one queue: what it has learnt, what it promises, and whether that may be spoken.
use super::calibration::{Calibration, Ended};
use super::model::{self, Mean, Quantiles};
use super::past::{Past, Quality};
use super::spoken::Spoken;
use serde::{Deserialize, Serialize};

/// Handle times are averaged over about this many …
const WINDOW: f64 = 150.0;
/// … or, once these last ones differ from the average by `CHANGED`, over these. Where that was chance, nothing is lost but
/// exactness for a while.
const RECENT: f64 = 20.0;
const CHANGED: f64 = 1.5;
/// Giving up is rarer: its rate is taken over about this many finished waits.
const GIVE_UP_WINDOW: f64 = 400.0;
/// No wait counts longer than a day: a row that was forgotten must not spoil the averages.
const WAIT_MAX_MS: u64 = 86_400_000;

/// When an estimate is good enough to be spoken, and what is assumed before anything is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Promises whose end is known, at least.
    pub samples_min: u32,
    /// Either the median error is at most this long …
    pub error_max_ms: u64,
    /// … or at most this part of the wait.
    pub relative_error_max: f64,
    /// Promised too long or too short on the whole by at most this part.
    pub bias_max: f64,
    /// At least this fraction of waits ended within P90.
    pub coverage_min: f64,
    /// Average handle time until one is known, ms.
    pub handle_assumed_ms: u64,
    /// From the moment an agent is free to the talk, until one is known, ms.
    pub connect_assumed_ms: u64,
}
impl Default for Limits {
    fn default() -> Self {
        Self {
            samples_min: 30,
            error_max_ms: 60_000,
            relative_error_max: 0.4,
            bias_max: 0.3,
            coverage_min: 0.8,
            handle_assumed_ms: 180_000,
            connect_assumed_ms: 4_000,
        }
    }
}

/// The queue as one caller finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// 1 = next.
    pub position: u32,
    /// Agents of the queue that are free.
    pub agents_idle: u32,
    /// Agents of the queue that ring, talk or wrap up; those on a break do not count.
    pub agents_busy: u32,
}

/// A promise. Keep it with the caller and hand it back when the wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Half of the callers wait no longer.
    pub p50_ms: u64,
    /// Nine of ten callers wait no longer.
    pub p90_ms: u64,
    raw_p50_ms: f64,
    raw_p90_ms: f64,
}
impl Estimate {
    /// The form in which it is said.
    pub fn spoken(&self) -> Spoken {
        Spoken::of(self.p50_ms)
    }
}

/// Learns one queue's waits. Its size never grows beyond fixed windows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Estimator {
    limits: Limits,
    handle: Average,
    connect: Average,
    gave_up: f64,
    waited_ms: f64,
    calibration: Calibration,
    past: Past,
}

/// A mean that forgets: exact for the first `WINDOW` values, exponentially weighted after. When the last few say something
/// else altogether, they alone count.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Average {
    mean: f64,
    /// The mean of about the last `RECENT` values.
    recent: f64,
    seen: u32,
}
impl Average {
    fn push(&mut self, value: f64) {
        self.seen = self.seen.saturating_add(1);
        self.mean += (value - self.mean) / self.effective();
        self.recent += (value - self.recent) / self.effective().min(RECENT);
        if f64::from(self.seen) > RECENT && (self.recent > self.mean * CHANGED || self.recent * CHANGED < self.mean) {
            self.mean = self.recent;
            self.seen = RECENT as u32;
        }
    }
    /// How many values the mean stands on.
    fn effective(&self) -> f64 {
        f64::from(self.seen).clamp(1.0, WINDOW)
    }
    fn or(&self, assumed: u64) -> f64 {
        if self.seen == 0 { assumed as f64 } else { self.mean }
    }
}

impl Estimator {
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The wait from now to the talk. None when no agent serves the queue: then nobody knows.
    pub fn estimate(&self, facts: &Facts) -> Option<Estimate> {
        let servers = facts.agents_idle.saturating_add(facts.agents_busy);
        if servers == 0 {
            return None;
        }
        // Idle agents take the first in line at once; the others wait for as many departures as there are places before theirs.
        let turn = facts.position.max(1).saturating_sub(facts.agents_idle);
        let handle = Mean { mean_ms: self.handle.or(self.limits.handle_assumed_ms), of: self.handle.effective() };
        let queued = model::wait(turn, servers, handle, self.give_up_per_ms());
        let connect_ms = self.connect.or(self.limits.connect_assumed_ms).max(1.0);
        // Ringing and connecting varies too: without a queue its P90 is taken as twice its mean.
        let raw = Quantiles { p50_ms: queued.p50_ms + connect_ms, p90_ms: (queued.p90_ms + connect_ms).max(2.0 * connect_ms) };
        let said = self.calibration.correct(raw);
        Some(Estimate { p50_ms: said.p50_ms as u64, p90_ms: said.p90_ms as u64, raw_p50_ms: raw.p50_ms, raw_p90_ms: raw.p90_ms })
    }

    /// An agent is done with a caller of this queue after `handle_ms` of talk and wrap-up.
    pub fn handled(&mut self, handle_ms: u64) {
        self.handle.push(handle_ms.min(WAIT_MAX_MS) as f64);
    }

    /// A caller found a free agent and was connected after `waited_ms`: the part of every wait that is not queueing.
    pub fn connected_at_once(&mut self, waited_ms: u64) {
        self.connect.push(waited_ms.min(WAIT_MAX_MS) as f64);
    }

    /// The caller who was given this promise talks to an agent after `waited_ms`.
    pub fn answered(&mut self, promise: &Estimate, waited_ms: u64) {
        self.ended(promise, waited_ms, true);
    }

    /// The caller who was given this promise gave up after `waited_ms`. Who leaves by overflow or callback did not give up, but
    /// the wait was cut short in the same way: report it here too.
    pub fn gave_up(&mut self, promise: &Estimate, waited_ms: u64) {
        self.ended(promise, waited_ms, false);
    }

    fn ended(&mut self, promise: &Estimate, waited_ms: u64, answered: bool) {
        let ended = Ended { waited_ms: waited_ms.min(WAIT_MAX_MS) as f64, answered };
        let raw = Quantiles { p50_ms: promise.raw_p50_ms, p90_ms: promise.raw_p90_ms };
        self.past.push(promise.p50_ms as f64, promise.p90_ms as f64, ended.waited_ms, answered);
        self.calibration.learn(raw, promise.p90_ms as f64, ended, self.give_up_per_ms());
        let keep = 1.0 - 1.0 / GIVE_UP_WINDOW;
        self.gave_up = self.gave_up * keep + if answered { 0.0 } else { 1.0 };
        self.waited_ms = self.waited_ms * keep + ended.waited_ms;
    }

    /// Customers who give up per millisecond of waiting: how many gave up ÷ how long all waited, which is the maximum-likelihood
    /// rate of exponential patience seen through answers (Brown et al., JASA 100(469), 2005, §6).
    fn give_up_per_ms(&self) -> f64 {
        if self.waited_ms > 0.0 { self.gave_up / self.waited_ms } else { 0.0 }
    }

    pub fn quality(&self) -> Quality {
        self.past.quality()
    }

    /// Whether promises have lately been kept well enough to make one aloud.
    pub fn speakable(&self) -> bool {
        let (q, l) = (self.quality(), &self.limits);
        q.samples >= l.samples_min
            && (q.error_p50_ms <= l.error_max_ms || q.relative_error_p50 <= l.relative_error_max)
            && q.bias.abs() <= l.bias_max
            && q.coverage_p90 >= l.coverage_min
    }
}
