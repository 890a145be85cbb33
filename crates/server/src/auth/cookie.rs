//! The session cookie (RFC 6265bis).
use axum::http::{HeaderMap, HeaderValue, header};

pub const NAME: &str = "zhiyin_session";

/// The token in the request's cookies.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    cookies.filter_map(|c| c.trim().split_once('=')).find(|(name, _)| *name == NAME).map(|(_, value)| value)
}

/// HttpOnly: scripts never see it. SameSite=Lax: other sites' forms do not carry it.
pub fn set(token: &str, max_age_s: u64, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{NAME}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}")).ok()
}

pub fn clear(https: bool) -> Option<HeaderValue> {
    set("", 0, https)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_its_cookie_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; zhiyin_session=tok; b=2".parse().unwrap());
        assert_eq!(token(&headers), Some("tok"));
        assert_eq!(token(&HeaderMap::new()), None);
        assert!(!set("t", 5, false).unwrap().to_str().unwrap().contains("Secure"));
        assert!(set("t", 5, true).unwrap().to_str().unwrap().ends_with("; Secure"));
    }
}
