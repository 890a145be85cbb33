//! The entries about people: users, queue members, customers.
use super::apply::{Applied, Run, name_of, plain};
use super::{BlueprintError, complete};
use crate::api::dto::Validate;
use crate::api::dto::common::same_with;
use crate::api::dto::customer::CustomerBody;
use crate::api::dto::user::UserBody;
use crate::http::extract::from_value;
use domain::config::{Customer, User};
use domain::{CustomerId, UserId};
use serde_json::{Map, Value, json};
use store::SipSecret;
use store::repo::config::{find_by_key, kind};
use store::repo::{customers, users};

/// A user. `password` and `phone_password` count only for a new one: a blueprint never resets what people changed.
pub(super) async fn user(run: &mut Run<'_>, entry: &Map<String, Value>) -> Applied<()> {
    let name = name_of("user", "username", entry)?;
    let mut fields = complete("user", entry);
    let secret = |fields: &mut Map<String, Value>, key: &str| fields.remove(key).and_then(|v| v.as_str().map(str::to_owned));
    let (password, phone_password) = (secret(&mut fields, "password"), secret(&mut fields, "phone_password"));
    if let Some(Value::String(team)) = fields.get("team").cloned() {
        let row = find_by_key::<kind::Teams>(run.tx, &team).await?;
        let row = row.ok_or_else(|| BlueprintError::entry(&name, format!("there is no team \"{team}\"")))?;
        fields.insert("team".into(), json!(row.value.id));
    }
    let wrong = |p| BlueprintError::problem(&name, &p);
    let body: UserBody = from_value(Value::Object(fields)).map_err(wrong)?;
    body.check().map_err(wrong)?;
    let existing = users::credentials(run.tx, &body.username).await?.map(|c| c.user.id);
    let id = existing.unwrap_or_else(|| run.ids.new_id(run.tx.now(), UserId::from_parts));
    let user: User = same_with(&body, &[("id", json!(id))]).map_err(wrong)?;
    if existing.is_some() {
        let row = users::get(run.tx, id).await?;
        let (before, after) = (plain(&row.value), plain(&user));
        if before == after {
            run.diff.unchanged();
        } else {
            users::update(run.tx, &user, row.version).await?;
            run.diff.changed(&name, &before, &after, false);
        }
        return Ok(());
    }
    users::insert(run.tx, &user).await?;
    run.diff.created(&name);
    if let Some(password) = password {
        store::password::check(&password)?;
        let hashed = tokio::task::spawn_blocking(move || store::password::hash(&password)).await;
        let hash = hashed.map_err(|e| BlueprintError::entry(&name, e.to_string()))??;
        users::set_password_hash(run.tx, id, &hash).await?;
    }
    if let (Some(password), Some(extension)) = (phone_password, &user.extension) {
        users::set_sip_secret(run.tx, id, Some(&SipSecret::derive(extension, run.realm, &password))).await?;
    }
    Ok(())
}

/// `members = [{ user = "li.na", level = 1 }]` with ids in the names' place. Their order counts for some strategies.
pub(super) async fn members_by_id(run: &Run<'_>, entry: &Map<String, Value>) -> Applied<Map<String, Value>> {
    let name = name_of("queue", "key", entry)?;
    let mut entry = entry.clone();
    let Some(members) = entry.get_mut("members").and_then(Value::as_array_mut) else { return Ok(entry) };
    for member in members.iter_mut() {
        let username = member.get("user").and_then(Value::as_str).unwrap_or_default();
        let found = users::credentials(run.tx, username).await?;
        let found = found.ok_or_else(|| BlueprintError::entry(&name, format!("there is no user \"{username}\"")))?;
        member["user"] = json!(found.user.id);
    }
    Ok(entry)
}

/// A customer, known by its first phone number.
pub(super) async fn customer(run: &mut Run<'_>, entry: &Map<String, Value>) -> Applied<()> {
    let phone = entry.get("phones").and_then(|p| p.get(0)).and_then(Value::as_str);
    let Some(phone) = phone.map(str::to_owned) else { return Err(BlueprintError::entry("customer", "an entry has no phones")) };
    let name = format!("customer {}", domain::pii::mask_phone(&phone));
    let wrong = |p| BlueprintError::problem(&name, &p);
    let body: CustomerBody = from_value(Value::Object(complete("customer", entry))).map_err(wrong)?;
    body.check().map_err(wrong)?;
    let existing = customers::find_by_phone(run.tx, &phone).await?;
    let id = existing.as_ref().map_or_else(|| run.ids.new_id(run.tx.now(), CustomerId::from_parts), |row| row.value.id);
    let customer: Customer = same_with(&body, &[("id", json!(id))]).map_err(wrong)?;
    match existing {
        None => {
            customers::insert(run.tx, &customer).await?;
            run.diff.created(&name);
        }
        Some(row) if plain(&row.value) == plain(&customer) => run.diff.unchanged(),
        Some(row) => {
            customers::update(run.tx, &customer, row.version).await?;
            run.diff.changed(&name, &plain(&row.value), &plain(&customer), true);
        }
    }
    Ok(())
}
