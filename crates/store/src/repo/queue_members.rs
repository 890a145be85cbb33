//! Who serves which queue.
use super::Versioned;
use crate::{Result, Source, StoreError, Tx};
use domain::config::{Queue, QueueMember};
use domain::{QueueId, UserId};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use std::collections::HashMap;
use uuid::Uuid;

pub(super) async fn replace(tx: &Tx, queue: QueueId, members: &[QueueMember]) -> Result<()> {
    let queue = queue.to_string();
    tx.conn.execute(Query::delete().from_table("queue_members").and_where(Expr::col("queue_id").eq(queue.as_str()))).await?;
    if members.is_empty() {
        return Ok(());
    }
    let mut insert = Query::insert().into_table("queue_members").columns(["queue_id", "user_id", "level", "weight", "position"]).take();
    for (position, m) in members.iter().enumerate() {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        insert.values_panic([
            queue.clone().into(),
            m.user.0.into(),
            i32::from(m.level).into(),
            i32::from(m.weight).into(),
            position.into(),
        ]);
    }
    let failed = |e: sea_orm::DbErr| match e.sql_err() {
        Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => {
            StoreError::Invalid { field: "members", reason: "names a user that does not exist".into() }
        }
        _ => StoreError::unique(e, &["members"]),
    };
    tx.conn.execute(&insert).await.map_err(failed)?;
    Ok(())
}

pub(super) async fn fill<S: Source>(source: &S, queues: &mut [Versioned<Queue>]) -> Result<()> {
    if queues.is_empty() {
        return Ok(());
    }
    let mut query = Query::select().columns(["queue_id", "user_id", "level", "weight"]).from("queue_members").take();
    query.and_where(Expr::col("queue_id").is_in(queues.iter().map(|q| q.value.id.to_string())));
    query.order_by("position", sea_orm::Order::Asc).order_by("user_id", sea_orm::Order::Asc);
    let mut members: HashMap<String, Vec<QueueMember>> = HashMap::new();
    for row in source.conn().query_all(&query).await? {
        let level = u8::try_from(row.try_get::<i32>("", "level")?).map_err(|_| StoreError::Corrupt("queue member"))?;
        let weight = u16::try_from(row.try_get::<i32>("", "weight")?).map_err(|_| StoreError::Corrupt("queue member"))?;
        let user = UserId(row.try_get::<Uuid>("", "user_id")?);
        members.entry(row.try_get("", "queue_id")?).or_default().push(QueueMember { user, level, weight });
    }
    for queue in queues {
        queue.value.members = members.remove(&queue.value.id.to_string()).unwrap_or_default();
    }
    Ok(())
}
