//! The store as a blueprint. Secrets are never in it; what it leaves out (ids, passwords) `apply` does not miss.
use super::BlueprintError;
use super::scopes::Scopes;
use domain::config::{Queue, User};
use domain::{TeamId, UserId};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::repo::config::{Kind, kind, list_all};
use store::repo::{customers, users};
use store::{Cursor, PageRequest, Store};

/// The blueprint as TOML.
///
/// # Errors
/// What the store says.
pub async fn export(store: &Store, with_customers: bool) -> Result<String, BlueprintError> {
    let people = users::all(store).await?;
    let teams: HashMap<TeamId, String> = list_all::<kind::Teams>(store).await?.into_iter().map(|r| (r.value.id, r.value.name)).collect();
    let names: HashMap<UserId, String> = people.iter().map(|u| (u.id, u.username.clone())).collect();
    let mut out = String::from("# A Zhiyin blueprint: `zhiyin apply FILE` brings a set-up to this.\n");
    table(&mut out, "team", all::<kind::Teams>(store).await?)?;
    table(&mut out, "user", people.iter().map(|u| user(u, &teams)).collect())?;
    table(&mut out, "prompt", all::<kind::Prompts>(store).await?)?;
    let calendars = list_all::<kind::Calendars>(store).await?;
    table(&mut out, "calendar", calendars.iter().map(|c| calendar(&c.value)).collect::<Result<_, _>>()?)?;
    table(&mut out, "break_reason", all::<kind::BreakReasons>(store).await?)?;
    table(&mut out, "capacity_profile", all::<kind::CapacityProfiles>(store).await?)?;
    table(&mut out, "routing_rule", all::<kind::RoutingRules>(store).await?)?;
    table(&mut out, "wrap_up_code", all::<kind::WrapUpCodes>(store).await?)?;
    let queues = list_all::<kind::Queues>(store).await?;
    table(&mut out, "queue", queues.iter().map(|q| queue(&q.value, &names)).collect())?;
    table(&mut out, "number", all::<kind::Numbers>(store).await?)?;
    table(&mut out, "trunk", all::<kind::Trunks>(store).await?)?;
    let scopes = Scopes::read(store).await?;
    let named = |mut entries: Vec<Map<String, Value>>| {
        entries.iter_mut().for_each(|e| scopes.to_names(e));
        entries
    };
    table(&mut out, "board", named(all::<kind::Boards>(store).await?))?;
    table(&mut out, "webhook", all::<kind::Webhooks>(store).await?)?;
    table(&mut out, "alert_rule", named(all::<kind::AlertRules>(store).await?))?;
    if with_customers {
        table(&mut out, "customer", all_customers(store).await?)?;
    }
    Ok(out)
}

async fn all<K: Kind>(store: &Store) -> Result<Vec<Map<String, Value>>, BlueprintError> {
    Ok(list_all::<K>(store).await?.iter().map(|row| fields(&row.value)).collect())
}

async fn all_customers(store: &Store) -> Result<Vec<Map<String, Value>>, BlueprintError> {
    let mut out = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = customers::list(store, None, PageRequest { cursor, limit: Some(store::page::LIMIT_MAX) }).await?;
        // Without a number a customer has no natural key to be applied by.
        out.extend(page.items.iter().filter(|c| !c.value.phones.is_empty()).map(|c| fields(&c.value)));
        match page.next_cursor {
            Some(next) => cursor = Some(Cursor::decode(&next)?),
            None => return Ok(out),
        }
    }
}

/// As the API shows it: without the switch, which is the hand of somebody and no set-up.
fn calendar(calendar: &domain::calendar::Calendar) -> Result<Map<String, Value>, BlueprintError> {
    let body = crate::api::calendars::body(calendar).map_err(|p| BlueprintError::problem(&format!("calendar {}", calendar.key), &p))?;
    Ok(fields(&body))
}

fn user(user: &User, teams: &HashMap<TeamId, String>) -> Map<String, Value> {
    let mut fields = fields(user);
    if let Some(name) = user.team.and_then(|t| teams.get(&t)) {
        fields.insert("team".into(), Value::String(name.clone()));
    }
    fields
}

fn queue(queue: &Queue, names: &HashMap<UserId, String>) -> Map<String, Value> {
    let mut fields = fields(queue);
    let member = |m: &domain::config::QueueMember| {
        let name = names.get(&m.user)?;
        Some(serde_json::json!({ "user": name, "level": m.level, "weight": m.weight }))
    };
    fields.insert("members".into(), queue.members.iter().filter_map(member).collect());
    fields
}

/// The fields without the id and without what is not there.
fn fields(value: &impl Serialize) -> Map<String, Value> {
    let mut json = serde_json::to_value(value).unwrap_or_default();
    drop_nulls(&mut json);
    match json {
        Value::Object(mut fields) => {
            fields.remove("id");
            fields
        }
        _ => Map::new(),
    }
}

/// TOML has no null: a field that is not there is left out.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, v| !v.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

fn table(out: &mut String, name: &str, entries: Vec<Map<String, Value>>) -> Result<(), BlueprintError> {
    if entries.is_empty() {
        return Ok(());
    }
    let one: HashMap<&str, Vec<Map<String, Value>>> = HashMap::from([(name, entries)]);
    let text = toml::to_string(&one).map_err(|e| BlueprintError::Syntax(e.to_string()))?;
    out.push('\n');
    out.push_str(&text);
    Ok(())
}
