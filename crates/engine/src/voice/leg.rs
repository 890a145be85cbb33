//! One leg as the driver carries it: SIP dialog or browser, and its media description.
use bytes::Bytes;
use domain::call::Side;
use domain::{LegId, UserId};
use media::session::RtpConfig;
use signaling::DialogKey;
use signaling::sdp::{self, LocalAudio, Negotiated, Sdp};
use std::net::SocketAddr;

use super::media::RtpSockets;

/// A peer from which nothing came for this long is gone without a BYE. Long, because phones may stop sending while muted.
const RTP_TIMEOUT_MS: u32 = 600_000;

pub(super) struct LegIo {
    pub id: LegId,
    /// Its name in the media session, unique over all calls.
    pub media: u32,
    pub side: Side,
    pub agent: Option<UserId>,
    pub peer: String,
    pub kind: Kind,
}

pub(super) enum Kind {
    Browser,
    Sip(Box<SipLeg>),
}

pub(super) struct SipLeg {
    pub key: DialogKey,
    /// Further phones of the same person that ring along; the first to answer stays.
    pub forks: Vec<DialogKey>,
    pub incoming: bool,
    pub peer: SocketAddr,
    /// The peer's offer of an incoming INVITE.
    pub offer: Option<Sdp>,
    pub local: Option<LocalAudio>,
    /// Bound, not yet in the session.
    pub sockets: Option<RtpSockets>,
    pub agreed: Option<Negotiated>,
    /// Our answer as sent early, to be repeated in the 200.
    pub answer: Option<Bytes>,
    pub in_session: bool,
    /// A final answer went out or came in.
    pub answered: bool,
    /// Our offer went out with the 200 (or answers a re-INVITE without one); the ACK brings the answer.
    pub offered_late: bool,
    pub held: bool,
}

impl SipLeg {
    pub fn new(key: DialogKey, peer: SocketAddr, offer: Option<Sdp>) -> Self {
        Self {
            key,
            forks: Vec::new(),
            incoming: key.is_incoming(),
            peer,
            offer,
            local: None,
            sockets: None,
            agreed: None,
            answer: None,
            in_session: false,
            answered: false,
            offered_late: false,
            held: false,
        }
    }

    /// Takes one of several ringing phones off; true when it was the last.
    pub fn drop_fork(&mut self, key: DialogKey) -> bool {
        if self.key == key {
            match self.forks.pop() {
                Some(next) => self.key = next,
                None => return true,
            }
        } else {
            self.forks.retain(|f| *f != key);
        }
        false
    }

    /// What the media session needs to know of the agreement.
    pub fn rtp(&self) -> Option<RtpConfig> {
        let agreed = self.agreed.as_ref()?;
        let remote = Some(agreed.remote_addr).filter(|a| !a.ip().is_unspecified() && a.port() != 0);
        Some(RtpConfig {
            codec: media_codec(agreed.codec),
            payload_type: agreed.pt,
            receive: Vec::new(),
            telephone_event: agreed.dtmf_pt,
            remote,
            remote_rtcp: remote.map(|_| agreed.rtcp_addr),
            send: agreed.direction.sends(),
            receive_expected: agreed.direction.receives(),
            timeout_ms: RTP_TIMEOUT_MS,
        })
    }

    /// Codecs that the peer is known to take, best liked first.
    pub fn codecs(&self) -> Vec<sdp::Codec> {
        if let Some(agreed) = &self.agreed {
            return vec![agreed.codec];
        }
        self.offer.as_ref().map(offered_codecs).unwrap_or_default()
    }
}

/// Our codecs in the order in which an offer names them.
pub(super) fn offered_codecs(offer: &Sdp) -> Vec<sdp::Codec> {
    const OURS: [sdp::Codec; 3] = [sdp::Codec::Pcma, sdp::Codec::Pcmu, sdp::Codec::G722];
    let Some(media) = offer.media.iter().find(|m| m.kind == "audio" && m.port != 0) else { return Vec::new() };
    let mut found = Vec::with_capacity(OURS.len());
    for format in &media.formats {
        let Ok(pt) = format.parse::<u8>() else { continue };
        let codec = match media.rtpmaps.iter().find(|m| m.pt == pt) {
            Some(map) => OURS.into_iter().find(|c| c.name().eq_ignore_ascii_case(&map.name) && map.clock == 8000),
            None => OURS.into_iter().find(|c| c.static_pt() == pt),
        };
        if let Some(codec) = codec.filter(|c| !found.contains(c)) {
            found.push(codec);
        }
    }
    found
}

/// All our codecs, the wanted ones first.
pub(super) fn codecs_after(first: &[sdp::Codec]) -> Vec<sdp::Codec> {
    let mut all = first.to_vec();
    for codec in [sdp::Codec::Pcma, sdp::Codec::Pcmu, sdp::Codec::G722] {
        if !all.contains(&codec) {
            all.push(codec);
        }
    }
    all
}

pub(super) fn media_codec(codec: sdp::Codec) -> media::codec::Codec {
    match codec {
        sdp::Codec::Pcmu => media::codec::Codec::Pcmu,
        sdp::Codec::Pcma => media::codec::Codec::Pcma,
        sdp::Codec::G722 => media::codec::Codec::G722,
    }
}
