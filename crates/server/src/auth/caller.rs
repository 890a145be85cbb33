//! The one who asks, found out once a request by `authenticate`.
use crate::http::problem::{ApiResult, Problem};
use crate::stream::mask::Sight;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::access::{self, Permission, Principal, Resource, Scope};
use domain::config::User;
use domain::{ApiKeyId, SessionId, UserId};
use std::net::IpAddr;
use std::sync::Arc;

/// By what the caller proved who it is.
#[derive(Debug, Clone)]
pub enum Credential {
    Session { id: SessionId, csrf: String, expires_at: domain::Timestamp },
    ApiKey { id: ApiKeyId, name: String, expires_at: Option<domain::Timestamp> },
}

#[derive(Debug)]
pub struct CallerInner {
    pub principal: Principal,
    /// None for an API key that belongs to nobody.
    pub user: Option<User>,
    pub credential: Credential,
    pub address: IpAddr,
    pub user_agent: String,
}

/// Handlers take this; without a valid credential they answer 401.
#[derive(Debug, Clone)]
pub struct Caller(Arc<CallerInner>);

impl std::ops::Deref for Caller {
    type Target = CallerInner;
    fn deref(&self) -> &CallerInner {
        &self.0
    }
}

impl Caller {
    pub fn new(inner: CallerInner) -> Self {
        Self(Arc::new(inner))
    }

    /// The one question every handler asks before it does anything.
    ///
    /// # Errors
    /// 403 without the permission; 404 when it does not reach this resource.
    pub fn authorize(&self, permission: Permission, resource: &Resource) -> ApiResult<()> {
        access::authorize(&self.principal, permission, resource).map_err(|denied| {
            metrics::counter!("zhiyin_http_denied_total", "permission" => permission.name()).increment(1);
            denied.into()
        })
    }

    /// For lists: how far the caller sees.
    ///
    /// # Errors
    /// 403 without the permission.
    pub fn scope(&self, permission: Permission) -> ApiResult<Scope> {
        access::scope_of(&self.principal, permission)
            .ok_or_else(|| Problem::forbidden().detail(format!("needs the permission {permission}")))
    }

    /// The person behind the request, for what only a person can do.
    ///
    /// # Errors
    /// 403 for an API key that belongs to nobody.
    pub fn person(&self) -> ApiResult<&User> {
        self.user.as_ref().ok_or_else(|| Problem::forbidden().detail("only a signed-in person can do this"))
    }

    /// The caller as an agent at work.
    ///
    /// # Errors
    /// 403 for those who do not take calls.
    pub fn agent(&self) -> ApiResult<UserId> {
        let user = self.person()?.id;
        self.authorize(Permission::AgentWork, &Resource::owned(user, self.principal.team))?;
        Ok(user)
    }

    pub fn sight(&self) -> Sight {
        Sight::of(&self.principal, matches!(self.credential, Credential::ApiKey { .. }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(Problem::unauthenticated)
    }
}
