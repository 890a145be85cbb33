//! `GET /api/docs`
use axum::response::Html;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// The operations on one page, made from the document; nothing is loaded from elsewhere.
#[utoipa::path(get, path = "/api/docs", operation_id = "get_docs", tag = "system", security(()),
    responses((status = 200, description = "A page for people", body = String, content_type = "text/html")))]
pub async fn handler() -> Html<&'static str> {
    static PAGE: OnceLock<String> = OnceLock::new();
    Html(PAGE.get_or_init(page).as_str())
}

fn page() -> String {
    let document = serde_json::to_value(crate::api::document()).unwrap_or_default();
    let mut out = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>Zhiyin API</title>\
         <style>body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1f2933}\
         code{background:#f0f2f5;padding:.1em .35em;border-radius:3px}h2{margin-top:2rem;border-bottom:1px solid #d9dee4}\
         .m{display:inline-block;width:4.5em;font-weight:600}details{margin:.25rem 0}summary{cursor:pointer}\
         details div{margin:.25rem 0 .75rem 4.5em}</style>\
         <h1>Zhiyin API</h1><p>The document itself: <a href=/api/openapi.json>openapi.json</a>. Errors are \
         <code>application/problem+json</code>; sign in with <code>POST /api/v1/session</code>.</p>",
    );
    let mut tag = String::new();
    for (t, method, path, operation) in operations(&document) {
        if t != tag {
            let _ = write!(out, "<h2>{}</h2>", escape(&t));
            tag = t;
        }
        let text = |key: &str| escape(operation[key].as_str().unwrap_or_default());
        let _ = write!(
            out,
            "<details><summary><span class=m>{}</span> <code>{}</code> {}</summary><div>{}<br>{}</div></details>",
            method.to_uppercase(),
            escape(&path),
            text("summary"),
            text("description"),
            responses(&operation)
        );
    }
    out
}

fn operations(document: &serde_json::Value) -> Vec<(String, String, String, serde_json::Value)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = operation["tags"][0].as_str().unwrap_or_default().to_owned();
            all.push((tag, method.clone(), path.clone(), operation.clone()));
        }
    }
    all.sort_by(|a, b| (&a.0, &a.2, &a.1).cmp(&(&b.0, &b.2, &b.1)));
    all
}

fn responses(operation: &serde_json::Value) -> String {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let one = |(status, r): (&String, &serde_json::Value)| format!("{status} {}", escape(r["description"].as_str().unwrap_or_default()));
    answers.map(one).collect::<Vec<_>>().join(" · ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
