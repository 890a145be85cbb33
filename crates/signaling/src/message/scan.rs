//! Small scanners over bytes that every header parser shares. None of them allocates.

/// Spaces, tabs and line ends (a folded line's break was already turned into spaces).
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

pub fn trim(mut s: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = s {
        if !is_space(*first) {
            break;
        }
        s = rest;
    }
    while let [rest @ .., last] = s {
        if !is_space(*last) {
            break;
        }
        s = rest;
    }
    s
}

/// RFC 3261 token characters.
pub fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~')
}

/// Splits at the first `sep` that stands outside quotes and angle brackets.
pub fn split_once(s: &[u8], sep: u8) -> (&[u8], Option<&[u8]>) {
    match find_outside(s, sep) {
        Some(at) => (&s[..at], Some(&s[at + 1..])),
        None => (s, None),
    }
}

/// Where `sep` first stands outside `"…"` and `<…>`.
pub fn find_outside(s: &[u8], sep: u8) -> Option<usize> {
    let (mut quoted, mut angle, mut escaped) = (false, false, false);
    for (i, &b) in s.iter().enumerate() {
        if escaped {
            escaped = false;
        } else if quoted {
            match b {
                b'\\' => escaped = true,
                b'"' => quoted = false,
                _ => {}
            }
        } else if b == sep && !angle {
            return Some(i);
        } else {
            match b {
                b'"' => quoted = true,
                b'<' => angle = true,
                b'>' => angle = false,
                _ => {}
            }
        }
    }
    None
}

/// Parts between commas outside quotes and brackets, trimmed; empty parts are skipped.
pub fn commas(s: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(s);
    std::iter::from_fn(move || {
        loop {
            let (part, tail) = split_once(rest?, b',');
            rest = tail;
            let part = trim(part);
            if !part.is_empty() {
                return Some(part);
            }
        }
    })
}

/// `;name=value` pairs; the value is trimmed, still quoted if it was, and none for a bare name.
pub fn params(s: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    let mut rest = Some(s);
    std::iter::from_fn(move || {
        loop {
            let (part, tail) = split_once(rest?, b';');
            rest = tail;
            let part = trim(part);
            if !part.is_empty() {
                let (name, value) = split_once(part, b'=');
                return Some((trim(name), value.map(trim)));
            }
        }
    })
}

/// The value of one parameter (name compared without case); `Some(b"")` for a bare name.
pub fn param<'a>(s: &'a [u8], name: &str) -> Option<&'a [u8]> {
    params(s).find(|(n, _)| n.eq_ignore_ascii_case(name.as_bytes())).map(|(_, v)| v.unwrap_or_default())
}

/// Digits only, no sign, nothing else; none when it does not fit.
pub fn number(s: &[u8]) -> Option<u64> {
    if s.is_empty() {
        return None;
    }
    s.iter().try_fold(0u64, |n, &b| {
        if !b.is_ascii_digit() {
            return None;
        }
        n.checked_mul(10)?.checked_add(u64::from(b - b'0'))
    })
}

/// Without the quotes and with `\x` turned into `x`.
pub fn unquote(s: &[u8]) -> Vec<u8> {
    let Some(inner) = s.strip_prefix(b"\"").map(|s| s.strip_suffix(b"\"").unwrap_or(s)) else {
        return s.to_vec();
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut escaped = false;
    for &b in inner {
        if !escaped && b == b'\\' {
            escaped = true;
        } else {
            out.push(b);
            escaped = false;
        }
    }
    out
}

pub fn lossy(s: &[u8]) -> String {
    String::from_utf8_lossy(s).into_owned()
}

/// `%41` → `A`; broken escapes stay as they are.
pub fn percent_decode(s: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(s.len());
    let mut i = 0;
    while i < s.len() {
        let hex = (s[i] == b'%').then(|| s.get(i + 1..i + 3)).flatten().and_then(hex_byte);
        match hex {
            Some(b) => {
                out.push(b);
                i += 3;
            }
            None => {
                out.push(s[i]);
                i += 1;
            }
        }
    }
    out
}

fn hex_byte(two: &[u8]) -> Option<u8> {
    let digit = |b: u8| (b as char).to_digit(16);
    u8::try_from(digit(two[0])? * 16 + digit(two[1])?).ok()
}
