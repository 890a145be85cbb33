//! Keys of the API: shown once, kept as hash, scoped and expiring.
use super::{from_json, to_json};
use crate::entity::access::api_key::{ActiveModel, Column, Entity, Model};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx, token};
use domain::{ApiKeyId, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use secrecy::{ExposeSecret, SecretString};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// `zyk_<8 hex>`, shown so that people can tell keys apart.
    pub prefix: String,
    pub name: String,
    /// Acts as this user where a user is needed; none = as itself.
    pub owner: Option<UserId>,
    /// What it may do, as the access module spells permissions and scopes (kept as given).
    pub permissions: serde_json::Value,
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// To about a minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What the maker of a key says.
#[derive(Debug, Clone)]
pub struct NewApiKey {
    pub id: ApiKeyId,
    pub name: String,
    pub owner: Option<UserId>,
    pub permissions: serde_json::Value,
    pub created_by: Option<UserId>,
    pub expires_at: Option<Timestamp>,
}

fn from_row(row: &Model) -> Result<ApiKey> {
    Ok(ApiKey {
        id: ApiKeyId(row.id),
        prefix: row.prefix.clone(),
        name: row.name.clone(),
        owner: row.owner.map(UserId),
        permissions: from_json(&row.permissions, "permissions")?,
        created_by: row.created_by.map(UserId),
        created_at: Timestamp(row.created_at),
        expires_at: row.expires_at.map(Timestamp),
        last_used_at: row.last_used_at.map(Timestamp),
        revoked_at: row.revoked_at.map(Timestamp),
    })
}

/// Makes a key; the secret is returned this once.
pub async fn create(tx: &Tx, new: NewApiKey) -> Result<(ApiKey, SecretString)> {
    let (prefix, secret) = token::generate_api_key();
    let key = insert(tx, new, prefix, &secret).await?;
    Ok((key, secret))
}

/// Makes a key with a secret that is already known (a blueprint's demo key): `zyk_<8 hex>_<rest>`.
///
/// # Errors
/// `Invalid { field: "api_key" }` for another shape.
pub async fn create_with_secret(tx: &Tx, new: NewApiKey, secret: &SecretString) -> Result<ApiKey> {
    let prefix = prefix_of(secret.expose_secret())
        .ok_or_else(|| StoreError::Invalid { field: "api_key", reason: "expected zyk_<8 hex>_<secret>".into() })?;
    insert(tx, new, prefix.to_owned(), secret).await
}

async fn insert(tx: &Tx, new: NewApiKey, prefix: String, secret: &SecretString) -> Result<ApiKey> {
    let row = Model {
        id: new.id.0,
        prefix,
        hash: token::hash(secret.expose_secret()).to_vec(),
        name: new.name,
        owner: new.owner.map(|u| u.0),
        permissions: to_json(&new.permissions, "permissions")?,
        created_by: new.created_by.map(|u| u.0),
        created_at: tx.now.as_us(),
        expires_at: new.expires_at.map(Timestamp::as_us),
        last_used_at: None,
        revoked_at: None,
    };
    let key = from_row(&row)?;
    Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.conn).await.map_err(|e| StoreError::unique(e, &["prefix"]))?;
    Ok(key)
}

fn prefix_of(secret: &str) -> Option<&str> {
    let rest = secret.strip_prefix(token::API_KEY_PREFIX)?;
    let (id, tail) = rest.split_once('_')?;
    let shape = id.len() == 8 && id.bytes().all(|b| b.is_ascii_hexdigit()) && !tail.is_empty();
    shape.then(|| &secret[..token::API_KEY_PREFIX.len() + 8])
}

/// Whether a bearer value looks like an API key (else it is a session token).
pub fn looks_like_key(bearer: &str) -> bool {
    prefix_of(bearer).is_some()
}

/// The key of a secret, if it is neither expired nor revoked.
pub async fn find(source: &impl Source, secret: &str, now: Timestamp) -> Result<Option<ApiKey>> {
    use subtle::ConstantTimeEq;
    let Some(prefix) = prefix_of(secret) else { return Ok(None) };
    let Some(row) = Entity::find().filter(Column::Prefix.eq(prefix)).one(source.conn()).await? else { return Ok(None) };
    let same: bool = row.hash.ct_eq(&token::hash(secret)).into();
    let alive = row.revoked_at.is_none() && row.expires_at.is_none_or(|t| t > now.as_us());
    if same && alive { from_row(&row).map(Some) } else { Ok(None) }
}

/// Notes that a key was used. At most once a minute a key: it is a write.
pub async fn touch(tx: &Tx, id: ApiKeyId) -> Result<()> {
    let row = ActiveModel { last_used_at: Set(Some(tx.now.as_us())), ..Default::default() };
    Entity::update_many().set(row).filter(Column::Id.eq(id.0)).exec(&tx.conn).await?;
    Ok(())
}

/// # Errors
/// `NotFound("api key")`, also when revoked before.
pub async fn revoke(tx: &Tx, id: ApiKeyId) -> Result<()> {
    let row = ActiveModel { revoked_at: Set(Some(tx.now.as_us())), ..Default::default() };
    let done = Entity::update_many().set(row).filter(Column::Id.eq(id.0)).filter(Column::RevokedAt.is_null()).exec(&tx.conn).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("api key")) } else { Ok(()) }
}

/// All keys that are not revoked, by prefix.
pub async fn list(source: &impl Source, page: PageRequest) -> Result<Page<ApiKey>> {
    let limit = page.limit();
    let mut query = Entity::find().filter(Column::RevokedAt.is_null());
    if let Some(cursor) = page.cursor {
        query = query.filter(Column::Prefix.gt(cursor.text()?));
    }
    let rows = query.order_by_asc(Column::Prefix).limit(limit + 1).all(source.conn()).await?;
    let keys = rows.iter().map(from_row).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_rows(keys, limit, |k| Cursor::Text(k.prefix.clone())))
}
