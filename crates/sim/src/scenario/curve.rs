//! A staffing curve as a scenario: what so many agents an interval make of so many calls, with all that the formulas leave out (calls
//! that last from one interval into the next, agents who finish their call after the shift).
use super::{AgentGroup, Arrivals, Crew, Distribution, QueueSetup, Scenario, Shift};
use std::collections::BTreeMap;

/// The only queue of it.
pub const CURVE_QUEUE: &str = "queue";

/// One queue's day. Interval by interval as long as both lists.
#[derive(Debug, Clone, Copy)]
pub struct Curve<'a> {
    /// Hour of the first interval, 0 … 24.
    pub from_h: f64,
    /// 15, 30 or 60.
    pub interval_min: u32,
    /// Calls of each interval.
    pub calls: &'a [f64],
    pub agents: &'a [u32],
    /// Talk, hold and wrap-up; exponential, as the formulas have it.
    pub aht_s: f64,
    /// None: callers wait for ever.
    pub patience_s: Option<f64>,
    pub threshold_s: f64,
}

impl Curve<'_> {
    pub fn scenario(&self) -> Scenario {
        let queue = QueueSetup {
            threshold_s: self.threshold_s,
            arrivals: Some(Arrivals {
                interval_min: Some(self.interval_min),
                from_h: Some(self.from_h),
                calls: Some(self.calls.to_vec()),
                ..Arrivals::default()
            }),
            handling: Distribution::Exponential { mean_s: self.aht_s },
            patience: self.patience_s.map(|mean_s| Distribution::Exponential { mean_s }),
            queue_len_max: u32::MAX,
            ..QueueSetup::new(CURVE_QUEUE)
        };
        Scenario {
            check: Some(false),
            hours: Some(self.hour(self.calls.len()) - self.from_h),
            start_h: Some(self.from_h),
            agents: Some(Crew::Groups(self.groups())),
            queues: vec![queue],
            ..Scenario::default()
        }
    }

    /// When interval `n` begins.
    fn hour(&self, n: usize) -> f64 {
        self.from_h + n as f64 * f64::from(self.interval_min) / 60.0
    }

    /// The agent of number k is there in all intervals that need more than k; those with the same hours are one group.
    fn groups(&self) -> Vec<AgentGroup> {
        let mut alike: BTreeMap<Vec<(usize, usize)>, u32> = BTreeMap::new();
        let most = self.agents.iter().copied().max().unwrap_or(0);
        for k in 0..most {
            let mut runs: Vec<(usize, usize)> = Vec::new();
            for (n, _) in self.agents.iter().enumerate().filter(|(_, agents)| **agents > k) {
                match runs.last_mut() {
                    Some(run) if run.1 == n => run.1 = n + 1,
                    _ => runs.push((n, n + 1)),
                }
            }
            *alike.entry(runs).or_default() += 1;
        }
        let group = |(runs, count): (Vec<(usize, usize)>, u32)| AgentGroup {
            shifts: runs.into_iter().map(|(from, to)| Shift { day: Some(0), ..Shift::daily(self.hour(from), self.hour(to)) }).collect(),
            ..AgentGroup::new(count, &[CURVE_QUEUE])
        };
        alike.into_iter().map(group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Measure, Report, simulate};

    const BASE: Curve<'static> = Curve {
        from_h: 8.0,
        interval_min: 30,
        calls: &[60.0, 60.0, 120.0, 60.0],
        agents: &[8, 8, 14, 8],
        aht_s: 180.0,
        patience_s: Some(120.0),
        threshold_s: 20.0,
    };

    #[test]
    fn agents_have_the_hours_of_the_curve() {
        let Some(Crew::Groups(groups)) = BASE.scenario().agents else { panic!("no groups") };
        let told: Vec<_> = groups.iter().map(|g| (g.count, g.shifts.iter().map(|s| (s.from_h, s.to_h)).collect::<Vec<_>>())).collect();
        assert_eq!(told, [(8, vec![(8.0, 10.0)]), (6, vec![(9.0, 9.5)])]);
        let nobody = Curve { agents: &[0, 0, 0, 0], ..BASE }.scenario();
        nobody.check().unwrap();
    }

    #[test]
    fn a_peak_is_felt_after_it() {
        let Ok(Report::Queues(report)) = simulate(&Scenario { replications: Some(40), ..BASE.scenario() }) else { panic!("no report") };
        let of = |m: Measure| m.value.unwrap();
        assert_eq!(report.intervals.len(), 8);
        assert!((of(report.total.offered) - 300.0).abs() < 12.0, "{:?}", report.total.offered);
        // The same calls and agents before and after the peak: after it the queue is not yet empty.
        let (before, after) = (of(report.intervals[2].figures.service_level), of(report.intervals[6].figures.service_level));
        assert!(after < before, "{after} {before}");
        let steady = domain::staffing::erlang_a(120.0 / 3600.0, 180.0, 120.0, 8, 20.0).unwrap();
        assert!((of(report.intervals[3].figures.service_level) - steady.service_level).abs() < 0.06);
    }
}
