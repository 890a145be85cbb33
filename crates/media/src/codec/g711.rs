//! G.711 by small tables: 8 KiB and 4 KiB to encode, 512 bytes to decode, 256 bytes to go from one law to the other.
//!
//! µ-law codes the magnitude in steps of 4 and A-law in steps of 8 of the 16-bit range, so the lower bits need no room
//! in a table and both fit the first-level cache beside everything else that a media worker touches.
use std::sync::LazyLock;

/// µ-law byte of silence.
pub const ULAW_SILENCE: u8 = 0xFF;
/// A-law byte of silence.
pub const ALAW_SILENCE: u8 = 0xD5;

const ULAW_BIAS: u32 = 132;
const ULAW_CLIP: u32 = 32_635;

/// Code (sign aside) of a magnitude of `index * 4`, by G.711 table 2.
static ULAW_MAGNITUDE: [u8; 8192] = {
    let mut table = [0u8; 8192];
    let mut i = 0;
    while i < 8192 {
        let mut magnitude = (i as u32) * 4;
        if magnitude > ULAW_CLIP {
            magnitude = ULAW_CLIP;
        }
        let biased = magnitude + ULAW_BIAS;
        // The segment is the place of the leading one, from bit 7 upwards.
        let segment = 31 - biased.leading_zeros() - 7;
        let mantissa = (biased >> (segment + 3)) & 0x0F;
        table[i] = !((segment << 4 | mantissa) as u8) & 0x7F;
        i += 1;
    }
    table
};

/// Code (sign aside, even bits inverted) of a magnitude of `index * 8`, by G.711 table 1.
static ALAW_MAGNITUDE: [u8; 4096] = {
    let mut table = [0u8; 4096];
    let mut i = 0;
    while i < 4096 {
        let value = i as u32;
        let code = if value < 32 {
            value >> 1
        } else {
            let segment = 31 - value.leading_zeros() - 4;
            (segment << 4) | ((value >> segment) & 0x0F)
        };
        table[i] = code as u8 ^ 0x55;
        i += 1;
    }
    table
};

static ULAW_PCM: [i16; 256] = {
    let mut table = [0i16; 256];
    let mut i = 0;
    while i < 256 {
        let code = !(i as u8);
        let segment = ((code >> 4) & 7) as i32;
        let mantissa = (code & 0x0F) as i32;
        let magnitude = (((mantissa << 3) + 132) << segment) - 132;
        table[i] = if code & 0x80 != 0 { -magnitude as i16 } else { magnitude as i16 };
        i += 1;
    }
    table
};

static ALAW_PCM: [i16; 256] = {
    let mut table = [0i16; 256];
    let mut i = 0;
    while i < 256 {
        let code = (i as u8) ^ 0x55;
        let segment = ((code >> 4) & 7) as i32;
        let mantissa = (code & 0x0F) as i32;
        let magnitude = if segment == 0 { (mantissa << 4) + 8 } else { ((mantissa << 4) + 264) << (segment - 1) };
        table[i] = if code & 0x80 != 0 { magnitude as i16 } else { -magnitude as i16 };
        i += 1;
    }
    table
};

static ULAW_TO_ALAW: LazyLock<[u8; 256]> = LazyLock::new(|| std::array::from_fn(|i| alaw_from_pcm(ULAW_PCM[i])));
static ALAW_TO_ULAW: LazyLock<[u8; 256]> = LazyLock::new(|| std::array::from_fn(|i| ulaw_from_pcm(ALAW_PCM[i])));

#[inline]
pub fn ulaw_from_pcm(sample: i16) -> u8 {
    let sign = if sample < 0 { 0 } else { 0x80 };
    // -32768 has a magnitude of 32768, one step beyond the table; it clips like its neighbours.
    ULAW_MAGNITUDE[(sample.unsigned_abs() >> 2).min(8191) as usize] | sign
}

#[inline]
pub fn alaw_from_pcm(sample: i16) -> u8 {
    // Negative values are coded from their one's complement, which is what makes -1 and 0 mirror images.
    let (magnitude, sign) = if sample < 0 { (!sample, 0) } else { (sample, 0x80) };
    ALAW_MAGNITUDE[(magnitude >> 3) as usize] ^ sign
}

#[inline]
pub fn pcm_from_ulaw(code: u8) -> i16 {
    ULAW_PCM[code as usize]
}

#[inline]
pub fn pcm_from_alaw(code: u8) -> i16 {
    ALAW_PCM[code as usize]
}

/// Turns a µ-law payload into an A-law one in place, value by value through linear PCM.
pub fn ulaw_to_alaw(payload: &mut [u8]) {
    let table = &*ULAW_TO_ALAW;
    payload.iter_mut().for_each(|b| *b = table[*b as usize]);
}

/// Turns an A-law payload into a µ-law one in place.
pub fn alaw_to_ulaw(payload: &mut [u8]) {
    let table = &*ALAW_TO_ULAW;
    payload.iter_mut().for_each(|b| *b = table[*b as usize]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use audio_codec::{Decoder as _, Encoder as _};

    /// The two laws agree with an independent implementation on every sample and every code.
    #[test]
    fn agrees_with_reference_everywhere() {
        let all: Vec<i16> = (i16::MIN..=i16::MAX).collect();
        let codes: Vec<u8> = (0..=255).collect();
        let (mut bytes, mut pcm) = (vec![0u8; all.len()], vec![0i16; 256]);
        audio_codec::pcmu::PcmuEncoder::new().encode_into(&all, &mut bytes).unwrap();
        let differing: Vec<_> = all.iter().zip(&bytes).filter(|(s, b)| ulaw_from_pcm(**s) != **b).map(|(s, _)| *s).collect();
        assert!(differing.is_empty(), "µ-law differs at {differing:?}");
        audio_codec::pcmu::PcmuDecoder::new().decode_into(&codes, &mut pcm).unwrap();
        assert!(codes.iter().zip(&pcm).all(|(c, p)| pcm_from_ulaw(*c) == *p));
        audio_codec::pcma::PcmaDecoder::new().decode_into(&codes, &mut pcm).unwrap();
        assert!(codes.iter().zip(&pcm).all(|(c, p)| pcm_from_alaw(*c) == *p));
        // A-law encoders differ by one step on negative interval borders; what counts is that the nearest value is taken.
        for s in all {
            let error = (i32::from(pcm_from_alaw(alaw_from_pcm(s))) - i32::from(s)).abs();
            let step = 16i32.max(1 << (16 - (i32::from(s).unsigned_abs() | 1).leading_zeros().min(24) as i32 + 12).clamp(4, 11));
            assert!(error <= step / 2, "{s}: error {error} > {}", step / 2);
        }
    }

    #[test]
    fn codes_survive_a_round_trip() {
        for code in 0..=255u8 {
            assert_eq!(alaw_from_pcm(pcm_from_alaw(code)), code);
            // µ-law has two zeros; the negative one comes back positive.
            if code != 0x7F {
                assert_eq!(ulaw_from_pcm(pcm_from_ulaw(code)), code);
            }
        }
        assert_eq!((ulaw_from_pcm(0), alaw_from_pcm(0)), (ULAW_SILENCE, ALAW_SILENCE));
    }

    #[test]
    fn transcoding_stays_within_one_step() {
        for code in 0..=255u8 {
            let (mut a, mut u) = ([code], [code]);
            ulaw_to_alaw(&mut a);
            alaw_to_ulaw(&mut u);
            let (pu, pa) = (i32::from(pcm_from_ulaw(code)), i32::from(pcm_from_alaw(a[0])));
            assert!((pu - pa).abs() <= 16 + pu.abs() / 16);
            let (pa, pu) = (i32::from(pcm_from_alaw(code)), i32::from(pcm_from_ulaw(u[0])));
            assert!((pu - pa).abs() <= 16 + pa.abs() / 16);
        }
    }
}
