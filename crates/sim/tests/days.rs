//! Whole days through the real router: rules hold at every step, and simple floors behave as queueing theory says.
use domain::config::{Label, Overflow, Queue, QueueMember, Strategy};
use domain::{QueueId, UserId};
use sim::{Report, Scenario, run};

fn user(n: usize) -> UserId {
    UserId(format!("00000000-0000-7000-8000-{n:012}").parse().unwrap())
}

fn queue(n: usize, members: impl Iterator<Item = usize>) -> Queue {
    Queue {
        id: QueueId(format!("00000000-0000-7000-9000-{n:012}").parse().unwrap()),
        key: format!("q{n}"),
        name: Label::default(),
        strategy: Strategy::LongestIdle,
        ring_timeout_ms: 20_000,
        wrap_up_ms: 0,
        queue_len_max: 10_000,
        wait_max_ms: 86_400_000,
        overflow: Overflow::HangUp { prompt: None },
        announce_every_ms: 0,
        music: "music".into(),
        record: true,
        service_level_threshold_s: 20,
        routing: Default::default(),
        members: members.map(|m| QueueMember::new(user(m), 1)).collect(),
    }
}

/// One queue, agents that answer at once, callers that wait for ever: M/M/c.
fn mmc(seed: u64, agents: usize, load_erlang: f64) -> Scenario {
    let talk_mean_ms = 180_000.0;
    Scenario {
        seed,
        queues: vec![queue(1, 1..=agents)],
        agents: (1..=agents).map(user).collect(),
        length_ms: 300 * 3_600_000,
        arrival_mean_ms: talk_mean_ms / load_erlang,
        talk_mean_ms,
        patience_mean_ms: 0.0,
        react_mean_ms: 0.0,
        decline_share: 0.0,
    }
}

/// Probability that a caller waits, by A. K. Erlang's second formula.
fn erlang_c(agents: usize, load: f64) -> f64 {
    let blocking = (1..=agents).fold(1.0, |b, n| load * b / (n as f64 + load * b));
    blocking / (1.0 - load / agents as f64 * (1.0 - blocking))
}

#[test]
fn one_queue_waits_as_erlang_says() {
    for (agents, load) in [(5, 4.0), (12, 10.0)] {
        let expected = erlang_c(agents, load);
        let mean_wait_ms = expected * 180_000.0 / (agents as f64 - load);
        let report = run(&mmc(1, agents, load)).unwrap();
        let waited = report.waited as f64 / report.answered as f64;
        let mean = report.wait_ms_total as f64 / report.answered as f64;
        assert_eq!(report.arrived, report.answered);
        assert!((waited - expected).abs() < 0.04, "{agents} agents: {waited} waited, {expected} expected");
        assert!((mean / mean_wait_ms - 1.0).abs() < 0.15, "{agents} agents: {mean} ms, {mean_wait_ms} expected");
    }
}

/// A floor where everything happens: two overlapping queues, impatient callers, slow and unwilling agents, wrap-up, limits.
fn busy(seed: u64) -> Scenario {
    let mut queues = vec![queue(1, 1..=6), queue(2, 4..=9)];
    queues[0].wrap_up_ms = 30_000;
    queues[0].overflow = Overflow::Queue { queue: "q2".into() };
    queues[0].queue_len_max = 3;
    queues[0].announce_every_ms = 15_000;
    queues[1].wait_max_ms = 60_000;
    Scenario {
        seed,
        queues,
        agents: (1..=9).map(user).collect(),
        length_ms: 4 * 3_600_000,
        arrival_mean_ms: 18_000.0,
        talk_mean_ms: 150_000.0,
        patience_mean_ms: 120_000.0,
        react_mean_ms: 7_000.0,
        decline_share: 0.1,
    }
}

#[test]
fn the_rules_hold_through_busy_days_and_nobody_is_lost() {
    let mut all = Report::default();
    for seed in 0..20 {
        let r = run(&busy(seed)).unwrap_or_else(|v| panic!("seed {seed}: {v}"));
        assert_eq!(r.arrived, r.answered + r.abandoned + r.overflowed, "seed {seed}: {r:?}");
        all.answered += r.answered;
        all.abandoned += r.abandoned;
        all.overflowed += r.overflowed;
        all.declined += r.declined;
        all.no_answer += r.no_answer;
    }
    // Every way to leave was taken, else the rules were not tried.
    for n in [all.answered, all.abandoned, all.overflowed, all.declined, all.no_answer] {
        assert!(n > 100, "{all:?}");
    }
}

#[test]
fn a_seed_gives_the_same_day_again() {
    assert_eq!(run(&busy(3)), run(&busy(3)));
    assert_ne!(run(&busy(3)), run(&busy(4)));
}
