//! From samples to figures: means and ratios with 95 % confidence intervals (Student's t), and control variates.
use serde::{Deserialize, Serialize};

/// A figure with its 95 % confidence interval. No `value` where nothing was counted, no interval from a single sample.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Measure {
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Measure {
    pub(crate) fn new(value: Option<f64>, half_width: Option<f64>) -> Self {
        let value = value.filter(|v| v.is_finite());
        let half = half_width.filter(|h| h.is_finite());
        let with = |sign: f64| Some(value? + sign * half?);
        Self { value, low: with(-1.0), high: with(1.0) }
    }

    /// Half of the interval's width.
    pub fn half_width(&self) -> Option<f64> {
        Some((self.high? - self.low?) / 2.0)
    }
}

/// Sums of pairs (x, y), for the ratio Σx / Σy over independent samples.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pairs {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Pairs {
    pub fn add(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    /// Ratio estimator: `r = Σx/Σy`, variance from the residuals `x − r·y`. With `y` always 1 it is the mean.
    pub fn ratio(&self) -> Measure {
        if self.y <= 0.0 {
            return Measure::default();
        }
        let r = self.x / self.y;
        if self.n < 2.0 {
            return Measure::new(Some(r), None);
        }
        let residual = (self.xx - 2.0 * r * self.xy + r * r * self.yy).max(0.0) / (self.n - 1.0);
        let error = (residual / self.n).sqrt() / (self.y / self.n);
        Measure::new(Some(r), Some(t_975(self.n - 1.0) * error))
    }
}

/// The 97.5 % quantile of Student's t distribution.
pub(crate) fn t_975(degrees: f64) -> f64 {
    const SMALL: [f64; 12] = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];
    let df = degrees.max(1.0);
    if let Some(t) = SMALL.get(df as usize - 1) {
        return *t;
    }
    // Fisher's expansion about the normal quantile.
    let z: f64 = 1.959_963_985;
    z + (z.powi(3) + z) / (4.0 * df) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * df * df)
}

/// A control that correlates with another beyond this is left out.
const INDEPENDENT_MIN: f64 = 1e-6;

/// Control variates: quantities of the same batches whose true means are known. What they are off by, the figure is off by in
/// proportion (linear regression over batches; S. S. Lavenberg and P. D. Welch, 1981).
pub(crate) struct Controls {
    /// Scaled controls of each batch, as differences from their mean over the batches.
    rows: Vec<Vec<f64>>,
    /// Mean over the batches minus true mean, scaled alike.
    off: Vec<f64>,
    /// Lower triangle L with L·Lᵀ = Σ rows·rowsᵀ; a 0 on the diagonal marks a control left out.
    root: Vec<Vec<f64>>,
    used: usize,
}

impl Controls {
    /// `samples`: the controls of each batch; `means`: what they are in truth.
    pub fn new(samples: &[Vec<f64>], means: &[f64]) -> Self {
        let n = samples.len().max(1) as f64;
        let column = |k: usize| samples.iter().map(move |s| s.get(k).copied().unwrap_or(0.0));
        let (mut scale, mut center) = (Vec::new(), Vec::new());
        for k in 0..means.len() {
            let mean = column(k).sum::<f64>() / n;
            let spread = column(k).map(|v| (v - mean).powi(2)).sum::<f64>().sqrt();
            center.push(mean);
            scale.push(if spread > 1e-12 * mean.abs().max(1e-300) { 1.0 / spread } else { 0.0 });
        }
        let rows: Vec<Vec<f64>> =
            samples.iter().map(|s| s.iter().zip(&center).zip(&scale).map(|((v, c), k)| (v - c) * k).collect()).collect();
        let off: Vec<f64> = center.iter().zip(means).zip(&scale).map(|((c, m), k)| (c - m) * k).collect();
        let root = cholesky(&rows, means.len());
        let used = root.iter().enumerate().filter(|(k, row)| row.get(*k).is_some_and(|d| *d > 0.0)).count();
        Self { rows, off, root, used }
    }

    /// The adjusted mean of one value a batch, and its standard error.
    pub fn adjust(&self, values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let against = |k: usize| self.rows.iter().zip(values).map(|(r, v)| r.get(k).copied().unwrap_or(0.0) * (v - mean)).sum::<f64>();
        let products: Vec<f64> = (0..self.off.len()).map(against).collect();
        let slopes = solve(&self.root, &products);
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let residual = values.iter().zip(&self.rows).map(|(v, r)| (v - mean - dot(&slopes, r)).powi(2)).sum::<f64>();
        let degrees = (n - 1.0 - self.used as f64).max(1.0);
        let leverage = dot(&self.off, &solve(&self.root, &self.off));
        (mean - dot(&slopes, &self.off), (residual / degrees * (1.0 / n + leverage)).sqrt())
    }

    /// Adjusted ratio of the means of two values a batch.
    pub fn ratio(&self, x: &[f64], y: &[f64]) -> Measure {
        let (top, bottom) = (self.adjust(x).0, self.adjust(y).0);
        if bottom <= 0.0 {
            return Measure::default();
        }
        let r = top / bottom;
        let rest: Vec<f64> = x.iter().zip(y).map(|(x, y)| x - r * y).collect();
        let degrees = x.len() as f64 - 1.0 - self.used as f64;
        Measure::new(Some(r), Some(t_975(degrees) * self.adjust(&rest).1 / bottom))
    }
}

/// Root of the correlation matrix; a control that the ones before it determine gets a row of zeros.
fn cholesky(rows: &[Vec<f64>], k: usize) -> Vec<Vec<f64>> {
    let mut root: Vec<Vec<f64>> = Vec::with_capacity(k);
    for i in 0..k {
        let mut line = vec![0.0; k];
        for j in 0..=i {
            let product: f64 = rows.iter().filter_map(|r| Some(r.get(i)? * r.get(j)?)).sum();
            let above = if j < i { root.get(j) } else { Some(&line) };
            let Some(other) = above else { continue };
            let rest = product - (0..j).filter_map(|m| Some(line.get(m)? * other.get(m)?)).sum::<f64>();
            let pivot = other.get(j).copied().unwrap_or(0.0);
            let value = if j == i {
                if rest > INDEPENDENT_MIN { rest.sqrt() } else { 0.0 }
            } else if pivot > 0.0 {
                rest / pivot
            } else {
                0.0
            };
            if let Some(place) = line.get_mut(j) {
                *place = value;
            }
        }
        if line.get(i) == Some(&0.0) {
            line.fill(0.0);
        }
        root.push(line);
    }
    root
}

/// x with L·Lᵀ·x = b; 0 for controls left out.
fn solve(root: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let k = root.len();
    let at = |i: usize, j: usize| root.get(i).and_then(|r| r.get(j)).copied().unwrap_or(0.0);
    let mut x: Vec<f64> = b.to_vec();
    x.resize(k, 0.0);
    let step = |x: &[f64], i: usize, sum: f64| match at(i, i) {
        d if d > 0.0 => (x.get(i).copied().unwrap_or(0.0) - sum) / d,
        _ => 0.0,
    };
    for i in 0..k {
        let sum = x.iter().take(i).enumerate().map(|(j, v)| at(i, j) * v).sum::<f64>();
        let value = step(&x, i, sum);
        x.iter_mut().skip(i).take(1).for_each(|v| *v = value);
    }
    for i in (0..k).rev() {
        let sum = x.iter().enumerate().skip(i + 1).map(|(j, v)| at(j, i) * v).sum::<f64>();
        let value = step(&x, i, sum);
        x.iter_mut().skip(i).take(1).for_each(|v| *v = value);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Chance;

    #[test]
    fn student_is_the_tables() {
        for (df, t) in [(1.0, 12.706), (9.0, 2.262), (12.0, 2.179), (13.0, 2.160), (30.0, 2.042), (100.0, 1.984), (1e6, 1.960)] {
            assert!((t_975(df) - t).abs() < 1e-3, "{df}: {}", t_975(df));
        }
    }

    #[test]
    fn a_ratio_has_its_interval() {
        let mut pairs = Pairs::default();
        assert_eq!(pairs.ratio(), Measure::default());
        pairs.add(1.0, 2.0);
        assert_eq!(pairs.ratio(), Measure { value: Some(0.5), low: None, high: None });
        pairs.add(2.0, 2.0);
        let r = pairs.ratio();
        assert_eq!(r.value, Some(0.75));
        // Residuals ∓0.5: s² = 0.5, error = √(0.5/2)/2 = 0.25.
        assert!((r.half_width().unwrap() - 12.706 * 0.25).abs() < 1e-9);
    }

    #[test]
    fn controls_take_out_what_they_explain() {
        let mut chance = Chance::new(3);
        let mut draw = || chance.exponential() - 1.0;
        let mut samples = Vec::new();
        let mut values = Vec::new();
        for _ in 0..200 {
            let (a, b, noise) = (draw(), draw(), draw());
            // The third is the sum of the others, the fourth never moves.
            samples.push(vec![5.0 + a, b, a + b, 7.0]);
            values.push(3.0 + 2.0 * a - b + 0.05 * noise);
        }
        let controls = Controls::new(&samples, &[5.0, 0.0, 0.0, 7.0]);
        assert_eq!(controls.used, 2);
        let (mean, error) = controls.adjust(&values);
        assert!((mean - 3.0).abs() < 3.0 * error && error < 0.006, "{mean} ± {error}");
        let plain = Controls::new(&samples, &[]).adjust(&values).1;
        assert!(plain > 0.1, "{plain}");
    }
}
