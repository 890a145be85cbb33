//! In-band detection with Goertzel-like filters.
//!
//! Audio is cut into steps of 51 samples (6.4 ms); each window is two steps (bins of 78 Hz). A window is a hit when one row
//! and one column stand out and together hold nearly all of its energy. Four hits in a row make a digit (always inside
//! 40 ms, never inside 23 ms) if the phase's advance over them says that both frequencies lie within the tolerance: the
//! bins alone are far too wide for that. Speech fails on the energy share, on harmonics or on not holding still.
use super::{HIGH_HZ, KEYPAD, LOW_HZ};
use std::f32::consts::TAU;
use std::sync::LazyLock;

const RATE_HZ: f32 = 8000.0;
/// Samples of a step; a window has two.
const STEP: usize = 51;
const WINDOW: usize = 2 * STEP;
const TONES: usize = 8;
/// Weakest pair of tones, as mean square of a sample: about -35 dBm0 each (Q.24 asks for -25 or less to be heard).
const POWER_MIN: f32 = 160_000.0;
/// Share of the window's energy that the two tones must hold. At the edge of the tolerance the bins themselves lose 20 %.
const SHARE_MIN: f32 = 0.74;
/// The row may be this much stronger than the column (6 dB; Q.24: at least 4) …
const REVERSE_TWIST_MAX: f32 = 4.0;
/// … and the column than the row (10 dB; Q.24: at least 8).
const NORMAL_TWIST_MAX: f32 = 10.0;
/// The winner of a group against the others of it (6 dB).
const SELECTIVITY: f32 = 4.0;
/// Power at twice a tone's frequency, as a share of the tone (voices have strong second harmonics).
const HARMONIC_MAX: f32 = 0.12;
/// Widest deviation that counts as the tone, halfway between what Q.24 wants accepted (1.5 % + 2 Hz) and refused (3.5 %).
const DEVIATION_MAX: f32 = 0.025;
/// Hits in a row that make a digit, and misses in a row that end it: a dropout of 10 ms gives at most four.
const HITS_ON: u8 = 4;
const MISSES_OFF: u8 = 5;

type Complex = (f32, f32);
type Spectrum = [Complex; TONES];

struct Tables {
    cos: [[f32; STEP]; TONES],
    sin: [[f32; STEP]; TONES],
    /// Turns the second step's phase reference back to the first's.
    step_turn: Spectrum,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let angle = |tone: usize, n: usize| TAU * hz(tone) * n as f32 / RATE_HZ;
    Tables {
        cos: std::array::from_fn(|t| std::array::from_fn(|n| angle(t, n).cos())),
        sin: std::array::from_fn(|t| std::array::from_fn(|n| -angle(t, n).sin())),
        step_turn: std::array::from_fn(|t| (angle(t, STEP).cos(), -angle(t, STEP).sin())),
    }
});

fn hz(tone: usize) -> f32 {
    if tone < 4 { LOW_HZ[tone] as f32 } else { HIGH_HZ[tone - 4] as f32 }
}

/// Watches one leg's 8 kHz audio.
#[derive(Debug, Clone)]
pub struct Detector {
    /// The last window's samples; the second half is being filled.
    samples: [f32; WINDOW],
    filled: usize,
    step: Spectrum,
    step_energy: f32,
    /// The windows of the last three steps, newest first.
    windows: [Spectrum; 3],
    candidate: Option<(usize, usize)>,
    hits: u8,
    misses: u8,
    active: Option<char>,
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    pub fn new() -> Self {
        let nothing = [(0.0, 0.0); TONES];
        Self {
            samples: [0.0; WINDOW],
            filled: STEP,
            step: nothing,
            step_energy: 0.0,
            windows: [nothing; 3],
            candidate: None,
            hits: 0,
            misses: 0,
            active: None,
        }
    }

    /// Takes the next samples (8 kHz) and returns a digit at the moment it is certain, about 30 ms into its tone; once per
    /// tone. Up to 40 ms may come in one call: two digits never begin within that.
    pub fn process(&mut self, pcm: &[i16]) -> Option<char> {
        let mut digit = None;
        let mut rest = pcm;
        while !rest.is_empty() {
            let n = rest.len().min(WINDOW - self.filled);
            for (slot, sample) in self.samples[self.filled..].iter_mut().zip(&rest[..n]) {
                *slot = f32::from(*sample);
            }
            self.filled += n;
            rest = &rest[n..];
            if self.filled == WINDOW {
                digit = self.window().or(digit);
                self.samples.copy_within(STEP.., 0);
                self.filled = STEP;
            }
        }
        digit
    }

    /// The digit whose tone is being heard now.
    pub fn active(&self) -> Option<char> {
        self.active
    }

    /// Ends a window: the older step's spectrum is known, the newer one's is computed.
    fn window(&mut self) -> Option<char> {
        let newer = &self.samples[STEP..];
        let energy: f32 = newer.iter().map(|s| s * s).sum();
        let total = energy + self.step_energy;
        self.step_energy = energy;
        if total < POWER_MIN * WINDOW as f32 {
            // Too quiet for anything; the spectrum is not worth its cost.
            self.step = [(0.0, 0.0); TONES];
            self.shift([(0.0, 0.0); TONES]);
            return self.count(None);
        }
        let tables = &*TABLES;
        let step: Spectrum = std::array::from_fn(|t| (dot(newer, &tables.cos[t]), dot(newer, &tables.sin[t])));
        let window = std::array::from_fn(|t| add(self.step[t], multiply(step[t], tables.step_turn[t])));
        self.step = step;
        self.shift(window);
        let hit = self.classify(total);
        self.count(hit)
    }

    fn shift(&mut self, window: Spectrum) {
        self.windows = [window, self.windows[0], self.windows[1]];
    }

    /// Row and column of the newest window, if it looks like a digit.
    fn classify(&self, energy: f32) -> Option<(usize, usize)> {
        // A sine of power P gives |X|² = P·N²/2, so this scale makes it comparable with the window's energy P·N.
        let power = self.windows[0].map(|x| norm(x) * 2.0 / WINDOW as f32);
        let row = strongest(&power[..4])?;
        let column = strongest(&power[4..])?;
        let (low, high) = (power[row], power[4 + column]);
        if low + high < SHARE_MIN * energy || low > high * REVERSE_TWIST_MAX || high > low * NORMAL_TWIST_MAX {
            return None;
        }
        let (row_hz, column_hz) = (hz(row), hz(4 + column));
        if self.power_at(2.0 * column_hz) > HARMONIC_MAX * high {
            return None;
        }
        // Only where the column itself does not leak into the place of the row's harmonic.
        let bin = RATE_HZ / WINDOW as f32;
        if (2.0 * row_hz - column_hz).abs() > 2.5 * bin && self.power_at(2.0 * row_hz) > HARMONIC_MAX * low {
            return None;
        }
        Some((row, column))
    }

    fn power_at(&self, hz: f32) -> f32 {
        let coefficient = 2.0 * (TAU * hz / RATE_HZ).cos();
        let (s1, s2) = self.samples.iter().fold((0f32, 0f32), |(s1, s2), x| (x + coefficient * s1 - s2, s1));
        (s1 * s1 + s2 * s2 - coefficient * s1 * s2) * 2.0 / WINDOW as f32
    }

    /// Debounces: says a digit when the required number of hits is reached.
    fn count(&mut self, hit: Option<(usize, usize)>) -> Option<char> {
        let Some((row, column)) = hit.filter(|h| self.hits < 2 || self.candidate != Some(*h) || self.in_tolerance(*h)) else {
            self.hits = 0;
            self.misses = self.misses.saturating_add(1);
            if self.misses >= MISSES_OFF {
                self.active = None;
            }
            return None;
        };
        self.hits = if self.candidate == hit { self.hits.saturating_add(1) } else { 1 };
        self.candidate = hit;
        let digit = KEYPAD[row][column];
        if self.active == Some(digit) {
            self.misses = 0;
            return None;
        }
        if self.hits < HITS_ON {
            return None;
        }
        self.misses = 0;
        self.active = Some(digit);
        Some(digit)
    }

    /// Compares the newest window with the one a whole window earlier: their phases differ by the frequency's deviation.
    fn in_tolerance(&self, (row, column): (usize, usize)) -> bool {
        [row, 4 + column].into_iter().all(|tone| {
            let (newest, oldest) = (self.windows[0][tone], self.windows[2][tone]);
            let expected = TAU * hz(tone) * WINDOW as f32 / RATE_HZ;
            let turned = multiply(multiply(newest, (oldest.0, -oldest.1)), (expected.cos(), -expected.sin()));
            let deviation = turned.1.atan2(turned.0) * RATE_HZ / (TAU * WINDOW as f32);
            deviation.abs() <= DEVIATION_MAX * hz(tone)
        })
    }
}

/// Index of the tone that beats the rest of its group clearly.
fn strongest(power: &[f32]) -> Option<usize> {
    let best = (0..power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b]))?;
    let clear = (0..power.len()).all(|i| i == best || power[best] > power[i] * SELECTIVITY);
    clear.then_some(best)
}

/// Several sums side by side, so that the compiler may use vector registers.
fn dot(a: &[f32], b: &[f32; STEP]) -> f32 {
    let mut sums = [0f32; 4];
    for (x, y) in a.chunks_exact(4).zip(b.chunks_exact(4)) {
        for i in 0..4 {
            sums[i] += x[i] * y[i];
        }
    }
    let tail = STEP / 4 * 4;
    sums.iter().sum::<f32>() + a[tail..].iter().zip(&b[tail..]).map(|(x, y)| x * y).sum::<f32>()
}

fn multiply(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

fn add(a: Complex, b: Complex) -> Complex {
    (a.0 + b.0, a.1 + b.1)
}

fn norm(a: Complex) -> f32 {
    a.0 * a.0 + a.1 * a.1
}
