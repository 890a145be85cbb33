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

#[test]
fn many_seeds_are_checked_one_by_one() {
    let scenario = "hours = 1\n[trouble]\nrouter_dies_per_h = 6\nmedia_fails_share = 0.2\n[[queues]]\nkey = \"q\"\n\
                    arrivals = { per_hour = 60 }\npatience = { kind = \"exponential\", mean_s = 60 }\n\
                    [[agents]]\ncount = 2\nqueues = [{ queue = \"q\" }]\n";
    let output = simulate(scenario, &["--seeds", "3", "--seed", "5", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows.iter().map(|r| r["seed"].as_u64().unwrap()).collect::<Vec<_>>(), [5, 6, 7]);
    let deaths: u64 = rows.iter().map(|r| r["trouble"]["router_deaths"].as_u64().unwrap()).sum();
    assert!(deaths > 3 && rows.iter().all(|r| r["trouble"]["checked_steps"].as_u64().unwrap() > 100), "{rows:?}");
}

#[test]
fn a_journal_is_known_by_its_name_or_its_first_line_and_played() {
    let agent = "00000000-0000-7000-8000-000000000001";
    let input = |at: u64, input: &str| format!("{{\"line\":\"input\",\"at_us\":{at},\"input\":{input}}}\n");
    let queue = "{\"id\":\"00000000-0000-7000-8000-000000000002\",\"key\":\"q\",\"name\":{\"zh\":\"\",\"en\":\"\"},\"strategy\":\"longest_idle\",\
                 \"ring_timeout_ms\":10000,\"wrap_up_ms\":0,\"queue_len_max\":5,\"wait_max_ms\":60000,\"overflow\":{\"do\":\"hang_up\",\"prompt\":null},\
                 \"announce_every_ms\":0,\"music\":\"\",\"record\":false,\"service_level_threshold_s\":20,\"members\":[{\"user\":\"00000000-0000-7000-8000-000000000001\",\"level\":1}]}";
    let came = "{\"input\":\"enqueue\",\"interaction\":\"00000000-0000-7000-8000-000000000003\",\"queue\":\"00000000-0000-7000-8000-000000000002\",\
                \"priority\":0,\"card\":{\"remote\":\"\",\"local\":\"\",\"customer\":null,\"reason\":null},\"since\":1800000000000000,\"head\":false}";
    let journal = [
        "{\"line\":\"router\",\"version\":1,\"seed\":7}\n".to_owned(),
        input(1_800_000_000_000_000, &format!("{{\"input\":\"configure\",\"queues\":[{queue}],\"agents\":[{{\"user\":\"{agent}\"}}]}}")),
        input(
            1_800_000_000_000_000,
            &format!("{{\"input\":\"set_status\",\"agent\":\"{agent}\",\"status\":\"available\",\"reason\":null}}"),
        ),
        input(1_800_000_000_000_000, came),
        input(1_800_000_010_000_000, "{\"input\":\"due\"}"),
        "{\"line\":\"inp".to_owned(),
    ]
    .concat();
    let output = simulate(&journal, &["--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not whole"));
    let replayed: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&replayed["routers"], &replayed["inputs"], &replayed["missing"]), (&1.into(), &4.into(), &0.into()));
    let [offer] = replayed["offers"].as_array().unwrap().as_slice() else { panic!("{replayed}") };
    assert_eq!((offer["agent"].as_str(), offer["result"].as_str()), (Some(agent), Some("no_answer")));
    assert_eq!(offer["ended_at_us"], 1_800_000_010_000_000_i64);
}
