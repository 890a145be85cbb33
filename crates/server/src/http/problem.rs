//! The one error of the API: `application/problem+json` (RFC 9457) with a stable `code`.
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::access::Denied;
use engine::handle::CommandError;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

/// Where the problem types are explained: `<TYPE_BASE><code>`.
pub const TYPE_BASE: &str = "https://zhiyin.dev/problems/";
pub const CONTENT_TYPE: &str = "application/problem+json";

/// An error answer. `code` is a stable word for programs; `title` and `detail` are for people and logs.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `https://zhiyin.dev/problems/<code>`.
    pub r#type: String,
    pub title: String,
    /// The HTTP status again.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    pub code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub detail: Option<String>,
    /// The field of the request that is to blame, as a path such as `members.0.level`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Option<String>,
    field: Option<String>,
    retry_after_s: Option<u64>,
}

/// What every handler returns.
pub type ApiResult<T> = Result<T, Problem>;

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, title: &'static str) -> Self {
        Self { status, code, title, detail: None, field: None, retry_after_s: None }
    }
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
    pub fn status(&self) -> StatusCode {
        self.status
    }
    pub fn code(&self) -> &'static str {
        self.code
    }

    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "Sign in first")
    }
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed")
    }
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found").detail(format!("no such {what}"))
    }
    pub fn invalid(field: &str, reason: impl Into<String>) -> Self {
        let problem = Self::new(StatusCode::BAD_REQUEST, "invalid", "The request is not valid").detail(reason);
        if field.is_empty() { problem } else { problem.field(field) }
    }
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "conflict", "Not possible in the present state").detail(detail)
    }
    pub fn precondition_failed() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "precondition_failed", "Changed since it was read")
            .detail("read it again and send its new ETag in If-Match")
    }
    pub fn limit_reached(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "limit_reached", "A limit is reached").detail(detail).retry_after(1)
    }
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", "Not available now").detail(detail).retry_after(1)
    }
    /// Something of ours broke. What exactly is logged here, once, and never shown.
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(error = %cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something went wrong here")
    }

    /// The field and the reason, for those who do not speak HTTP.
    pub fn words(&self) -> (Option<String>, String) {
        (self.field.clone(), self.detail.clone().unwrap_or_else(|| self.title.to_owned()))
    }

    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            r#type: format!("{TYPE_BASE}{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            detail: self.detail.clone(),
            field: self.field.clone(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self.body()).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response();
        if let Some(s) = self.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(s));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"zhiyin\""));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::NotFound(what) => Self::not_found(what),
            StoreError::Conflict { .. } => Self::precondition_failed(),
            StoreError::Duplicate(field) => Self::conflict(format!("{field} is already taken")).field(field),
            StoreError::InUse(by) => Self::conflict(format!("still in use by {by}")),
            StoreError::Invalid { field, reason } => Self::invalid(field, reason),
            other => Self::internal(&other),
        }
    }
}

impl From<CommandError> for Problem {
    fn from(e: CommandError) -> Self {
        match e {
            CommandError::NotFound(what) => Self::not_found(what),
            CommandError::Conflict(why) => Self::conflict(why),
            CommandError::Invalid { field, reason } => Self::invalid(field, reason),
            CommandError::Limit(which) => Self::limit_reached(which),
            CommandError::Unavailable => Self::unavailable("the call engine does not take commands now"),
        }
    }
}

impl From<Denied> for Problem {
    fn from(e: Denied) -> Self {
        match e {
            Denied::Missing(p) => Self::forbidden().detail(format!("needs the permission {p}")),
            // Whoever may not see a thing does not learn that it exists.
            Denied::OutOfScope(_) => Self::not_found("thing in your scope"),
        }
    }
}
