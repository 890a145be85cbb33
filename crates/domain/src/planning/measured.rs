//! Sums of a day, interval by interval. Rates come from sums; none is the mean of others.
use super::{INTERVAL_MS, INTERVALS, Presence};
use crate::Timestamp;
use crate::monitor::{Stay, StayEnd};

/// Sums of some stays and of some agents' time. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub offered: u64,
    pub answered: u64,
    pub abandoned: u64,
    /// Left without an agent of the queue and without hanging up; lost ones too.
    pub flow_out: u64,
    /// Answered within the threshold.
    pub in_threshold: u64,
    /// Of everybody, whatever became of them.
    pub wait_ms: u64,
    pub wait_answered_ms: u64,
    /// Talk, hold and wrap-up of the answered.
    pub handle_ms: u64,
    pub staffed_ms: u64,
    pub busy_ms: u64,
}

fn share(over: u64, under: u64) -> Option<f64> {
    (under > 0).then(|| over as f64 / under as f64)
}
fn mean_s(ms: u64, n: u64) -> Option<f64> {
    share(ms, n).map(|ms| ms / 1000.0)
}

impl Tally {
    pub fn add(&mut self, stay: &Stay, threshold_ms: u64) {
        self.offered += 1;
        self.wait_ms += stay.wait_ms;
        match stay.end {
            StayEnd::Answered => {
                self.answered += 1;
                self.in_threshold += u64::from(stay.wait_ms <= threshold_ms);
                self.wait_answered_ms += stay.wait_ms;
                self.handle_ms += stay.talk_ms + stay.hold_ms + stay.wrap_up_ms;
            }
            StayEnd::Abandoned => self.abandoned += 1,
            StayEnd::FlowOut | StayEnd::Lost => self.flow_out += 1,
            StayEnd::Waiting => {}
        }
    }

    pub fn join(&mut self, other: &Tally) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.abandoned += other.abandoned;
        self.flow_out += other.flow_out;
        self.in_threshold += other.in_threshold;
        self.wait_ms += other.wait_ms;
        self.wait_answered_ms += other.wait_answered_ms;
        self.handle_ms += other.handle_ms;
        self.staffed_ms += other.staffed_ms;
        self.busy_ms += other.busy_ms;
    }

    /// Answered within the threshold / offered.
    pub fn service_level(&self) -> Option<f64> {
        share(self.in_threshold, self.offered)
    }
    pub fn abandon(&self) -> Option<f64> {
        share(self.abandoned, self.offered)
    }
    /// Mean wait of all, as the formulas have it.
    pub fn asa_s(&self) -> Option<f64> {
        mean_s(self.wait_ms, self.offered)
    }
    pub fn asa_answered_s(&self) -> Option<f64> {
        mean_s(self.wait_answered_ms, self.answered)
    }
    pub fn aht_s(&self) -> Option<f64> {
        mean_s(self.handle_ms, self.answered)
    }
    pub fn occupancy(&self) -> Option<f64> {
        share(self.busy_ms, self.staffed_ms)
    }
    pub fn patience_s(&self) -> Option<f64> {
        patience_s(self.wait_ms, self.abandoned)
    }
}

/// Mean patience of callers who give up after an exponentially distributed time: all the time that anybody waited / the number who
/// gave up. Those who were answered or sent on count with what they waited, for they would have waited longer (maximum likelihood
/// of a censored exponential; Mandelbaum and Zeltyn, "Data-stories about (im)patient customers", 2013). None when nobody gave up.
pub fn patience_s(wait_ms: u64, abandoned: u64) -> Option<f64> {
    mean_s(wait_ms, abandoned).filter(|s| *s > 0.0)
}

/// A day, or the sum of several days laid over each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Laid over each other.
    pub days: u32,
    pub total: Tally,
    /// By quarter of an hour from midnight, `INTERVALS` of them.
    pub intervals: Vec<Tally>,
}

impl Default for Measured {
    fn default() -> Self {
        Self { days: 0, total: Tally::default(), intervals: vec![Tally::default(); INTERVALS] }
    }
}

/// Lays the day that begins at `midnight` over what is there. `stays` and `agents`: those of the queue in question, other days'
/// are passed over.
pub fn measure<'a>(
    into: &mut Measured,
    midnight: Timestamp,
    threshold_ms: impl Fn(&Stay) -> u64,
    stays: impl IntoIterator<Item = &'a Stay>,
    agents: impl IntoIterator<Item = &'a Presence>,
) {
    into.days += 1;
    let end = midnight.plus_ms(INTERVAL_MS * INTERVALS as u64);
    for stay in stays.into_iter().filter(|s| s.at >= midnight && s.at < end) {
        let mut one = Tally::default();
        one.add(stay, threshold_ms(stay));
        into.join((stay.at.ms_since(midnight) / INTERVAL_MS) as usize, &one);
    }
    for agent in agents {
        for (spans, is_busy) in [(&agent.staffed, false), (&agent.busy, true)] {
            for (from, to) in spans.iter().filter(|s| s.1 > midnight && s.0 < end) {
                into.credit(from.ms_since(midnight), to.ms_since(midnight), is_busy);
            }
        }
    }
}

impl Measured {
    fn join(&mut self, interval: usize, one: &Tally) {
        if let Some(cell) = self.intervals.get_mut(interval) {
            cell.join(one);
            self.total.join(one);
        }
    }

    /// Time from and to after midnight, split at the borders.
    fn credit(&mut self, mut from_ms: u64, to_ms: u64, is_busy: bool) {
        let to_ms = to_ms.min(INTERVAL_MS * INTERVALS as u64);
        while from_ms < to_ms {
            let border = ((from_ms / INTERVAL_MS + 1) * INTERVAL_MS).min(to_ms);
            let ms = border - from_ms;
            let one = if is_busy { Tally { busy_ms: ms, ..Tally::default() } } else { Tally { staffed_ms: ms, ..Tally::default() } };
            self.join((from_ms / INTERVAL_MS) as usize, &one);
            from_ms = border;
        }
    }
}
