use crate::harness::Server;
use serde_json::{Value, json};
use std::net::TcpStream;
use std::time::Duration;
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

struct Stream(WebSocket<TcpStream>);

fn open(
    server: &Server,
    headers: &[(&'static str, String)],
) -> Result<Stream, Box<tungstenite::HandshakeError<tungstenite::ClientHandshake<TcpStream>>>> {
    let address = server.url().strip_prefix("http://").unwrap();
    let mut request = format!("ws://{address}/api/v1/stream").into_client_request().unwrap();
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().unwrap());
    }
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(15))).unwrap();
    tungstenite::client(request, socket).map(|(socket, _)| Stream(socket)).map_err(Box::new)
}

fn token(server: &Server, username: &str) -> String {
    let (username, password) = server.login(username);
    let body = json!({ "username": username, "password": password });
    server.anonymous().post("/api/v1/session", &body).expect(200).json()["token"].as_str().unwrap().to_owned()
}

impl Stream {
    fn next(&mut self) -> Value {
        loop {
            if let Message::Text(text) = self.0.read().unwrap() {
                return serde_json::from_str(text.as_str()).unwrap();
            }
        }
    }
    fn until(&mut self, topic: &str, kind: &str) -> Value {
        loop {
            let message = self.next();
            if message["topic"] == topic && message["type"] == kind {
                return message;
            }
        }
    }
    fn send(&mut self, value: &Value) {
        self.0.send(Message::text(value.to_string())).unwrap();
    }
}

#[test]
fn a_client_that_comes_back_misses_nothing() {
    let server = Server::demo();
    let token = token(&server, "li.na");
    let bearer = [("authorization", format!("Bearer {token}"))];
    let agent = server.anonymous().bearer(&token);
    let mut stream = open(&server, &bearer).unwrap();
    let hello = stream.next();
    assert_eq!((&hello["topic"], &hello["seq"]), (&json!("hello"), &json!(0)));
    let epoch = hello["data"]["epoch"].clone();
    stream.send(&json!({ "subscribe": ["me"] }));
    let reset = stream.until("me", "reset");
    assert_eq!(reset["data"]["agent"]["status"], "offline");
    assert_eq!((&reset["data"]["offer"], &reset["data"]["call"]), (&Value::Null, &Value::Null));

    let set = |status: &str, reason: Value| agent.put("/api/v1/me/agent", "", &json!({ "status": status, "reason": reason })).expect(200);
    set("available", Value::Null);
    let seen = loop {
        let message = stream.until("me", "agent");
        if message["data"]["status"] == "available" {
            break message["seq"].as_u64().unwrap();
        }
    };
    drop(stream);
    set("break", json!("lunch"));

    let mut again = open(&server, &bearer).unwrap();
    again.next();
    again.send(&json!({ "subscribe": ["me"], "resume": { "me": seen }, "epoch": epoch }));
    let missed = again.next();
    assert_eq!((&missed["type"], &missed["seq"]), (&json!("agent"), &json!(seen + 1)), "{missed}");
    assert_eq!((&missed["data"]["status"], &missed["data"]["reason"]), (&json!("break"), &json!("lunch")));

    // A point that is not known, or of another run, gets a fresh snapshot.
    again.send(&json!({ "subscribe": ["me"], "resume": { "me": 999_999 } }));
    assert_eq!(again.until("me", "reset")["data"]["agent"]["status"], "break");
    again.send(&json!({ "subscribe": ["me"], "resume": { "me": seen }, "epoch": "another" }));
    again.until("me", "reset");
}

#[test]
fn everybody_sees_what_is_theirs_to_see() {
    let server = Server::demo();
    let agent = token(&server, "wang.qiang");
    let mut stream = open(&server, &[("authorization", format!("Bearer {agent}"))]).unwrap();
    stream.next();
    stream.send(&json!({ "subscribe": ["agents"] }));
    assert_eq!(stream.next()["topic"], "error");

    let mut floor = open(&server, &[("authorization", format!("Bearer {}", token(&server, "zhou.jie")))]).unwrap();
    floor.next();
    floor.send(&json!({ "subscribe": ["agents", "waiting", "calls", "trunks"] }));
    let agents = floor.until("agents", "reset");
    assert!(agents["data"]["agents"].as_array().unwrap().iter().any(|a| a["display_name"] == "王强"), "{agents}");
    assert_eq!(floor.until("waiting", "reset")["data"]["waiting"], json!([]));
    assert_eq!(floor.until("calls", "reset")["data"]["calls"], json!([]));
    floor.until("trunks", "reset");
    server.anonymous().bearer(&agent).put("/api/v1/me/agent", "", &json!({ "status": "available" })).expect(200);
    let change = floor.until("agents", "agent");
    assert_eq!(change["data"]["display_name"], "王强");
}

#[test]
fn another_sites_page_gets_no_stream() {
    let server = Server::demo();
    let cookie = format!("zhiyin_session={}", token(&server, "li.na"));
    let own = server.url().to_owned();
    assert!(open(&server, &[("cookie", cookie.clone()), ("origin", own)]).is_ok());
    assert!(open(&server, &[("cookie", cookie.clone()), ("origin", "https://evil.example".into())]).is_err());
    assert!(open(&server, &[("cookie", cookie)]).is_err());
    assert!(open(&server, &[]).is_err());
}
