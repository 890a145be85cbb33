use crate::harness::Server;
use serde_json::{Value, json};

fn queue(key: &str) -> Value {
    json!({
        "key": key, "name": { "zh": "测试", "en": "Test" }, "strategy": "longest_idle", "ring_timeout_ms": 20000, "wrap_up_ms": 0,
        "queue_len_max": 10, "wait_max_ms": 60000, "overflow": { "do": "hang_up", "prompt": null }, "announce_every_ms": 0,
        "music": "hold_music", "record": false, "service_level_threshold_s": 20, "members": [],
    })
}

#[test]
fn configuration_is_written_with_versions_and_checked_references() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let made = admin.post("/api/v1/queues", &queue("test")).expect(201);
    let (path, etag) = (format!("/api/v1/queues/{}", made.json()["id"].as_str().unwrap()), made.header("etag").to_owned());
    assert_eq!(admin.get(&path).expect(200).header("etag"), etag);
    assert_eq!(admin.post("/api/v1/queues", &queue("test")).expect(409).code(), "conflict");

    let mut longer = queue("test");
    longer["wait_max_ms"] = json!(90000.0);
    assert_eq!(admin.json("PUT", &path, &longer).expect(428).code(), "precondition_required");
    assert_eq!(admin.put(&path, "\"99\"", &longer).expect(412).code(), "precondition_failed");
    let replaced = admin.put(&path, &etag, &longer).expect(200);
    assert_eq!(replaced.json()["wait_max_ms"], 90000, "5.0 is the integer 5");
    assert_eq!(admin.put(&path, &etag, &longer).expect(412).code(), "precondition_failed");
    let etag = replaced.header("etag").to_owned();

    let mut wrong = queue("test");
    wrong["music"] = json!("no_such_prompt");
    assert_eq!(admin.put(&path, &etag, &wrong).expect(409).code(), "conflict");
    wrong = queue("test");
    wrong["ring_timeout_ms"] = json!(5);
    assert_eq!(admin.put(&path, &etag, &wrong).expect(400).json()["field"], "ring_timeout_ms");

    let number =
        json!({ "number": "4990", "name": { "zh": "测", "en": "t" }, "enabled": true, "plan": { "does": "queue", "queue": "test" } });
    let number = admin.post("/api/v1/numbers", &number).expect(201);
    assert_eq!(admin.delete(&path, &etag).expect(409).code(), "conflict", "a number still leads here");
    admin.delete(&format!("/api/v1/numbers/{}", number.json()["id"].as_str().unwrap()), number.header("etag")).expect(204);
    admin.delete(&path, &etag).expect(204);
    admin.get(&path).expect(404);
}

#[test]
fn the_same_key_creates_once() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let keyed = admin.clone().with("Idempotency-Key", "abc-1");
    let first = keyed.post("/api/v1/teams", &json!({ "name": "新团队" })).expect(201);
    let again = keyed.post("/api/v1/teams", &json!({ "name": "新团队" })).expect(201);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(keyed.post("/api/v1/teams", &json!({ "name": "另一个" })).expect(422).code(), "idempotency_mismatch");
    assert_eq!(
        admin.clone().with("Idempotency-Key", "with space").post("/api/v1/teams", &json!({ "name": "x" })).expect(400).code(),
        "invalid"
    );
    let teams = admin.get("/api/v1/teams").expect(200).json();
    assert_eq!(teams["items"].as_array().unwrap().iter().filter(|t| t["name"] == "新团队").count(), 1);
}

#[test]
fn one_key_used_by_many_at_once_creates_once_and_stalls_nobody() {
    let server = Server::demo();
    let keyed = server.key().with("Idempotency-Key", "race");
    let racers: Vec<_> = (0..16)
        .map(|_| {
            let client = keyed.clone();
            std::thread::spawn(move || client.post("/api/v1/teams", &json!({ "name": "竞速" })).status)
        })
        .collect();
    let answers: Vec<u16> = racers.into_iter().map(|r| r.join().unwrap()).collect();
    assert!(answers.iter().all(|s| matches!(s, 201 | 409)) && answers.contains(&201), "{answers:?}");
    server.anonymous().get("/readyz").expect(200);
    let teams = server.key().get("/api/v1/teams").expect(200).json();
    assert_eq!(teams["items"].as_array().unwrap().iter().filter(|t| t["name"] == "竞速").count(), 1);
}

#[test]
fn lists_come_in_pages() {
    let server = Server::demo();
    let key = server.key();
    let all = key.get("/api/v1/interactions?limit=200").expect(200).json();
    let all: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|i| &i["id"]).collect();
    assert!(all.len() > 40, "the demo has a history");
    let (mut seen, mut path) = (Vec::new(), "/api/v1/interactions?limit=7".to_owned());
    loop {
        let page = key.get(&path).expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|i| i["id"].clone()));
        match page["next_cursor"].as_str().filter(|_| seen.len() < all.len()) {
            Some(cursor) => path = format!("/api/v1/interactions?limit=7&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.iter().take(all.len()).collect::<Vec<_>>(), all);
}

#[test]
fn customers_are_masked_and_revealed_for_a_reason() {
    let server = Server::demo();
    let agent = server.sign_in("li.na");
    let found = agent.get("/api/v1/customers?phone=13812348000").expect(200).json();
    let card = &found["items"][0];
    assert_eq!((&card["name"], &card["phones"][0], &card["masked"]), (&json!("张伟"), &json!("138****8000"), &json!(true)));
    let path = format!("/api/v1/customers/{}", card["id"].as_str().unwrap());
    assert_eq!(agent.post(&format!("{path}/reveal"), &json!({ "reason": "customer asked" })).expect(403).code(), "forbidden");
    let senior = server.sign_in("david.moore");
    let before = senior.get(&path).expect(200).json();
    assert_eq!(before["phones"][0], "138****8000", "who may reveal sees it masked until they say why");
    let clear = senior.post(&format!("{path}/reveal"), &json!({ "reason": "customer asked" })).expect(200).json();
    assert_eq!(clear["phones"][0], "13812348000");
    let audit = server.sign_in("auditor").get("/api/v1/audit?action=customer.reveal").expect(200).json();
    assert_eq!(audit["items"][0]["detail"]["reason"], "customer asked");
    assert!(agent.get(&path).expect(200).json()["recent"].is_array());

    let etag = format!("\"{}\"", card["version"]);
    let patched = agent.clone().with("If-Match", &etag).json("PATCH", &path, &json!({ "tags": ["新"], "note": null })).expect(200).json();
    assert_eq!((&patched["tags"], &patched["note"], &patched["vip"]), (&json!(["新"]), &Value::Null, &json!(true)));
}

#[test]
fn users_are_managed_and_somebody_always_gives_out_roles() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let new = json!({ "username": "new.one", "display_name": "新人", "roles": ["agent"], "extension": "1099", "locale": "zh-CN", "password": "long enough secret" });
    let made = admin.post("/api/v1/users", &new).expect(201);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(admin.post("/api/v1/users", &new).expect(409).json()["field"], "extension");
    let mut namesake = new.clone();
    namesake["extension"] = json!("1098");
    assert_eq!(admin.post("/api/v1/users", &namesake).expect(409).json()["field"], "username");
    let phone = admin.send("POST", &format!("/api/v1/users/{id}/phone-password"), None).expect(200).json();
    assert_eq!(phone["extension"], "1099");
    let client = server.anonymous().sign_in("new.one", "long enough secret");
    let mut body = json!({ "username": "new.one", "display_name": "新人", "roles": ["agent"], "team": null, "extension": "1099", "locale": "zh-CN", "disabled": true });
    admin.put(&format!("/api/v1/users/{id}"), made.header("etag"), &body).expect(200);
    client.get("/api/v1/session").expect(401);

    // With the demo's other security administrator demoted, `admin` is the last who gives out roles.
    let people = admin.get("/api/v1/users?limit=100").expect(200).json();
    let other =
        people["items"].as_array().unwrap().iter().find(|u| u["username"] == "security").unwrap()["id"].as_str().unwrap().to_owned();
    let theirs = admin.get(&format!("/api/v1/users/{other}")).expect(200);
    body = json!({ "username": "security", "display_name": "安全管理员", "roles": ["auditor"], "team": null, "extension": null, "locale": "zh-CN", "disabled": false });
    admin.put(&format!("/api/v1/users/{other}"), theirs.header("etag"), &body).expect(200);
    let me = admin.get("/api/v1/session").expect(200).json()["user"]["id"].as_str().unwrap().to_owned();
    let row = admin.get(&format!("/api/v1/users/{me}")).expect(200);
    body = json!({ "username": "admin", "display_name": "系统管理员", "roles": ["admin"], "team": null, "extension": null, "locale": "zh-CN", "disabled": false });
    assert_eq!(admin.put(&format!("/api/v1/users/{me}"), row.header("etag"), &body).expect(409).code(), "conflict");
}
