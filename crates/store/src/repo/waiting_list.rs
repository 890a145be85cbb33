//! Who stands in which line now, so that another owner of the routing gives everybody the place they had. Rows come and go with the
//! places; what a place holds is sealed.
use crate::crypto::{Domain, Field};
use crate::{Result, Source, Tx};
use domain::InteractionId;
use domain::routing::Enqueue;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, OnConflict, Query};
use std::collections::BTreeMap;
use uuid::Uuid;

const TABLE: &str = "waiting_list";
/// Rows of one statement.
const CHUNK_ROWS: usize = 100;

fn field(id: &Uuid) -> Field<'_> {
    Field::new(TABLE, "body", id.as_bytes())
}

/// The newest word on each: its place, or none when it left the line.
pub(crate) async fn write(tx: &Tx, places: &BTreeMap<InteractionId, Option<Box<Enqueue>>>) -> Result<()> {
    let standing: Vec<(Uuid, &Enqueue)> = places.iter().filter_map(|(i, p)| Some((i.0, p.as_deref()?))).collect();
    for chunk in standing.chunks(CHUNK_ROWS) {
        let replace = OnConflict::column("interaction_id").update_columns(["body"]).to_owned();
        let mut query = Query::insert();
        query.into_table(TABLE.into_iden()).columns(["interaction_id", "body"]).on_conflict(replace);
        for (id, place) in chunk {
            query.values_panic([(*id).into(), tx.crypto().seal_json(Domain::History, field(id), place)?.into()]);
        }
        tx.conn.execute(&query).await?;
    }
    let left: Vec<Uuid> = places.iter().filter(|(_, p)| p.is_none()).map(|(i, _)| i.0).collect();
    for chunk in left.chunks(CHUNK_ROWS) {
        let gone = Expr::col("interaction_id").is_in(chunk.iter().copied());
        tx.conn.execute(&Query::delete().from_table(TABLE.into_iden()).and_where(gone).take()).await?;
    }
    Ok(())
}

/// Everybody, in the order in which they came into their lines. A row that cannot be read is passed over: its call asks for its place
/// itself.
pub async fn all(source: &impl Source) -> Result<Vec<Enqueue>> {
    let query = Query::select().columns(["interaction_id", "body"]).from(TABLE.into_iden()).take();
    let mut places: Vec<Enqueue> = Vec::new();
    for row in source.conn().query_all(&query).await? {
        let id: Uuid = row.try_get("", "interaction_id")?;
        match source.crypto().open_json(Domain::History, field(&id), &row.try_get::<Vec<u8>>("", "body")?) {
            Ok(place) => places.push(place),
            Err(error) => tracing::warn!(interaction = %id, %error, "a place in the waiting list cannot be read"),
        }
    }
    places.sort_by_key(|e| (e.entered_at, e.interaction));
    Ok(places)
}

/// Nobody waits: the calls of the last process ended with it.
pub(crate) async fn clear(tx: &Tx) -> Result<()> {
    tx.conn.execute(&Query::delete().from_table(TABLE.into_iden()).take()).await?;
    Ok(())
}
