//! `Range: bytes=…` (RFC 9110 §14): one range, as players send it.
use crate::http::problem::{ApiResult, Problem};
use axum::http::{HeaderValue, StatusCode};
use std::ops::Range;

/// The asked range of `len` bytes; none without the header, or with one that we may ignore (§14.2).
///
/// # Errors
/// 416 when the range begins beyond the end.
pub fn parse(header: Option<&HeaderValue>, len: u64) -> ApiResult<Option<Range<u64>>> {
    let Some(text) = header.and_then(|h| h.to_str().ok()).and_then(|t| t.trim().strip_prefix("bytes=")) else { return Ok(None) };
    let Some((first, last)) = text.split_once('-').filter(|_| !text.contains(',')) else { return Ok(None) };
    let range = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(len),
        (Ok(first), Err(_)) if last.trim().is_empty() => first..len,
        // The last n bytes.
        (Err(_), Ok(n)) if first.trim().is_empty() => len.saturating_sub(n)..len,
        _ => return Ok(None),
    };
    if range.start >= range.end {
        return Err(Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable", "No such range")
            .detail(format!("the file has {len} bytes")));
    }
    Ok(Some(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<Option<Range<u64>>, StatusCode> {
        parse(Some(&HeaderValue::from_str(text).unwrap()), 100).map_err(|p| p.status())
    }

    #[test]
    fn ranges() {
        assert_eq!(check("bytes=0-9"), Ok(Some(0..10)));
        assert_eq!(check("bytes=90-"), Ok(Some(90..100)));
        assert_eq!(check("bytes=-5"), Ok(Some(95..100)));
        assert_eq!(check("bytes=50-1000"), Ok(Some(50..100)));
        assert_eq!(check("bytes=0-1,5-6"), Ok(None), "several ranges may be answered whole");
        assert_eq!(check("bytes=9-0"), Ok(None));
        assert_eq!(check("bytes=-"), Ok(None));
        assert_eq!(check("items=0-1"), Ok(None));
        assert_eq!(check("bytes=100-"), Err(StatusCode::RANGE_NOT_SATISFIABLE));
        assert_eq!(check("bytes=-0"), Err(StatusCode::RANGE_NOT_SATISFIABLE));
        assert_eq!(parse(None, 5).ok().flatten(), None);
    }
}
