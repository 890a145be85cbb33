//! Scenarios as files: both forms are read, and what is wrong is said with key, reason and fix.
use serde_json::{Value, json};
use sim::{Scenario, simulate};

fn read(value: Value) -> Result<Scenario, String> {
    serde_json::from_value(value).map_err(|e| e.to_string())
}

fn complaint(value: Value) -> String {
    read(value).unwrap().check().unwrap_err().to_string()
}

fn short() -> Value {
    json!({"calls_per_hour": 200, "aht_s": 180, "agents": 14})
}

fn full() -> Value {
    json!({
        "hours": 2, "start_h": 8, "replications": 2,
        "queues": [
            {"key": "a", "threshold_s": 30, "arrivals": {"interval_min": 15, "from_h": 8, "calls": [10, 20, 5]},
             "handling": {"kind": "lognormal", "mean_s": 120, "sd_s": 60}, "overflow": {"do": "queue", "queue": "b"}, "wait_max_ms": 60000},
            {"key": "b", "arrivals": {"per_hour": 30}, "patience": {"kind": "exponential", "mean_s": 60},
             "wrap_up": {"kind": "deterministic", "value_s": 5}}
        ],
        "agents": [{"count": 2, "queues": [{"queue": "a", "level": 2}, {"queue": "b"}], "shifts": [{"from_h": 8, "to_h": 9.5}],
                    "answer_delay": {"kind": "exponential", "mean_s": 4}}],
        "replay": [{"at_ms": 1000, "queue": "a"}]
    })
}

fn with(mut value: Value, path: &str, new: Value) -> Value {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let place = if parent.is_empty() { &mut value } else { value.pointer_mut(parent).unwrap() };
    place[key] = new;
    value
}

#[test]
fn both_forms_run() {
    for form in [with(short(), "/hours", json!(2)), full()] {
        let scenario = read(form).unwrap();
        simulate(&scenario).unwrap();
        let again = read(serde_json::to_value(&scenario).unwrap()).unwrap();
        assert_eq!(again, scenario);
    }
}

#[test]
fn unknown_keys_are_refused_by_name() {
    assert!(read(with(short(), "/aht", json!(1))).unwrap_err().contains("unknown field `aht`"));
    assert!(read(with(full(), "/queues/0/ring", json!(1))).unwrap_err().contains("unknown field `ring`"));
    assert!(read(with(full(), "/agents/0/shift", json!(1))).unwrap_err().contains("unknown field `shift`"));
    assert!(read(with(full(), "/queues/0/handling/mean", json!(1))).unwrap_err().contains("unknown field `mean`"));
    assert!(read(with(short(), "/agents", json!("ten"))).unwrap_err().contains("a whole number of agents or a list of agent groups"));
    assert!(read(with(short(), "/agents", json!(-1))).unwrap_err().contains("1 or more"));
}

#[test]
fn every_complaint_names_the_key() {
    for (scenario, key) in [
        (json!({}), "calls_per_hour"),
        (json!({"calls_per_hour": 1, "aht_s": 1}), "agents"),
        (with(short(), "/calls_per_hour", json!(0)), "calls_per_hour"),
        (with(short(), "/aht_s", json!(-3)), "aht_s"),
        (with(short(), "/agents", json!(0)), "agents"),
        (with(short(), "/agents", json!(10)), "agents"),
        (with(short(), "/agents", json!([])), "agents"),
        (with(short(), "/patience_s", json!(0)), "patience_s"),
        (with(short(), "/hours", json!(1e6)), "hours"),
        (with(short(), "/replications", json!(0)), "replications"),
        (with(short(), "/start_h", json!(1)), "start_h"),
        (with(full(), "/aht_s", json!(1)), "aht_s"),
        (with(full(), "/agents", json!(4)), "agents"),
        (with(full(), "/hours", json!(1e5)), "hours"),
        (with(full(), "/queues/1/key", json!("a")), "queues[1].key"),
        (with(full(), "/queues/1/key", json!("B!")), "queues[1].key"),
        (with(full(), "/queues/0/overflow/queue", json!("c")), "queues[0].overflow.queue"),
        (with(full(), "/queues/0/arrivals/interval_min", json!(20)), "queues[0].arrivals.interval_min"),
        (with(full(), "/queues/0/arrivals/per_hour", json!(20)), "queues[0].arrivals"),
        (with(full(), "/queues/0/handling/sd_s", json!(-1)), "queues[0].handling.sd_s"),
        (with(full(), "/queues/1/arrivals/per_hour", json!(1e9)), "queues[1].arrivals.per_hour"),
        (with(full(), "/agents/0/count", json!(0)), "agents[0].count"),
        (with(full(), "/agents/0/queues/0/level", json!(10)), "agents[0].queues[0].level"),
        (with(full(), "/agents/0/queues/1/queue", json!("a")), "agents[0].queues[1].queue"),
        (with(full(), "/agents/0/shifts/0/to_h", json!(25)), "agents[0].shifts[0].to_h"),
        (with(full(), "/agents/0/decline_share", json!(2)), "agents[0].decline_share"),
        (with(full(), "/replay/0/queue", json!("c")), "replay[0].queue"),
    ] {
        let text = complaint(scenario.clone());
        assert!(text.starts_with(&format!("{key}: ")) && text.contains("; "), "{key}: {text}\n{scenario}");
    }
}
