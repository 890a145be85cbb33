//! Outgoing webhooks: what happens here is posted to somebody else's system, signed so that it can be believed.
//!
//! The form is Standard Webhooks (<https://www.standardwebhooks.com>): the headers `webhook-id`, `webhook-timestamp` and
//! `webhook-signature: v1,<base64 of HMAC-SHA256 over "id.timestamp.body">`, and a JSON body of `type`, `timestamp` and `data`.
mod guard;
mod post;
mod sign;

pub use guard::is_public;
pub use post::{Delivered, PostError, Poster, TIMEOUT};
pub use sign::{Secret, SecretError, signature};
