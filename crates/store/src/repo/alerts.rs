//! The alerts there were. A row is written again whenever its alert changes.
use super::{from_json, to_json, word};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use domain::Timestamp;
use domain::monitor::Alert;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Cond, Expr, ExprTrait, IntoIden, OnConflict, Order, Query, SelectStatement};
use uuid::Uuid;

const WHAT: &str = "alert";

fn number(alert: u64) -> i64 {
    i64::try_from(alert).unwrap_or(i64::MAX)
}

pub(crate) async fn upsert(tx: &Tx, alerts: &[Alert]) -> Result<()> {
    for alert in alerts {
        let replace = OnConflict::column("number").update_columns(["cleared_at", "body"]).to_owned();
        let query = Query::insert()
            .into_table("alerts".into_iden())
            .columns(["number", "rule", "level", "fired_at", "cleared_at", "body"])
            .values_panic([
                number(alert.number).into(),
                alert.rule.as_str().into(),
                word(&alert.level).into(),
                alert.fired_at.as_us().into(),
                alert.cleared_at.map(Timestamp::as_us).into(),
                to_json(alert, WHAT)?.into(),
            ])
            .on_conflict(replace)
            .take();
        tx.conn.execute(&query).await?;
    }
    Ok(())
}

fn select() -> SelectStatement {
    Query::select().columns(["number", "body"]).from("alerts".into_iden()).take()
}

async fn read(source: &impl Source, query: &SelectStatement) -> Result<Vec<Alert>> {
    let rows = source.conn().query_all(query).await?;
    rows.iter().map(|row| from_json(&row.try_get::<String>("", "body")?, WHAT)).collect()
}

/// Newest first. `over`: those that cleared, or those that have not.
pub async fn list(source: &impl Source, over: Option<bool>, page: PageRequest) -> Result<Page<Alert>> {
    let limit = page.limit();
    let mut query = select();
    let cleared = Expr::col("cleared_at");
    query.cond_where(Cond::all().add_option(over.map(|over| if over { cleared.is_not_null() } else { cleared.is_null() })));
    if let Some(cursor) = page.cursor {
        query.and_where(Expr::col("number").lt(cursor.int()?.0));
    }
    let rows = read(source, query.order_by("number", Order::Desc).limit(limit + 1)).await?;
    Ok(Page::from_rows(rows, limit, |a| Cursor::Int(number(a.number), Uuid::nil())))
}

/// # Errors
/// `NotFound("alert")`.
pub async fn get(source: &impl Source, alert: u64) -> Result<Alert> {
    let found = read(source, select().and_where(Expr::col("number").eq(number(alert)))).await?;
    found.into_iter().next().ok_or(StoreError::NotFound(WHAT))
}

/// The highest number given so far; 0: none.
pub async fn last(source: &impl Source) -> Result<u64> {
    let newest = read(source, select().order_by("number", Order::Desc).limit(1)).await?;
    Ok(newest.first().map_or(0, |a| a.number))
}
