//! `docs/configuration.md`, made from the doc comments of the section structs so that it cannot drift.
use super::{Config, auth, crypto, http, limits, log, media, routing, sip, site, store};
use serde_json::Value;
use std::fmt::Write as _;
use utoipa::PartialSchema;

/// The whole page as Markdown.
pub fn markdown() -> String {
    let defaults = serde_json::to_value(Config::default()).expect("the default configuration serialises");
    let mut out = String::from(
        "# Configuration\n\nMade by `zhiyin check --docs` from the code; do not edit.\n\n\
         One TOML file (`zhiyin serve --config FILE`), one section a concern. Every field has a default. \
         `ZHIYIN__SECTION__FIELD` in the environment overrides the file. Unknown keys are refused; `zhiyin check` explains.\n",
    );
    for (name, schema) in [
        ("http", http::Http::schema()),
        ("sip", sip::Sip::schema()),
        ("media", media::Media::schema()),
        ("routing", routing::RoutingSection::schema()),
        ("store", store::StoreSection::schema()),
        ("crypto", crypto::Crypto::schema()),
        ("auth", auth::Auth::schema()),
        ("log", log::Log::schema()),
        ("limits", limits::Limits::schema()),
        ("site", site::Site::schema()),
    ] {
        let schema = serde_json::to_value(schema).expect("a schema serialises");
        section(&mut out, name, &schema, &defaults[name]);
    }
    out
}

fn section(out: &mut String, name: &str, schema: &Value, defaults: &Value) {
    let about = one_line(schema["description"].as_str().unwrap_or_default());
    let _ = write!(out, "\n## [{name}]\n\n{about}\n\n| field | default | meaning |\n|---|---|---|\n");
    let Some(fields) = schema["properties"].as_object() else { return };
    // The order of the defaults is the order of the struct's fields; the schema's own is alphabetical.
    let order: Vec<&String> = defaults.as_object().map(|o| o.keys().collect()).unwrap_or_default();
    for field in order {
        let text = one_line(fields.get(field).and_then(|f| f["description"].as_str()).unwrap_or_default());
        let default = match &defaults[field] {
            Value::Null => "–".to_owned(),
            v => format!("`{v}`"),
        };
        let _ = writeln!(out, "| `{field}` | {default} | {text} |");
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_field_is_documented() {
        let page = super::markdown();
        let bare: Vec<&str> = page.lines().filter(|l| l.starts_with("| `") && l.ends_with("|  |")).collect();
        assert!(bare.is_empty(), "fields without a doc comment: {bare:?}");
        assert!(page.contains("| `addr` |"));
    }
}
