//! 24 hours in which everything goes wrong: agents come and go, phones and browsers fail, callers hang up in every state, and the
//! owner of the routing is killed and rebuilt. Every step is checked. A seed that failed once stays here as a row.
use sim::{Report, Scenario, TroubleFigures, simulate};

/// The blueprint that `zhiyin simulate` plays too; there with all seeds.
fn day() -> Scenario {
    let text = include_str!("../../../blueprints/trouble.toml");
    let scenario: Scenario = toml::from_str(text).unwrap();
    scenario.check().unwrap();
    scenario
}

fn play(seed: u64) -> TroubleFigures {
    let scenario = Scenario { seed: Some(seed), replications: Some(1), check: Some(true), ..day() };
    match simulate(&scenario) {
        Ok(Report::Queues(report)) => report.trouble.unwrap(),
        Ok(Report::Single(_)) => panic!("not the full form"),
        Err(e) => panic!("{e}\nreplay it: zhiyin simulate blueprints/trouble.toml --seed {seed}"),
    }
}

#[test]
fn the_rules_hold_through_a_day_of_trouble() {
    for seed in 1..=10 {
        let t = play(seed);
        // Every kind of trouble came, else the rules were not tried.
        for (what, n, least) in [
            ("router deaths", t.router_deaths, 20),
            ("signed out", t.signed_out, 50),
            ("breaks", t.breaks, 50),
            ("vanished", t.vanished, 30),
            ("phones lost", t.phones_lost, 10),
            ("media failed", t.media_failed, 20),
            ("hung up on answer", t.hung_up_on_answer, 20),
            ("came again", t.came_again, 20),
            ("healed", t.healed, 20),
        ] {
            assert!(n >= least, "seed {seed}: {what}: {n}: {t:?}");
        }
    }
}

#[test]
fn trouble_repeats_by_its_seed() {
    let short = |seed| Scenario { hours: Some(3.0), seed: Some(seed), ..day() };
    let figures = |seed| match simulate(&short(seed)).unwrap() {
        Report::Queues(report) => report,
        Report::Single(_) => panic!("not the full form"),
    };
    assert_eq!(figures(7), figures(7));
    assert_ne!(figures(7), figures(8));
}
