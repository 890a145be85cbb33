use crate::harness::Server;
use serde_json::json;

#[test]
fn everything_that_fails_is_a_problem_document() {
    // A small limit: a long body would be cut off in the middle, and the client would see a broken pipe instead of the answer.
    let server = Server::demo_with(&[("ZHIYIN__LIMITS__BODY_BYTES_MAX", "4096")]);
    let key = server.key();
    assert_eq!(key.get("/api/v1/nothing").expect(404).code(), "not_found");
    assert_eq!(key.send("DELETE", "/api/v1/live", None).expect(405).code(), "method_not_allowed");
    assert_eq!(key.send("POST", "/api/v1/teams", Some(b"name=x".to_vec())).expect(415).code(), "unsupported_media_type");
    let big = json!({ "name": "x".repeat(8000) });
    assert_eq!(key.post("/api/v1/teams", &big).expect(413).code(), "too_large");
    let typed = key.clone().with("Content-Type", "application/json");
    assert_eq!(typed.send("POST", "/api/v1/teams", Some(b"{".to_vec())).expect(400).code(), "invalid");
    let unknown = key.post("/api/v1/teams", &json!({ "name": "x", "colour": "red" })).expect(400);
    assert!(unknown.json()["detail"].as_str().unwrap().contains("colour"));
    assert_eq!(key.get("/api/v1/users/not-an-id").expect(404).code(), "not_found");
    assert_eq!(key.get("/api/v1/interactions?limit=0").expect(400).json()["field"], "limit");
    assert_eq!(key.get("/api/v1/interactions?cursor=zzz").expect(400).code(), "invalid");
    assert_eq!(key.get("/api/v1/interactions?unknown=1").expect(400).code(), "invalid");
    assert_eq!(server.anonymous().get("/api/v1/users").expect(401).code(), "unauthenticated");
    let field = key.post("/api/v1/teams", &json!({ "name": 5 })).expect(400).json();
    assert_eq!(field["field"], "name");
}

#[test]
fn what_surrounds_the_api_answers() {
    let server = Server::demo();
    let client = server.anonymous();
    client.get("/livez").expect(200);
    client.get("/readyz").expect(200);
    assert!(client.get("/metrics").expect(200).header("content-type").starts_with("text/plain"));
    assert_eq!(client.get("/api/openapi.json").expect(200).json()["openapi"], "3.1.0");
    let docs = client.get("/api/docs").expect(200);
    assert!(String::from_utf8_lossy(&docs.body).contains("/api/v1/session"));
    for path in ["/", "/desk/some/page", "/livez"] {
        let answer = client.get(path).expect(200);
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(!answer.header("x-request-id").is_empty());
    }
    client.get("/assets/missing.js").expect(404);
}

#[test]
fn metrics_are_for_the_networks_named() {
    let server = Server::demo_with(&[("ZHIYIN__HTTP__METRICS_FROM", "[\"10.0.0.0/8\"]")]);
    assert_eq!(server.anonymous().get("/metrics").expect(403).code(), "forbidden");
}

#[test]
fn requests_have_a_limit() {
    let server = Server::demo_with(&[("ZHIYIN__LIMITS__REQUESTS_PER_S", "1"), ("ZHIYIN__LIMITS__REQUESTS_BURST", "3")]);
    let key = server.key();
    let mut answers: Vec<_> = (0..6).map(|_| key.get("/api/v1/teams")).collect();
    let last = answers.pop().unwrap().expect(429);
    assert_eq!(last.code(), "limit_reached");
    assert!(!last.header("retry-after").is_empty());
}
