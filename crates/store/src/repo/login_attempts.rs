//! Sign-in tries by address, for lock-out by address.
use crate::entity::access::login_attempt::{ActiveModel, Column, Entity};
use crate::{Result, Source, Tx};
use domain::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// Notes a try. The typed username is kept as blind index only.
pub async fn record(tx: &Tx, id: Uuid, address: &str, username: &str, ok: bool) -> Result<()> {
    let row = ActiveModel {
        id: Set(id),
        at: Set(tx.now.as_us()),
        address: Set(address.to_owned()),
        username_index: Set(tx.crypto().text_index("username", &super::users::username_key(username))),
        ok: Set(ok),
    };
    Entity::insert(row).exec_without_returning(&tx.conn).await?;
    Ok(())
}

/// Failed tries from an address since `since`.
pub async fn failures_from(source: &impl Source, address: &str, since: Timestamp) -> Result<u64> {
    let query = Entity::find().filter(Column::Address.eq(address)).filter(Column::At.gte(since.as_us())).filter(Column::Ok.eq(false));
    Ok(query.count(source.conn()).await?)
}

/// Forgets tries before `before`; returns how many.
pub async fn prune(tx: &Tx, before: Timestamp) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::At.lt(before.as_us())).exec(&tx.conn).await?.rows_affected)
}
