//! The two shapes, and the bounds that every channel keeps.
use domain::{InteractionId, Pii, Timestamp};
use serde::{Deserialize, Serialize};

/// Characters of one message's text; longer ones are refused at the edge, where the sender can still be told.
pub const BODY_CHARS_MAX: usize = 8_000;
/// Characters of a sender's or message's id on its channel.
const ID_CHARS_MAX: usize = 256;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("the text is empty")]
    Empty,
    #[error("the text has more than {BODY_CHARS_MAX} characters")]
    TooLong,
    #[error("the sender's or message's id is empty, too long or has control characters")]
    Id,
}

/// What the channel calls a person or a message: an open id, a number, a mail address. Unique within its channel only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct SenderId(Pii<String>);
impl SenderId {
    /// # Errors
    /// `Id`.
    pub fn new(id: &str) -> Result<Self, MessageError> {
        let fine = !id.is_empty() && id.chars().count() <= ID_CHARS_MAX && !id.chars().any(char::is_control);
        if fine { Ok(Self(Pii::new(id.to_owned()))) } else { Err(MessageError::Id) }
    }
    /// In clear: to send to it, or to look its customer up.
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}
impl<'de> Deserialize<'de> for SenderId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// Where a message comes from or goes to: the channel's key in the set-up (`widget`, `wecom-sales` …) and the person on it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    pub channel: String,
    pub person: SenderId,
}

/// A message's text: trimmed, not empty, within `BODY_CHARS_MAX`, without control characters but line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Body(Pii<String>);
impl Body {
    /// # Errors
    /// `Empty`, `TooLong`.
    pub fn new(text: &str) -> Result<Self, MessageError> {
        let clean: String = text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        match clean.chars().count() {
            0 => Err(MessageError::Empty),
            n if n > BODY_CHARS_MAX => Err(MessageError::TooLong),
            _ => Ok(Self(Pii::new(clean))),
        }
    }
    pub fn reveal(&self) -> &str {
        self.0.reveal()
    }
}
impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// A customer's message as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbound {
    pub from: Address,
    /// The channel's own id of the message: one that comes twice (a repeated callback) is one.
    pub message: SenderId,
    pub at: Timestamp,
    pub body: Body,
}

/// An agent's or bot's message on its way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbound {
    pub to: Address,
    pub interaction: InteractionId,
    pub body: Body,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_cleaned_and_bounded() {
        let long = "字".repeat(BODY_CHARS_MAX);
        // (given, kept)
        let rows = [
            ("你好", Ok("你好")),
            ("  a\nb\tc \r\n", Ok("a\nb\tc")),
            ("a\u{0}b\u{7}", Ok("ab")),
            (&long, Ok(long.as_str())),
            ("", Err(MessageError::Empty)),
            (" \u{0} ", Err(MessageError::Empty)),
            (&format!("{long}x"), Err(MessageError::TooLong)),
        ];
        for (given, kept) in rows {
            assert_eq!(Body::new(given).as_ref().map(Body::reveal), kept.as_ref().copied(), "{given:.20?}");
        }
    }

    #[test]
    fn ids_are_checked_also_on_the_wire() {
        assert_eq!(SenderId::new("oWx_17").unwrap().reveal(), "oWx_17");
        for bad in ["", "a\nb", &"x".repeat(ID_CHARS_MAX + 1)] {
            assert_eq!(SenderId::new(bad), Err(MessageError::Id));
            assert!(serde_json::from_value::<SenderId>(bad.into()).is_err());
        }
        assert!(serde_json::from_str::<Body>("\"  \"").is_err());
    }

    #[test]
    fn messages_travel_and_are_not_printed() {
        let inbound = Inbound {
            from: Address { channel: "widget".into(), person: SenderId::new("visitor-9").unwrap() },
            message: SenderId::new("m1").unwrap(),
            at: Timestamp(5),
            body: Body::new("我的卡号是 6222").unwrap(),
        };
        let wire = serde_json::to_string(&inbound).unwrap();
        assert_eq!(serde_json::from_str::<Inbound>(&wire).unwrap(), inbound);
        let printed = format!("{inbound:?}");
        assert!(!printed.contains("6222") && !printed.contains("visitor-9"), "{printed}");
        let outbound = Outbound { to: inbound.from, interaction: InteractionId(uuid::Uuid::nil()), body: Body::new("ok").unwrap() };
        let wire = serde_json::to_string(&outbound).unwrap();
        assert_eq!(serde_json::from_str::<Outbound>(&wire).unwrap(), outbound);
    }
}
