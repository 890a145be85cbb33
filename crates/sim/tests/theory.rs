//! A single queue behaves as queueing theory says: M/M/c as Erlang C, M/M/c+M as Erlang A.
use domain::staffing::{Demand, Figures};
use sim::{Report, Scenario, SingleReport, simulate};

fn single(scenario: &Scenario) -> SingleReport {
    match simulate(scenario).unwrap_or_else(|e| panic!("{e}")) {
        Report::Single(report) => *report,
        Report::Queues(_) => panic!("not the short form"),
    }
}

/// Every figure within `tolerance` of theory, relatively.
#[track_caller]
fn agrees(report: &SingleReport, theory: &Figures, tolerance: f64) {
    let f = &report.figures;
    for (key, got, want) in [
        ("p_wait", f.p_wait, theory.p_wait),
        ("service_level", f.service_level, theory.service_level),
        ("asa_s", f.asa_s, theory.asa_s.unwrap()),
        ("abandon", f.abandon, theory.p_abandon),
        ("abandon_within_threshold", f.abandon_within_threshold, theory.abandon_within_threshold),
        ("occupancy", f.occupancy, theory.occupancy),
    ] {
        assert!((got - want).abs() <= tolerance * want, "{key}: {got}, theory {want}\n{report:?}");
    }
}

/// Calls an hour, handling time, patience, agents.
type Row = (f64, f64, Option<f64>, u32);

fn check(rows: &[Row], hours: Option<f64>, tolerance: f64) {
    for &(calls, aht_s, patience_s, agents) in rows {
        let scenario = Scenario { hours, check: Some(false), ..Scenario::single(calls, aht_s, agents, patience_s) };
        agrees(&single(&scenario), &Demand::calls(calls, aht_s, patience_s).figures(agents, 20.0).unwrap(), tolerance);
    }
}

#[test]
fn a_queue_waits_as_erlang_says() {
    check(&[(100.0, 180.0, None, 8), (200.0, 180.0, None, 14)], Some(300.0), 0.1);
    check(&[(200.0, 180.0, Some(120.0), 10), (400.0, 180.0, Some(60.0), 18)], Some(150.0), 0.06);
}

/// The published rows, as long as the simulator itself finds necessary. Without optimisation this takes minutes.
#[cfg(not(debug_assertions))]
#[test]
fn the_published_rows_are_met_within_2_percent() {
    check(&[(20.0, 180.0, None, 2), (40.0, 180.0, None, 3), (100.0, 180.0, None, 8), (100.0, 180.0, None, 6)], None, 0.02);
    check(&[(200.0, 180.0, Some(120.0), 10), (400.0, 180.0, Some(60.0), 18)], None, 0.02);
}

#[test]
fn the_figures_fit_together() {
    let scenario = Scenario { hours: Some(60.0), seed: Some(4), ..Scenario::single(120.0, 180.0, 6, Some(90.0)) };
    let r = single(&scenario);
    assert_eq!(r.offered, r.answered + r.abandoned);
    assert!((r.observed.abandon - r.abandoned as f64 / r.offered as f64).abs() < 1e-12, "{r:?}");
    assert!((r.hours - 60.0).abs() < 1.0 && r.warm_up_hours > 0.2, "{r:?}");
    assert!(r.observed.asa_s > 0.0 && r.observed.occupancy < 1.0);
    assert_eq!(single(&scenario), r, "the same seed");
    assert_ne!(single(&Scenario { seed: Some(5), ..scenario }), r, "another seed");
}

#[test]
fn the_json_has_its_figures_on_top() {
    let r = simulate(&Scenario { hours: Some(5.0), ..Scenario::single(60.0, 120.0, 4, None) }).unwrap();
    let json = serde_json::to_value(&r).unwrap();
    for key in ["p_wait", "service_level", "asa_s", "asa_answered_s", "abandon", "abandon_within_threshold", "occupancy"] {
        assert!(json[key].is_number(), "{key}: {json}");
    }
    assert_eq!(json["form"], "single");
    assert_eq!(serde_json::from_value::<Report>(json).unwrap(), r);
}
