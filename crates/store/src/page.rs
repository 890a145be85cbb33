//! Keyset pages: an opaque cursor that names the last row seen, so that a page costs the same wherever it is.
use crate::{Result, StoreError};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Rows of a page when the caller does not say.
pub const LIMIT_DEFAULT: u32 = 50;
/// More rows than this are never returned at once.
pub const LIMIT_MAX: u32 = 200;

/// The sort position of the last row of a page: (first sort key, id).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// Ordered by an integer (time or number), then id.
    Int(i64, Uuid),
    /// Ordered by a text.
    Text(String),
}

impl Cursor {
    /// The opaque form that the API hands out.
    pub fn encode(&self) -> String {
        let raw = match self {
            Self::Int(n, id) => format!("i{n}.{}", id.simple()),
            Self::Text(t) => format!("t{t}"),
        };
        URL_SAFE_NO_PAD.encode(raw)
    }

    /// # Errors
    /// `Invalid { field: "cursor" }` for anything that `encode` did not make.
    pub fn decode(opaque: &str) -> Result<Self> {
        Self::parse(opaque).ok_or_else(|| StoreError::Invalid { field: "cursor", reason: "not one of ours".into() })
    }

    fn parse(opaque: &str) -> Option<Self> {
        let raw = String::from_utf8(URL_SAFE_NO_PAD.decode(opaque).ok()?).ok()?;
        if let Some(text) = raw.strip_prefix('t') {
            return Some(Self::Text(text.to_owned()));
        }
        let (n, id) = raw.strip_prefix('i')?.split_once('.')?;
        Some(Self::Int(n.parse().ok()?, Uuid::parse_str(id).ok()?))
    }

    pub(crate) fn int(self) -> Result<(i64, Uuid)> {
        match self {
            Self::Int(n, id) => Ok((n, id)),
            Self::Text(_) => Err(StoreError::Invalid { field: "cursor", reason: "of another list".into() }),
        }
    }

    pub(crate) fn text(self) -> Result<String> {
        match self {
            Self::Text(t) => Ok(t),
            Self::Int(..) => Err(StoreError::Invalid { field: "cursor", reason: "of another list".into() }),
        }
    }
}

/// Which page: from the start, or after `cursor`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    pub cursor: Option<Cursor>,
    /// 1–200; none = 50.
    pub limit: Option<u32>,
}

impl PageRequest {
    /// From the query parameters `cursor` and `limit` as they came.
    ///
    /// # Errors
    /// `Invalid` with the parameter's name.
    pub fn parse(cursor: Option<&str>, limit: Option<u32>) -> Result<Self> {
        if limit.is_some_and(|l| l == 0 || l > LIMIT_MAX) {
            return Err(StoreError::Invalid { field: "limit", reason: format!("1 to {LIMIT_MAX}") });
        }
        Ok(Self { cursor: cursor.map(Cursor::decode).transpose()?, limit })
    }

    pub(crate) fn limit(&self) -> u64 {
        u64::from(self.limit.unwrap_or(LIMIT_DEFAULT).clamp(1, LIMIT_MAX))
    }
}

/// One page and, if there are more rows, where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Opaque; `Cursor::encode`d.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// From `limit + 1` fetched rows: the extra one only proves that there are more.
    pub(crate) fn from_rows(mut rows: Vec<T>, limit: u64, cursor: impl Fn(&T) -> Cursor) -> Self {
        let more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        let next_cursor = if more { rows.last().map(|r| cursor(r).encode()) } else { None };
        Self { items: rows, next_cursor }
    }

    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), next_cursor: self.next_cursor }
    }
}
