//! Planning on the demo's yesterday: what was measured, what the calculator says, and what another world would have been.
use crate::harness::{Client, Server};
use serde_json::{Value, json};

fn server() -> Server {
    Server::demo_with(&[("ZHIYIN__LIMITS__REQUESTS_PER_S", "100000"), ("ZHIYIN__LIMITS__REQUESTS_BURST", "100000")])
}

fn queue(key: &Client, name: &str) -> String {
    let items = key.get("/api/v1/queues").expect(200).json();
    items["items"].as_array().unwrap().iter().find(|q| q["key"] == name).unwrap()["id"].as_str().unwrap().to_owned()
}

/// Asks until the run is over.
fn over(client: &Client, id: &str) -> Value {
    std::iter::repeat_with(|| client.get(&format!("/api/v1/planning/what-ifs/{id}")).expect(200).json())
        .take(20_000)
        .find(|r| !matches!(r["state"].as_str(), Some("waiting" | "running")))
        .expect("the run ends")
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("no number: {v}"))
}

#[test]
fn a_past_day_is_measured_by_the_quarter() {
    let server = server();
    let boss = server.sign_in("zhou.jie");
    let all = boss.get("/api/v1/planning/history").expect(200).json();
    assert_eq!((all["interval_s"].as_u64(), all["intervals"].as_array().unwrap().len()), (Some(900), 96));
    let sum: f64 = all["intervals"].as_array().unwrap().iter().map(|i| number(&i["offered"])).sum();
    assert!(sum > 300.0 && (sum - number(&all["total"]["offered"])).abs() < 1e-6, "{sum}");
    assert_eq!(all["has_presence"], true);
    assert!((60.0..600.0).contains(&number(&all["patience_s"])) && number(&all["total"]["aht_s"]) > 120.0);
    let noon = &all["intervals"][44];
    assert!((1.0..8.0).contains(&number(&noon["agents"])), "{noon}");
    assert_eq!(all["intervals"][3]["service_level"], Value::Null, "nobody came at night");
    let tech = boss.get(&format!("/api/v1/planning/history?queue={}&weeks=2", queue(&boss, "tech"))).expect(200).json();
    assert!(number(&tech["total"]["offered"]) < sum / 2.0);
    for (query, field) in [("date=2026-13-01", "date"), ("date=9999-01-01", "date"), ("weeks=9", "weeks")] {
        assert_eq!(boss.get(&format!("/api/v1/planning/history?{query}")).expect(400).json()["field"], field);
    }
    boss.get("/api/v1/planning/history?queue=00000000-0000-7000-8000-000000000000").expect(404);
    server.sign_in("li.na").get("/api/v1/planning/history").expect(403);
}

#[test]
fn the_calculator_answers_in_the_words_of_the_formulas() {
    let server = server();
    let analyst = server.sign_in("analyst");
    let body = json!({ "calls": [200, 100], "interval_s": 1800, "start_s": 32400, "aht_s": 180, "patience_s": 120, "shrinkage": 0.3,
        "target": { "service_level": 0.8, "threshold_s": 20 }, "agents": [20, 10], "simulate": true });
    let plan = analyst.post("/api/v1/planning/staffing", &body).expect(200).json();
    // Rows of the reference: Erlang A.
    let chosen = |n: usize| number(&plan["intervals"][n]["chosen"]["expected"]["service_level"]);
    assert!((chosen(0) - 0.706_453).abs() < 1e-5 && (chosen(1) - 0.639_941).abs() < 1e-5);
    assert!(number(&plan["intervals"][0]["planned"]["expected"]["service_level"]) >= 0.8);
    assert_eq!(plan["simulated"]["intervals"].as_array().unwrap().len(), 4);
    assert!(plan["simulated"]["total"]["service_level"]["low"].is_f64());
    let wrong = analyst.post("/api/v1/planning/staffing", &json!({ "calls": [1], "aht_s": 0, "target": body["target"] })).expect(400);
    assert_eq!(wrong.json()["field"], "aht_s");
}

#[test]
fn another_world_is_compared_with_what_was() {
    let server = server();
    let boss = server.sign_in("zhou.jie");
    let body = json!({ "replications": 10, "changes": { "agents": {
        "added": [{ "count": 2, "queues": [{ "queue": "service" }, { "queue": "billing" }], "shift": { "from_h": 8, "to_h": 20 } }] } } });
    let made = boss.post("/api/v1/planning/what-ifs", &body).expect(202).json();
    let run = over(&boss, made["id"].as_str().unwrap());
    assert_eq!((run["state"].as_str(), run["progress"].as_f64()), (Some("done"), Some(1.0)), "{run}");
    let result = &run["result"];
    let level = |column: &str| number(&result["total"][column]["service_level"]["value"]);
    let real = number(&result["total"]["real"]["service_level"]);
    assert!((level("before") - real).abs() < 0.12, "the base is like the day: {} {real}", level("before"));
    assert!(number(&result["total"]["difference"]["service_level"]["low"]) > 0.0, "two more help: {}", result["total"]);
    assert!((level("after") - level("before") - level("difference")).abs() < 0.02);
    assert_eq!(result["queues"].as_array().unwrap().len(), 3);
    assert!(result["quarters"].as_array().unwrap().len() > 20);
    let told: Vec<&str> = result["assumptions"].as_array().unwrap().iter().map(|a| a["what"].as_str().unwrap()).collect();
    assert!(told.contains(&"patience_drawn") && !told.contains(&"shifts_unknown"), "{told:?}");
    let path = format!("/api/v1/planning/what-ifs/{}", made["id"].as_str().unwrap());
    boss.send("DELETE", &path, None).expect(204);
    assert_eq!(boss.get(&path).expect(200).json()["state"], "done", "too late to cancel, and nothing is lost");
    let metrics = String::from_utf8(server.anonymous().get("/metrics").expect(200).body).unwrap();
    assert!(metrics.contains("zhiyin_planning_runs_total{result=\"done\"} 1"), "{metrics}");
}

#[test]
fn rules_are_played_and_may_be_others() {
    let server = server();
    let boss = server.sign_in("zhou.jie");
    let scenario = boss.get("/api/v1/planning/scenario").expect(200).json();
    assert_eq!(scenario["rules"][0]["key"], "vip");
    let replay = scenario["replay"].as_array().unwrap();
    let vips = replay.iter().filter(|r| r["caller"]["vip"] == true).count();
    assert!(vips > 0 && replay.iter().all(|r| r["caller"]["number"].as_str().is_some_and(|n| n.starts_with("400"))), "{vips} VIPs");
    let mine = replay.iter().filter(|r| r["caller"]["vip"] == true && r["queue"] != "tech").count();
    let body = json!({ "replications": 10, "changes": { "rules": { "removed": ["vip"],
        "added": [{ "key": "elsewhere", "name": { "zh": "转", "en": "Elsewhere" }, "when": { "vip": true }, "queue": "tech" }] } } });
    let run = over(&boss, boss.post("/api/v1/planning/what-ifs", &body).expect(202).json()["id"].as_str().unwrap());
    assert_eq!(run["state"], "done", "{run}");
    let queues = run["result"]["queues"].as_array().unwrap();
    let tech = queues.iter().find(|q| q["key"] == "tech").unwrap();
    let offered = |column: &str| number(&tech[column]["offered"]["value"]);
    assert_eq!(offered("after") - offered("before"), mine as f64, "every VIP of the others is sent there: {}", tech["difference"]);
    let told: Vec<&str> = run["result"]["assumptions"].as_array().unwrap().iter().map(|a| a["what"].as_str().unwrap()).collect();
    assert!(told.contains(&"rules_of_today"), "{told:?}");
    let wrong = json!({ "changes": { "rules": { "added": [{ "key": "X", "name": { "zh": "", "en": "" } }] } } });
    assert_eq!(boss.post("/api/v1/planning/what-ifs", &wrong).expect(400).json()["field"], "changes.rules.added.0.key");
    let unknown = json!({ "changes": { "rules": { "removed": ["nothing"] } } });
    let run = over(&boss, boss.post("/api/v1/planning/what-ifs", &unknown).expect(202).json()["id"].as_str().unwrap());
    assert_eq!(run["problem"]["field"], "changes.rules.removed.0");
}

#[test]
fn what_does_not_fit_the_day_is_named() {
    let server = server();
    let boss = server.sign_in("zhou.jie");
    let ask = |body: &Value| boss.post("/api/v1/planning/what-ifs", body);
    for (body, field) in [
        (json!({ "queues": ["nowhere"] }), "queues.0"),
        (json!({ "days": 8 }), "days"),
        (json!({ "replications": 2 }), "replications"),
        (json!({ "changes": { "arrivals_factor": 9 } }), "changes.arrivals_factor"),
        (json!({ "changes": { "queues": [{ "queue": "service", "needs": "((" }] } }), "changes.queues[0].needs"),
    ] {
        let refused = ask(&body).expect(400).json();
        assert!(refused["field"].as_str().unwrap().starts_with(field), "{refused}");
    }
    let made = ask(&json!({ "changes": { "agents": { "removed": ["nobody"] } } })).expect(202).json();
    let run = over(&boss, made["id"].as_str().unwrap());
    assert_eq!((run["state"].as_str(), run["problem"]["field"].as_str()), (Some("failed"), Some("changes.agents.removed.0")));
    let empty = over(&boss, ask(&json!({ "date": "2001-01-01" })).expect(202).json()["id"].as_str().unwrap());
    assert_eq!(empty["problem"]["code"], "no_calls");
}

#[test]
fn the_day_may_be_taken_home() {
    let server = server();
    let boss = server.sign_in("zhou.jie");
    let scenario = boss.get("/api/v1/planning/scenario?queues=billing").expect(200);
    assert!(scenario.header("content-disposition").contains("scenario-"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.json");
    std::fs::write(&file, &scenario.body).unwrap();
    let played = crate::harness::run(folder.path(), &["simulate", file.to_str().unwrap(), "--json"]);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    let report: Value = serde_json::from_slice(&played.stdout).unwrap();
    assert_eq!(report["queues"].as_array().unwrap().len(), 2, "billing, and service into which it overflows");
}
