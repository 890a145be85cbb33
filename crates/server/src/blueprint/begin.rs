//! What a new contact centre begins with, before anybody has set anything up: a wallboard and the usual alerts.
use super::{Applied, Blueprint, apply};
use domain::monitor::default_rules;
use engine::IdSource;
use serde_json::Value;
use store::Tx;

/// The wallboard, as a blueprint.
const BOARD: &str = include_str!("begin.toml");

/// Writes it all into an empty store; the caller commits.
///
/// # Errors
/// What the store says.
pub async fn begin(tx: &Tx, ids: &IdSource, realm: &str) -> Applied<()> {
    let mut blueprint = Blueprint::parse(BOARD)?;
    for rule in default_rules() {
        if let Ok(Value::Object(fields)) = serde_json::to_value(rule) {
            blueprint.alert_rule.push(fields);
        }
    }
    apply::apply(tx, ids, &blueprint, realm).await.map(drop)
}
