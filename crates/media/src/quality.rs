//! What one leg was like: loss, jitter, round trip, and a MOS estimate by the simplified E-model (ITU-T G.107).
use crate::codec::Codec;

/// Figures of one leg since it was added. All zero where nothing was measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LegStats {
    pub packets_in: u64,
    pub bytes_in: u64,
    pub packets_out: u64,
    pub bytes_out: u64,
    /// Packets that the peer sent and we never got, by sequence numbers.
    pub lost_in: u64,
    /// Lost share of what we sent, as the peer last reported it, in percent; none without its RTCP.
    pub lost_out_pct: Option<f32>,
    pub duplicates: u64,
    /// Came too late to be played (only where the leg is decoded).
    pub late: u64,
    /// From foreign addresses or unintelligible.
    pub refused: u64,
    /// Interarrival jitter (RFC 3550 §6.4.1), last and worst.
    pub jitter_ms: f32,
    pub jitter_max_ms: f32,
    /// By RTCP; none without the peer's reports.
    pub rtt_ms: Option<f32>,
    /// What we add to a packet on its way, one way: 0 when relayed, jitter buffer depth when decoded.
    pub added_latency_ms: f32,
    /// 1.0 … 4.5; none until a second of audio was heard.
    pub mos: Option<f32>,
}

/// Equipment impairment and packet-loss robustness of a codec (ITU-T G.113 appendix I; G.711 with concealment).
fn impairment(codec: Codec) -> (f32, f32) {
    match codec {
        Codec::Pcmu | Codec::Pcma => (0.0, 25.1),
        Codec::G722 => (5.0, 18.0),
        Codec::Opus => (2.0, 30.0),
    }
}

/// MOS by the simplified E-model: transmission rating from one-way delay and loss, then ITU-T G.107 annex B.
/// `loss_pct`: percent of packets that were not played; `one_way_ms`: mouth to ear.
pub fn mos(codec: Codec, loss_pct: f32, one_way_ms: f32) -> f32 {
    let (ie, bpl) = impairment(codec);
    let loss = loss_pct.clamp(0.0, 100.0);
    let delay = one_way_ms.max(0.0);
    let id = 0.024 * delay + if delay > 177.3 { 0.11 * (delay - 177.3) } else { 0.0 };
    let ie_eff = ie + (95.0 - ie) * loss / (loss + bpl);
    let r = (93.2 - id - ie_eff).clamp(0.0, 100.0);
    (1.0 + 0.035 * r + r * (r - 60.0) * (100.0 - r) * 7e-6).clamp(1.0, 4.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mos_falls_with_loss_and_delay() {
        let rows = [(0.0, 20.0, 4.3..4.5), (1.0, 20.0, 4.2..4.4), (5.0, 50.0, 3.4..4.0), (20.0, 100.0, 1.5..2.9), (0.0, 500.0, 2.0..3.3)];
        for (loss, delay, range) in rows {
            let mos = mos(Codec::Pcmu, loss, delay);
            assert!(range.contains(&mos), "loss {loss} delay {delay}: {mos}");
        }
        assert_eq!(mos(Codec::G722, 100.0, 10_000.0), 1.0);
    }
}
