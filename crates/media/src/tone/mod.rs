//! Call-progress tones by country (ITU-T E.180 supplement 2, E.182): frequencies and cadences, and a generator.
mod table;

use std::f32::consts::TAU;

/// Level of a tone that has one frequency: -10 dBm0 (E.180 section 4), in dBFS. Of two, each is 3 dB weaker.
const LEVEL_DB: f32 = -13.0;
/// Bursts start and end over this long, so that they do not click.
const RAMP_MS: u32 = 3;

/// Whose tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Country {
    China,
    UnitedStates,
    UnitedKingdom,
    /// ETSI's recommendation, close to what most of continental Europe uses.
    Europe,
    Germany,
    France,
    Japan,
    HongKong,
    Singapore,
    Australia,
}

impl Country {
    /// By a small ISO 3166 code (`eu` for Europe at large, `uk` as well as `gb`).
    pub fn from_code(code: &str) -> Option<Self> {
        Some(match code.to_ascii_lowercase().as_str() {
            "cn" => Self::China,
            "us" | "ca" => Self::UnitedStates,
            "uk" | "gb" => Self::UnitedKingdom,
            "eu" => Self::Europe,
            "de" => Self::Germany,
            "fr" => Self::France,
            "jp" => Self::Japan,
            "hk" => Self::HongKong,
            "sg" => Self::Singapore,
            "au" => Self::Australia,
            _ => return None,
        })
    }
}

/// What the tone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Dial,
    Ringback,
    Busy,
    /// No circuit, overload ("reorder").
    Congestion,
    /// Special information tone: three rising notes before an announcement (E.180 section 3.7); the same everywhere.
    SpecialInformation,
    /// One short note: "speak now".
    Beep,
}

/// Up to three frequencies at once (0: unused) for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst {
    pub hz: [u16; 3],
    pub ms: u16,
}

/// A tone's cadence; all but the beep repeat for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cadence {
    pub bursts: &'static [Burst],
    pub repeat: bool,
}

/// The cadence of a tone in a country.
pub fn cadence(kind: Kind, country: Country) -> Cadence {
    Cadence { bursts: table::bursts(kind, country), repeat: kind != Kind::Beep }
}

/// One whole cycle of a tone at `rate` Hz. All frequencies are whole and cycles of continuous tones whole seconds, so
/// playing it again and again has no seam.
pub fn render(kind: Kind, country: Country, rate: u32) -> Vec<i16> {
    let cadence = cadence(kind, country);
    let len: usize = cadence.bursts.iter().map(|b| samples(rate, b.ms)).sum();
    let mut pcm = vec![0; len];
    Generator::new(cadence, rate).fill(&mut pcm);
    pcm
}

fn samples(rate: u32, ms: u16) -> usize {
    (u64::from(rate) * u64::from(ms) / 1000) as usize
}

/// Streams a cadence.
#[derive(Debug, Clone)]
pub struct Generator {
    cadence: Cadence,
    rate: u32,
    burst: usize,
    /// Samples into the burst.
    at: usize,
    /// Samples since the start; its phase never jumps inside a continuous tone.
    clock: u64,
}

impl Generator {
    pub fn new(cadence: Cadence, rate: u32) -> Self {
        Self { cadence, rate, burst: 0, at: 0, clock: 0 }
    }

    /// Overwrites `out` (any length; 20 ms as a rule). False when a tone that does not repeat was over before.
    pub fn fill(&mut self, out: &mut [i16]) -> bool {
        let active = self.burst < self.cadence.bursts.len();
        out.iter_mut().for_each(|sample| *sample = self.next_sample());
        active
    }

    fn next_sample(&mut self) -> i16 {
        let bursts = self.cadence.bursts;
        let Some(burst) = bursts.get(self.burst) else { return 0 };
        let len = samples(self.rate, burst.ms);
        // A cadence of one burst is a continuous tone.
        let ramp = samples(self.rate, RAMP_MS as u16) as f32;
        let envelope = if bursts.len() == 1 && self.cadence.repeat {
            1.0
        } else {
            ((self.at + 1) as f32 / ramp).min((len - self.at) as f32 / ramp).min(1.0)
        };
        let tones = burst.hz.iter().filter(|hz| **hz > 0);
        let count = tones.clone().count().max(1) as f32;
        // Exact phase: the clock is taken modulo the rate before it becomes a fraction.
        let wave = |hz: &u16| (TAU * ((self.clock * u64::from(*hz)) % u64::from(self.rate)) as f32 / self.rate as f32).sin();
        let sum: f32 = tones.map(wave).sum();
        self.clock += 1;
        self.at += 1;
        if self.at >= len {
            self.at = 0;
            self.burst += 1;
            if self.burst == bursts.len() && self.cadence.repeat {
                self.burst = 0;
            }
        }
        (sum * envelope * 10f32.powf(LEVEL_DB / 20.0) / count.sqrt() * 32767.0) as i16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTRIES: [&str; 10] = ["cn", "us", "gb", "eu", "de", "fr", "jp", "hk", "sg", "au"];
    const KINDS: [Kind; 6] = [Kind::Dial, Kind::Ringback, Kind::Busy, Kind::Congestion, Kind::SpecialInformation, Kind::Beep];

    fn share(pcm: &[i16], hz: f32) -> f32 {
        let n = pcm.len() as f32;
        let (mut re, mut im, mut energy) = (0f32, 0f32, 1f32);
        for (i, s) in pcm.iter().enumerate() {
            let (angle, s) = (TAU * hz * i as f32 / 8000.0, f32::from(*s));
            (re, im, energy) = (re + s * angle.cos(), im + s * angle.sin(), energy + s * s);
        }
        2.0 * (re * re + im * im) / (n * energy)
    }

    #[test]
    fn chinas_ringback_is_a_second_of_450_hz_in_five() {
        let pcm = render(Kind::Ringback, Country::China, 8000);
        assert_eq!(pcm.len(), 40_000);
        assert!(share(&pcm[..8000], 450.0) > 0.98 && pcm[8000..].iter().all(|s| *s == 0));
    }

    #[test]
    fn american_busy_has_two_frequencies() {
        let pcm = render(Kind::Busy, Country::UnitedStates, 8000);
        let burst = &pcm[..4000];
        assert!(share(burst, 480.0) > 0.45 && share(burst, 620.0) > 0.45 && pcm[4000..].iter().all(|s| *s == 0));
    }

    #[test]
    fn every_tone_of_every_country_sounds_at_a_fair_level() {
        for country in COUNTRIES.map(|c| Country::from_code(c).unwrap()) {
            for kind in KINDS {
                let pcm = render(kind, country, 8000);
                let peak = pcm.iter().map(|s| s.unsigned_abs()).max().unwrap();
                assert!((5000..16_000).contains(&peak), "{country:?} {kind:?}: {peak}");
            }
        }
        assert_eq!(Country::from_code("xx"), None);
    }

    #[test]
    fn continuous_tones_have_no_seam_and_a_beep_ends() {
        let mut generator = Generator::new(cadence(Kind::Dial, Country::Europe), 8000);
        let mut pcm = vec![0; 24_000];
        assert!(generator.fill(&mut pcm));
        assert!(share(&pcm, 425.0) > 0.999);
        let mut beep = Generator::new(cadence(Kind::Beep, Country::Europe), 8000);
        let mut frames = 0;
        while beep.fill(&mut [0; 160]) {
            frames += 1;
        }
        assert_eq!(frames, 15);
    }
}
