use crate::harness::Server;
use serde_json::{Value, json};

fn office() -> Value {
    json!({
        "key": "test", "name": { "zh": "测试", "en": "Test" }, "timezone": "Asia/Shanghai",
        "weekly": [{ "days": ["mon", "tue", "wed", "thu", "fri"], "open": ["09:00-12:00", "13:00-18:00"] }],
        "holidays": [{ "from": "2026-10-01", "to": "2026-10-07", "name": { "zh": "国庆节", "en": "National Day" } }],
        "make_up": [{ "date": "2026-10-10", "like": "mon" }],
    })
}

/// 2026-10-10T10:00+08:00, a Saturday on which people work.
const MAKE_UP_US: i64 = 1_791_597_600_000_000;

#[test]
fn a_calendar_says_when_it_is_open_and_why() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let made = admin.post("/api/v1/calendars", &office()).expect(201);
    assert_eq!(made.json()["holidays"][0]["open"], json!([]));
    let at = |us: i64| admin.get(&format!("/api/v1/calendars/test/state?at={us}")).expect(200).json();
    let open = at(MAKE_UP_US);
    assert_eq!((&open["open"], &open["why"]["rule"]), (&json!(true), &json!("make_up")), "{open}");
    assert_eq!(open["until"], json!(MAKE_UP_US + 2 * 3_600_000_000));
    let closed = at(MAKE_UP_US - 5 * 86_400_000_000);
    assert_eq!((&closed["open"], &closed["why"]["name"]["en"]), (&json!(false), &json!("National Day")));
    assert_eq!(closed["next_open"], json!(MAKE_UP_US - 2 * 86_400_000_000 - 3_600_000_000), "Thursday at nine");

    let month = json!({ "calendar": office(), "from": "2026-09-28", "days": 14 });
    let days = admin.post("/api/v1/calendar-preview", &month).expect(200).json();
    let open: Vec<usize> = days["days"].as_array().unwrap().iter().map(|d| d["open"].as_array().unwrap().len()).collect();
    assert_eq!(open, [2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 0]);
    assert_eq!(admin.get("/api/v1/public-holidays").expect(200).json()["make_up"].as_array().unwrap().len(), 6);
    admin.get("/api/v1/public-holidays?year=2031").expect(404);

    let etag = made.header("etag").to_owned();
    let mut wrong = office();
    wrong["timezone"] = json!("Asia/Atlantis");
    let refused = admin.put("/api/v1/calendars/test", &etag, &wrong).expect(400).json();
    assert_eq!(refused["field"], "timezone", "{refused}");
    wrong = office();
    wrong["holidays"][0]["to"] = json!("2026-09-01");
    assert_eq!(admin.put("/api/v1/calendars/test", &etag, &wrong).expect(400).json()["field"], "holidays.0.to");
    admin.delete("/api/v1/calendars/test", &etag).expect(204);
}

#[test]
fn the_switch_is_the_supervisors_and_leaves_the_calendar_as_it_is() {
    let server = Server::demo();
    let (admin, supervisor, agent) = (server.sign_in("admin"), server.sign_in("zhou.jie"), server.sign_in("li.na"));
    let etag = admin.get("/api/v1/calendars/service").expect(200).header("etag").to_owned();
    let path = "/api/v1/calendars/service/switch";
    let emergency = json!({ "position": "emergency", "prompt": "emergency" });
    agent.json("PUT", path, &emergency).expect(403);
    let state = supervisor.json("PUT", path, &emergency).expect(200).json();
    assert_eq!((&state["open"], &state["emergency"], &state["switch"]["prompt"]), (&json!(false), &json!(true), &json!("emergency")));
    assert_eq!(agent.get("/api/v1/calendars/service/state").expect(200).json()["emergency"], true);
    supervisor.json("PUT", path, &json!({ "position": "closed", "prompt": "nowhere" })).expect(409);
    supervisor.json("PUT", path, &json!({ "position": "closed", "until": 1 })).expect(400);
    supervisor.json("PUT", "/api/v1/calendars/none/switch", &emergency).expect(404);
    let prompt = admin.get("/api/v1/prompts/emergency").expect(200);
    assert_eq!(admin.delete("/api/v1/prompts/emergency", prompt.header("etag")).expect(409).code(), "conflict", "the switch says it");

    // Writing the calendar does not turn the switch, and the switch is no new version of the calendar.
    let mut body = admin.get("/api/v1/calendars/service").expect(200).json();
    body.as_object_mut().unwrap().remove("version");
    admin.put("/api/v1/calendars/service", &etag, &body).expect(200);
    assert_eq!(admin.get("/api/v1/calendars/service/state").expect(200).json()["emergency"], true);
    let state = supervisor.json("PUT", path, &json!({ "position": "automatic" })).expect(200).json();
    assert_eq!((&state["open"], &state["switch"]["position"]), (&json!(true), &json!("automatic")));
    let audit = server.sign_in("auditor").get("/api/v1/audit?action=calendar.switch").expect(200).json();
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    assert_eq!(audit["items"][1]["detail"]["switch"]["position"], "emergency");
}

#[test]
fn what_names_a_calendar_needs_it() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let etag = admin.get("/api/v1/calendars/office").expect(200).header("etag").to_owned();
    assert_eq!(admin.delete("/api/v1/calendars/office", &etag).expect(409).code(), "conflict");
    let numbers = admin.get("/api/v1/numbers").expect(200).json();
    let row = numbers["items"].as_array().unwrap().iter().find(|n| n["number"] == "4001").unwrap().clone();
    let path = format!("/api/v1/numbers/{}", row["id"].as_str().unwrap());
    let etag = admin.get(&path).expect(200).header("etag").to_owned();
    let mut body = row;
    body.as_object_mut().unwrap().retain(|k, _| k != "id" && k != "version");
    body["hours"] = json!("nowhere");
    assert_eq!(admin.put(&path, &etag, &body).expect(409).code(), "conflict");
    body["hours"] = json!("office");
    body["closed"] = json!({ "do": "queue", "queue": "service" });
    admin.put(&path, &etag, &body).expect(200);
}
