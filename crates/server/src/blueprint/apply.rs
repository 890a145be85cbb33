//! Bringing the store to what a blueprint says, in the caller's transaction.
use super::diff::Diff;
use super::people;
use super::scopes::Scopes;
use super::{Blueprint, BlueprintError, complete};
use crate::api::crud::Wire;
use crate::api::dto::Validate;
use crate::api::dto::common::same_with;
use crate::http::extract::from_value;
use engine::IdSource;
use serde_json::{Map, Value};
use store::Tx;
use store::repo::config::{Kind, find_by_key, insert, kind, update};

pub type Applied<T> = Result<T, BlueprintError>;

/// Everything that one run needs.
pub(super) struct Run<'a> {
    pub tx: &'a Tx,
    pub ids: &'a IdSource,
    pub diff: Diff,
    /// Of desk phones' passwords.
    pub realm: &'a str,
}

/// Applies all of it; the caller commits or, for a dry run, rolls back.
///
/// # Errors
/// The first entry that is wrong, or a name that leads nowhere. Roll back then.
pub async fn apply(tx: &Tx, ids: &IdSource, blueprint: &Blueprint, realm: &str) -> Applied<Diff> {
    let mut run = Run { tx, ids, diff: Diff::default(), realm };
    for entry in &blueprint.team {
        run.with_id::<kind::Teams>("team", "name", entry).await?;
    }
    for entry in &blueprint.user {
        people::user(&mut run, entry).await?;
    }
    for entry in &blueprint.prompt {
        run.keyed::<kind::Prompts>("prompt", entry).await?;
    }
    for entry in &blueprint.calendar {
        run.keyed::<kind::Calendars>("calendar", entry).await?;
    }
    for entry in &blueprint.break_reason {
        run.keyed::<kind::BreakReasons>("break_reason", entry).await?;
    }
    for entry in &blueprint.wrap_up_code {
        run.keyed::<kind::WrapUpCodes>("wrap_up_code", entry).await?;
    }
    for entry in &blueprint.capacity_profile {
        run.keyed::<kind::CapacityProfiles>("capacity_profile", entry).await?;
    }
    for entry in &blueprint.routing_rule {
        run.keyed::<kind::RoutingRules>("routing_rule", entry).await?;
    }
    for entry in &blueprint.queue {
        let entry = people::members_by_id(&run, entry).await?;
        run.with_id::<kind::Queues>("queue", "key", &entry).await?;
    }
    for entry in &blueprint.number {
        run.with_id::<kind::Numbers>("number", "number", entry).await?;
    }
    for entry in &blueprint.trunk {
        run.with_secret::<kind::Trunks>("trunk", "password", entry).await?;
    }
    for entry in &blueprint.customer {
        people::customer(&mut run, entry).await?;
    }
    let scopes = Scopes::read(tx).await?;
    for entry in &blueprint.board {
        let entry = scopes.to_ids("board", entry)?;
        run.with_id::<kind::Boards>("board", "key", &entry).await?;
    }
    for entry in &blueprint.webhook {
        run.with_secret::<kind::Webhooks>("webhook", "secret", entry).await?;
    }
    for entry in &blueprint.alert_rule {
        let entry = scopes.to_ids("alert_rule", entry)?;
        run.keyed::<kind::AlertRules>("alert_rule", &entry).await?;
    }
    crate::api::references::check(tx).await.map_err(|p| BlueprintError::References(p.words().1))?;
    Ok(run.diff)
}

impl Run<'_> {
    /// A kind whose id is its key.
    async fn keyed<K: Wire>(&mut self, word: &str, entry: &Map<String, Value>) -> Applied<()> {
        let name = name_of(word, "key", entry)?;
        let body = body::<K>(&name, complete(word, entry), &[])?;
        self.put::<K>(&name, body).await
    }

    /// A kind with an id of its own, found by `natural`.
    async fn with_id<K: Wire>(&mut self, word: &str, natural: &str, entry: &Map<String, Value>) -> Applied<()> {
        let name = name_of(word, natural, entry)?;
        let key = entry.get(natural).and_then(Value::as_str).unwrap_or_default();
        let id = match find_by_key::<K>(self.tx, key).await? {
            Some(row) => Value::String(K::id(&row.value)),
            None => Value::String(self.ids.new_id(self.tx.now(), domain::ids::uuid_v7).to_string()),
        };
        let body = body::<K>(&name, complete(word, entry), &[("id", id)])?;
        self.put::<K>(&name, body).await
    }

    /// A kind with an id, and with a secret beside its body.
    async fn with_secret<K: Wire>(&mut self, word: &str, field: &str, entry: &Map<String, Value>) -> Applied<()> {
        let before = self.diff.len();
        self.with_id::<K>(word, "key", entry).await?;
        // A secret cannot be compared with the sealed one; it is written when the thing itself is new or changes.
        let secret = entry.get(field).and_then(Value::as_str).filter(|_| self.diff.len() > before);
        let key = entry.get("key").and_then(Value::as_str).unwrap_or_default();
        if let (Some(secret), Some(row)) = (secret, find_by_key::<K>(self.tx, key).await?) {
            let secret = secrecy::SecretString::from(secret.to_owned());
            store::repo::secrets::set::<K>(self.tx, &K::id(&row.value), Some(&secret)).await?;
        }
        Ok(())
    }

    async fn put<K: Kind>(&mut self, name: &str, body: K::Body) -> Applied<()> {
        match find_by_key::<K>(self.tx, &K::key(&body)).await? {
            None => {
                insert::<K>(self.tx, &body).await?;
                self.diff.created(name);
            }
            Some(row) => {
                let (before, after) = (plain(&row.value), plain(&body));
                if before == after {
                    self.diff.unchanged();
                } else {
                    update::<K>(self.tx, &body, row.version).await?;
                    self.diff.changed(name, &before, &after, false);
                }
            }
        }
        Ok(())
    }
}

/// Checks an entry exactly as the API checks a body, and gives the domain's struct.
fn body<K: Wire>(name: &str, fields: Map<String, Value>, extra: &[(&str, Value)]) -> Applied<K::Body> {
    let wrong = |p| BlueprintError::problem(name, &p);
    let input: K::In = from_value(Value::Object(fields)).map_err(wrong)?;
    input.check().map_err(wrong)?;
    same_with(&input, extra).map_err(wrong)
}

/// How an entry is called in messages: `queue service`.
pub(super) fn name_of(word: &str, natural: &str, entry: &Map<String, Value>) -> Applied<String> {
    match entry.get(natural).and_then(Value::as_str) {
        Some(key) => Ok(format!("{word} {key}")),
        None => Err(BlueprintError::entry(word, format!("an entry has no {natural}"))),
    }
}

pub(super) fn plain(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
