//! Personal data is a type: it cannot be printed by accident, is sealed at rest by the store and masked on the way out.
use serde::{Deserialize, Serialize};
use std::fmt;

/// A personal value (phone number, name, e-mail, message body, note). `Debug` and `Display` never show it.
/// It serialises in clear, because serialisation is how it reaches the store's sealing and the API's masking:
/// never serialise a `Pii` into a log or a plain column.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pii<T>(T);

impl<T> Pii<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// The value in clear. Call it only where it is sealed, sent to its owner, or needed to place a call.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
    pub fn into_revealed(self) -> T {
        self.0
    }
}
impl<T> fmt::Debug for Pii<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pii(…)")
    }
}
impl<T> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

/// A phone number with its middle hidden: the first 3 and last 4 digits stay of 11, fewer of shorter ones; short codes stay.
pub fn mask_phone(number: &str) -> String {
    let chars: Vec<char> = number.chars().collect();
    let (head, tail) = match chars.len() {
        // Extensions and service short codes are nobody's own number.
        0..=5 => return number.to_owned(),
        6..=7 => (1, 2),
        8..=9 => (2, 3),
        n => (n.saturating_sub(8), 4),
    };
    chars.iter().enumerate().map(|(i, c)| if i < head || i + tail >= chars.len() { *c } else { '*' }).collect()
}

/// A name with everything after its first character hidden (张** / A*****).
pub fn mask_name(name: &str) -> String {
    name.chars().enumerate().map(|(i, c)| if i == 0 || c == ' ' { c } else { '*' }).collect()
}
