//! Extractors whose rejections are problems, strict about what the OpenAPI document promises.
use crate::http::problem::{ApiResult, Problem};
use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, header, request::Parts};
use bytes::Bytes;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// A JSON body, received but not yet looked at: a handler asks `authorize` first and calls [`Unread::parse`] after, so
/// that a caller who may not act learns nothing about what would have been valid.
#[derive(Debug)]
pub struct Unread<T> {
    bytes: Result<Bytes, Problem>,
    json: bool,
    marker: std::marker::PhantomData<fn() -> T>,
}

/// Integers beyond this cannot be told apart in the JSON number model of other languages (RFC 8259 §6).
const INTEGER_EXACT_MAX: f64 = 9_007_199_254_740_992.0;

impl<T: DeserializeOwned> Unread<T> {
    /// # Errors
    /// 415 without a JSON content type, 413 when too long, 400 with the field's path when it does not fit.
    pub fn parse(self) -> ApiResult<T> {
        if !self.json {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "Not a JSON body")
                .detail("send Content-Type: application/json"));
        }
        parse_json(&self.bytes?)
    }
}

/// Parses strictly: unknown fields are refused by the types; `5.0` counts as the integer 5, as JSON Schema has it.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    from_value(serde_json::from_slice(bytes).map_err(|e| Problem::invalid("", format!("unreadable JSON: {e}")))?)
}

/// The same for JSON that was read already.
pub fn from_value<T: DeserializeOwned>(mut value: Value) -> ApiResult<T> {
    whole_numbers(&mut value);
    refuse_nul(&value)?;
    serde_path_to_error::deserialize(value).map_err(|e| {
        let path = e.path().to_string();
        let path = if path == "." { String::new() } else { path };
        Problem::invalid(&path, e.inner().to_string())
    })
}

fn whole_numbers(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(fields) => fields.values_mut().for_each(whole_numbers),
        Value::Number(n) => {
            if let Some(f) = n.as_f64().filter(|f| n.is_f64() && f.fract() == 0.0 && f.abs() < INTEGER_EXACT_MAX) {
                *value = Value::from(f as i64);
            }
        }
        _ => {}
    }
}

/// PostgreSQL's text cannot hold U+0000; refusing it here gives one answer on both databases.
fn refuse_nul(value: &Value) -> ApiResult<()> {
    match value {
        Value::String(s) if s.contains('\0') => Err(Problem::invalid("", "text holds the character U+0000")),
        Value::Array(items) => items.iter().try_for_each(refuse_nul),
        Value::Object(fields) => fields.values().try_for_each(refuse_nul),
        _ => Ok(()),
    }
}

impl<S: Send + Sync, T> FromRequest<S> for Unread<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split(';').next())
            .is_some_and(|v| v.trim().eq_ignore_ascii_case("application/json"));
        Ok(Self { bytes: buffer(request.into_body()).await, json, marker: std::marker::PhantomData })
    }
}

/// Reads a body whole; the length limit was put around it by the router's `RequestBodyLimitLayer`.
pub async fn buffer(body: Body) -> ApiResult<Bytes> {
    let declared = body.size_hint().lower();
    axum::body::to_bytes(body, usize::MAX).await.map_err(|e| {
        let mut cause: Option<&dyn std::error::Error> = Some(&e);
        while let Some(c) = cause {
            if c.to_string().contains("length limit") {
                return too_large();
            }
            cause = c.source();
        }
        Problem::invalid("", format!("the body of at least {declared} bytes could not be read"))
    })
}

pub fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too long")
}

/// The `{id}` of the path. Anything but a UUID is simply no such thing.
#[derive(Debug, Clone, Copy)]
pub struct PathId(pub Uuid);
impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PathKey(text) = PathKey::from_request_parts(parts, state).await?;
        hyphenated(&text).map(Self)
    }
}

/// The `{number}` of the path. Anything but a plain number is simply no such thing.
#[derive(Debug, Clone, Copy)]
pub struct PathNumber(pub u64);
impl<S: Send + Sync> FromRequestParts<S> for PathNumber {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PathKey(text) = PathKey::from_request_parts(parts, state).await?;
        // A thing has one address: no signs, no leading zeros.
        let number = text.parse::<u64>().ok().filter(|n| n.to_string() == text);
        number.map(Self).ok_or_else(|| Problem::not_found("number"))
    }
}

/// Two ids of the path, in order: `/queues/{id}/members/{user}`.
#[derive(Debug, Clone, Copy)]
pub struct PathIds(pub Uuid, pub Uuid);
impl<S: Send + Sync> FromRequestParts<S> for PathIds {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<(String, String)>::from_request_parts(parts, state).await;
        let axum::extract::Path((first, second)) = path.map_err(|_| Problem::not_found("path"))?;
        Ok(Self(hyphenated(&first)?, hyphenated(&second)?))
    }
}

/// Only the hyphenated form: a thing has one address.
fn hyphenated(text: &str) -> Result<Uuid, Problem> {
    let id = Uuid::parse_str(text).ok().filter(|_| text.len() == uuid::fmt::Hyphenated::LENGTH);
    id.ok_or_else(|| Problem::not_found("id"))
}

/// The one text parameter of the path (a code's or prompt's key).
#[derive(Debug, Clone)]
pub struct PathKey(pub String);
impl<S: Send + Sync> FromRequestParts<S> for PathKey {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(text)| Self(text)).map_err(|_| Problem::not_found("path"))
    }
}

/// Query parameters; unknown ones are refused when the type denies them.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);
impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(e) => Err(Problem::invalid("query", e.body_text())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Port {
        port: u16,
    }

    fn parse(text: &str) -> Result<u16, String> {
        parse_json::<Port>(text.as_bytes()).map(|p| p.port).map_err(|p| format!("{p:?}"))
    }

    #[test]
    fn whole_floats_are_integers_and_nothing_else_is_bent() {
        assert_eq!(parse(r#"{"port":65535.0}"#), Ok(65535));
        assert!(parse(r#"{"port":1.5}"#).is_err());
        assert!(parse(r#"{"port":"1"}"#).is_err());
        assert!(parse(r#"{"port":true}"#).is_err());
        assert!(parse(r#"{"port":1e300}"#).is_err());
    }

    #[test]
    fn errors_name_the_field() {
        assert!(parse(r#"{"port":70000}"#).unwrap_err().contains("field: Some(\"port\")"));
        assert!(parse(r#"{"port":1,"x":2}"#).unwrap_err().contains("unknown field"));
        assert!(parse("{").is_err());
    }
}
