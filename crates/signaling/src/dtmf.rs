//! Digits in INFO bodies: `application/dtmf-relay` (`Signal=5` / `Duration=160`) and `application/dtmf` (the digit alone).
use bytes::Bytes;

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digit {
    /// `0-9`, `A-D`, `*`, `#`.
    pub digit: char,
    pub duration_ms: u32,
}

const DURATION_MS: u32 = 160;
const DURATION_MS_MAX: u32 = 10_000;
pub const RELAY_TYPE: &str = "application/dtmf-relay";

/// The digit of an INFO, none if it carries none. Also understands event numbers 10–15 in place of `*`, `#`, `A`–`D`.
pub fn parse(content_type: &str, body: &[u8]) -> Option<Digit> {
    let text = String::from_utf8_lossy(body);
    if content_type.eq_ignore_ascii_case("application/dtmf") {
        return Some(Digit { digit: digit(text.trim())?, duration_ms: DURATION_MS });
    }
    if !content_type.eq_ignore_ascii_case(RELAY_TYPE) {
        return None;
    }
    let field = |name: &str| {
        text.lines().find_map(|l| {
            let (n, v) = l.split_once('=')?;
            n.trim().eq_ignore_ascii_case(name).then(|| v.trim())
        })
    };
    let duration_ms = field("Duration").and_then(|d| d.parse().ok()).unwrap_or(DURATION_MS).min(DURATION_MS_MAX);
    Some(Digit { digit: digit(field("Signal")?)?, duration_ms })
}

fn digit(text: &str) -> Option<char> {
    let c = match text {
        "10" => '*',
        "11" => '#',
        "12" => 'A',
        "13" => 'B',
        "14" => 'C',
        "15" => 'D',
        _ => {
            let mut chars = text.chars();
            let c = chars.next()?.to_ascii_uppercase();
            if chars.next().is_some() {
                return None;
            }
            c
        }
    };
    matches!(c, '0'..='9' | 'A'..='D' | '*' | '#').then_some(c)
}

/// The body to send with [`RELAY_TYPE`].
pub fn relay_body(digit: Digit) -> Bytes {
    Bytes::from(format!("Signal={}\r\nDuration={}\r\n", digit.digit, digit.duration_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows() {
        /// Content type, body, digit and milliseconds.
        type Row = (&'static str, &'static str, Option<(char, u32)>);
        let rows: &[Row] = &[
            ("application/dtmf-relay", "Signal=5\r\nDuration=250\r\n", Some(('5', 250))),
            ("application/dtmf-relay", "signal= *\nduration= x", Some(('*', 160))),
            ("application/dtmf-relay", "Signal=11", Some(('#', 160))),
            ("application/dtmf", "a", Some(('A', 160))),
            ("Application/DTMF", "7\r\n", Some(('7', 160))),
            ("application/dtmf", "77", None),
            ("application/dtmf-relay", "Duration=1", None),
            ("text/plain", "5", None),
            ("application/dtmf-relay", "Signal=5\nDuration=4000000000", Some(('5', 10_000))),
        ];
        for (kind, body, want) in rows {
            assert_eq!(parse(kind, body.as_bytes()).map(|d| (d.digit, d.duration_ms)), *want, "{body:?}");
        }
        let sent = Digit { digit: '#', duration_ms: 100 };
        assert_eq!(parse(RELAY_TYPE, &relay_body(sent)), Some(sent));
    }
}
