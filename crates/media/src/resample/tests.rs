use super::*;
use std::f64::consts::TAU;

fn sine(hz: f64, rate: u32, ms: u32) -> Vec<i16> {
    (0..rate * ms / 1000).map(|n| (12_000.0 * (TAU * hz * f64::from(n) / f64::from(rate)).sin()).round() as i16).collect()
}

/// (level of `hz` relative to a sine of 12000, everything else relative to it), in dB.
fn measure(pcm: &[i16], hz: f64, rate: u32) -> (f64, f64) {
    let pcm = &pcm[pcm.len() / 10..pcm.len() * 9 / 10];
    let (mut re, mut im, mut energy) = (0.0, 0.0, 0.0);
    for (i, s) in pcm.iter().enumerate() {
        // A Hann window keeps the ends out of the balance.
        let window = 0.5 - 0.5 * (TAU * i as f64 / pcm.len() as f64).cos();
        let (angle, s) = (TAU * hz * i as f64 / f64::from(rate), f64::from(*s));
        (re, im, energy) = (re + s * window * angle.cos(), im + s * window * angle.sin(), energy + s * s);
    }
    let n = pcm.len() as f64;
    let power = (re * re + im * im) * 8.0 / (n * n);
    let rest = (energy / n - power).max(1e-3);
    (10.0 * (power / 72e6).log10(), 10.0 * (rest / 72e6).log10())
}

#[test]
fn offline_passes_speech_and_stops_the_rest() {
    for (from, to) in [(22_050, 8000), (44_100, 8000), (48_000, 16_000), (8000, 16_000), (16_000, 8000), (11_025, 8000), (44_100, 16_000)] {
        for hz in [300.0, 1000.0, 3000.0] {
            let out = offline(&sine(hz, from, 500), from, to);
            assert_eq!(out.len() as u32, (from / 2 * to).div_ceil(from), "{from} -> {to}");
            let (level, rest) = measure(&out, hz, to);
            assert!(level.abs() < 0.1 && rest < -65.0, "{from} -> {to} at {hz}: {level:.2} dB, rest {rest:.1} dB");
        }
        if from > to * 5 / 4 {
            // Beyond the new Nyquist frequency nothing may remain, or it would come back as a wrong tone.
            let out = offline(&sine(f64::from(to) * 0.58, from, 500), from, to);
            let loudest = out[100..out.len() - 100].iter().map(|s| s.unsigned_abs()).max().unwrap();
            assert!(loudest < 12, "{from} -> {to}: {loudest}");
        }
    }
}

#[test]
fn offline_survives_odd_rates_and_lengths() {
    for (from, to, len) in [(4000, 8000, 1), (191_999, 8000, 999), (7919, 16_000, 2000), (8000, 8000, 5), (0, 8000, 3), (8000, 0, 3)] {
        let out = offline(&vec![1000; len], from, to);
        assert!(out.len() <= len * 4 + 2);
    }
    assert!(offline(&[], 8000, 16_000).is_empty());
}

#[test]
fn live_keeps_the_ratio_the_level_and_a_short_delay() {
    for (from, to) in [(8000, 16_000), (16_000, 8000), (8000, 48_000), (48_000, 8000), (16_000, 48_000), (48_000, 16_000)] {
        for hz in [400.0, 1500.0, 2800.0] {
            let mut live = Live::new(from, to).unwrap();
            let mut out = Vec::new();
            let input = sine(hz, from, 1000);
            // Frames of different lengths, as packets bring them.
            let mut rest = &input[..];
            for len in [160, 80, 333, 1, 960].into_iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at(len.min(rest.len()));
                let mut piece = vec![0; live.output_len_max(now.len())];
                let n = live.process(now, &mut piece);
                out.extend_from_slice(&piece[..n]);
                rest = later;
            }
            assert_eq!(out.len() as u32, to, "{from} -> {to}");
            let (level, noise) = measure(&out, hz, to);
            assert!(level.abs() < 0.5 && noise < -42.0, "{from} -> {to} at {hz}: {level:.2} dB, rest {noise:.1} dB");
        }
        let mut live = Live::new(from, to).unwrap();
        let mut click = vec![0i16; from as usize / 50];
        click[0] = 30_000;
        let mut out = vec![0; live.output_len_max(click.len())];
        live.process(&click, &mut out);
        let peak = (0..out.len()).max_by_key(|i| out[*i].unsigned_abs()).unwrap();
        assert!(peak as f32 * 1000.0 / to as f32 <= 1.6, "{from} -> {to}: {peak} samples of delay");
    }
    assert!(Live::new(8000, 8000).is_none() && Live::new(44_100, 8000).is_none());
}

#[test]
fn live_downsampling_does_not_alias_much() {
    let mut live = Live::new(16_000, 8000).unwrap();
    let mut out = vec![0; 9000];
    let n = live.process(&sine(5500.0, 16_000, 1000), &mut out);
    let loudest = out[100..n].iter().map(|s| s.unsigned_abs()).max().unwrap();
    assert!(loudest < 120, "{loudest}");
}
