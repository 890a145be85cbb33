//! Customers who are to be called back. A row is written again whenever its callback changes; the number is sealed.
use crate::crypto::{Domain, Field};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use domain::callback::Callback;
use domain::{CallbackId, QueueId};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, IntoIden, OnConflict, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

const WHAT: &str = "callback";

fn field(id: &Uuid) -> Field<'_> {
    Field::new("callbacks", "body", id.as_bytes())
}

pub(crate) async fn upsert(tx: &Tx, callbacks: &[Callback]) -> Result<()> {
    for callback in callbacks {
        let id = callback.id().0;
        let ended_at = callback.state().is_final().then(|| tx.now.as_us());
        let replace = OnConflict::column("id").update_columns(["state", "ended_at", "body"]).to_owned();
        let query = Query::insert()
            .into_table("callbacks".into_iden())
            .columns(["id", "queue_id", "state", "ended_at", "body"])
            .values_panic([
                id.into(),
                callback.request().queue.0.into(),
                callback.state().word().into(),
                ended_at.into(),
                tx.crypto().seal_json(Domain::History, field(&id), callback)?.into(),
            ])
            .on_conflict(replace)
            .take();
        tx.conn.execute(&query).await?;
    }
    Ok(())
}

fn select() -> SelectStatement {
    Query::select().columns(["id", "body"]).from("callbacks".into_iden()).take()
}

fn from_row(source: &impl Source, row: &QueryResult) -> Result<Callback> {
    let id: Uuid = row.try_get("", "id")?;
    source.crypto().open_json(Domain::History, field(&id), &row.try_get::<Vec<u8>>("", "body")?)
}

async fn read(source: &impl Source, query: &SelectStatement) -> Result<Vec<Callback>> {
    source.conn().query_all(query).await?.iter().map(|row| from_row(source, row)).collect()
}

/// Those that are not over, oldest first, no more than `most`.
pub async fn open(source: &impl Source, most: u64) -> Result<Vec<Callback>> {
    read(source, select().and_where(Expr::col("ended_at").is_null()).order_by("id", Order::Asc).limit(most)).await
}

/// Newest first. `over`: those that ended, or those that have not. `queues`: of these only.
pub async fn list(source: &impl Source, over: Option<bool>, queues: Option<&[QueueId]>, page: PageRequest) -> Result<Page<Callback>> {
    let limit = page.limit();
    let mut query = select();
    let ended = Expr::col("ended_at");
    query.cond_where(
        Cond::all()
            .add_option(over.map(|over| if over { ended.is_not_null() } else { ended.is_null() }))
            .add_option(queues.map(|queues| Expr::col("queue_id").is_in(queues.iter().map(|q| q.0)))),
    );
    if let Some(cursor) = page.cursor {
        query.and_where(Expr::col("id").lt(cursor.int()?.1));
    }
    let rows = read(source, query.order_by("id", Order::Desc).limit(limit + 1)).await?;
    Ok(Page::from_rows(rows, limit, |c| Cursor::Int(0, c.id().0)))
}

/// # Errors
/// `NotFound("callback")`.
pub async fn get(source: &impl Source, id: CallbackId) -> Result<Callback> {
    let found = read(source, select().and_where(Expr::col("id").eq(id.0))).await?;
    found.into_iter().next().ok_or(StoreError::NotFound(WHAT))
}
