//! Lock-out: too many wrong sign-ins for one user, or from one address, and both must wait.
//!
//! The answer is the same whether or not the user exists, so that it does not tell.
use crate::app::App;
use crate::http::problem::{ApiResult, Problem};
use axum::http::StatusCode;
use domain::Timestamp;
use std::net::IpAddr;
use store::repo::{login_attempts, users};

fn locked_out(seconds: u64) -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "locked_out", "Too many failed sign-ins")
        .detail("wait, or ask an administrator to unlock the user")
        .retry_after(seconds.max(1))
}

/// # Errors
/// 429 `locked_out` with `Retry-After`, while the address is locked.
pub async fn check_address(app: &App, address: IpAddr) -> ApiResult<()> {
    let now = app.now();
    let window_ms = app.config.auth.lockout_ms;
    let since = Timestamp(now.as_us().saturating_sub(window_ms as i64 * 1000));
    let failures = login_attempts::failures_from(&app.store, &address.to_string(), since).await?;
    if failures >= u64::from(app.config.auth.lockout_address_failures) { Err(locked_out(window_ms / 1000)) } else { Ok(()) }
}

/// # Errors
/// 429 `locked_out` with `Retry-After`, while the user is locked.
pub fn check_user(app: &App, credentials: Option<&users::Credentials>) -> ApiResult<()> {
    let now = app.now();
    match credentials.and_then(|c| c.locked_until) {
        Some(until) if until > now => Err(locked_out(until.ms_since(now).div_ceil(1000))),
        _ => Ok(()),
    }
}

/// When the next failure locks this user: until when.
pub fn lock_after_failure(app: &App, credentials: &users::Credentials) -> Option<Timestamp> {
    let failures = credentials.failed_logins + 1;
    // The count restarts after a lock has run out: the store keeps it until the next right password.
    failures.is_multiple_of(app.config.auth.lockout_user_failures).then(|| app.now().plus_ms(app.config.auth.lockout_ms))
}
