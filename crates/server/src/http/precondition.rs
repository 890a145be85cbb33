//! `ETag` and `If-Match` (RFC 9110 §8.8.3, §13.1.1): a configuration row's version, quoted.
use crate::http::problem::{ApiResult, Problem};
use axum::extract::FromRequestParts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};

/// The version that the caller says it read.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(Option<Result<i64, ()>>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.get(header::IF_MATCH).map(|v| parse(v).ok_or(()))))
    }
}

impl IfMatch {
    /// # Errors
    /// 428 without the header, 412 when it is no tag of ours.
    pub fn version(self) -> ApiResult<i64> {
        match self.0 {
            Some(Ok(version)) => Ok(version),
            Some(Err(())) => Err(Problem::precondition_failed()),
            None => Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "precondition_required", "If-Match is missing")
                .detail("send the ETag that you read in If-Match")),
        }
    }
}

fn parse(value: &HeaderValue) -> Option<i64> {
    let text = value.to_str().ok()?.trim();
    // Compression in front of us may weaken the tag (RFC 9110 §8.8.1); the version is the same.
    let text = text.strip_prefix("W/").unwrap_or(text);
    text.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}

/// The header that carries a row's version out.
pub fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes are visible ASCII");
    [(header::ETAG, value)]
}
