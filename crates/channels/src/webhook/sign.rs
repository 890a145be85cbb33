//! The signature over a message.
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::Sha256;

const PREFIX: &str = "whsec_";
/// Bytes of a key, as the specification asks for.
const LEN: std::ops::RangeInclusive<usize> = 24..=64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is \"whsec_\" and the base64 of 24 to 64 bytes")]
pub struct SecretError;

/// A signing key.
pub struct Secret(SecretBox<Vec<u8>>);
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}
impl Secret {
    /// # Errors
    /// The text is not of the form `whsec_<base64>`.
    pub fn parse(text: &SecretString) -> Result<Self, SecretError> {
        let encoded = text.expose_secret().strip_prefix(PREFIX).ok_or(SecretError)?;
        let key = STANDARD.decode(encoded).map_err(|_| SecretError)?;
        if LEN.contains(&key.len()) { Ok(Self(SecretBox::new(Box::new(key)))) } else { Err(SecretError) }
    }

    /// The text of a key of these bytes.
    pub fn text(key: &[u8; 32]) -> SecretString {
        SecretString::from(format!("{PREFIX}{}", STANDARD.encode(key)))
    }
}

/// The value of `webhook-signature`; `timestamp_s` are seconds since 1970.
pub fn signature(secret: &Secret, id: &str, timestamp_s: i64, body: &str) -> String {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret.0.expose_secret()).expect("HMAC takes keys of every length");
    mac.update(format!("{id}.{timestamp_s}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signs_as_the_specification_does() {
        let secret = Secret::parse(&SecretString::from("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned())).unwrap();
        let signed = signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_secret_has_its_form() {
        for (text, fine) in [
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", true),
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
            ("whsec_", false),
            ("whsec_MfKQ9r8=", false),
            ("whsec_###", false),
        ] {
            assert_eq!(Secret::parse(&SecretString::from(text.to_owned())).is_ok(), fine, "{text}");
        }
        assert!(Secret::parse(&Secret::text(&[7; 32])).is_ok());
    }
}
