//! The sealed password beside a trunk.
use super::config::{Kind, kind, table};
use super::{from_json, settings};
use crate::crypto::{Domain, Field};
use crate::{Result, Source, StoreError, Tx};
use domain::TrunkId;
use domain::config::Trunk;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query, Value};
use secrecy::{ExposeSecret, SecretString};

fn field(id: &str) -> Field<'_> {
    Field::new("trunks", "secret", id.as_bytes())
}

/// Sets or removes the digest password of a trunk.
///
/// # Errors
/// `NotFound("trunk")`.
pub async fn set_password(tx: &Tx, id: TrunkId, password: Option<&SecretString>) -> Result<()> {
    let id = id.to_string();
    let sealed: Option<Vec<u8>> = password.map(|p| tx.crypto().seal(Domain::Config, field(&id), p.expose_secret().as_bytes()));
    let query = Query::update()
        .table(table::<kind::Trunks>())
        .value("secret", Value::Bytes(sealed))
        .and_where(Expr::col("id").eq(id.as_str()))
        .take();
    if tx.conn.execute(&query).await?.rows_affected() == 0 {
        return Err(StoreError::NotFound(kind::Trunks::NAME));
    }
    settings::bump_config_revision(tx).await
}

/// Whether a password is set: all that the API tells of it.
pub async fn has_password(source: &impl Source, id: TrunkId) -> Result<bool> {
    let query = Query::select()
        .column("id")
        .from(table::<kind::Trunks>())
        .and_where(Expr::col("id").eq(id.to_string()))
        .and_where(Expr::col("secret").is_not_null())
        .take();
    Ok(source.conn().query_one(&query).await?.is_some())
}

pub(crate) async fn all_with_passwords(source: &impl Source) -> Result<Vec<(Trunk, Option<SecretString>)>> {
    let query = Query::select().columns(["id", "body", "secret"]).from(table::<kind::Trunks>()).order_by("key", sea_orm::Order::Asc).take();
    let mut out = Vec::new();
    for row in source.conn().query_all(&query).await? {
        let id: String = row.try_get("", "id")?;
        let trunk: Trunk = from_json(&row.try_get::<String>("", "body")?, "trunk")?;
        let password = match row.try_get::<Option<Vec<u8>>>("", "secret")? {
            Some(sealed) => {
                let clear = source.crypto().open(Domain::Config, field(&id), &sealed)?;
                Some(SecretString::from(String::from_utf8(clear).map_err(|_| StoreError::Corrupt("trunk password"))?))
            }
            None => None,
        };
        out.push((trunk, password));
    }
    Ok(out)
}
