//! What media sessions tell, and the recordings they make.
use super::cell::CallCell;
use super::driver::Driver;
use domain::RecordingId;
use domain::call::{Cause, Input, Side};
use domain::interaction::{LegQuality, LegReport};
use media::quality::LegStats;
use media::session::{Command as Media, Event, LegId as MediaLegId};

impl Driver {
    pub fn on_media(&mut self, event: Event) {
        match event {
            Event::Digit { leg, digit, .. } => self.media_input(leg, |leg| Input::Digit { leg, digit }),
            Event::PlaybackDone { leg, token, interrupted: false } => {
                self.media_input(leg, |leg| Input::Played { leg, play: token as u32 })
            }
            Event::WebConnected { leg } => self.media_input(leg, |leg| Input::LegUp { leg }),
            Event::WebDisconnected { leg } => self.media_input(leg, |leg| Input::MediaLost { leg }),
            Event::RecordingEnded { dropped_ms, .. } if dropped_ms > 0 => tracing::warn!(dropped_ms, "recording lost audio to a slow disk"),
            Event::LegStats { leg, stats, last } => self.leg_stats(leg, &stats, last),
            Event::Failed { legs } => {
                tracing::error!(legs = legs.len(), "a media session failed; its legs are ended");
                for leg in legs {
                    self.media_input(leg, |leg| Input::LegDown { leg, cause: Cause::UNAVAILABLE });
                }
            }
            Event::RtpTimeout { leg } => self.media_input(leg, |leg| Input::LegSilent { leg }),
            Event::PlaybackDone { .. } | Event::RtpStarted { .. } | Event::RecordingEnded { .. } => {}
        }
    }

    fn media_input(&mut self, leg: MediaLegId, input: impl FnOnce(domain::LegId) -> Input) {
        if let Some(known) = self.media_legs.get(&leg.0) {
            let (call, leg) = (known.call, known.leg);
            self.feed(call, input(leg));
        }
    }

    fn leg_stats(&mut self, leg: MediaLegId, stats: &LegStats, last: bool) {
        if !last {
            return;
        }
        let Some(known) = self.media_legs.remove(&leg.0) else { return };
        let report = LegReport {
            interaction: known.call.into(),
            leg: known.leg,
            party: known.party.to_owned(),
            agent: known.agent,
            peer: known.peer,
            codec: known.codec.to_owned(),
            quality: quality(stats),
        };
        self.ctx.writer.leg(report);
    }

    pub fn record_start(&mut self, cell: &mut CallCell, recording: RecordingId) {
        let customer = cell.legs.iter().find(|l| l.side == Side::Customer).map(|l| MediaLegId(l.media));
        let Some(customer) = customer else { return };
        let sink = self.ctx.recordings.begin(recording, cell.id.into());
        cell.media(Media::RecordStart { customer, sink, token: 0 });
    }
}

fn quality(s: &LegStats) -> LegQuality {
    let expected = (s.packets_in + s.lost_in).max(1) as f32;
    LegQuality {
        packets_received: s.packets_in,
        packets_sent: s.packets_out,
        packets_lost: s.lost_in,
        loss_pct: 100.0 * s.lost_in as f32 / expected,
        jitter_ms: s.jitter_ms,
        round_trip_ms: s.rtt_ms,
        mos: s.mos.unwrap_or(0.0),
        added_latency_ms: s.added_latency_ms,
    }
}
