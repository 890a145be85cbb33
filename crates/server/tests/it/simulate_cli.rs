//! `zhiyin simulate`: what outside tests rely on.
use crate::harness::run;
use serde_json::Value;

fn simulate(scenario: &str, words: &[&str]) -> std::process::Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, scenario).unwrap();
    let mut all = vec!["simulate", file.to_str().unwrap()];
    all.extend(words);
    run(folder.path(), &all)
}

#[test]
fn the_short_form_answers_in_the_words_of_queueing_theory() {
    let scenario = "calls_per_hour = 200\naht_s = 180\nagents = 14\nhours = 2000\nseed = 7\n";
    let output = simulate(scenario, &["--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Erlang C of 10 erlangs and 14 agents.
    for (figure, exact) in [("p_wait", 0.174_132), ("service_level", 0.888_350), ("asa_s", 7.8359), ("occupancy", 0.714_286)] {
        let value = report[figure].as_f64().unwrap();
        assert!((value / exact - 1.0).abs() < 0.02, "{figure}: {value}, not {exact}");
    }
    assert_eq!(report["abandon"], 0.0);
    assert_eq!(simulate(scenario, &["--json"]).stdout, output.stdout, "the same seed, the same report");
}

#[test]
fn mistakes_name_the_file_and_the_key() {
    for (scenario, word) in [
        ("calls_per_hour = 200\naht_s = 180\nagents = 0\n", "agents"),
        ("calls_per_hours = 200\n", "calls_per_hours"),
        ("= 3", "scenario.toml"),
    ] {
        let output = simulate(scenario, &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(word) && said.contains("scenario.toml"), "{said}");
    }
}
