//! Q.24-style rows and talk-off.
use super::*;
use crate::codec::g711;
use std::f32::consts::TAU;

/// A pair of sines: levels in dBFS, lengths in ms, silence around.
struct Pair {
    low: f32,
    high: f32,
    low_db: f32,
    high_db: f32,
    on_ms: f32,
}

impl Pair {
    fn of(digit: char) -> Self {
        let (low, high) = frequencies(digit).unwrap();
        Self { low: low as f32, high: high as f32, low_db: -16.0, high_db: -16.0, on_ms: 50.0 }
    }

    /// `lead` samples of silence shift the tone against the detector's steps.
    fn samples(&self, lead: usize) -> Vec<i16> {
        let on = (self.on_ms * 8.0) as usize;
        let mut out = vec![0i16; lead];
        let amplitude = |db: f32| 32767.0 * 10f32.powf(db / 20.0);
        out.extend((0..on).map(|n| {
            let t = n as f32 / 8000.0;
            (amplitude(self.low_db) * (TAU * self.low * t + 0.3).sin() + amplitude(self.high_db) * (TAU * self.high * t).sin()) as i16
        }));
        out.extend([0; 480]);
        out
    }

    fn heard(&self) -> Vec<String> {
        (0..51).step_by(3).map(|lead| detect(&self.samples(lead + 160))).collect()
    }
}

fn detect(pcm: &[i16]) -> String {
    let mut detector = Detector::new();
    pcm.chunks(160).filter_map(|frame| detector.process(frame)).collect()
}

const ALL: &str = "0123456789*#ABCD";

#[test]
fn hears_every_digit_at_any_phase() {
    for digit in ALL.chars() {
        for heard in Pair::of(digit).heard() {
            assert_eq!(heard, digit.to_string());
        }
    }
}

#[test]
fn hears_forty_milliseconds_and_not_twenty_three() {
    for digit in ALL.chars() {
        assert!((Pair { on_ms: 40.0, ..Pair::of(digit) }).heard().iter().all(|h| *h == digit.to_string()), "40 ms of {digit}");
        assert!((Pair { on_ms: 23.0, ..Pair::of(digit) }).heard().iter().all(String::is_empty), "23 ms of {digit}");
    }
}

#[test]
fn tolerates_one_and_a_half_percent_and_refuses_three_and_a_half() {
    for digit in ALL.chars() {
        let nominal = Pair::of(digit);
        for (low, high) in [(1.015, 1.0), (0.985, 1.0), (1.0, 1.015), (1.0, 0.985), (1.015, 1.015), (0.985, 0.985), (1.015, 0.985)] {
            let pair = Pair { low: nominal.low * low, high: nominal.high * high, ..Pair::of(digit) };
            assert!(pair.heard().iter().all(|h| *h == digit.to_string()), "{digit} at {low}/{high}: {:?}", pair.heard());
        }
        for (low, high) in [(1.035, 1.0), (0.965, 1.0), (1.0, 1.035), (1.0, 0.965), (1.035, 1.035), (0.965, 0.965)] {
            let pair = Pair { low: nominal.low * low, high: nominal.high * high, on_ms: 200.0, ..Pair::of(digit) };
            assert!(pair.heard().iter().all(String::is_empty), "{digit} at {low}/{high}: {:?}", pair.heard());
        }
    }
}

#[test]
fn tolerates_twist_within_limits() {
    for digit in ALL.chars() {
        for (low_db, high_db, wanted) in [(-12.0, -16.0, true), (-20.0, -12.0, true), (-8.0, -20.0, false), (-26.0, -10.0, false)] {
            let pair = Pair { low_db, high_db, ..Pair::of(digit) };
            let want = if wanted { digit.to_string() } else { String::new() };
            assert!(pair.heard().iter().all(|h| *h == want), "{digit} {low_db}/{high_db}: {:?}", pair.heard());
        }
    }
}

#[test]
fn hears_weak_tones_and_ignores_weaker() {
    for digit in "159#".chars() {
        let at = |db: f32| Pair { low_db: db, high_db: db, ..Pair::of(digit) }.heard();
        assert!(at(-3.0).iter().chain(&at(-31.0)).all(|h| *h == digit.to_string()));
        assert!(at(-48.0).iter().all(String::is_empty));
    }
}

#[test]
fn survives_noise_and_g711() {
    let mut noise = Noise(7);
    for digit in ALL.chars() {
        // 15 dB below the pair.
        let mut pcm = Pair { on_ms: 60.0, ..Pair::of(digit) }.samples(173);
        for s in &mut pcm {
            *s = g711::pcm_from_ulaw(g711::ulaw_from_pcm(*s + (noise.next() * 1600.0) as i16));
        }
        assert_eq!(detect(&pcm), digit.to_string());
    }
}

#[test]
fn a_dropout_does_not_split_and_a_pause_does() {
    for digit in ALL.chars() {
        let pair = Pair { on_ms: 120.0, ..Pair::of(digit) };
        for lead in 0..51 {
            let mut pcm = pair.samples(lead);
            pcm[lead + 480..lead + 560].fill(0);
            assert_eq!(detect(&pcm), digit.to_string(), "10 ms dropout");
            let mut twice = Pair { on_ms: 45.0, ..Pair::of(digit) }.samples(lead);
            twice.truncate(lead + 360 + 320);
            twice.extend(Pair { on_ms: 45.0, ..Pair::of(digit) }.samples(0));
            assert_eq!(detect(&twice), format!("{digit}{digit}"), "40 ms pause");
        }
    }
}

#[test]
fn generator_and_detector_agree() {
    let mut generator = Generator::new(8000, 70, 50);
    assert_eq!(generator.push("13 7*0#x9Ad25846BC"), 16);
    let mut pcm = Vec::new();
    let mut frame = [0i16; 160];
    while generator.fill(&mut frame) {
        pcm.extend(frame);
    }
    assert_eq!(detect(&pcm), "137*0#9AD25846BC");
    assert!(generator.push(&"1".repeat(100)) == 64 && !generator.is_idle());
}

#[test]
fn single_tones_and_call_progress_are_no_digits() {
    for hz in [425.0, 450.0, 697.0, 770.0, 852.0, 941.0, 1000.0, 1209.0, 1336.0, 1477.0, 1633.0, 2100.0] {
        let pair = Pair { low: hz, high: hz, low_db: -12.0, high_db: -60.0, on_ms: 1000.0 };
        assert_eq!(detect(&pair.samples(0)), "", "{hz} Hz");
    }
}

struct Noise(u64);

impl Noise {
    /// Uniform in -1..1 (xorshift).
    fn next(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }
}

/// Voiced sounds with gliding pitch and formants, half an hour's worth of syllables: harmonics all over the digits' bands.
#[test]
fn synthetic_speech_makes_no_digit() {
    let mut noise = Noise(99);
    let mut detector = Detector::new();
    let mut false_digits = 0;
    for _ in 0..3000 {
        let pitch = 80.0 + (noise.next() + 1.0) * 110.0;
        let glide = noise.next() * 30.0;
        let formants = [400.0 + noise.next() * 250.0, 1500.0 + noise.next() * 700.0, 2600.0 + noise.next() * 300.0];
        let mut phase = 0f32;
        let pcm: Vec<i16> = (0..2000)
            .map(|n| {
                phase += TAU * (pitch + glide * n as f32 / 2000.0) / 8000.0;
                let voice: f32 = (1..20).map(|h| gain(pitch * h as f32, &formants) * (phase * h as f32).sin()).sum();
                (voice * 3000.0 + noise.next() * 100.0).clamp(-32000.0, 32000.0) as i16
            })
            .collect();
        false_digits += pcm.chunks(160).filter(|f| detector.process(f).is_some()).count();
    }
    assert_eq!(false_digits, 0);
}

fn gain(hz: f32, formants: &[f32; 3]) -> f32 {
    formants.iter().map(|f| 1.0 / (1.0 + ((hz - f) / 90.0).powi(2))).sum()
}

#[test]
fn event_numbers_follow_rfc_4733() {
    assert_eq!(ALL.chars().map(|d| event_of(d).unwrap()).collect::<Vec<_>>(), (0..16).collect::<Vec<_>>());
    assert_eq!((digit_of(10), digit_of(16), event_of('a'), event_of('x')), (Some('*'), None, Some(12), None));
}
