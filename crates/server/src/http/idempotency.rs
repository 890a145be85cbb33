//! `Idempotency-Key` on creates: the same key and body answer the same, once the first one succeeded.
use crate::app::App;
use crate::auth::{Caller, authenticate::owner_of};
use crate::http::extract::buffer;
use crate::http::problem::{ApiResult, CONTENT_TYPE, Problem};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::repo::idempotency::{self, KEY_LEN_MAX, Kept};
use uuid::Uuid;

pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// An answer is kept this long.
const KEEP_MS: u64 = 24 * 3_600_000;
/// Longest answer that is kept.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get(HEADER).cloned();
    let caller = request.extensions().get::<Caller>().cloned();
    match (key, caller) {
        (Some(key), Some(caller)) if request.method() == Method::POST => {
            once(&app, &key, owner_of(&caller), request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        _ => next.run(request).await,
    }
}

async fn once(app: &App, key: &HeaderValue, owner: Uuid, request: Request, next: Next) -> ApiResult<Response> {
    let key = key.to_str().ok().filter(|k| (1..=KEY_LEN_MAX).contains(&k.len()) && k.bytes().all(|b| b.is_ascii_graphic()));
    let key = key.ok_or_else(|| Problem::invalid("Idempotency-Key", format!("1 to {KEY_LEN_MAX} visible ASCII characters")))?;
    let (parts, body) = request.into_parts();
    let body = buffer(body).await?;
    let hash = idempotency::request_hash(parts.method.as_str(), parts.uri.path(), &body);
    let Some(_guard) = InFlight::enter(app, owner, key) else {
        return Err(Problem::conflict("a request with this Idempotency-Key is still running").retry_after(1));
    };
    match idempotency::find(&app.store, owner, key, &hash, app.now()).await? {
        Kept::Answer { status, body } => return replay(status, body),
        Kept::Mismatch => {
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_mismatch", "The key was used for another request"));
        }
        Kept::New => {}
    }
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if response.status() != StatusCode::CREATED {
        return Ok(response);
    }
    keep(app, owner, key, &hash, response).await
}

async fn keep(app: &App, owner: Uuid, key: &str, hash: &[u8; 32], response: Response) -> ApiResult<Response> {
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|e| Problem::internal(&e))?;
    let now = app.now();
    let tx = app.store.begin(now).await?;
    idempotency::keep(&tx, owner, key, hash, parts.status.as_u16(), &body, now.plus_ms(KEEP_MS)).await?;
    tx.commit().await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn replay(status: u16, body: Vec<u8>) -> ApiResult<Response> {
    let status = StatusCode::from_u16(status).map_err(|e| Problem::internal(&e))?;
    let kind = if status.is_success() { "application/json" } else { CONTENT_TYPE };
    let mut response = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
    response.headers_mut().insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    Ok(response)
}

/// Marks a create as running; leaves on drop, also when the request is cut off.
struct InFlight<'a> {
    app: &'a App,
    entry: (Uuid, String),
}
impl<'a> InFlight<'a> {
    /// None while another request with this key runs. The guard is made only after the lock is gone and only for the one
    /// who got in: its drop takes the lock, and would take the other's entry away.
    fn enter(app: &'a App, owner: Uuid, key: &str) -> Option<Self> {
        let entry = (owner, key.to_owned());
        let first = app.creating.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(entry.clone());
        if first { Some(Self { app, entry }) } else { None }
    }
}
impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.app.creating.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&self.entry);
    }
}
