//! The one-time link that makes the first administrator of an empty data folder.
use crate::entity::system::setup_token::{ActiveModel, Column, Entity};
use crate::{Result, Source, Tx, token};
use domain::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use secrecy::{ExposeSecret, SecretString};

/// Makes a new token and forgets all earlier ones.
pub async fn create(tx: &Tx, expires_at: Timestamp) -> Result<SecretString> {
    Entity::delete_many().exec(&tx.conn).await?;
    let secret = token::generate();
    let row = ActiveModel {
        hash: Set(token::hash(secret.expose_secret()).to_vec()),
        created_at: Set(tx.now.as_us()),
        expires_at: Set(expires_at.as_us()),
        used_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(&tx.conn).await?;
    Ok(secret)
}

/// Whether a token would be accepted now.
pub async fn is_valid(source: &impl Source, token: &str, now: Timestamp) -> Result<bool> {
    let row = Entity::find_by_id(token::hash(token).to_vec()).one(source.conn()).await?;
    Ok(row.is_some_and(|r| r.used_at.is_none() && r.expires_at > now.as_us()))
}

/// Uses the token up; false when it is unknown, used or expired. Of two at once only one gets true.
pub async fn consume(tx: &Tx, token: &str) -> Result<bool> {
    let row = ActiveModel { used_at: Set(Some(tx.now.as_us())), ..Default::default() };
    let done = Entity::update_many()
        .set(row)
        .filter(Column::Hash.eq(token::hash(token).to_vec()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now.as_us()))
        .exec(&tx.conn)
        .await?;
    Ok(done.rows_affected == 1)
}
