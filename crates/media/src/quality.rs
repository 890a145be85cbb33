//! What one leg was like: loss, jitter, round trip, and a MOS estimate by the simplified E-model (ITU-T G.107).

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
