//! The OpenAPI document: what the endpoints say of themselves, plus what is true of all of them.
use super::dto::{alert, board, stream};
use super::routes;
use crate::http::problem::ProblemBody;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "Zhiyin", description = "The API of the contact centre; rules in docs/api.md.", version = "1", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    components(schemas(
        ProblemBody, stream::StreamMessage, stream::StreamHello, stream::Subscribe, stream::OfferCard, stream::CallCard,
        stream::OfferEnded, stream::WaitingEnded, stream::CallEnded, stream::MeSnapshot, stream::AgentsSnapshot,
        stream::WaitingSnapshot, stream::CallsSnapshot, stream::TrunksSnapshot, alert::AlertNews, alert::AlertsSnapshot,
        board::BoardChange, board::BoardAlive
    )),
    security(("bearer" = []), ("cookie" = [])),
)]
struct Base;

pub fn document() -> Value {
    let mut api = Base::openapi();
    api.merge(routes::routes().split_for_parts().1);
    let schemes = api.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A session's token or an API key")).build();
    schemes.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let cookie = ApiKeyValue::with_description(crate::auth::cookie::NAME, "Changes need the header X-CSRF-Token too");
    schemes.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let mut document = serde_json::to_value(api).expect("an OpenAPI document serialises");
    complete(&mut document);
    document
}

/// As committed in `web/client/openapi.json` and served.
pub fn document_json() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("JSON serialises");
    text.push('\n');
    text
}

fn complete(document: &mut Value) {
    plain_schemas(document);
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, methods) in paths.iter_mut() {
        for (method, operation) in methods.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                problems(path, method, operation);
                idempotency(operation);
            }
        }
    }
}

/// The errors that an operation shares with others of its kind; its own words win.
fn problems(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let api = path.starts_with("/api/v1/");
    let with_body = operation.contains_key("requestBody");
    let open = operation.get("security").is_some();
    let conditional = operation.get("parameters").is_some_and(|p| p.to_string().contains("If-Match"));
    let creates = operation["responses"].get("201").is_some();
    let mut shared: Vec<(&str, &str)> = Vec::new();
    if api {
        shared.extend([("429", "Too many requests; see Retry-After"), ("500", "Something of ours broke")]);
        shared.extend([("400", "Not valid; `field` says where"), ("503", "Not available now")]);
    }
    if api && !open {
        shared.extend([("401", "Sign in first"), ("403", "Not allowed, or the CSRF token is missing")]);
    }
    if path == "/api/v1/session" && method == "post" {
        shared.push(("401", "Wrong user name or password"));
    }
    if path.contains('{') {
        shared.push(("404", "No such thing within your scope"));
    }
    if with_body {
        shared.extend([("413", "The body is too long"), ("415", "The body is not JSON")]);
    }
    if conditional {
        shared.extend([
            ("412", "Changed since it was read"),
            ("428", "If-Match is missing"),
            ("409", "Not possible: taken, or still in use"),
        ]);
    }
    if creates {
        shared.extend([("409", "Taken, or not possible now"), ("422", "The Idempotency-Key was used for another request")]);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    for (status, words) in shared {
        responses.entry(status).or_insert_with(|| json!({ "description": words }));
    }
    for (status, response) in responses.iter_mut().filter(|(s, _)| s.starts_with(['4', '5'])) {
        response["content"] = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
        if status == "429" {
            response["headers"] = json!({ "Retry-After": { "schema": { "type": "integer" } } });
        }
    }
}

fn idempotency(operation: &mut Map<String, Value>) {
    let open = operation.get("security").is_some();
    if open || operation["responses"].get("201").is_none() {
        return;
    }
    let header = json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "The same key and body answer the same for 24 hours",
        "schema": { "type": "string", "pattern": "^[!-~]{1,128}$" },
    });
    if let Some(list) = operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut() {
        list.push(header);
    }
}

/// Requests whose variants refuse unknown fields, which their schemas do not say by themselves.
const STRICT_VARIANTS: [&str; 11] = [
    "EntryPlan",
    "MenuTarget",
    "Overflow",
    "PromptSource",
    "MediaChoice",
    "TransferTo",
    "MetricScope",
    "TileShows",
    "BoardRows",
    "AlertMute",
    "AlertTarget",
];

/// A view is its body and more fields. Written as `allOf` the body's "no other fields" would forbid those: such schemas
/// become one plain object each, and pages refer to their rows by name.
fn plain_schemas(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let all = schemas.clone();
    for (name, schema) in schemas.iter_mut() {
        *schema = merged(&all, schema);
        if let Some(row) = name.strip_prefix("Paged_").filter(|row| all.contains_key(*row)) {
            schema["properties"]["items"]["items"] = json!({ "$ref": format!("#/components/schemas/{row}") });
        }
        if STRICT_VARIANTS.contains(&name.as_str()) {
            for variant in schema["oneOf"].as_array_mut().into_iter().flatten() {
                variant["additionalProperties"] = Value::Bool(false);
            }
        }
    }
}

fn merged(all: &Map<String, Value>, schema: &Value) -> Value {
    let named = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()).and_then(|name| all.get(name));
    let schema = named.unwrap_or(schema);
    let Some(parts) = schema["allOf"].as_array() else { return schema.clone() };
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for part in parts {
        let part = merged(all, part);
        let Some(fields) = part["properties"].as_object() else { return schema.clone() };
        properties.extend(fields.clone());
        required.extend(part["required"].as_array().into_iter().flatten().cloned());
    }
    let mut object = json!({ "type": "object", "properties": properties, "required": required });
    if let Some(words) = schema.get("description") {
        object["description"] = words.clone();
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_id_a_tag_and_its_problems() {
        let document = document();
        let mut ids = std::collections::HashSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
                assert!(!id.is_empty() && ids.insert(id), "{method} {path}");
                assert!(operation["tags"][0].is_string(), "{method} {path}");
                if path.starts_with("/api/v1/") {
                    assert!(operation["responses"]["429"]["content"]["application/problem+json"].is_object(), "{method} {path}");
                }
            }
        }
        assert!(ids.len() > 80, "{}", ids.len());
    }
}
