//! Session descriptions: ports, offers, answers, and handing a leg to its media session.
use super::cell::CallCell;
use super::driver::{Driver, MediaLeg};
use super::leg::{Kind, codecs_after, offered_codecs};
use super::legs::{party, sip_of};
use super::media::SessionHandle;
use bytes::Bytes;
use domain::LegId;
use media::session::{Command as Media, LegId as MediaLegId};
use signaling::sdp::{self, Codec, LocalAudio, Sdp};
use std::net::{IpAddr, SocketAddr};

impl Driver {
    /// The call's media session, opened when first needed.
    pub fn session<'a>(&mut self, cell: &'a mut CallCell) -> Result<&'a SessionHandle, String> {
        if cell.session.is_none() {
            cell.session = Some(self.media.open(self.media_events.clone()).map_err(|e| e.to_string())?);
        }
        cell.session.as_ref().ok_or_else(|| "no media session".to_owned())
    }

    /// Takes ports for a SIP leg unless it has them, and says what we offer on it. Err: the status to refuse with.
    pub fn local_audio(&mut self, cell: &mut CallCell, leg: LegId, peer: IpAddr, codecs: Vec<Codec>) -> Result<LocalAudio, u16> {
        let sip = sip_of(cell, leg).ok_or(500u16)?;
        if let Some(local) = &mut sip.local {
            local.codecs = codecs;
            return Ok(local.clone());
        }
        let sockets = self.media.take_ports().map_err(|error| {
            tracing::warn!(%error, "no media port");
            503u16
        })?;
        let addr = SocketAddr::new(self.media_address.towards(peer), sockets.port());
        let mut local = LocalAudio::new(addr, self.new_key());
        local.codecs = codecs;
        let Some(sip) = sip_of(cell, leg) else { return Err(500) };
        sip.sockets = Some(sockets);
        sip.local = Some(local.clone());
        Ok(local)
    }

    /// Our side of an unanswered incoming leg: the answer to its offer, or an offer of ours when it has none.
    /// When the other side is agreed, its codec is the only one taken if possible, so that nothing is transcoded.
    pub fn describe(&mut self, cell: &mut CallCell, leg: LegId) -> Result<Bytes, u16> {
        let other = cell.legs.iter().filter(|l| l.id != leg).find_map(|l| match &l.kind {
            Kind::Sip(sip) => sip.agreed.as_ref().map(|a| a.codec),
            Kind::Browser => None,
        });
        let sip = sip_of(cell, leg).ok_or(500u16)?;
        if let Some(answer) = &sip.answer {
            return Ok(answer.clone());
        }
        let (offer, signalled) = (sip.offer.clone(), sip.peer.ip());
        let Some(offer) = offer else {
            let first: Vec<Codec> = other.into_iter().collect();
            let local = self.local_audio(cell, leg, signalled, codecs_after(&first))?;
            return Ok(sdp::offer(&local));
        };
        let theirs = offered_codecs(&offer);
        let codecs = match other.filter(|c| theirs.contains(c)) {
            Some(codec) => vec![codec],
            None => codecs_after(&[]),
        };
        let local = self.local_audio(cell, leg, media_ip(&offer).unwrap_or(signalled), codecs)?;
        let (body, agreed) = sdp::answer(&offer, &local).map_err(|_| 488u16)?;
        if let Some(sip) = sip_of(cell, leg) {
            sip.agreed = Some(agreed);
            sip.answer = Some(body.clone());
        }
        Ok(body)
    }

    /// Takes the peer's answer to our offer. False: it cannot be used.
    pub fn take_answer(&mut self, cell: &mut CallCell, leg: LegId, body: &[u8]) -> bool {
        let Some(sip) = sip_of(cell, leg) else { return false };
        let Some(local) = &sip.local else { return false };
        let agreed = Sdp::parse(body).and_then(|answer| sdp::accept(&answer, local));
        match agreed {
            Ok(agreed) => {
                let changed = sip.agreed != Some(agreed);
                sip.agreed = Some(agreed);
                if sip.in_session && changed {
                    self.update_media(cell, leg);
                    return true;
                }
                self.join_session(cell, leg)
            }
            Err(error) => {
                tracing::debug!(%error, "answer not usable");
                false
            }
        }
    }

    /// Gives the leg and its ports to the media session.
    pub fn join_session(&mut self, cell: &mut CallCell, leg: LegId) -> bool {
        let Some(sip) = sip_of(cell, leg) else { return false };
        if sip.in_session {
            return true;
        }
        let (Some(config), Some(sockets)) = (sip.rtp(), sip.sockets.take()) else { return false };
        sip.in_session = true;
        let codec = config.codec.rtp_name();
        let Some((media, peer, who, agent)) = cell.leg(leg).map(|l| (l.media, l.peer.clone(), party(l.side, l.agent), l.agent)) else {
            return false;
        };
        let call = cell.id;
        let joined = self.session(cell).and_then(|s| s.add_rtp(MediaLegId(media), sockets, config).map_err(|e| e.to_string()));
        match joined {
            Ok(()) => {
                self.media_legs.insert(media, MediaLeg { call, leg, party: who, agent, peer, codec });
                true
            }
            Err(error) => {
                tracing::warn!(%call, error, "leg without media");
                false
            }
        }
    }

    pub fn update_media(&mut self, cell: &mut CallCell, leg: LegId) {
        let config = sip_of(cell, leg).and_then(|s| s.rtp());
        if let (Some(config), Some(media)) = (config, cell.media_of(leg)) {
            cell.media(Media::UpdateRtp { leg: media, config });
        }
    }

    /// A new offer of the peer within the call; our answer, or the status to refuse with.
    pub fn answer_again(&mut self, cell: &mut CallCell, leg: LegId, offer: Option<&[u8]>) -> Result<Bytes, u16> {
        let sip = sip_of(cell, leg).ok_or(481u16)?;
        let keep: Vec<Codec> = sip.agreed.iter().map(|a| a.codec).collect();
        let local = sip.local.as_mut().ok_or(500u16)?;
        local.version += 1;
        let Some(offer) = offer else {
            local.codecs = codecs_after(&keep);
            sip.offered_late = true;
            return Ok(sdp::offer(local));
        };
        let offer = Sdp::parse(offer).map_err(|_| 488u16)?;
        let theirs = offered_codecs(&offer);
        // The same codec as before keeps the relay; another only if the peer no longer takes it.
        local.codecs = if keep.iter().any(|c| theirs.contains(c)) { keep } else { codecs_after(&[]) };
        let (body, agreed) = sdp::answer(&offer, local).map_err(|_| 488u16)?;
        sip.agreed = Some(agreed);
        self.update_media(cell, leg);
        Ok(body)
    }
}

/// Where an offer wants its media.
fn media_ip(offer: &Sdp) -> Option<IpAddr> {
    let media = offer.media.iter().find(|m| m.kind == "audio" && m.port != 0)?;
    offer.host_of(media)?.parse::<IpAddr>().ok().filter(|ip| !ip.is_unspecified())
}
