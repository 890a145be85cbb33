//! Password work off the async threads, a bounded number at a time: each takes 19 MiB and tens of milliseconds.
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};

/// Requests that may wait for their turn; more are turned away at once, so that a flood of sign-ins cannot pile up.
const WAITING_MAX: u64 = 64;

async fn work<T: Send + 'static>(app: &App, f: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    use std::sync::atomic::Ordering::Relaxed;
    if app.hashing_waiting.fetch_add(1, Relaxed) >= WAITING_MAX {
        app.hashing_waiting.fetch_sub(1, Relaxed);
        return Err(Problem::limit_reached("too many sign-ins at once"));
    }
    let permit = app.hashing.clone().acquire_owned().await;
    app.hashing_waiting.fetch_sub(1, Relaxed);
    let permit = permit.map_err(|e| Problem::internal(&e))?;
    let done = tokio::task::spawn_blocking(move || {
        let result = f();
        drop(permit);
        result
    });
    done.await.map_err(|e| Problem::internal(&e))
}

/// Does the same work whether or not there is a hash.
pub async fn verify(app: &App, password: String, stored: Option<String>) -> ApiResult<bool> {
    work(app, move || store::password::verify(&password, stored.as_deref())).await
}

pub async fn hash(app: &App, password: String) -> ApiResult<String> {
    store::password::check(&password)?;
    Ok(work(app, move || store::password::hash(&password)).await??)
}
