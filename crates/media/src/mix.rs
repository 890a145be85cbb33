//! Adding frames with gains: the gain matrix's rows are mixed here.

/// Samples of a 20 ms frame at 16 kHz, the widest that is mixed.
pub const FRAME_SAMPLES_MAX: usize = 320;
/// Above this level sums are bent towards full scale instead of being cut.
const KNEE: i32 = 26_000;

/// One output frame in the making.
#[derive(Debug, Clone)]
pub struct Mix {
    sum: [i32; FRAME_SAMPLES_MAX],
    len: usize,
    sources: usize,
}

impl Mix {
    /// `len`: samples of the frame.
    pub fn new(len: usize) -> Self {
        Self { sum: [0; FRAME_SAMPLES_MAX], len: len.min(FRAME_SAMPLES_MAX), sources: 0 }
    }

    /// Adds a frame of the same length; a shorter one is silent at its end.
    pub fn add(&mut self, frame: &[i16], gain: f32) {
        self.sources += 1;
        let sum = self.sum[..self.len].iter_mut().zip(frame);
        if gain == 1.0 {
            sum.for_each(|(s, x)| *s += i32::from(*x));
        } else {
            sum.for_each(|(s, x)| *s += (f32::from(*x) * gain) as i32);
        }
    }

    /// Frames added so far.
    pub fn sources(&self) -> usize {
        self.sources
    }

    /// The sum, softly limited to 16 bits. One source at most full scale comes out as it went in.
    pub fn finish(&self, out: &mut [i16]) {
        let bend = self.sources > 1;
        for (o, s) in out.iter_mut().zip(&self.sum[..self.len]) {
            *o = if bend { soft_clip(*s) } else { (*s).clamp(-32_768, 32_767) as i16 };
        }
    }
}

/// Identity up to the knee, then a curve that approaches full scale.
fn soft_clip(sample: i32) -> i16 {
    let level = sample.abs();
    if level <= KNEE {
        return sample as i16;
    }
    let room = (32_767 - KNEE) as f32;
    let over = (level - KNEE) as f32;
    let bent = KNEE + (room * over / (over + room)) as i32;
    (bent.min(32_767) * sample.signum()) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gains_add_up_and_never_wrap() {
        let rows: [(&[(i16, f32)], i16); 6] = [
            (&[(1000, 1.0)], 1000),
            (&[(1000, 1.0), (2000, 1.0)], 3000),
            (&[(1000, 0.5), (2000, 0.25)], 1000),
            (&[(32_767, 1.0)], 32_767),
            (&[(-32_768, 1.0)], -32_768),
            (&[(1000, 0.0)], 0),
        ];
        for (sources, expected) in rows {
            let mut mix = Mix::new(160);
            for (value, gain) in sources {
                mix.add(&[*value; 160], *gain);
            }
            let mut out = [0; 160];
            mix.finish(&mut out);
            assert_eq!(out, [expected; 160], "{sources:?}");
        }
    }

    #[test]
    fn loud_sums_are_bent_monotonously() {
        let mut last = i16::MIN;
        for sum in (-200_000..200_000).step_by(500) {
            let now = soft_clip(sum);
            assert!(now >= last, "{sum}");
            last = now;
        }
        assert!(soft_clip(200_000) > 32_000);
    }
}
