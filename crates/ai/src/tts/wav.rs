//! The WAV that a synthesiser writes into a pipe: 16-bit mono, with a data length it could not know yet.
use super::Speech;

/// None when it is anything else.
pub(super) fn parse(file: &[u8]) -> Option<Speech> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut rest = &file[12..];
    let mut rate = None;
    loop {
        let id = rest.get(..4)?;
        let len = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?) as usize;
        let body = &rest[8..];
        if id == b"fmt " {
            let number = |at: usize| Some(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?));
            if (number(0)?, number(2)?, number(14)?) != (1, 1, 16) {
                return None;
            }
            rate = Some(u32::from_le_bytes(body.get(4..8)?.try_into().ok()?));
        } else if id == b"data" {
            let data = if len == 0 { body } else { &body[..len.min(body.len())] };
            let samples = data.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect();
            return Some(Speech { rate: rate.filter(|r| (4000..=192_000).contains(r))?, samples });
        }
        rest = body.get(len.saturating_add(len % 2)..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_files_are_refused() {
        assert_eq!(parse(b""), None);
        assert_eq!(parse(b"RIFF\0\0\0\0WAVE"), None);
        assert_eq!(parse(b"RIFF\0\0\0\0WAVEdata\x02\0\0\0ab"), None, "data without a format");
        assert_eq!(parse(b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff"), None);
    }
}
