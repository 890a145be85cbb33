//! Kept answers of creates: the same key and body answer the same. Answers are sealed, they may hold personal data.
use crate::crypto::{Domain, Field};
use crate::entity::system::idempotency::{ActiveModel, Column, Entity};
use crate::{Result, Source, StoreError, Tx};
use domain::Timestamp;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Longest key (visible ASCII).
pub const KEY_LEN_MAX: usize = 128;

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// Not seen, or expired: do the work.
    New,
    /// Same key and request: answer this again.
    Answer { status: u16, body: Vec<u8> },
    /// Same key, another request (422 `idempotency_mismatch`).
    Mismatch,
}

/// What identifies a request: method, path and body.
pub fn request_hash(method: &str, path: &str, body: &[u8]) -> [u8; 32] {
    let mut h = Sha256::new();
    for part in [method.as_bytes(), path.as_bytes(), body] {
        h.update((part.len() as u64).to_be_bytes());
        h.update(part);
    }
    h.finalize().into()
}

fn row_id(owner: Uuid, key: &str) -> Vec<u8> {
    [owner.as_bytes().as_slice(), key.as_bytes()].concat()
}

/// `owner`: the user or API key that sent the request; keys of different owners never meet.
pub async fn find(source: &impl Source, owner: Uuid, key: &str, request: &[u8; 32], now: Timestamp) -> Result<Kept> {
    let row = Entity::find_by_id((owner, key.to_owned())).one(source.conn()).await?;
    let Some(row) = row.filter(|r| r.expires_at > now.as_us()) else { return Ok(Kept::New) };
    if row.request_hash != request {
        return Ok(Kept::Mismatch);
    }
    let id = row_id(owner, key);
    let body = source.crypto().open(Domain::Jobs, Field::new("idempotency_keys", "response", &id), &row.response)?;
    Ok(Kept::Answer { status: u16::try_from(row.status).map_err(|_| StoreError::Corrupt("kept answer"))?, body })
}

/// Keeps an answer, in the same transaction as the work.
///
/// # Errors
/// `Duplicate("idempotency_key")` when a second request with this key finished first: roll back and `find` again.
pub async fn keep(tx: &Tx, owner: Uuid, key: &str, request: &[u8; 32], status: u16, body: &[u8], expires_at: Timestamp) -> Result<()> {
    Entity::delete_many()
        .filter(Column::Owner.eq(owner))
        .filter(Column::Key.eq(key))
        .filter(Column::ExpiresAt.lte(tx.now.as_us()))
        .exec(&tx.conn)
        .await?;
    let id = row_id(owner, key);
    let row = ActiveModel {
        owner: Set(owner),
        key: Set(key.to_owned()),
        request_hash: Set(request.to_vec()),
        status: Set(i32::from(status)),
        response: Set(tx.crypto().seal(Domain::Jobs, Field::new("idempotency_keys", "response", &id), body)),
        created_at: Set(tx.now.as_us()),
        expires_at: Set(expires_at.as_us()),
    };
    Entity::insert(row).exec_without_returning(&tx.conn).await.map_err(|e| StoreError::unique(e, &["idempotency_key"]))?;
    Ok(())
}

/// Forgets expired answers; returns how many.
pub async fn prune(tx: &Tx) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::ExpiresAt.lte(tx.now.as_us())).exec(&tx.conn).await?.rows_affected)
}
