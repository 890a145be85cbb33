//! How the posts to each webhook went.
use crate::{Result, Source, Tx};
use domain::Timestamp;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, OnConflict, Query};

/// A failure's text is cut to this many characters.
const FAILURE_CHARS_MAX: usize = 300;

/// The newest of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    pub last_success_at: Option<Timestamp>,
    pub last_failure_at: Option<Timestamp>,
    pub last_failure: Option<String>,
}

/// Notes how a post went; no failure: it was delivered.
pub async fn note(tx: &Tx, webhook: &str, failure: Option<&str>) -> Result<()> {
    let now = tx.now.as_us();
    let (columns, values) = match failure {
        None => (vec!["last_success_at"], vec![now.into()]),
        Some(text) => {
            let text: String = text.chars().take(FAILURE_CHARS_MAX).collect();
            (vec!["last_failure_at", "last_failure"], vec![now.into(), text.into()])
        }
    };
    let replace = OnConflict::column("webhook").update_columns(columns.iter().copied()).to_owned();
    let query = Query::insert()
        .into_table("webhook_status".into_iden())
        .columns(std::iter::once("webhook").chain(columns))
        .values_panic(std::iter::once(Expr::val(webhook)).chain(values.into_iter().map(Expr::value::<sea_orm::Value>)))
        .on_conflict(replace)
        .take();
    tx.conn.execute(&query).await?;
    Ok(())
}

pub async fn status(source: &impl Source, webhook: &str) -> Result<Status> {
    let query = Query::select()
        .columns(["last_success_at", "last_failure_at", "last_failure"])
        .from("webhook_status".into_iden())
        .and_where(Expr::col("webhook").eq(webhook))
        .take();
    let Some(row) = source.conn().query_one(&query).await? else { return Ok(Status::default()) };
    Ok(Status {
        last_success_at: row.try_get::<Option<i64>>("", "last_success_at")?.map(Timestamp),
        last_failure_at: row.try_get::<Option<i64>>("", "last_failure_at")?.map(Timestamp),
        last_failure: row.try_get("", "last_failure")?,
    })
}
