//! What many shapes share: labels, pages, limits on text, the bridge to domain structs.
use crate::http::problem::{ApiResult, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{PartialSchema, ToSchema};

/// A display text in both languages of the product.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    #[schema(min_length = 1, max_length = 100)]
    pub zh: String,
    #[schema(min_length = 1, max_length = 100)]
    pub en: String,
}
/// Alias used by generated documentation only.
pub type Labels = Label;

impl Label {
    pub fn check(&self, field: &str) -> ApiResult<()> {
        text(&format!("{field}.zh"), &self.zh, 1, 100)?;
        text(&format!("{field}.en"), &self.en, 1, 100)
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T: PartialSchema> {
    pub items: Vec<T>,
    /// Send it as `cursor` to get the next page; absent on the last.
    pub next_cursor: Option<String>,
}

impl<T: PartialSchema> Paged<T> {
    pub fn from_page<R>(page: store::Page<R>, f: impl FnMut(R) -> T) -> Self {
        let page = page.map(f);
        Self { items: page.items, next_cursor: page.next_cursor }
    }
}

/// Limits that the JSON shape alone does not enforce.
pub trait Validate {
    /// # Errors
    /// 400 `invalid` with the field.
    fn check(&self) -> ApiResult<()>;
}

pub fn text(field: &str, value: &str, min: usize, max: usize) -> ApiResult<()> {
    let len = value.chars().count();
    if len < min || len > max {
        return Err(Problem::invalid(field, format!("{min} to {max} characters, not {len}")));
    }
    Ok(())
}

pub fn optional_text(field: &str, value: Option<&String>, min: usize, max: usize) -> ApiResult<()> {
    value.map_or(Ok(()), |v| text(field, v, min, max))
}

pub fn within(field: &str, value: u64, min: u64, max: u64) -> ApiResult<()> {
    if value < min || value > max {
        return Err(Problem::invalid(field, format!("{min} to {max}, not {value}")));
    }
    Ok(())
}

pub fn count(field: &str, len: usize, max: usize) -> ApiResult<()> {
    if len > max {
        return Err(Problem::invalid(field, format!("at most {max} entries, not {len}")));
    }
    Ok(())
}

/// A natural key: `^[a-z0-9_-]{1,40}$`.
pub fn key(field: &str, value: &str) -> ApiResult<()> {
    let ok =
        (1..=40).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if ok { Ok(()) } else { Err(Problem::invalid(field, "1 to 40 of a-z, 0-9, _ and -")) }
}

/// A number as dialled: `^[0-9*#+]{1,32}$`.
pub fn dialled(field: &str, value: &str) -> ApiResult<()> {
    let ok = (1..=32).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#' | b'+'));
    if ok { Ok(()) } else { Err(Problem::invalid(field, "1 to 32 of 0-9, *, # and +")) }
}

/// Crosses between a wire shape and the domain struct of the same JSON form.
///
/// # Errors
/// 400 when the wire value does not fit the domain's type (a network that does not parse …).
pub fn same<T: DeserializeOwned>(value: &impl Serialize) -> ApiResult<T> {
    let json = serde_json::to_value(value).map_err(|e| Problem::internal(&e))?;
    serde_path_to_error::deserialize(json).map_err(|e| Problem::invalid(&e.path().to_string(), e.inner().to_string()))
}

/// For `skip_serializing_if` of a secret: taken and never shown. (`skip_serializing` would hide it from the API's document too.)
pub fn never_shown<T>(_: &T) -> bool {
    true
}

/// As [`same`], adding the fields that a body lacks (its id).
pub fn same_with<T: DeserializeOwned>(value: &impl Serialize, extra: &[(&str, Value)]) -> ApiResult<T> {
    let mut json = serde_json::to_value(value).map_err(|e| Problem::internal(&e))?;
    if let Value::Object(fields) = &mut json {
        for (name, v) in extra {
            fields.insert((*name).to_owned(), v.clone());
        }
    }
    serde_path_to_error::deserialize(json).map_err(|e| Problem::invalid(&e.path().to_string(), e.inner().to_string()))
}

/// A domain value as its wire shape. The two have the same JSON form (a test proves it), so this cannot fail in
/// practice; if it did, the answer is an internal problem and not a panic.
pub fn view<T: DeserializeOwned>(value: &impl Serialize) -> ApiResult<T> {
    serde_json::to_value(value).and_then(serde_json::from_value).map_err(|e| Problem::internal(&e))
}

/// Serialises a domain struct without its `id`, which the wire shape carries beside the body.
#[derive(Debug)]
pub struct WithoutId<'a, T>(pub &'a T);
impl<T: Serialize> Serialize for WithoutId<'_, T> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut json = serde_json::to_value(self.0).map_err(serde::ser::Error::custom)?;
        if let Value::Object(fields) = &mut json {
            fields.remove("id");
        }
        json.serialize(s)
    }
}
