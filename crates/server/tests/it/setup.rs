use crate::harness::{Server, run};
use serde_json::json;
use std::time::Duration;

#[test]
fn an_empty_folder_has_no_login_until_the_one_time_link_is_used() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::serve_in(folder.path());
    for secret in ["logins", "phones", "api_key"] {
        assert!(server.ready.get(secret).is_none(), "serve prints no {secret}");
    }
    let link = loop {
        let line = server.log.recv_timeout(Duration::from_secs(10)).expect("the link is on stderr");
        if let Some((_, token)) = line.split_once("/setup?token=") {
            break token.trim().to_owned();
        }
    };
    let client = server.anonymous();
    assert_eq!(client.get("/api/v1/setup").expect(200).json(), json!({ "needed": true }));
    let body = |token: &str| json!({ "token": token, "username": "boss", "display_name": "Boss", "password": "correct horse battery" });
    assert_eq!(client.post("/api/v1/setup", &body("guess")).expect(409).code(), "conflict");
    client.post("/api/v1/setup", &body(&link)).expect(201);
    assert_eq!(client.post("/api/v1/setup", &body(&link)).expect(409).code(), "conflict", "only once");
    assert_eq!(client.get("/api/v1/setup").expect(200).json(), json!({ "needed": false }));
    let boss = client.sign_in("boss", "correct horse battery");
    assert_eq!(boss.get("/api/v1/session").expect(200).json()["user"]["roles"], json!(["admin", "security_admin"]));
    assert_eq!(server.terminate(), Some(0));
    assert!(run(&folder.path().join("data"), &["audit", "verify"]).status.success());
}
