//! Who is asking: sessions, API keys, the CSRF rule, lock-out, password work.
pub mod authenticate;
pub mod caller;
pub mod cookie;
pub mod lockout;
pub mod passwords;
pub mod sign_in;

pub use caller::Caller;
