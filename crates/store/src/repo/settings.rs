//! Small values by name, among them markers that outlive a restart.
use crate::entity::system::setting::{ActiveModel, Column, Entity};
use crate::{Result, Source, Tx};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder};

/// Set when `zhiyin demo` filled this data folder; its value is the seed.
pub const DEMO_MARKER: &str = "demo";
const CONFIG_REVISION: &str = "config_revision";

pub async fn get(source: &impl Source, key: &str) -> Result<Option<String>> {
    Ok(Entity::find_by_id(key.to_owned()).one(source.conn()).await?.map(|r| r.value))
}

/// Names that begin so, with their values, in order of the names.
pub async fn with_prefix(source: &impl Source, prefix: &str) -> Result<Vec<(String, String)>> {
    let rows = Entity::find().filter(Column::Key.starts_with(prefix)).order_by_asc(Column::Key).all(source.conn()).await?;
    Ok(rows.into_iter().map(|r| (r.key, r.value)).collect())
}

pub async fn set(tx: &Tx, key: &str, value: &str) -> Result<()> {
    let row = ActiveModel { key: Set(key.into()), value: Set(value.into()), version: Set(1) };
    let bump = OnConflict::column(Column::Key)
        .update_column(Column::Value)
        .value(Column::Version, Expr::col((Entity, Column::Version)).add(1))
        .to_owned();
    Entity::insert(row).on_conflict(bump).exec_without_returning(&tx.conn).await?;
    Ok(())
}

pub async fn remove(tx: &Tx, key: &str) -> Result<()> {
    Entity::delete_many().filter(Column::Key.eq(key)).exec(&tx.conn).await?;
    Ok(())
}

/// Counts a change of configuration, in the change's own transaction.
pub(crate) async fn bump_config_revision(tx: &Tx) -> Result<()> {
    set(tx, CONFIG_REVISION, "").await
}

pub(crate) async fn config_revision(source: &impl Source) -> Result<i64> {
    Ok(Entity::find_by_id(CONFIG_REVISION.to_owned()).one(source.conn()).await?.map_or(0, |r| r.version))
}
