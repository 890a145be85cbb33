//! Synthetic days of one queue, all from a seed: what is promised to each caller is compared with what each would have waited.
use super::past::quantile;
use super::*;
use std::collections::BTreeSet;

/// splitmix64 (Steele, Lea and Flood 2014).
struct Seeded(u64);
impl Seeded {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) + 1) as f64 / (1u64 << 53) as f64
    }
    fn exponential(&mut self, mean: f64) -> f64 {
        -self.unit().ln() * mean
    }
}

/// A stretch of the day: from when, how many agents, gaps between calls and handle times, ms.
struct Stretch {
    from_ms: f64,
    agents: usize,
    gap_ms: f64,
    handle_ms: f64,
}

struct Day {
    stretches: Vec<Stretch>,
    until_ms: f64,
    patience_ms: Option<f64>,
    connect_ms: f64,
    /// Handle times are lognormal with this σ instead of exponential.
    lognormal: Option<f64>,
}

/// One caller: when, what was promised, what the naive average said, and the wait if they stay for ever.
struct Caller {
    at_ms: f64,
    promise: Option<Estimate>,
    naive_ms: f64,
    stays_ms: f64,
    patience_ms: f64,
    begins_ms: f64,
    handle_ms: f64,
}

#[derive(Debug)]
struct Outcome {
    waits: usize,
    gave_up: f64,
    median_wait_s: f64,
    calibrated_s: f64,
    naive_s: f64,
    coverage: f64,
    coverage_answered: f64,
    quality: Quality,
    speakable: bool,
}

/// What becomes known at a moment; ordered by time, then by caller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum News {
    Answered,
    GaveUp,
    Handled,
}

impl Day {
    fn stretch(&self, at_ms: f64) -> &Stretch {
        self.stretches.iter().rev().find(|s| s.from_ms <= at_ms).unwrap_or(&self.stretches[0])
    }

    fn handle(&self, at_ms: f64, seeded: &mut Seeded) -> f64 {
        let mean = self.stretch(at_ms).handle_ms;
        match self.lognormal {
            None => seeded.exponential(mean),
            Some(sigma) => {
                let normal = (-2.0 * seeded.unit().ln()).sqrt() * (std::f64::consts::TAU * seeded.unit()).cos();
                mean * (sigma * normal - sigma * sigma / 2.0).exp()
            }
        }
    }

    /// First come, first served: each agent is the time at which it is free. An agent who goes stays until the call's end.
    fn run(&self, seed: u64) -> Outcome {
        let mut seeded = Seeded(seed);
        let mut estimator = Estimator::default();
        let mut callers: Vec<Caller> = Vec::new();
        let mut news: BTreeSet<(u64, News, usize)> = BTreeSet::new();
        let mut free: Vec<f64> = vec![0.0; self.stretches[0].agents];
        let (mut now, mut waits_sum, mut waits_seen) = (0.0, 0.0, 0.0);
        loop {
            now += seeded.exponential(self.stretch(now).gap_ms);
            if now > self.until_ms {
                break;
            }
            while let Some((at, what, i)) = news.first().copied().filter(|(at, ..)| *at as f64 <= now) {
                news.remove(&(at, what, i));
                let c = &callers[i];
                let waited = c.stays_ms.min(c.patience_ms);
                match what {
                    News::Handled => estimator.handled(c.handle_ms as u64),
                    News::Answered | News::GaveUp => {
                        (waits_sum, waits_seen) = (waits_sum + waited, waits_seen + 1.0);
                        if let Some(p) = &c.promise {
                            if what == News::Answered { estimator.answered(p, waited as u64) } else { estimator.gave_up(p, waited as u64) }
                        }
                    }
                }
            }
            free.sort_by(f64::total_cmp);
            let agents = self.stretch(now).agents;
            free.resize(agents, now);
            let idle = free.iter().filter(|f| **f <= now).count();
            let ahead = callers.iter().rev().take(2_000).filter(|c| c.begins_ms > now && c.at_ms + c.patience_ms > now).count();
            let facts = Facts { position: ahead as u32 + 1, agents_idle: idle as u32, agents_busy: (agents - idle) as u32 };
            let promise = estimator.estimate(&facts);
            // The wait if they stay: the first agent to be free, then the ringing.
            let begins_ms = free[0].max(now);
            let ringing = self.connect_ms * (0.5 + seeded.unit());
            let handle_ms = self.handle(begins_ms, &mut seeded);
            let stays_ms = begins_ms - now + ringing;
            let patience_ms = self.patience_ms.map_or(f64::INFINITY, |mean| seeded.exponential(mean)).max(1.0);
            let stays = patience_ms >= begins_ms - now;
            let patience_ms = if stays { f64::INFINITY } else { patience_ms };
            let i = callers.len();
            if stays {
                free[0] = begins_ms + ringing + handle_ms;
                news.insert(((now + stays_ms) as u64, News::Answered, i));
                news.insert((free[0] as u64, News::Handled, i));
                if idle > 0 {
                    estimator.connected_at_once(ringing as u64);
                }
            } else {
                news.insert(((now + patience_ms) as u64, News::GaveUp, i));
            }
            let naive_ms = if waits_seen > 0.0 { waits_sum / waits_seen } else { 0.0 };
            callers.push(Caller { at_ms: now, promise, naive_ms, stays_ms, patience_ms, begins_ms, handle_ms });
        }
        result(&callers, &estimator)
    }
}

/// Over those who found everybody busy, the first fifty left out: a promise matters only to them.
fn result(callers: &[Caller], estimator: &Estimator) -> Outcome {
    let judged: Vec<(&Caller, Estimate)> =
        callers.iter().skip(50).filter(|c| c.begins_ms > c.at_ms).filter_map(|c| Some((c, c.promise?))).collect();
    let median = |values: Vec<f64>| {
        let mut values = values;
        values.sort_by(f64::total_cmp);
        quantile(&values, 0.5) / 1000.0
    };
    let kept = |of: &[&(&Caller, Estimate)]| of.iter().filter(|(c, p)| c.stays_ms <= p.p90_ms as f64).count() as f64 / of.len() as f64;
    let answered: Vec<_> = judged.iter().filter(|(c, _)| c.patience_ms.is_infinite()).collect();
    Outcome {
        waits: judged.len(),
        gave_up: 1.0 - answered.len() as f64 / judged.len() as f64,
        median_wait_s: median(judged.iter().map(|(c, _)| c.stays_ms).collect()),
        calibrated_s: median(judged.iter().map(|(c, p)| (c.stays_ms - p.p50_ms as f64).abs()).collect()),
        naive_s: median(judged.iter().map(|(c, _)| (c.stays_ms - c.naive_ms).abs()).collect()),
        coverage: kept(&judged.iter().collect::<Vec<_>>()),
        coverage_answered: kept(&answered),
        quality: estimator.quality(),
        speakable: estimator.speakable(),
    }
}

const HOUR_MS: f64 = 3_600_000.0;

/// The calibrated estimate must beat the average of all waits, and nine of ten waits must end within its P90.
#[track_caller]
fn check(name: &str, day: &Day) {
    for seed in 1..=5 {
        let r = day.run(seed);
        println!(
            "{name} seed {seed}: {} waits, median {:.0} s, {:.0} % gave up; error {:.0} s, naive {:.0} s; P90 covers {:.1} % ({:.1} % of the \
             answered); speakable {} {:?}",
            r.waits,
            r.median_wait_s,
            100.0 * r.gave_up,
            r.calibrated_s,
            r.naive_s,
            100.0 * r.coverage,
            100.0 * r.coverage_answered,
            r.speakable,
            r.quality
        );
        assert!(r.waits > 300, "{name} {seed}: a test of something");
        assert!(r.calibrated_s < 0.8 * r.naive_s, "{name} {seed}: {} s against {} s", r.calibrated_s, r.naive_s);
        assert!((0.85..=0.95).contains(&r.coverage), "{name} {seed}: P90 coverage {}", r.coverage);
    }
}

fn steady(agents: usize, gap_ms: f64, handle_ms: f64) -> Vec<Stretch> {
    vec![Stretch { from_ms: 0.0, agents, gap_ms, handle_ms }]
}

#[test]
fn a_day_of_patient_callers() {
    // M/M/10 at 95 % load.
    let day = Day {
        stretches: steady(10, 18_947.0, 180_000.0),
        until_ms: 24.0 * HOUR_MS,
        patience_ms: None,
        connect_ms: 4_000.0,
        lognormal: None,
    };
    check("M/M/c", &day);
}

#[test]
fn a_day_of_impatient_callers() {
    // M/M/10+M at 110 % load, patience five minutes.
    let day = Day {
        stretches: steady(10, 16_364.0, 180_000.0),
        until_ms: 12.0 * HOUR_MS,
        patience_ms: Some(300_000.0),
        connect_ms: 4_000.0,
        lognormal: None,
    };
    check("M/M/c+M", &day);
}

#[test]
fn a_day_on_which_everything_changes() {
    // Quiet; then half again as many calls that take twice as long; then a third of the agents leave; then quiet again.
    let stretches = vec![
        Stretch { from_ms: 0.0, agents: 30, gap_ms: 6_500.0, handle_ms: 180_000.0 },
        Stretch { from_ms: 3.0 * HOUR_MS, agents: 30, gap_ms: 5_000.0, handle_ms: 360_000.0 },
        Stretch { from_ms: 6.0 * HOUR_MS, agents: 20, gap_ms: 6_500.0, handle_ms: 360_000.0 },
        Stretch { from_ms: 9.0 * HOUR_MS, agents: 30, gap_ms: 6_500.0, handle_ms: 180_000.0 },
    ];
    let day = Day { stretches, until_ms: 12.0 * HOUR_MS, patience_ms: Some(600_000.0), connect_ms: 4_000.0, lognormal: None };
    check("sudden change", &day);
}

#[test]
fn handle_times_that_no_model_knows() {
    // Lognormal handle times, σ 1: the model is wrong, the calibration is not.
    let day = Day {
        stretches: steady(6, 30_000.0, 180_000.0),
        until_ms: 24.0 * HOUR_MS,
        patience_ms: Some(400_000.0),
        connect_ms: 8_000.0,
        lognormal: Some(1.0),
    };
    check("lognormal", &day);
}

#[test]
fn nothing_is_said_before_enough_is_known_or_while_it_is_wrong() {
    let facts = Facts { position: 10, agents_idle: 0, agents_busy: 5 };
    let mut queue = Estimator::default();
    for n in 0..30 {
        assert!(!queue.speakable(), "after {n} waits");
        let promise = queue.estimate(&facts).unwrap();
        queue.answered(&promise, promise.p50_ms);
    }
    assert!(queue.speakable());
    // Waits five times as long as promised: silent within the window, and corrected in time.
    let mut silent = 0;
    for _ in 0..600 {
        let promise = queue.estimate(&facts).unwrap();
        queue.answered(&promise, 1_800_000);
        silent += u32::from(!queue.speakable());
    }
    assert!((50..400).contains(&silent), "{silent}");
    assert!(queue.speakable(), "{:?}", queue.quality());
    let promise = queue.estimate(&facts).unwrap();
    assert!((1_600_000..2_000_000).contains(&promise.p50_ms), "{promise:?}");
}

#[test]
fn no_agents_no_promise_and_no_input_breaks_it() {
    let mut queue = Estimator::default();
    assert_eq!(queue.estimate(&Facts { position: 1, agents_idle: 0, agents_busy: 0 }), None);
    let idle = queue.estimate(&Facts { position: 1, agents_idle: 2, agents_busy: 0 }).unwrap();
    assert_eq!((idle.p50_ms, idle.p90_ms, idle.spoken()), (4_000, 8_000, Spoken::UnderOneMinute));
    let numbers = [0, 1, 60_000, u64::MAX];
    for handle in numbers {
        for waited in numbers {
            queue.handled(handle);
            queue.connected_at_once(waited);
            for position in [0, 1, 40, u32::MAX] {
                let facts = Facts { position, agents_idle: 0, agents_busy: 1 + position / 2 };
                let promise = queue.estimate(&facts).unwrap();
                assert!(promise.p50_ms <= promise.p90_ms);
                queue.answered(&promise, waited);
                queue.gave_up(&promise, handle);
            }
        }
    }
    assert!(queue.quality().coverage_p90.is_finite());
}

#[test]
fn its_memory_is_bounded_and_can_be_kept() {
    let mut queue = Estimator::default();
    let promise = queue.estimate(&Facts { position: 3, agents_idle: 0, agents_busy: 4 }).unwrap();
    for n in 0..10_000 {
        queue.answered(&promise, n);
        queue.handled(n);
    }
    assert_eq!(queue.quality().samples as usize, PAST_MAX);
    let text = serde_json::to_string(&queue).unwrap();
    assert!(text.len() < 40_000, "{}", text.len());
    let again: Estimator = serde_json::from_str(&text).unwrap();
    assert_eq!(again.quality().samples, queue.quality().samples);
    assert!(toml::from_str::<Limits>("samples_min = 50").is_ok_and(|l| l.samples_min == 50 && l.coverage_min == 0.8));
}
