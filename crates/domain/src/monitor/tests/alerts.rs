//! When alerts fire, hold, escalate and clear.
use super::*;

fn rule(id: &str, conditions: Vec<Condition>) -> Rule {
    let template = default_rules().remove(0);
    Rule { key: id.into(), each: None, level: AlertLevel::Critical, escalate_after_ms: Some(ESCALATE_AFTER_MS), conditions, ..template }
}
fn waiting_above(threshold: f64, for_ms: Option<u64>) -> Condition {
    Condition { metric: Metric::Waiting, scope: None, window: Window::Now, compare: Compare::Above, threshold, n_min: 0, for_ms }
}

/// A floor on which only `n` callers wait, at whatever time.
fn line(n: u128) -> Monitor {
    let mut tape = Tape::default();
    (0..n).for_each(|i| tape.queued(0, i, Q));
    tape.monitor(0, QueueOptions::default())
}

/// Evaluates and says what happened in one word each.
fn look(alerts: &mut Alerts, ms: u64, waiting: u128, rules: &[Rule]) -> Vec<&'static str> {
    let effects = alerts.evaluate(at(ms), &line(waiting), rules);
    effects
        .iter()
        .map(|e| match e {
            AlertEffect::Fired { .. } => "fired",
            AlertEffect::Escalated { .. } => "escalated",
            AlertEffect::Cleared { why: ClearedWhy::Recovered, .. } => "cleared",
            AlertEffect::Cleared { why: ClearedWhy::Withdrawn, .. } => "withdrawn",
        })
        .collect()
}

#[test]
fn fires_at_the_first_evaluation_after_its_duration() {
    let rules = [rule("r", vec![waiting_above(50.0, Some(10_000))])];
    let mut a = Alerts::default();
    for (ms, waiting, expected) in
        [(0, 50, ""), (1_000, 51, ""), (10_999, 51, ""), (11_000, 51, "fired"), (12_000, 60, ""), (13_000, 46, ""), (14_000, 45, "cleared")]
    {
        assert_eq!(look(&mut a, ms, waiting, &rules).join(","), expected, "{ms}");
    }
    // The hysteresis is for what fires; a new beginning needs the threshold again.
    assert_eq!(look(&mut a, 15_000, 50, &rules), [""; 0]);
    let rules = [rule("r", vec![waiting_above(50.0, Some(0))])];
    assert_eq!(look(&mut Alerts::default(), 0, 51, &rules), ["fired"]);
    assert_eq!(look(&mut Alerts::default(), 0, 50, &rules), [""; 0]);
    let defaults = default_rules();
    let mut a = Alerts::default();
    let effects = a.evaluate(at(0), &line(51), &defaults);
    let ids: Vec<&str> =
        effects.iter().filter_map(|e| if let AlertEffect::Fired { alert } = e { Some(alert.rule.as_str()) } else { None }).collect();
    assert_eq!(ids, ["waiting_warn", "waiting_critical"]);
    assert!(a.active().all(|alert| alert.scope == queue(Q) && alert.value == Some(51.0)));
}

#[test]
fn without_a_duration_two_evaluations_running() {
    let rules = [rule("r", vec![waiting_above(5.0, None)])];
    let mut a = Alerts::default();
    let seen: Vec<String> =
        [6, 5, 6, 6, 6, 4].iter().enumerate().map(|(i, n)| look(&mut a, i as u64 * 1000, *n, &rules).join(",")).collect();
    assert_eq!(seen, ["", "", "", "fired", "", "cleared"]);
}

#[test]
fn all_and_any() {
    let both = vec![waiting_above(5.0, Some(0)), waiting_above(9.0, Some(0))];
    let all = [rule("all", both.clone())];
    let any = [Rule { join: Join::Any, ..rule("any", both) }];
    assert_eq!(look(&mut Alerts::default(), 0, 6, &all), [""; 0]);
    assert_eq!(look(&mut Alerts::default(), 0, 10, &all), ["fired"]);
    assert_eq!(look(&mut Alerts::default(), 0, 6, &any), ["fired"]);
}

#[test]
fn escalates_once_unless_somebody_has_seen_it() {
    let rules = [rule("r", vec![waiting_above(5.0, Some(0))])];
    let mut a = Alerts::default();
    assert_eq!(look(&mut a, 0, 9, &rules), ["fired"]);
    assert_eq!(look(&mut a, ESCALATE_AFTER_MS - 1, 9, &rules), [""; 0]);
    assert_eq!(look(&mut a, ESCALATE_AFTER_MS, 9, &rules), ["escalated"]);
    assert_eq!(look(&mut a, 2 * ESCALATE_AFTER_MS, 9, &rules), [""; 0]);

    let mut a = Alerts::default();
    look(&mut a, 0, 9, &rules);
    let number = a.active().next().unwrap().number;
    assert_eq!(a.acknowledge(at(1000), number, ALICE).unwrap().acknowledged, Some(Acknowledged { by: ALICE, at: at(1000) }));
    assert_eq!(a.acknowledge(at(2000), number, BOB).map(drop), Err(AlertError::Acknowledged(number)));
    assert_eq!(a.acknowledge(at(2000), 77, BOB).map(drop), Err(AlertError::NotActive(77)));
    assert_eq!(look(&mut a, ESCALATE_AFTER_MS, 9, &rules), [""; 0]);
    let effects = a.evaluate(at(ESCALATE_AFTER_MS + 1), &line(0), &rules);
    let [AlertEffect::Cleared { alert: past, why: ClearedWhy::Recovered }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!((past.cleared_at, past.acknowledged.is_some()), (Some(at(ESCALATE_AFTER_MS + 1)), true));
}

#[test]
fn muted_it_is_silent_and_fires_afterwards_if_it_still_holds() {
    let mut r = rule("r", vec![waiting_above(5.0, Some(0))]);
    r.mutes = vec![Mute::Once { from: at(0), until: at(10_000) }];
    let rules = [r];
    let mut a = Alerts::default();
    assert_eq!(look(&mut a, 0, 9, &rules), [""; 0]);
    assert_eq!(look(&mut a, 10_000, 9, &rules), ["fired"]);
    // START is 08:00 UTC, 16:00 in China.
    let daily = |from_min, until_min| Mute::Daily { from_min, until_min }.covers(START, CHINA_S);
    assert_eq!((daily(960, 961), daily(959, 960), daily(1200, 961), daily(961, 960)), (true, false, true, false));
}

#[test]
fn a_rule_that_goes_takes_its_alerts_along() {
    let rules = [rule("r", vec![waiting_above(5.0, Some(0))])];
    let mut a = Alerts::default();
    look(&mut a, 0, 9, &rules);
    assert_eq!(look(&mut a, 1000, 9, &[]), ["withdrawn"]);
    assert_eq!(a.active().count(), 0);
    let mut off = rules.clone();
    off[0].enabled = false;
    assert_eq!(look(&mut a, 2000, 9, &off), [""; 0]);
}

#[test]
fn numbers_go_on_after_those_of_an_earlier_run() {
    let rules = [rule("r", vec![waiting_above(5.0, Some(0))])];
    let mut a = Alerts::after(41);
    look(&mut a, 0, 9, &rules);
    let first = a.active().next().unwrap();
    assert_eq!((first.number, first.metric), (42, Metric::Waiting));
}

#[test]
fn small_samples_say_nothing() {
    let mut condition = waiting_above(0.0, Some(0));
    (condition.metric, condition.window, condition.compare, condition.threshold) = (Metric::Sl1, Window::Last15Min, Compare::Below, 80.0);
    condition.n_min = 20;
    let rules = [rule("sl", vec![condition])];
    for (calls, fires) in [(19, false), (20, true)] {
        let mut tape = Tape::default();
        (0..calls).for_each(|n| tape.visit(0, n, 30_000, "answered"));
        let m = tape.monitor(60_000, QueueOptions::default());
        assert_eq!(Alerts::default().evaluate(at(60_000), &m, &rules).len(), usize::from(fires), "{calls}");
    }
}

#[test]
fn clearing_points() {
    let at = |metric, compare, threshold| Condition { metric, compare, threshold, ..waiting_above(0.0, None) }.clear_at(CLEAR_RATIO);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    close(at(Metric::Waiting, Compare::Above, 50.0), 45.0);
    close(at(Metric::Sl1, Compare::Below, 80.0), 82.0);
    close(at(Metric::AnswerRate, Compare::Below, 95.0), 95.5);
    close(at(Metric::AgentsAvailable, Compare::Below, 1.0), 1.0);
}

#[test]
fn rules_are_checked_before_use() {
    let good = default_rules();
    assert_eq!(check_rules(&good), Ok(()));
    assert!(good.iter().all(|r| !r.name.zh.is_empty() && !r.name.en.is_empty()));
    let json = serde_json::to_string(&good).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Rule>>(&json).unwrap(), good);
    let wrong = |change: fn(&mut Rule)| {
        let mut r = rule("r", vec![waiting_above(1.0, None)]);
        change(&mut r);
        check_rules(&[r]).unwrap_err().to_string()
    };
    insta::assert_snapshot!(
        [
            wrong(|r| r.key = "Ä".into()),
            wrong(|r| r.conditions.clear()),
            wrong(|r| r.clear_ratio = 0.0),
            wrong(|r| r.conditions[0].threshold = f64::NAN),
            wrong(|r| r.conditions[0].window = Window::Today),
            wrong(|r| r.mutes = vec![Mute::Daily { from_min: 0, until_min: 1440 }]),
            check_rules(&[good[0].clone(), good[0].clone()]).unwrap_err().to_string(),
        ]
        .join("\n"),
        @r"
    rule Ä: the key must be 1 to 40 of a-z, 0-9, _ and -
    rule r: give 1 to 8 conditions
    rule r: clear_ratio is 0: give a number above 0, at most 1
    rule r: the threshold of waiting is not a number
    rule r: waiting cannot be asked for tenant over today: choose another scope or window
    rule r: minutes of a daily mute window are 0 to 1439
    rule waiting_warn is there twice: rename one
    "
    );
    assert!(serde_json::from_str::<Mute>(r#"{"when":"once","from":1,"until":2,"then":3}"#).is_err());
}
