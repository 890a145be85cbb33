//! Customers. Numbers, names and notes are masked unless the reader holds `customer.reveal`.
use super::common::{Validate, count, optional_text, text};
use super::interaction::InteractionSummary;
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A customer as the reader may see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Customer {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    pub name: String,
    pub phones: Vec<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub tags: Vec<String>,
    pub vip: bool,
    pub note: Option<String>,
    /// Spoken to this customer by numbers that say announcements.
    pub announcement: Option<String>,
    /// Names and numbers are partly hidden.
    pub masked: bool,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerDetail {
    #[serde(flatten)]
    pub customer: Customer,
    /// The last interactions that the reader may see, newest first.
    pub recent: Vec<InteractionSummary>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerBody {
    #[schema(min_length = 1, max_length = 80)]
    pub name: String,
    #[schema(max_items = 10, value_type = Vec<Phone>)]
    #[serde(default)]
    pub phones: Vec<String>,
    #[schema(min_length = 3, max_length = 200)]
    pub email: Option<String>,
    #[schema(min_length = 1, max_length = 120)]
    pub company: Option<String>,
    #[schema(max_items = 20, value_type = Vec<Tag>)]
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub vip: bool,
    #[schema(max_length = 2000)]
    pub note: Option<String>,
    /// Spoken to this customer by numbers that say announcements.
    #[schema(min_length = 1, max_length = 500)]
    pub announcement: Option<String>,
}

/// A phone number: digits with an optional leading `+`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(pattern = r"^\+?[0-9]{3,20}$")]
pub struct Phone(pub String);

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(min_length = 1, max_length = 40)]
pub struct Tag(pub String);

/// Absent fields stay as they are; `null` empties the ones that may be empty.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CustomerPatch {
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    #[serde(deserialize_with = "present")]
    pub name: Option<String>,
    #[schema(max_items = 10, value_type = Vec<Phone>, required = false)]
    #[serde(deserialize_with = "present")]
    pub phones: Option<Vec<String>>,
    #[schema(min_length = 3, max_length = 200, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    pub email: Option<Option<String>>,
    #[schema(min_length = 1, max_length = 120, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    pub company: Option<Option<String>>,
    #[schema(max_items = 20, value_type = Vec<Tag>, required = false)]
    #[serde(deserialize_with = "present")]
    pub tags: Option<Vec<String>>,
    #[schema(nullable = false)]
    #[serde(deserialize_with = "present")]
    pub vip: Option<bool>,
    #[schema(max_length = 2000, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    pub note: Option<Option<String>>,
    #[schema(min_length = 1, max_length = 500, value_type = Option<String>)]
    #[serde(deserialize_with = "present")]
    pub announcement: Option<Option<String>>,
}

/// Tells a field that is there (even as `null`) from one that is absent.
fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

impl Validate for CustomerBody {
    fn check(&self) -> ApiResult<()> {
        text("name", &self.name, 1, 80)?;
        count("phones", self.phones.len(), 10)?;
        for (i, phone) in self.phones.iter().enumerate() {
            self::phone(&format!("phones.{i}"), phone)?;
        }
        optional_text("email", self.email.as_ref(), 3, 200)?;
        optional_text("company", self.company.as_ref(), 1, 120)?;
        count("tags", self.tags.len(), 20)?;
        for (i, tag) in self.tags.iter().enumerate() {
            text(&format!("tags.{i}"), tag, 1, 40)?;
        }
        optional_text("note", self.note.as_ref(), 0, 2000)?;
        optional_text("announcement", self.announcement.as_ref(), 1, 500)
    }
}

pub fn phone(field: &str, value: &str) -> ApiResult<()> {
    let digits = value.strip_prefix('+').unwrap_or(value);
    if (3..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Problem::invalid(field, "3 to 20 digits with an optional leading +"))
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// Why; kept in the audit.
    #[schema(min_length = 3, max_length = 200)]
    pub reason: String,
}
impl Validate for Reveal {
    fn check(&self) -> ApiResult<()> {
        text("reason", &self.reason, 3, 200)
    }
}
