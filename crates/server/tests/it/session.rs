use crate::harness::{Client, Server};
use serde_json::json;

#[test]
fn signing_in_and_out() {
    let server = Server::demo();
    let (username, password) = server.login("li.na");
    let anonymous = server.anonymous();
    assert_eq!(anonymous.get("/api/v1/session").expect(401).code(), "unauthenticated");
    let signed_in = anonymous.post("/api/v1/session", &json!({ "username": username, "password": password })).expect(200);
    let cookie = signed_in.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let body = signed_in.json();
    assert_eq!(body["user"]["username"], "li.na");
    let bearer = anonymous.clone().bearer(body["token"].as_str().unwrap());
    let session = bearer.get("/api/v1/session").expect(200).json();
    assert_eq!(session["user"]["agent"], true);
    assert!(session["permissions"].as_array().unwrap().iter().any(|p| p["permission"] == "agent.work"));
    assert_eq!(session["csrf"], body["csrf"]);
    bearer.send("DELETE", "/api/v1/session", None).expect(204);
    assert_eq!(bearer.get("/api/v1/session").status, 401);
    assert_eq!(
        anonymous.post("/api/v1/session", &json!({ "username": username, "password": "wrong" })).expect(401).code(),
        "unauthenticated"
    );
    assert_eq!(server.terminate(), Some(0), "SIGTERM ends in good order");
}

#[test]
fn a_cookie_alone_changes_nothing() {
    let server = Server::demo();
    let (username, password) = server.login("li.na");
    let signed_in = server.anonymous().post("/api/v1/session", &json!({ "username": username, "password": password })).expect(200);
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let by_cookie = server.anonymous().with("Cookie", &cookie);
    by_cookie.get("/api/v1/session").expect(200);
    let patch = json!({ "locale": "en" });
    assert_eq!(by_cookie.json("PATCH", "/api/v1/me", &patch).expect(403).code(), "csrf");
    assert_eq!(by_cookie.clone().with("X-CSRF-Token", "guess").json("PATCH", "/api/v1/me", &patch).expect(403).code(), "csrf");
    let with_token = by_cookie.with("X-CSRF-Token", signed_in.json()["csrf"].as_str().unwrap());
    assert_eq!(with_token.json("PATCH", "/api/v1/me", &patch).expect(200).json()["locale"], "en");
}

fn guess(client: &Client, username: &str) -> u16 {
    client.post("/api/v1/session", &json!({ "username": username, "password": "not the password" })).status
}

#[test]
fn too_many_guesses_lock_the_user_until_an_administrator_unlocks() {
    let server = Server::demo();
    let anonymous = server.anonymous();
    assert_eq!((0..5).map(|_| guess(&anonymous, "wang.qiang")).collect::<Vec<_>>(), [401; 5]);
    let (username, password) = server.login("wang.qiang");
    let right = json!({ "username": username, "password": password });
    let refused = anonymous.post("/api/v1/session", &right).expect(429);
    assert_eq!(refused.code(), "locked_out");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 60);
    let admin = server.sign_in("admin");
    let users = admin.get("/api/v1/users").expect(200).json();
    let user = users["items"].as_array().unwrap().iter().find(|u| u["username"] == "wang.qiang").unwrap().clone();
    assert!(user["locked_until_at"].is_i64());
    admin.send("POST", &format!("/api/v1/users/{}/unlock", user["id"].as_str().unwrap()), None).expect(204);
    anonymous.post("/api/v1/session", &right).expect(200);
}

#[test]
fn too_many_guesses_from_one_address_lock_the_address() {
    let server = Server::demo_with(&[("ZHIYIN__AUTH__LOCKOUT_ADDRESS_FAILURES", "6")]);
    let anonymous = server.anonymous();
    for n in 0..6 {
        assert_eq!(guess(&anonymous, &format!("nobody{n}")), 401);
    }
    let (username, password) = server.login("li.na");
    let refused = anonymous.post("/api/v1/session", &json!({ "username": username, "password": password })).expect(429);
    assert_eq!(refused.code(), "locked_out");
}

#[test]
fn sessions_end_when_idle_and_with_a_changed_password() {
    let server = Server::demo();
    let (username, password) = server.login("chen.hao");
    let (here, there) = (server.sign_in("chen.hao"), server.sign_in("chen.hao"));
    let change = |current: &str| json!({ "current": current, "new": "a better password" });
    assert_eq!(here.post("/api/v1/me/password", &change("wrong one")).expect(409).code(), "conflict");
    here.post("/api/v1/me/password", &change(&password)).expect(204);
    here.get("/api/v1/session").expect(200);
    there.get("/api/v1/session").expect(401);
    server.anonymous().sign_in(&username, "a better password");

    let short = Server::demo_with(&[("ZHIYIN__AUTH__IDLE_TIMEOUT_MS", "1")]);
    let client = short.sign_in("li.na");
    // Idle for as long as two passwords take to be hashed: many times the limit on any machine.
    short.sign_in("chen.hao");
    short.sign_in("chen.hao");
    client.get("/api/v1/session").expect(401);
}
