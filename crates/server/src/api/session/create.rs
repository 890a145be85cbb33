//! `POST /api/v1/session`
use super::{permissions, self_view};
use crate::api::dto::session::{SignIn, SignedIn};
use crate::app::App;
use crate::auth::authenticate::ClientAddress;
use crate::auth::{cookie, sign_in};
use crate::http::extract::Unread;
use crate::http::problem::{ApiResult, Problem};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use domain::access::Principal;
use secrecy::ExposeSecret;

/// Signs in. Sets the cookie `zhiyin_session` and returns the same token for `Authorization: Bearer`. Too many failures
/// lock the user or the address for a while (429 `locked_out`). Audited.
#[utoipa::path(post, path = "/api/v1/session", operation_id = "sign_in", tag = "session", request_body = SignIn, security(()),
    responses((status = 200, description = "Signed in", body = SignedIn, headers(("Set-Cookie" = String)))))]
pub async fn handler(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    body: Unread<SignIn>,
) -> ApiResult<impl IntoResponse> {
    let SignIn { username, password } = body.parse()?;
    crate::api::dto::common::text("username", &username, 1, 200)?;
    crate::api::dto::common::text("password", &password, 1, 1000)?;
    let user_agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (user, session) = sign_in::sign_in(&app, &username, password, address, user_agent).await?;
    let token = session.token.expose_secret().to_owned();
    let max_age_s = app.config.auth.absolute_timeout_ms / 1000;
    let cookie = cookie::set(&token, max_age_s, app.https).ok_or_else(|| Problem::internal(&"cookie"))?;
    let principal = Principal::with_roles(user.id, user.team, &user.roles);
    let expires_at = session.session.created_at.plus_ms(app.config.auth.absolute_timeout_ms).as_us();
    let signed_in = SignedIn { token, csrf: session.csrf, user: self_view(&user)?, permissions: permissions(&principal)?, expires_at };
    Ok(([(header::SET_COOKIE, cookie)], Json(signed_in)))
}
