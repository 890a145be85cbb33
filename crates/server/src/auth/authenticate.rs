//! The first layer of every API request: address, rate, credential, CSRF.
use super::caller::{Caller, CallerInner, Credential};
use super::cookie;
use crate::app::App;
use crate::http::{address, problem::Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::access::{Permission, Principal, Scope};
use domain::{Timestamp, UserId};
use std::net::IpAddr;
use store::{StoreError, repo, token};
use uuid::Uuid;

pub const CSRF_HEADER: &str = "x-csrf-token";
/// A session's or key's last use is written at most this often.
const TOUCH_EVERY_MS: u64 = 60_000;

/// The client's address, for handlers that need it without a caller (sign-in).
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

pub async fn layer(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match examine(&app, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn examine(app: &App, request: &mut Request) -> Result<(), Problem> {
    let address = address::client(request.extensions(), request.headers(), &app.config.http.trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
    let found = credential_of(request.headers());
    let bucket = match &found {
        Some((secret, _)) => token::hash(secret).to_vec(),
        None => address.to_string().into_bytes(),
    };
    if let Err(seconds) = app.rate.take(&bucket, app.now()) {
        return Err(Problem::limit_reached("too many requests").retry_after(seconds));
    }
    let Some((secret, by_cookie)) = found else { return Ok(()) };
    let user_agent = text_header(request.headers(), header::USER_AGENT.as_str());
    let caller = if repo::api_keys::looks_like_key(&secret) {
        by_key(app, &secret, address, user_agent).await?
    } else {
        by_session(app, &secret, address, user_agent).await?
    };
    let Some(caller) = caller else { return Ok(()) };
    if by_cookie && !is_safe(request.method()) {
        let sent = text_header(request.headers(), CSRF_HEADER);
        if !token::same(&sent, &token::csrf(&secret)) {
            return Err(Problem::new(StatusCode::FORBIDDEN, "csrf", "The CSRF token is missing or wrong")
                .detail("send the session's csrf value in X-CSRF-Token"));
        }
    }
    request.extensions_mut().insert(Caller::new(caller));
    Ok(())
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn text_header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// The secret and whether it came by cookie. A bearer wins: whoever sets it means it.
fn credential_of(headers: &HeaderMap) -> Option<(String, bool)> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| {
        let (scheme, rest) = v.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim().to_owned())
    });
    bearer.map(|b| (b, false)).or_else(|| cookie::token(headers).map(|t| (t.to_owned(), true)))
}

async fn by_session(app: &App, secret: &str, address: IpAddr, user_agent: String) -> Result<Option<CallerInner>, Problem> {
    let now = app.now();
    let Some(session) = repo::sessions::find(&app.store, secret, now).await? else { return Ok(None) };
    let idle = now.ms_since(session.seen_at) > app.config.auth.idle_timeout_ms;
    let old = now.ms_since(session.created_at) > app.config.auth.absolute_timeout_ms;
    // Nobody is signed out in the middle of a call.
    if (idle || old) && !app.hub.on_call(session.user) {
        return Ok(None);
    }
    let user = match repo::users::get(&app.store, session.user).await {
        Ok(row) if !row.value.disabled => row.value,
        Ok(_) | Err(StoreError::NotFound(_)) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    if now.ms_since(session.seen_at) > touch_after_ms(app.config.auth.idle_timeout_ms) {
        let tx = app.store.begin(now).await?;
        repo::sessions::touch(&tx, session.id).await?;
        tx.commit().await?;
    }
    Ok(Some(CallerInner {
        principal: Principal::with_roles(user.id, user.team, &user.roles),
        user: Some(user),
        credential: Credential::Session {
            id: session.id,
            csrf: token::csrf(secret),
            expires_at: session.created_at.plus_ms(app.config.auth.absolute_timeout_ms),
        },
        address,
        user_agent,
    }))
}

/// Often enough that somebody at work is never counted as idle, however short the limit.
fn touch_after_ms(idle_timeout_ms: u64) -> u64 {
    TOUCH_EVERY_MS.min(idle_timeout_ms / 4)
}

async fn by_key(app: &App, secret: &str, address: IpAddr, user_agent: String) -> Result<Option<CallerInner>, Problem> {
    let now = app.now();
    let Some(key) = repo::api_keys::find(&app.store, secret, now).await? else { return Ok(None) };
    let user = match key.owner {
        Some(id) => match repo::users::get(&app.store, id).await {
            Ok(row) if !row.value.disabled => Some(row.value),
            _ => return Ok(None),
        },
        None => None,
    };
    if key.last_used_at.is_none_or(|at| now.ms_since(at) > TOUCH_EVERY_MS) {
        let tx = app.store.begin(now).await?;
        repo::api_keys::touch(&tx, key.id).await?;
        tx.commit().await?;
    }
    let grants: Vec<(Permission, Scope)> = grants_of(&key.permissions);
    Ok(Some(CallerInner {
        // A key without an owner owns nothing: its own id stands where a user's would.
        principal: Principal { user: user.as_ref().map_or(UserId(key.id.0), |u| u.id), team: user.as_ref().and_then(|u| u.team), grants },
        user,
        credential: Credential::ApiKey { id: key.id, name: key.name, expires_at: key.expires_at },
        address,
        user_agent,
    }))
}

/// The grants of a key as they are stored; words that this version does not know give nothing.
pub fn grants_of(stored: &serde_json::Value) -> Vec<(Permission, Scope)> {
    let entries = stored.as_array().map(Vec::as_slice).unwrap_or_default();
    let one = |entry: &serde_json::Value| {
        let permission = serde_json::from_value(entry.get("permission")?.clone()).ok()?;
        let scope = serde_json::from_value(entry.get("scope")?.clone()).ok()?;
        Some((permission, scope))
    };
    entries.iter().filter_map(one).collect()
}

/// Whether the request is authenticated by cookie: then another site's page may be behind it.
pub fn came_by_cookie(headers: &HeaderMap) -> bool {
    credential_of(headers).is_some_and(|(_, by_cookie)| by_cookie)
}

/// Under which owner a caller's idempotency keys are kept.
pub fn owner_of(caller: &Caller) -> Uuid {
    match &caller.credential {
        Credential::ApiKey { id, .. } => id.0,
        Credential::Session { .. } => caller.principal.user.0,
    }
}

/// Nobody is on one call for longer: the store may forget a session this long after its absolute end.
const CALL_GRACE_MS: u64 = 4 * 3_600_000;

/// When the store may forget a session that begins now; the absolute limit itself is checked above.
pub fn session_end(app: &App) -> Timestamp {
    app.now().plus_ms(app.config.auth.absolute_timeout_ms + CALL_GRACE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_is_written_long_before_a_session_counts_as_idle() {
        for (idle_timeout_ms, after_ms) in [(12 * 3_600_000, 60_000), (240_000, 60_000), (60_000, 15_000), (1, 0)] {
            assert_eq!(touch_after_ms(idle_timeout_ms), after_ms);
        }
    }
}
