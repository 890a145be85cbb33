//! Teams, queues, numbers, trunks, calendars, prompts and codes: one shape of table, one set of functions.
//! `config::get::<kind::Numbers>(&store, id)`; ids are text: the UUID, or the key of things that have no UUID.
use super::{Versioned, from_json, settings, to_json};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use sea_orm::sea_query::{DynIden, Expr, ExprTrait, IntoIden, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;

/// A kind of configuration: its table and its body. Implemented by the markers in [`kind`].
pub trait Kind: Send + Sync + 'static {
    type Body: Serialize + DeserializeOwned + Clone + Send + Sync;
    const TABLE: &'static str;
    /// For errors: `queue`, `number`, …
    const NAME: &'static str;
    /// Primary key; never changes.
    fn id(body: &Self::Body) -> String;
    /// Unique natural key.
    fn key(body: &Self::Body) -> String;

    /// The body as it is stored, without what lives in tables of its own.
    fn stored(body: &Self::Body) -> Self::Body {
        body.clone()
    }
    /// Writes what lives in tables of its own.
    fn save_parts(_tx: &Tx, _body: &Self::Body) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
    /// Fills in what lives in tables of its own.
    fn load_parts<S: Source>(_source: &S, _rows: &mut [Versioned<Self::Body>]) -> impl Future<Output = Result<()>> + Send {
        async { Ok(()) }
    }
}

/// The kinds there are.
pub mod kind {
    use super::super::{Versioned, queue_members};
    use super::Kind;
    use crate::{Result, Source, Tx};
    use domain::calendar::Calendar;
    use domain::config::{BreakReason, CapacityProfile, Code, Number, Prompt, Queue, RoutingRule, Team, Trunk, Webhook};
    use domain::monitor::{Board, Rule};
    use std::future::Future;

    macro_rules! kinds {
        ($($marker:ident $body:ty, $table:literal, $name:literal, $id:expr, $key:expr;)*) => {$(
            #[doc = concat!("Marker of table `", $table, "`.")]
            pub struct $marker;
            impl Kind for $marker {
                type Body = $body;
                const TABLE: &'static str = $table;
                const NAME: &'static str = $name;
                fn id(body: &$body) -> String { let f: fn(&$body) -> String = $id; f(body) }
                fn key(body: &$body) -> String { let f: fn(&$body) -> String = $key; f(body) }
            }
        )*};
    }
    kinds! {
        Teams Team, "teams", "team", |b| b.id.to_string(), |b| b.name.clone();
        Numbers Number, "numbers", "number", |b| b.id.to_string(), |b| b.number.clone();
        Trunks Trunk, "trunks", "trunk", |b| b.id.to_string(), |b| b.key.clone();
        Calendars Calendar, "calendars", "calendar", |b| b.key.clone(), |b| b.key.clone();
        Prompts Prompt, "prompts", "prompt", |b| b.key.clone(), |b| b.key.clone();
        BreakReasons BreakReason, "break_reasons", "break reason", |b| b.key.clone(), |b| b.key.clone();
        Boards Board, "boards", "board", |b| b.id.to_string(), |b| b.key.clone();
        AlertRules Rule, "alert_rules", "alert rule", |b| b.key.clone(), |b| b.key.clone();
        Webhooks Webhook, "webhooks", "webhook", |b| b.id.to_string(), |b| b.key.clone();
        CapacityProfiles CapacityProfile, "capacity_profiles", "capacity profile", |b| b.key.clone(), |b| b.key.clone();
        RoutingRules RoutingRule, "routing_rules", "routing rule", |b| b.key.clone(), |b| b.key.clone();
        WrapUpCodes Code, "wrap_up_codes", "wrap-up code", |b| b.key.clone(), |b| b.key.clone();
    }

    /// Marker of table `queues`; members live in `queue_members`.
    pub struct Queues;
    impl Kind for Queues {
        type Body = Queue;
        const TABLE: &'static str = "queues";
        const NAME: &'static str = "queue";
        fn id(body: &Queue) -> String {
            body.id.to_string()
        }
        fn key(body: &Queue) -> String {
            body.key.clone()
        }
        fn stored(body: &Queue) -> Queue {
            Queue { members: Vec::new(), ..body.clone() }
        }
        fn save_parts(tx: &Tx, body: &Queue) -> impl Future<Output = Result<()>> + Send {
            queue_members::replace(tx, body.id, &body.members)
        }
        fn load_parts<S: Source>(source: &S, rows: &mut [Versioned<Queue>]) -> impl Future<Output = Result<()>> + Send {
            queue_members::fill(source, rows)
        }
    }
}

pub(crate) fn table<K: Kind>() -> DynIden {
    K::TABLE.into_iden()
}

fn select<K: Kind>() -> SelectStatement {
    Query::select().columns(["version", "body"]).from(table::<K>()).take()
}

async fn read<K: Kind, S: Source>(source: &S, query: &SelectStatement) -> Result<Vec<Versioned<K::Body>>> {
    let mut rows = Vec::new();
    for row in source.conn().query_all(query).await? {
        rows.push(parse::<K>(&row)?);
    }
    K::load_parts(source, &mut rows).await?;
    Ok(rows)
}

fn parse<K: Kind>(row: &QueryResult) -> Result<Versioned<K::Body>> {
    Ok(Versioned { version: row.try_get("", "version")?, value: from_json(&row.try_get::<String>("", "body")?, K::NAME)? })
}

/// Everything of a kind, by key.
pub async fn list_all<K: Kind>(source: &impl Source) -> Result<Vec<Versioned<K::Body>>> {
    read::<K, _>(source, select::<K>().order_by("key", sea_orm::Order::Asc)).await
}

/// One page, by key.
pub async fn list<K: Kind>(source: &impl Source, page: PageRequest) -> Result<Page<Versioned<K::Body>>> {
    let limit = page.limit();
    let mut query = select::<K>();
    query.order_by("key", sea_orm::Order::Asc).limit(limit + 1);
    if let Some(cursor) = page.cursor {
        query.and_where(Expr::col("key").gt(cursor.text()?));
    }
    let rows = read::<K, _>(source, &query).await?;
    Ok(Page::from_rows(rows, limit, |r| Cursor::Text(K::key(&r.value))))
}

/// # Errors
/// `NotFound(K::NAME)`.
pub async fn get<K: Kind>(source: &impl Source, id: &str) -> Result<Versioned<K::Body>> {
    let rows = read::<K, _>(source, select::<K>().and_where(Expr::col("id").eq(id))).await?;
    rows.into_iter().next().ok_or(StoreError::NotFound(K::NAME))
}

/// By natural key; what `apply` compares with.
pub async fn find_by_key<K: Kind>(source: &impl Source, key: &str) -> Result<Option<Versioned<K::Body>>> {
    let rows = read::<K, _>(source, select::<K>().and_where(Expr::col("key").eq(key))).await?;
    Ok(rows.into_iter().next())
}

/// # Errors
/// `Duplicate("key")` when the natural key (or id) is taken; `InUse` when a part refers to a user that does not exist.
pub async fn insert<K: Kind>(tx: &Tx, body: &K::Body) -> Result<i64> {
    let query = Query::insert()
        .into_table(table::<K>())
        .columns(["id", "key", "version", "updated_at", "body"])
        .values_panic([
            K::id(body).into(),
            K::key(body).into(),
            1i64.into(),
            tx.now.as_us().into(),
            to_json(&K::stored(body), K::NAME)?.into(),
        ])
        .take();
    tx.conn.execute(&query).await.map_err(|e| StoreError::unique(e, &["key"]))?;
    K::save_parts(tx, body).await?;
    settings::bump_config_revision(tx).await?;
    Ok(1)
}

/// Replaces the body if the version is still `expected`; returns the new version.
///
/// # Errors
/// `NotFound`, `Conflict`, `Duplicate("key")`, `InUse` as for `insert`.
pub async fn update<K: Kind>(tx: &Tx, body: &K::Body, expected: i64) -> Result<i64> {
    let query = Query::update()
        .table(table::<K>())
        .values([
            ("key", K::key(body).into()),
            ("version", (expected + 1).into()),
            ("updated_at", tx.now.as_us().into()),
            ("body", to_json(&K::stored(body), K::NAME)?.into()),
        ])
        .and_where(Expr::col("id").eq(K::id(body)))
        .and_where(Expr::col("version").eq(expected))
        .take();
    let done = tx.conn.execute(&query).await.map_err(|e| StoreError::unique(e, &["key"]))?;
    if done.rows_affected() == 0 {
        return Err(conflict::<K>(tx, &K::id(body), expected).await);
    }
    K::save_parts(tx, body).await?;
    settings::bump_config_revision(tx).await?;
    Ok(expected + 1)
}

/// # Errors
/// `NotFound`, `Conflict`. References by key from other configuration are the caller's to check.
pub async fn delete<K: Kind>(tx: &Tx, id: &str, expected: i64) -> Result<()> {
    let query =
        Query::delete().from_table(table::<K>()).and_where(Expr::col("id").eq(id)).and_where(Expr::col("version").eq(expected)).take();
    if tx.conn.execute(&query).await?.rows_affected() == 0 {
        return Err(conflict::<K>(tx, id, expected).await);
    }
    settings::bump_config_revision(tx).await
}

async fn conflict<K: Kind>(tx: &Tx, id: &str, expected: i64) -> StoreError {
    match get::<K>(tx, id).await {
        Ok(row) => StoreError::Conflict { expected, found: row.version },
        Err(e) => e,
    }
}
