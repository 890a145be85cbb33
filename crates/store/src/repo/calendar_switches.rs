//! The manual switches of calendars: at most one a calendar, beside the calendar itself.
use super::{from_json, settings, to_json};
use crate::{Result, Source, StoreError, Tx};
use domain::calendar::Switch;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use std::collections::BTreeMap;

const TABLE: &str = "calendar_switches";

/// All switches that are set, by the calendar's key.
pub async fn all(source: &impl Source) -> Result<BTreeMap<String, Switch>> {
    let query = Query::select().columns(["calendar_id", "body"]).from(TABLE).take();
    let mut found = BTreeMap::new();
    for row in source.conn().query_all(&query).await? {
        found.insert(row.try_get("", "calendar_id")?, from_json(&row.try_get::<String>("", "body")?, "calendar switch")?);
    }
    Ok(found)
}

pub async fn get(source: &impl Source, calendar: &str) -> Result<Option<Switch>> {
    let query = Query::select().column("body").from(TABLE).and_where(Expr::col("calendar_id").eq(calendar)).take();
    let row = source.conn().query_one(&query).await?;
    row.map(|row| from_json(&row.try_get::<String>("", "body")?, "calendar switch")).transpose()
}

/// Turns the switch, or takes it away. The engine sees it as a change of configuration; the calendar's version stays.
///
/// # Errors
/// `InUse`-like database errors when there is no such calendar: look first.
pub async fn set(tx: &Tx, calendar: &str, switch: Option<&Switch>) -> Result<()> {
    match switch {
        Some(switch) => {
            let change = OnConflict::column("calendar_id").update_columns(["updated_at", "body"]).to_owned();
            let query = Query::insert()
                .into_table(TABLE)
                .columns(["calendar_id", "updated_at", "body"])
                .values_panic([calendar.into(), tx.now.as_us().into(), to_json(switch, "calendar switch")?.into()])
                .on_conflict(change)
                .take();
            tx.conn.execute(&query).await.map_err(StoreError::from)?;
        }
        None => {
            let query = Query::delete().from_table(TABLE).and_where(Expr::col("calendar_id").eq(calendar)).take();
            tx.conn.execute(&query).await?;
        }
    }
    settings::bump_config_revision(tx).await
}
