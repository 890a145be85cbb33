//! What the configuration resources have in common: list, read, create, replace, delete with version, references and audit.
//! Each endpoint keeps its own file with its words; this is the one way they all work.
use crate::api::dto::{Paged, Validate};
use crate::api::references;
use crate::app::App;
use crate::audit::{self, EntryExt};
use crate::auth::Caller;
use crate::http::extract::Unread;
use crate::http::precondition::{IfMatch, etag};
use crate::http::problem::{ApiResult, Problem};
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use domain::access::{Permission, Resource};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use store::repo::Versioned;
use store::repo::config::{self, Kind};
use store::{PageRequest, Tx};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// A configuration kind on the wire.
pub trait Wire: Kind {
    type In: DeserializeOwned + Serialize + Validate + Send + Sync;
    type Out: Serialize + PartialSchema + ToSchema + Send;
    /// First word of its audit actions: `queue` in `queue.create`.
    const CREATE: &'static str;
    const REPLACE: &'static str;
    const DELETE: &'static str;
    const READ: Permission = Permission::ConfigRead;
    const WRITE: Permission = Permission::ConfigWrite;

    /// The stored body for what came in; `id` is what the path names, none for a create.
    fn body(app: &App, input: &Self::In, id: Option<&str>) -> ApiResult<Self::Body>;
    fn out(app: &App, row: Versioned<Self::Body>) -> impl Future<Output = ApiResult<Self::Out>> + Send;
    /// What is kept beside the body (a trunk's password).
    fn secrets(_tx: &Tx, _input: &Self::In, _body: &Self::Body) -> impl Future<Output = ApiResult<()>> + Send {
        async { Ok(()) }
    }
    /// Refuses to delete what other things of the store still need.
    fn unused(_tx: &Tx, _body: &Self::Body) -> impl Future<Output = ApiResult<()>> + Send {
        async { Ok(()) }
    }
}

/// The query of a plain list.
#[derive(Debug, Clone, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next_cursor` of the page before.
    #[param(pattern = "^[A-Za-z0-9_-]{1,500}$")]
    pub cursor: Option<String>,
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u32>,
}
impl PageQuery {
    pub fn request(&self) -> ApiResult<PageRequest> {
        Ok(PageRequest::parse(self.cursor.as_deref(), self.limit)?)
    }
}

type Tagged<T> = ([(HeaderName, HeaderValue); 1], Json<T>);

pub async fn list<W: Wire>(app: &App, caller: &Caller, query: &PageQuery) -> ApiResult<Json<Paged<W::Out>>> {
    caller.authorize(W::READ, &Resource::HOUSE)?;
    let page = config::list::<W>(&app.store, query.request()?).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        items.push(W::out(app, row).await?);
    }
    Ok(Json(Paged { items, next_cursor: page.next_cursor }))
}

pub async fn get<W: Wire>(app: &App, caller: &Caller, id: &str) -> ApiResult<Tagged<W::Out>> {
    caller.authorize(W::READ, &Resource::HOUSE)?;
    let row = config::get::<W>(&app.store, id).await?;
    Ok((etag(row.version), Json(W::out(app, row).await?)))
}

pub async fn create<W: Wire>(app: &App, caller: &Caller, body: Unread<W::In>) -> ApiResult<(StatusCode, Tagged<W::Out>)> {
    caller.authorize(W::WRITE, &Resource::HOUSE)?;
    let input = body.parse()?;
    input.check()?;
    let body = W::body(app, &input, None)?;
    let tx = app.store.begin(app.now()).await?;
    let version = config::insert::<W>(&tx, &body).await?;
    W::secrets(&tx, &input, &body).await?;
    references::check(&tx).await?;
    audit::by(caller, W::CREATE).on(W::NAME, W::id(&body)).with("key", W::key(&body)).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok((StatusCode::CREATED, (etag(version), Json(W::out(app, Versioned { version, value: body }).await?))))
}

pub async fn replace<W: Wire>(app: &App, caller: &Caller, id: &str, expected: IfMatch, body: Unread<W::In>) -> ApiResult<Tagged<W::Out>> {
    caller.authorize(W::WRITE, &Resource::HOUSE)?;
    let input = body.parse()?;
    input.check()?;
    let tx = app.store.begin(app.now()).await?;
    config::get::<W>(&tx, id).await?;
    let body = W::body(app, &input, Some(id))?;
    let version = config::update::<W>(&tx, &body, expected.version()?).await?;
    W::secrets(&tx, &input, &body).await?;
    references::check(&tx).await?;
    audit::by(caller, W::REPLACE).on(W::NAME, id).with("key", W::key(&body)).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok((etag(version), Json(W::out(app, Versioned { version, value: body }).await?)))
}

pub async fn delete<W: Wire>(app: &App, caller: &Caller, id: &str, expected: IfMatch) -> ApiResult<StatusCode> {
    caller.authorize(W::WRITE, &Resource::HOUSE)?;
    let tx = app.store.begin(app.now()).await?;
    let row = config::get::<W>(&tx, id).await?;
    let expected = expected.version()?;
    W::unused(&tx, &row.value).await?;
    config::delete::<W>(&tx, id, expected).await?;
    references::check(&tx).await?;
    audit::by(caller, W::DELETE).on(W::NAME, id).with("key", W::key(&row.value)).write(&tx).await?;
    tx.commit().await?;
    app.engine.config_changed().await;
    Ok(StatusCode::NO_CONTENT)
}

/// The id of a body: the one in the path, or a new one.
pub fn id_or_new<T: From<Uuid>>(app: &App, id: Option<&str>, new: fn(domain::Timestamp, [u8; 10]) -> T) -> ApiResult<T> {
    match id {
        Some(text) => Uuid::parse_str(text).map(T::from).map_err(|_| Problem::not_found("id")),
        None => Ok(app.new_id(new)),
    }
}

/// For things whose id is their key: a `PUT` may not rename.
pub fn same_key(key: &str, id: Option<&str>) -> ApiResult<()> {
    match id {
        Some(id) if id != key => Err(Problem::conflict("a key never changes: make a new one and delete the old one").field("key")),
        _ => Ok(()),
    }
}

/// The JSON of an id, for [`crate::api::dto::common::same_with`].
pub fn json_id(id: impl Serialize) -> ApiResult<Value> {
    serde_json::to_value(id).map_err(|e| Problem::internal(&e))
}
