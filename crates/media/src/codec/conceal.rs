//! Concealment for codecs that have none of their own: repeat the last pitch period while fading, in the spirit of
//! G.711 appendix I, then cross-fade back into the real signal.

/// Longest pitch period searched, milliseconds (66 Hz, a deep voice).
const PITCH_MS_MAX: usize = 15;
/// Shortest pitch period searched, tenths of a millisecond (400 Hz, a child).
const PITCH_TENTH_MS_MIN: usize = 25;
/// History kept: two of the longest periods, so that one can be compared with the one before.
const HISTORY_MS: usize = 2 * PITCH_MS_MAX;
/// Concealment is silent after this long.
const FADE_MS: usize = 60;
/// Cross-fade into the first good packet after a gap.
const RETURN_MS: usize = 4;
/// 30 ms at 16 kHz.
const HISTORY_SAMPLES_MAX: usize = HISTORY_MS * 16;
const PITCH_SAMPLES_MAX: usize = PITCH_MS_MAX * 16;

/// Memory of one decoder's last output.
#[derive(Debug, Clone)]
pub(super) struct Concealer {
    per_ms: usize,
    /// The last `HISTORY_MS` of output, oldest first.
    history: [i16; HISTORY_SAMPLES_MAX],
    /// Pitch period in samples while concealing.
    period: usize,
    /// Samples concealed since the last good packet.
    concealed: usize,
}

impl Concealer {
    pub(super) fn new(sample_rate: u32) -> Self {
        let per_ms = (sample_rate as usize / 1000).min(16);
        Self { per_ms, history: [0; HISTORY_SAMPLES_MAX], period: 0, concealed: 0 }
    }

    fn history_len(&self) -> usize {
        HISTORY_MS * self.per_ms
    }

    /// Takes note of a good packet, smoothing its start after a gap.
    pub(super) fn good(&mut self, pcm: &mut [i16]) {
        if self.concealed > 0 {
            let n = (RETURN_MS * self.per_ms).min(pcm.len());
            for (i, sample) in pcm[..n].iter_mut().enumerate() {
                let guess = i32::from(self.guess(self.concealed + i));
                let (rise, whole) = (i as i32, n as i32);
                *sample = ((i32::from(*sample) * rise + guess * (whole - rise)) / whole) as i16;
            }
            self.concealed = 0;
        }
        self.remember(pcm);
    }

    /// Fills `out` with concealment.
    pub(super) fn lost(&mut self, out: &mut [i16]) {
        if self.concealed == 0 {
            self.period = self.find_period();
        }
        for (i, sample) in out.iter_mut().enumerate() {
            *sample = self.guess(self.concealed + i);
        }
        self.concealed = self.concealed.saturating_add(out.len());
    }

    /// Sample `at` of the concealment: the last period repeated, fading linearly.
    fn guess(&self, at: usize) -> i16 {
        let fade = FADE_MS * self.per_ms;
        if at >= fade || self.period == 0 {
            return 0;
        }
        let sample = self.history[self.history_len() - self.period + at % self.period];
        (i32::from(sample) * (fade - at) as i32 / fade as i32) as i16
    }

    fn remember(&mut self, pcm: &[i16]) {
        let len = self.history_len();
        let history = &mut self.history[..len];
        if pcm.len() >= len {
            history.copy_from_slice(&pcm[pcm.len() - len..]);
        } else {
            history.copy_within(pcm.len().., 0);
            history[len - pcm.len()..].copy_from_slice(pcm);
        }
    }

    /// The pitch period: the shortest lag at which the history resembles itself about as well as it ever does (its
    /// multiples do so too), by normalised cross-correlation over half the history.
    fn find_period(&self) -> usize {
        let history = &self.history[..self.history_len()];
        let window = history.len() / 2;
        let recent = &history[history.len() - window..];
        let (shortest, longest) = (PITCH_TENTH_MS_MIN * self.per_ms / 10, PITCH_MS_MAX * self.per_ms);
        let mut scores = [0f32; PITCH_SAMPLES_MAX + 1];
        for lag in shortest..=longest {
            let earlier = &history[history.len() - window - lag..][..window];
            let (mut cross, mut energy) = (0f32, 1f32);
            for (a, b) in recent.iter().zip(earlier) {
                cross += f32::from(*a) * f32::from(*b);
                energy += f32::from(*b) * f32::from(*b);
            }
            scores[lag] = cross.max(0.0) / energy.sqrt();
        }
        let best = scores.iter().fold(0f32, |a, b| a.max(*b));
        let good = |lag: &usize| scores[*lag] >= 0.95 * best && (*lag == longest || scores[lag + 1] <= scores[*lag]);
        (shortest..=longest).find(good).unwrap_or(longest)
    }
}
