//! Exact look-up of a sealed phone number: HMAC-SHA-256 (RFC 2104) of its normal form, cut to 16 bytes.
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a blind index: 128 bits, no chance collisions among any number of customers.
pub const BLIND_LEN: usize = 16;

pub(super) fn index(key: &[u8; 32], purpose: &str, normal: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(normal.as_bytes());
    mac.finalize().into_bytes()[..BLIND_LEN].to_vec()
}

/// One spelling for one number: `+86 138-0000-1234`, `0086 13800001234`, `8613800001234` and `013800001234` (a trunk
/// zero before a mobile number) all give `+8613800001234`. Chinese land lines keep their area code (`010…` → `+8610…`).
/// Other `+`/`00` numbers keep their country code. Short numbers and extensions stay as they are; letters (SIP users)
/// are lower-cased.
pub fn normalise_phone(number: &str) -> String {
    let mut plus = false;
    let mut out = String::with_capacity(20);
    for c in number.trim().chars() {
        match c {
            '+' | '＋' if out.is_empty() => plus = true,
            '0'..='9' | '*' | '#' => out.push(c),
            '０'..='９' => out.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
            c if c.is_alphabetic() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if !out.bytes().all(|b| b.is_ascii_digit()) {
        return out;
    }
    if !plus && out.len() > 10 && out.starts_with("00") {
        out.drain(..2);
        plus = true;
    }
    if plus {
        return match out.strip_prefix("86") {
            // +86 0138… and +86 (0)10…: the trunk zero is not part of an international number.
            Some(rest) => format!("+86{}", rest.trim_start_matches('0')),
            None => format!("+{out}"),
        };
    }
    if let Some(national) = national_cn(&out) {
        return format!("+86{national}");
    }
    out
}

/// The significant number of a Chinese number as dialled at home, if it is one.
fn national_cn(digits: &str) -> Option<&str> {
    let mobile = |d: &str| d.len() == 11 && d.starts_with('1') && d.as_bytes()[1] >= b'3';
    if mobile(digits) {
        return Some(digits);
    }
    if let Some(rest) = digits.strip_prefix("86").filter(|r| mobile(r)) {
        return Some(rest);
    }
    if let Some(rest) = digits.strip_prefix('0') {
        // Mobile with trunk zero, or area code (2–3 digits) + 7 or 8 digits.
        if mobile(rest) || ((9..=11).contains(&rest.len()) && !rest.starts_with('0')) {
            return Some(rest);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_equal() {
        for s in [
            "13800001234",
            "+8613800001234",
            "+86 138-0000-1234",
            "0086 138 0000 1234",
            "8613800001234",
            "013800001234",
            "１３８００００１２３４",
            "+86 (0)138 0000 1234",
        ] {
            assert_eq!(normalise_phone(s), "+8613800001234", "{s}");
        }
        for s in ["010-8888 6666", "+86 10 88886666", "0086-010-88886666"] {
            assert_eq!(normalise_phone(s), "+861088886666", "{s}");
        }
        assert_eq!(normalise_phone("+49 30 123456"), "+4930123456");
        assert_eq!(normalise_phone("0049 30 123456"), "+4930123456");
        assert_eq!(normalise_phone("1001"), "1001");
        assert_eq!(normalise_phone("Alice"), "alice");
        assert_eq!(normalise_phone("*86"), "*86");
        assert_eq!(normalise_phone(""), "");
    }

    /// RFC 4231 test cases 1, 2 and 6 pin the HMAC below the index.
    #[test]
    fn hmac_sha256_known_answers() {
        let cases: [(Vec<u8>, &[u8], &str); 3] = [
            (vec![0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (b"Jefe".to_vec(), b"what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                vec![0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, data, want) in cases {
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(data);
            assert_eq!(hex::encode(mac.finalize().into_bytes()), want);
        }
    }

    #[test]
    fn index_depends_on_key_purpose_and_number() {
        let a = index(&[1; 32], "phone", "+8613800001234");
        assert_eq!(a.len(), BLIND_LEN);
        assert_eq!(a, index(&[1; 32], "phone", "+8613800001234"));
        assert_ne!(a, index(&[2; 32], "phone", "+8613800001234"));
        assert_ne!(a, index(&[1; 32], "user", "+8613800001234"));
        assert_ne!(a, index(&[1; 32], "phone", "+8613800001235"));
    }
}
