//! Signing in: password, lock-out, session, audit.
use super::{authenticate, lockout, passwords};
use crate::app::App;
use crate::audit::{self, Actor, EntryExt, Outcome};
use crate::http::problem::{ApiResult, Problem};
use axum::http::StatusCode;
use domain::SessionId;
use domain::config::User;
use std::net::IpAddr;
use store::repo::{login_attempts, sessions, users};

/// # Errors
/// 401 `unauthenticated` for a wrong name or password (the two are not told apart), 429 `locked_out`.
pub async fn sign_in(
    app: &App,
    username: &str,
    password: String,
    address: IpAddr,
    user_agent: &str,
) -> ApiResult<(User, sessions::NewSession)> {
    lockout::check_address(app, address).await?;
    let credentials = users::credentials(&app.store, username).await?;
    lockout::check_user(app, credentials.as_ref())?;
    let hash = credentials.as_ref().filter(|c| !c.user.disabled).and_then(|c| c.password_hash.clone());
    let right = passwords::verify(app, password, hash).await?;
    match credentials {
        Some(c) if right => succeeded(app, c.user, address, user_agent).await,
        other => {
            failed(app, username, other, address, user_agent).await?;
            Err(Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Wrong user name or password"))
        }
    }
}

async fn succeeded(app: &App, user: User, address: IpAddr, user_agent: &str) -> ApiResult<(User, sessions::NewSession)> {
    let tx = app.store.begin(app.now()).await?;
    users::login_succeeded(&tx, user.id).await?;
    login_attempts::record(&tx, app.new_id(domain::ids::uuid_v7), &address.to_string(), &user.username, true).await?;
    let id = app.new_id(SessionId::from_parts);
    let session = sessions::create(&tx, id, user.id, authenticate::session_end(app), &address.to_string(), user_agent).await?;
    let actor = Actor::User { id: user.id, name: user.username.clone() };
    audit::from_address(actor, "session.create", address, user_agent).on("user", user.id).write(&tx).await?;
    tx.commit().await?;
    Ok((user, session))
}

async fn failed(app: &App, username: &str, credentials: Option<users::Credentials>, address: IpAddr, user_agent: &str) -> ApiResult<()> {
    let tx = app.store.begin(app.now()).await?;
    login_attempts::record(&tx, app.new_id(domain::ids::uuid_v7), &address.to_string(), username, false).await?;
    let mut entry = audit::from_address(Actor::Anonymous, "session.create", address, user_agent);
    entry.result = Outcome::Denied;
    if let Some(c) = &credentials {
        let lock = lockout::lock_after_failure(app, c);
        users::login_failed(&tx, c.user.id, lock).await?;
        entry = entry.on("user", c.user.id);
        if let Some(until) = lock {
            entry = entry.with("locked_until", until.as_us());
            tracing::warn!(user = %c.user.id, "user locked after failed sign-ins");
        }
    }
    entry.write(&tx).await?;
    tx.commit().await?;
    metrics::counter!("zhiyin_sign_in_failed_total").increment(1);
    Ok(())
}
