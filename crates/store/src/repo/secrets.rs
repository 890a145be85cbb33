//! The sealed secret beside a thing of configuration: a trunk's password, a webhook's signing key.
use super::config::{Kind, table};
use super::{from_json, settings};
use crate::crypto::{Domain, Field};
use crate::{Result, Source, StoreError, Tx};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, Value};
use secrecy::{ExposeSecret, SecretString};

fn field<K: Kind>(id: &str) -> Field<'_> {
    Field::new(K::TABLE, "secret", id.as_bytes())
}

/// Sets or removes it.
///
/// # Errors
/// `NotFound(K::NAME)`.
pub async fn set<K: Kind>(tx: &Tx, id: &str, secret: Option<&SecretString>) -> Result<()> {
    let sealed: Option<Vec<u8>> = secret.map(|p| tx.crypto().seal(Domain::Config, field::<K>(id), p.expose_secret().as_bytes()));
    let query = Query::update().table(table::<K>()).value("secret", Value::Bytes(sealed)).and_where(Expr::col("id").eq(id)).take();
    if tx.conn.execute(&query).await?.rows_affected() == 0 {
        return Err(StoreError::NotFound(K::NAME));
    }
    settings::bump_config_revision(tx).await
}

/// Whether one is set: all that the API tells of it.
pub async fn is_set<K: Kind>(source: &impl Source, id: &str) -> Result<bool> {
    let query = Query::select()
        .column("id")
        .from(table::<K>())
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("secret").is_not_null())
        .take();
    Ok(source.conn().query_one(&query).await?.is_some())
}

/// Everything of a kind with its secret opened, by key.
///
/// # Errors
/// `Sealed`/`Corrupt` when one does not open.
pub async fn list_all<K: Kind>(source: &impl Source) -> Result<Vec<(K::Body, Option<SecretString>)>> {
    let query = Query::select().columns(["id", "body", "secret"]).from(table::<K>()).order_by("key", sea_orm::Order::Asc).take();
    let mut out = Vec::new();
    for row in source.conn().query_all(&query).await? {
        let id: String = row.try_get("", "id")?;
        let body: K::Body = from_json(&row.try_get::<String>("", "body")?, K::NAME)?;
        let secret = match row.try_get::<Option<Vec<u8>>>("", "secret")? {
            Some(sealed) => {
                let clear = source.crypto().open(Domain::Config, field::<K>(&id), &sealed)?;
                Some(SecretString::from(String::from_utf8(clear).map_err(|_| StoreError::Corrupt(K::NAME))?))
            }
            None => None,
        };
        out.push((body, secret));
    }
    Ok(out)
}
