//! Every operation of the OpenAPI document × every role, against a golden table, with another agent's ids everywhere.
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo nextest run -p server authz`, and read the difference.
use crate::harness::{Client, Server};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

const ROLES: [&str; 9] =
    ["agent", "senior_agent", "supervisor", "inspector", "knowledge_editor", "analyst", "admin", "security_admin", "auditor"];

/// Ids of things that belong to `li.na`, an agent of another team than anybody who asks.
struct Others {
    user: String,
    interaction: String,
    customer: String,
    queue: String,
    team: String,
    number: String,
    trunk: String,
    board: String,
}

fn first(key: &Client, path: &str, test: impl Fn(&Value) -> bool) -> String {
    let items = key.get(path).expect(200).json();
    items["items"].as_array().unwrap().iter().find(|i| test(i)).unwrap()["id"].as_str().unwrap().to_owned()
}

impl Others {
    fn find(key: &Client) -> Self {
        let user = first(key, "/api/v1/users", |u| u["username"] == "li.na");
        let any = |_: &Value| true;
        Self {
            interaction: first(key, &format!("/api/v1/interactions?agent={user}"), any),
            customer: first(key, "/api/v1/customers", any),
            queue: first(key, "/api/v1/queues", any),
            team: first(key, "/api/v1/teams", any),
            number: first(key, "/api/v1/numbers", any),
            trunk: first(key, "/api/v1/trunks", any),
            board: first(key, "/api/v1/boards", any),
            user,
        }
    }
    fn path(&self, template: &str) -> String {
        let nobody = "00000000-0000-7000-8000-000000000000";
        let id = match template.split('/').nth(3).unwrap_or_default() {
            "users" => &self.user,
            "interactions" => &self.interaction,
            "customers" => &self.customer,
            "queues" => &self.queue,
            "teams" => &self.team,
            "numbers" => &self.number,
            "trunks" => &self.trunk,
            "boards" => &self.board,
            _ => nobody,
        };
        let key = match template.split('/').nth(3).unwrap_or_default() {
            "prompts" => "welcome",
            "calendars" => "service",
            "break-reasons" => "lunch",
            "alert-rules" => "rona",
            "capacity-profiles" => "messaging",
            "routing-rules" => "vip",
            _ => "solved",
        };
        template.replace("{id}", id).replace("{user}", &self.user).replace("{key}", key).replace("{number}", "1")
    }
}

fn person(server: &Server, role: &str) -> Client {
    let name = format!("walk.{}", role.replace('_', "-"));
    let body = json!({ "username": name, "display_name": role, "roles": [role], "locale": "en", "password": "walks everywhere" });
    server.key().post("/api/v1/users", &body).expect(201);
    server.anonymous().sign_in(&name, "walks everywhere")
}

/// A body that no operation takes: whoever may act gets 400, whoever may not gets 403 or 404 before it is read.
fn probe(client: &Client, method: &str, path: &str) -> u16 {
    match method {
        "GET" => client.get(path).status,
        "DELETE" => client.send(method, path, None).status,
        _ => client.json(method, path, &json!({ "no_such_field": 1 })).status,
    }
}

#[test]
fn every_route_and_every_role() {
    let server = Server::demo_with(&[("ZHIYIN__LIMITS__REQUESTS_PER_S", "100000"), ("ZHIYIN__LIMITS__REQUESTS_BURST", "100000")]);
    let key = server.key();
    let others = Others::find(&key);
    let people: Vec<Client> = ROLES.iter().map(|role| person(&server, role)).collect();
    let document = key.get("/api/openapi.json").expect(200).json();
    let mut table = format!("{:<62} {:>9} {}\n", "operation", "anonymous", ROLES.join(" "));
    for (template, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().map(|m| m.to_uppercase()) {
            // Signing out would end the walk; that anybody may do it is a test of its own.
            if method == "DELETE" && template == "/api/v1/session" {
                continue;
            }
            let path = others.path(template);
            let _ = write!(table, "{:<62} {:>9}", format!("{method} {template}"), probe(&server.anonymous(), &method, &path));
            for (role, client) in ROLES.iter().zip(&people) {
                let _ = write!(table, " {:>width$}", probe(client, &method, &path), width = role.len());
            }
            table.push('\n');
        }
    }
    golden(&table);
}

fn golden(table: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/authz.golden");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, table).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    for (line, want) in table.lines().zip(expected.lines()) {
        assert_eq!(line, want, "who may do what has changed");
    }
    assert_eq!(table.lines().count(), expected.lines().count(), "operations came or went");
}

#[test]
fn an_agent_reaches_nothing_of_another_agent() {
    let server = Server::demo();
    let key = server.key();
    let others = Others::find(&key);
    let agent = server.sign_in("zhao.min");
    for path in ["/api/v1/interactions/{id}", "/api/v1/interactions/{id}/recording", "/api/v1/interactions/{id}/waveform"] {
        agent.get(&others.path(path)).expect(404);
    }
    agent.post(&others.path("/api/v1/interactions/{id}/wrap-up"), &json!({ "note": "mine now" })).expect(404);
    agent.get(&others.path("/api/v1/users/{id}")).expect(403);
    let theirs = agent.get(&format!("/api/v1/interactions?agent={}", others.user)).expect(200).json();
    assert_eq!(theirs["items"], json!([]));
    let own = agent.get("/api/v1/interactions").expect(200).json();
    let me = agent.get("/api/v1/session").expect(200).json()["user"]["id"].clone();
    assert!(own["items"].as_array().unwrap().iter().all(|i| i["agent"] == me));
}

#[test]
fn a_key_may_do_what_it_was_given_and_no_more() {
    let server = Server::demo();
    let admin = server.sign_in("admin");
    let body = json!({ "name": "reader", "grants": [{ "permission": "config.read", "scope": "all" }] });
    let made = admin.post("/api/v1/api-keys", &body).expect(201).json();
    let reader = server.anonymous().bearer(made["secret"].as_str().unwrap());
    reader.get("/api/v1/queues").expect(200);
    reader.get("/api/v1/users").expect(403);
    reader.post("/api/v1/teams", &json!({ "name": "x" })).expect(403);
    reader.get("/api/v1/me/agent").expect(403);
    admin.send("DELETE", &format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap()), None).expect(204);
    reader.get("/api/v1/queues").expect(401);
}
