//! Loading the data keys, and making them for a new database.
use crate::crypto::{Crypto, Domain, MasterKey, WrappedKey};
use crate::entity::system::key;
use crate::{Result, StoreError};
use domain::Timestamp;
use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait, QueryOrder, TransactionTrait};

pub(super) async fn load_or_create(db: &DatabaseConnection, master: &MasterKey, now: Timestamp) -> Result<Crypto> {
    let rows = key::Entity::find().order_by_asc(key::Column::Id).all(db).await?;
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        // A domain this version does not know belongs to a newer one; its key is of no use here.
        let Some(domain) = Domain::parse(&row.domain) else { continue };
        let (Ok(id), Ok(version)) = (u32::try_from(row.id), u32::try_from(row.version)) else {
            return Err(StoreError::Corrupt("key table"));
        };
        keys.push(WrappedKey { id, domain, version, wrapped: row.wrapped });
    }
    let mut next = keys.iter().map(|k| k.id).max().unwrap_or(0) + 1;
    let mut made = Vec::new();
    for domain in Domain::ALL {
        if !keys.iter().any(|k| k.domain == domain) {
            made.push(WrappedKey::generate(master, next, domain, 1));
            next += 1;
        }
    }
    // Prove that the master key fits the keys there are before adding ones under another.
    let all: Vec<WrappedKey> = keys.into_iter().chain(made.iter().cloned()).collect();
    let crypto = Crypto::unwrap(master, &all)?;
    if !made.is_empty() {
        let tx = db.begin().await?;
        let rows = made.into_iter().map(|k| key::ActiveModel {
            id: Set(k.id as i32),
            domain: Set(k.domain.name().into()),
            version: Set(k.version as i32),
            wrapped: Set(k.wrapped),
            created_at: Set(now.as_us()),
        });
        key::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        tx.commit().await?;
    }
    Ok(crypto)
}
