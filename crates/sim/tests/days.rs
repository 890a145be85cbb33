//! Whole days through the real router: rules hold at every step, and what a scenario says is what happens.
use domain::config::Overflow;
use sim::scenario::{AgentGroup, Arrivals, Crew, Distribution, Membership, QueueSetup, Replay, Shift};
use sim::{Figures, QueuesReport, Report, Scenario, simulate, what_if};

fn run(scenario: &Scenario) -> QueuesReport {
    match simulate(scenario).unwrap_or_else(|e| panic!("{e}")) {
        Report::Queues(report) => *report,
        Report::Single(_) => panic!("not the full form"),
    }
}

fn of(measure: sim::Measure) -> f64 {
    measure.value.unwrap_or(f64::NAN)
}

fn per_hour(per_hour: f64) -> Option<Arrivals> {
    Some(Arrivals { per_hour: Some(per_hour), ..Arrivals::default() })
}

const fn exponential(mean_s: f64) -> Distribution {
    Distribution::Exponential { mean_s }
}

/// Two queues that share agents, impatient callers, agents that take their time, refuse or do not answer at all.
fn busy(seed: u64) -> Scenario {
    let queue = |key: &str| QueueSetup {
        wait_max_ms: 300_000,
        arrivals: per_hour(120.0),
        patience: Some(exponential(120.0)),
        wrap_up: Some(Distribution::Lognormal { mean_s: 15.0, sd_s: 10.0 }),
        ..QueueSetup::new(key)
    };
    let group =
        |count, queues: &[&str]| AgentGroup { answer_delay: Some(exponential(7.0)), decline_share: 0.1, ..AgentGroup::new(count, queues) };
    let second = QueueSetup { queue_len_max: 3, overflow: Overflow::Queue { queue: "q1".into() }, ..queue("q2") };
    Scenario {
        seed: Some(seed),
        check: Some(true),
        hours: Some(3.0),
        replications: Some(1),
        queues: vec![queue("q1"), second],
        agents: Some(Crew::Groups(vec![group(4, &["q1"]), group(3, &["q1", "q2"]), group(4, &["q2"])])),
        ..Scenario::default()
    }
}

fn adds_up(f: &Figures) {
    let sum = of(f.answered) + of(f.abandoned) + of(f.overflowed);
    assert!((of(f.offered) - sum).abs() < 1e-9, "{f:?}");
}

#[test]
fn the_rules_hold_through_busy_days_and_nobody_is_lost() {
    let (mut answered, mut abandoned, mut overflowed) = (0.0, 0.0, 0.0);
    for seed in 0..12 {
        let report = run(&busy(seed));
        adds_up(&report.total);
        for queue in &report.queues {
            adds_up(&queue.total);
            queue.intervals.iter().for_each(|i| adds_up(&i.figures));
            let quarters: f64 = queue.intervals.iter().map(|i| of(i.figures.offered)).sum();
            assert!((quarters - of(queue.total.offered)).abs() < 1e-9);
        }
        answered += of(report.total.answered);
        abandoned += of(report.total.abandoned);
        overflowed += of(report.queues[1].total.overflowed);
    }
    // Every way to leave was taken, else the rules were not tried.
    for n in [answered, abandoned, overflowed] {
        assert!(n > 50.0, "{answered} {abandoned} {overflowed}");
    }
}

#[test]
fn a_seed_gives_the_same_day_again_checked_or_not() {
    assert_eq!(run(&busy(3)), run(&busy(3)));
    assert_eq!(run(&busy(3)), run(&Scenario { check: Some(false), ..busy(3) }));
    assert_ne!(run(&busy(3)), run(&busy(4)));
}

#[test]
fn profile_and_shifts_follow_the_clock() {
    let profile = Arrivals { per_hour: None, interval_min: Some(30), from_h: Some(8.0), calls: Some(vec![20.0, 60.0, 0.0, 40.0]) };
    let shift = |from_h, to_h| vec![Shift::daily(from_h, to_h)];
    let scenario = Scenario {
        hours: Some(4.0),
        start_h: Some(7.0),
        replications: Some(40),
        check: Some(false),
        queues: vec![QueueSetup { arrivals: Some(profile), patience: Some(exponential(60.0)), ..QueueSetup::new("q") }],
        agents: Some(Crew::Groups(vec![
            AgentGroup { shifts: shift(8.0, 9.0), ..AgentGroup::new(8, &["q"]) },
            AgentGroup { shifts: shift(8.5, 9.0), ..AgentGroup::new(4, &["q"]) },
            AgentGroup { shifts: shift(22.0, 7.5), ..AgentGroup::new(3, &["q"]) },
        ])),
        ..Scenario::default()
    };
    let report = run(&scenario);
    assert_eq!(report.intervals.len(), 16);
    // 7:00 to 11:00 in quarters: nobody before 8, then 10, 10, 30, 30, none, none, 20, 20.
    let expected = [0.0, 0.0, 0.0, 0.0, 10.0, 10.0, 30.0, 30.0, 0.0, 0.0, 20.0, 20.0, 0.0, 0.0, 0.0, 0.0];
    for (interval, expected) in report.intervals.iter().zip(expected) {
        let got = of(interval.figures.offered);
        assert!((got - expected).abs() <= 4.0 * (expected / 40.0f64).sqrt(), "{}: {got}, expected {expected}", interval.at_ms);
    }
    // The night shift ends at 7:30; it is there and idle, then nobody is.
    assert_eq!(of(report.intervals[1].figures.occupancy), 0.0);
    assert_eq!(report.intervals[2].figures.occupancy.value, None);
    assert!(of(report.intervals[6].figures.occupancy) > 0.4);
    // From 9:30 callers find nobody and all of them give up.
    assert_eq!(of(report.intervals[10].figures.answered), 0.0);
    assert_eq!(of(report.intervals[10].figures.abandon), 1.0);
    let half = report.total.offered.half_width().unwrap();
    assert!((0.1..10.0).contains(&half), "40 days of 120 calls: {half}");
}

#[test]
fn a_replay_is_what_it_says() {
    let at =
        |at_ms, handle_ms, patience_ms| Replay { at_ms, queue: "q".into(), handle_ms: Some(handle_ms), patience_ms, ..Replay::default() };
    let scenario = Scenario {
        hours: Some(1.0),
        replications: Some(1),
        queues: vec![QueueSetup { wrap_up: Some(Distribution::Deterministic { value_s: 10.0 }), ..QueueSetup::new("q") }],
        agents: Some(Crew::Groups(vec![AgentGroup {
            answer_delay: Some(Distribution::Deterministic { value_s: 2.0 }),
            ..AgentGroup::new(1, &["q"])
        }])),
        // Out of order on purpose. The first talks 2 … 62 s, wrapped up at 72; the second waits 30 … 74; the third gives up at 45.
        replay: vec![at(40_000, 1_000, Some(5_000)), at(0, 60_000, None), at(30_000, 100_000, None)],
        ..Scenario::default()
    };
    let total = run(&scenario).total;
    assert_eq!([of(total.offered), of(total.answered), of(total.abandoned)], [3.0, 2.0, 1.0]);
    assert!((of(total.asa_answered_s) - (2.0 + 44.0) / 2.0).abs() < 1e-6, "{total:?}");
    assert!((of(total.asa_s) - (2.0 + 44.0 + 5.0) / 3.0).abs() < 1e-6);
    assert!((of(total.p_wait) - 2.0 / 3.0).abs() < 1e-9);
    assert!((of(total.service_level) - 1.0 / 3.0).abs() < 1e-9);
    assert!((of(total.occupancy) - (60.0 + 10.0 + 100.0 + 10.0) / 3600.0).abs() < 1e-9);
    assert_eq!(total.asa_s.low, None, "one replication has no interval");
}

#[test]
fn what_if_knows_more_than_two_separate_runs() {
    let base = Scenario {
        hours: Some(6.0),
        replications: Some(12),
        check: Some(false),
        queues: vec![
            QueueSetup { arrivals: per_hour(150.0), patience: Some(exponential(90.0)), ..QueueSetup::new("sales") },
            QueueSetup { arrivals: per_hour(60.0), patience: Some(exponential(90.0)), ..QueueSetup::new("service") },
        ],
        agents: Some(Crew::Groups(vec![AgentGroup::new(7, &["sales"]), AgentGroup::new(3, &["service"])])),
        ..Scenario::default()
    };
    let mut changed = base.clone();
    changed.agents = Some(Crew::Groups(vec![AgentGroup::new(8, &["sales"]), AgentGroup::new(3, &["service"])]));
    let comparison = what_if(&base, &changed).unwrap();
    let sales = &comparison.queues[0].difference;
    let separate = |f: fn(&Figures) -> sim::Measure| {
        let half = |of: &Figures| f(of).half_width().unwrap();
        half(&sales.base).hypot(half(&sales.changed))
    };
    let paired = sales.difference.service_level.half_width().unwrap();
    assert!(paired < 0.75 * separate(|f| f.service_level), "{paired}: {comparison:?}");
    assert!(sales.difference.asa_s.half_width().unwrap() < 0.9 * separate(|f| f.asa_s));
    // One agent more helps, certainly; the other queue's callers notice nothing at all.
    assert!(sales.difference.service_level.low.unwrap() > 0.0 && sales.difference.abandon.high.unwrap() < 0.0);
    let service = &comparison.queues[1].difference.difference;
    assert_eq!((of(service.asa_s), of(service.abandon)), (0.0, 0.0));
    assert!(of(comparison.total.difference.occupancy) < 0.0);
}

#[test]
fn a_single_queue_can_be_compared_too() {
    let base = Scenario { hours: Some(5.0), check: Some(false), ..Scenario::single(120.0, 180.0, 7, Some(120.0)) };
    let more = Scenario { agents: Some(Crew::Count(8)), ..base.clone() };
    let comparison = what_if(&base, &more).unwrap();
    assert_eq!((comparison.replications, comparison.queues.len()), (10, 1));
    assert!(comparison.total.difference.service_level.low.unwrap() > 0.0, "{comparison:?}");
    let same = what_if(&base, &base).unwrap().total.difference;
    assert_eq!((same.asa_s.value, same.asa_s.half_width()), (Some(0.0), Some(0.0)));
}

#[test]
fn levels_and_unknown_queues() {
    let mut group = AgentGroup::new(1, &["q1", "q2"]);
    group.queues.push(Membership { queue: "nowhere".into(), level: 1 });
    let scenario = Scenario { agents: Some(Crew::Groups(vec![group])), ..busy(1) };
    let error = simulate(&scenario).unwrap_err().to_string();
    assert_eq!(error, "agents[0].queues[2].queue: there is no queue \"nowhere\"; name one of: q1, q2");
}
