//! What supervisors do with agents at work: status, membership, breaks beyond a quota; and what configures it.
use crate::harness::{Client, Server};
use serde_json::{Value, json};

fn id_of(key: &Client, path: &str, field: &str, value: &str) -> String {
    let items = key.get(path).expect(200).json();
    let found = items["items"].as_array().unwrap().iter().find(|i| i[field] == value).unwrap_or_else(|| panic!("{value} in {path}"));
    found["id"].as_str().unwrap().to_owned()
}

fn agent(key: &Client, user: &str) -> Value {
    let live = key.get("/api/v1/live").expect(200).json();
    live["agents"].as_array().unwrap().iter().find(|a| a["user"] == user).unwrap().clone()
}

#[test]
fn a_supervisor_sets_the_status_of_the_own_team_only() {
    let server = Server::demo();
    let key = server.key();
    let (own, other) = (id_of(&key, "/api/v1/users", "username", "li.na"), id_of(&key, "/api/v1/users", "username", "zhao.min"));
    let boss = server.sign_in("zhou.jie");
    let path = |user: &str| format!("/api/v1/agents/{user}/status");
    boss.json("PUT", &path(&own), &json!({ "status": "break", "reason": "lunch" })).expect(204);
    let live = agent(&key, &own);
    assert_eq!((live["status"].as_str(), live["reason"].as_str()), (Some("break"), Some("lunch")));
    assert_eq!(boss.json("PUT", &path(&own), &json!({ "status": "break" })).expect(409).json()["field"], "reason");
    boss.json("PUT", &path(&other), &json!({ "status": "offline" })).expect(404);
    server.sign_in("li.na").json("PUT", &path(&own), &json!({ "status": "offline" })).expect(403);
    server.sign_in("admin").json("PUT", &path(&other), &json!({ "status": "break", "reason": "rest" })).expect(204);
    assert!(agent(&key, &other)["break_until"].is_i64(), "a short break has its time");
    let audit = key.get("/api/v1/audit?action=agent.set_status").expect(200).json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
}

#[test]
fn members_come_and_go() {
    let server = Server::demo();
    let key = server.key();
    let user = id_of(&key, "/api/v1/users", "username", "li.na");
    let queue = id_of(&key, "/api/v1/queues", "key", "tech");
    let path = format!("/api/v1/queues/{queue}/members/{user}");
    let boss = server.sign_in("zhou.jie");
    let level = |key: &Client| {
        let members = key.get(&format!("/api/v1/queues/{queue}")).expect(200).json()["members"].clone();
        members.as_array().unwrap().iter().find(|m| m["user"] == user.as_str()).map(|m| m["level"].clone())
    };
    boss.json("PUT", &path, &json!({ "level": 3 })).expect(204);
    assert_eq!(level(&key), Some(json!(3)));
    boss.json("PUT", &path, &json!({})).expect(204);
    assert_eq!(level(&key), Some(json!(1)));
    assert_eq!(boss.json("PUT", &path, &json!({ "level": 10 })).expect(400).json()["field"], "level");
    boss.send("DELETE", &path, None).expect(204);
    assert_eq!(level(&key), None);
    boss.send("DELETE", &path, None).expect(404);
    key.get(&format!("/api/v1/queues/{queue}/diagnosis?interaction={user}")).expect(404);
}

#[test]
fn a_break_beyond_the_quota_waits_for_a_word() {
    let server = Server::demo_with(&[("ZHIYIN__LIMITS__REQUESTS_PER_S", "100000"), ("ZHIYIN__LIMITS__REQUESTS_BURST", "100000")]);
    let (key, admin) = (server.key(), server.sign_in("admin"));
    let team = id_of(&key, "/api/v1/teams", "name", "服务一组");
    let path = format!("/api/v1/teams/{team}");
    let etag = admin.get(&path).expect(200).header("etag").to_owned();
    let body = json!({ "name": "服务一组", "breaks": { "agents_max": 0 } });
    assert_eq!(admin.put(&path, &etag, &body).expect(200).json()["breaks"]["agents_max"], 0);
    let one = server.sign_in("li.na");
    let me = id_of(&key, "/api/v1/users", "username", "li.na");
    let wish = |status: &str| json!({ "status": status, "reason": "lunch", "device": "browser" });
    // The engine reads the set-up beside the request: until it has, the break is simply taken.
    let asked = std::iter::repeat_with(|| {
        one.json("PUT", "/api/v1/me/agent", &json!({ "status": "available" })).expect(200);
        one.json("PUT", "/api/v1/me/agent", &wish("break")).expect(200).json()
    })
    .take(500)
    .find(|a| !a["break_request"].is_null())
    .expect("the quota comes into force");
    assert_eq!(asked["status"], "available");
    let request = asked["break_request"]["request"].as_str().unwrap().to_owned();
    one.post(&format!("/api/v1/break-requests/{request}/approve"), &json!({})).expect(403);
    let boss = server.sign_in("zhou.jie");
    boss.post(&format!("/api/v1/break-requests/{request}/approve"), &json!({})).expect(204);
    assert_eq!(agent(&key, &me)["status"], "break");
    boss.post(&format!("/api/v1/break-requests/{request}/decline"), &json!({})).expect(404);
}

#[test]
fn capacity_and_rules_are_configuration_with_references() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let name = json!({ "zh": "测", "en": "t" });
    let channel =
        |channel: &str, interrupts: Value| json!({ "channel": channel, "slots": 1, "load_percent": 50, "interrupts": interrupts });
    let profile = json!({ "key": "mix", "name": name, "channels": [channel("voice", json!(["ticket"])), channel("ticket", json!([]))] });
    let made = admin.post("/api/v1/capacity-profiles", &profile).expect(201);
    let mutual =
        json!({ "key": "bad", "name": name, "channels": [channel("voice", json!(["ticket"])), channel("ticket", json!(["voice"]))] });
    assert_eq!(admin.post("/api/v1/capacity-profiles", &mutual).expect(400).json()["field"], "channels");
    // Somebody has it: it cannot go.
    let user = id_of(&server.key(), "/api/v1/users", "username", "li.na");
    let found = admin.get(&format!("/api/v1/users/{user}")).expect(200);
    let mut body = found.json();
    for field in ["id", "version", "locked_until_at"] {
        body.as_object_mut().unwrap().remove(field);
    }
    body["capacity"] = json!("mix");
    let changed = admin.put(&format!("/api/v1/users/{user}"), found.header("etag"), &body).expect(200);
    assert_eq!(changed.json()["capacity"], "mix");
    admin.delete("/api/v1/capacity-profiles/mix", made.header("etag")).expect(409);
    body["capacity"] = json!("nothing");
    assert_eq!(admin.put(&format!("/api/v1/users/{user}"), changed.header("etag"), &body).expect(409).json()["field"], "capacity");

    let rule = json!({ "key": "gold", "name": name, "when": { "tag": "gold" }, "priority": 3, "needs": "english >= 3", "queue": "tech" });
    let made = admin.post("/api/v1/routing-rules", &rule).expect(201).json();
    assert_eq!((&made["when"]["tag"], &made["priority"], &made["enabled"]), (&json!("gold"), &json!(3), &json!(true)));
    let nowhere = json!({ "key": "nowhere", "name": name, "queue": "no_such_queue" });
    assert_eq!(admin.post("/api/v1/routing-rules", &nowhere).expect(409).code(), "conflict");
    let wrong = json!({ "key": "wrong", "name": name, "needs": "english >" });
    assert_eq!(admin.post("/api/v1/routing-rules", &wrong).expect(400).json()["field"], "needs");
}
