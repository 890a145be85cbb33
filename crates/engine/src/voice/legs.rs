//! Carrying out what a call wants of its legs: ring, answer, dial, hang up, browsers.
use super::cell::CallCell;
use super::driver::{Driver, MediaLeg};
use super::leg::{Kind, LegIo, SipLeg, codecs_after};
use crate::handle::{CommandError, Connected};
use domain::call::{Cause, DialTo, Input, Side};
use domain::{LegId, UserId};
use media::session::Command as Media;
use signaling::sdp;
use signaling::{Command, DialogKey, Invite, Party, Reason, Target, Uri};
use std::net::SocketAddr;

const TONE_MS: u32 = 120;
const INFO_TONE_MS: u32 = 160;
/// Phones of one person that ring beside the first.
const FORKS_MAX: usize = 7;

impl Driver {
    pub fn ring(&mut self, cell: &mut CallCell, leg: LegId, early_media: bool) {
        let Some((key, true)) = sip_of(cell, leg).map(|s| (s.key, s.incoming)) else { return };
        let body = if early_media { self.describe(cell, leg).ok() } else { None };
        let status = if body.is_some() { 183 } else { 180 };
        if body.is_some() {
            self.join_session(cell, leg);
        }
        self.sip(Command::Provisional { key, status, sdp: body, headers: Vec::new() });
    }

    pub fn answer(&mut self, cell: &mut CallCell, leg: LegId) {
        let Some(sip) = sip_of(cell, leg) else { return };
        let (key, late) = (sip.key, sip.offer.is_none());
        match self.describe(cell, leg) {
            Ok(body) => {
                if let Some(sip) = sip_of(cell, leg) {
                    sip.answered = true;
                    sip.offered_late = late;
                }
                if !late && !self.join_session(cell, leg) {
                    self.sip(Command::Bye { key, reason: Some(Reason::q850(41)) });
                    return;
                }
                let answer = signaling::Answer { sdp: Some(body), headers: Vec::new() };
                let sent = self.sip(Command::Answer { key, answer });
                // With a late offer the media is known with the ACK.
                if sent && !late {
                    cell.pending.push_back(Input::LegUp { leg });
                }
            }
            Err(status) => {
                self.sip(Command::Reject { key, status, reason: None, headers: Vec::new() });
            }
        }
    }

    pub fn hang_up(&mut self, cell: &mut CallCell, leg: LegId, cause: Cause) {
        let Some(l) = cell.leg(leg) else {
            // It never came to be: a dial that failed at once reports its end itself.
            return;
        };
        match &l.kind {
            Kind::Browser => self.lose_leg(cell, leg, cause),
            Kind::Sip(sip) => {
                let (key, fresh, forks) = (sip.key, sip.incoming && !sip.answered, sip.forks.clone());
                let reason = cause.q850.map(|q| Reason::q850(u16::from(q)));
                let order = if fresh {
                    let status = match cause.sip {
                        300..=486 | 488..=699 => cause.sip,
                        _ => 480,
                    };
                    let headers = cause.q850.map(|q| ("Reason".to_owned(), format!("Q.850;cause={q}"))).into_iter().collect();
                    Command::Reject { key, status, reason: None, headers }
                } else {
                    Command::Bye { key, reason }
                };
                for fork in forks {
                    self.sip(Command::Bye { key: fork, reason: None });
                }
                if !self.sip(order) {
                    self.lose_leg(cell, leg, cause);
                }
            }
        }
    }

    pub fn dial(&mut self, cell: &mut CallCell, leg: LegId, side: Side, to: DialTo, caller: &str, near: Option<LegId>) {
        let agent = if let DialTo::Phone(user) = &to { Some(*user) } else { None };
        let first = near.and_then(|n| sip_of(cell, n)).map(|s| s.codecs()).unwrap_or_default();
        let invite = match self.invite(cell, leg, &to, caller) {
            Ok(invite) => invite,
            Err(cause) => return cell.pending.push_back(Input::LegDown { leg, cause }),
        };
        let (key, peer) = (invite.key, invite.target.addr);
        let media = self.new_media_leg();
        let kind = Kind::Sip(Box::new(SipLeg::new(key, peer, None)));
        cell.legs.push(LegIo { id: leg, media, side, agent, peer: peer.to_string(), kind });
        let body = self.local_audio(cell, leg, peer.ip(), codecs_after(&first)).map(|local| sdp::offer(&local));
        let sent = match body {
            Ok(body) => {
                self.dialogs.insert(key, (cell.id, leg));
                let invite = Invite { sdp: Some(body), ..invite };
                if let Some(user) = agent {
                    self.fork(cell, leg, user, &invite);
                }
                self.sip(Command::Invite(Box::new(invite)))
            }
            Err(_) => false,
        };
        if !sent {
            self.lose_leg(cell, leg, Cause::UNAVAILABLE);
        }
    }

    /// The leg is gone without a word from its peer.
    pub fn lose_leg(&mut self, cell: &mut CallCell, leg: LegId, cause: Cause) {
        if let Some(i) = cell.legs.iter().position(|l| l.id == leg) {
            let gone = cell.legs.swap_remove(i);
            self.leg_gone(cell, &gone);
        }
        cell.pending.push_back(Input::LegDown { leg, cause });
    }

    /// Rings the person's further phones with the same offer.
    fn fork(&mut self, cell: &mut CallCell, leg: LegId, user: UserId, first: &Invite) {
        let Some(extension) = self.directory.user(user).and_then(|u| u.extension.clone()) else { return };
        let more: Vec<(Target, Uri)> = self
            .endpoint
            .registrar()
            .lookup(&extension, self.time())
            .iter()
            .skip(1)
            .take(FORKS_MAX)
            .map(|b| (b.target(), b.contact.clone()))
            .collect();
        for (target, request_uri) in more {
            let key = DialogKey(self.new_key());
            self.dialogs.insert(key, (cell.id, leg));
            let invite = Invite { key, target, request_uri, ..first.clone() };
            if !self.sip(Command::Invite(Box::new(invite))) {
                self.dialogs.remove(&key);
            } else if let Some(sip) = sip_of(cell, leg) {
                sip.forks.push(key);
            }
        }
    }

    fn invite(&mut self, cell: &mut CallCell, leg: LegId, to: &DialTo, caller: &str) -> Result<Invite, Cause> {
        let key = DialogKey(self.new_key());
        let host = self.advertised.ip().to_string();
        let from = |display: Option<String>| {
            let user = if caller.is_empty() { "anonymous" } else { caller };
            let uri = Uri::sip(user, &host, None).or_else(|| Uri::sip("anonymous", &host, None)).ok_or(Cause::UNAVAILABLE)?;
            Ok::<Party, Cause>(Party { display, uri })
        };
        match to {
            DialTo::Phone(user) => {
                let extension = self.directory.user(*user).and_then(|u| u.extension.clone()).ok_or(Cause::NOT_FOUND)?;
                let now = self.time();
                let binding = self.endpoint.registrar().lookup(&extension, now).first().map(|b| (b.target(), b.contact.clone()));
                let (target, contact) = binding.ok_or(Cause::NO_ANSWER)?;
                let to = Party::new(Uri::sip(&extension, &host, None).ok_or(Cause::NOT_FOUND)?);
                Ok(Invite::new(key, target, contact, from(None)?, to))
            }
            DialTo::Trunk { trunk, number } => {
                let route = self.take_trunk(*trunk)?;
                cell.trunks.push((leg, *trunk));
                let uri = Uri::sip(number, &route.host, Some(route.port)).ok_or(Cause::NOT_FOUND)?;
                let mut invite = Invite::new(key, route.target, uri.clone(), from(None)?, Party::new(uri));
                invite.credentials = route.credentials;
                Ok(invite)
            }
            DialTo::Uri(text) => {
                let uri = Uri::parse(text).ok_or(Cause::NOT_FOUND)?;
                let target = self.target_of(&uri).ok_or(Cause::UNAVAILABLE)?;
                Ok(Invite::new(key, target, uri.clone(), from(None)?, Party::new(uri)))
            }
        }
    }

    /// Where a SIP URI leads: a literal address, or a host that was resolved before.
    fn target_of(&mut self, uri: &Uri) -> Option<Target> {
        let port = uri.port().unwrap_or(5060);
        let ip = match uri.ip() {
            Some(ip) => ip,
            None => self.resolver.known(uri.host())?,
        };
        let addr = SocketAddr::new(ip, port);
        let tcp = uri.param("transport").is_some_and(|t| t.eq_ignore_ascii_case("tcp"));
        Some(if tcp { Target::tcp(addr) } else { Target::udp(addr) })
    }

    pub fn open_browser(&mut self, cell: &mut CallCell, leg: LegId, agent: UserId) {
        let Some(offer) = cell.browser.take() else {
            return cell.pending.push_back(Input::LegDown { leg, cause: Cause::UNAVAILABLE });
        };
        let side = cell.machine.leg_party(leg).map_or(Side::Agent, |(side, _)| side);
        let prefer = cell.legs.iter().find_map(|l| match &l.kind {
            Kind::Sip(sip) => sip.codecs().first().copied(),
            Kind::Browser => None,
        });
        let prefer = prefer.map_or(media::codec::Codec::Pcma, super::leg::media_codec);
        let media = self.new_media_leg();
        self.media_legs.insert(
            media,
            MediaLeg {
                call: cell.id,
                leg,
                party: party(side, Some(agent)),
                agent: Some(agent),
                peer: "browser".into(),
                codec: prefer.rtp_name(),
            },
        );
        cell.legs.push(LegIo { id: leg, media, side, agent: Some(agent), peer: "browser".into(), kind: Kind::Browser });
        let opened =
            self.session(cell).and_then(|s| s.add_web(media::session::LegId(media), &offer.sdp, prefer).map_err(|e| e.to_string()));
        let result = match opened {
            Ok(answer) => Ok(Connected { call: cell.id, sdp_answer: Some(answer) }),
            Err(reason) => {
                self.media_legs.remove(&media);
                self.lose_leg(cell, leg, Cause::UNAVAILABLE);
                Err(CommandError::Invalid { field: "sdp", reason })
            }
        };
        // The page may have gone meanwhile; then its media never connects.
        let _ = offer.reply.send(result);
    }

    /// The other call's leg becomes ours: a media leg of this session towards the same phone, told by re-INVITE.
    pub fn adopt(&mut self, cell: &mut CallCell, leg: LegId, side: Side) {
        let Some(mut given) = cell.given.take() else {
            return cell.pending.push_back(Input::LegDown { leg, cause: Cause::UNAVAILABLE });
        };
        given.id = leg;
        given.media = self.new_media_leg();
        given.side = side;
        let Kind::Sip(sip) = &mut given.kind else {
            return cell.pending.push_back(Input::LegDown { leg, cause: Cause::UNAVAILABLE });
        };
        let (key, peer, version, session_id) =
            (sip.key, sip.peer, sip.local.as_ref().map_or(1, |l| l.version), sip.local.as_ref().map(|l| l.session_id));
        let codecs = codecs_after(&sip.codecs());
        sip.local = None;
        sip.sockets = None;
        sip.in_session = false;
        self.dialogs.insert(key, (cell.id, leg));
        cell.legs.push(given);
        let offered = self.local_audio(cell, leg, peer.ip(), codecs).map(|mut local| {
            local.version = version + 1;
            local.session_id = session_id.unwrap_or(local.session_id);
            local
        });
        let Ok(local) = offered else {
            self.sip(Command::Bye { key, reason: None });
            return;
        };
        let body = sdp::offer(&local);
        if let Some(sip) = sip_of(cell, leg) {
            sip.local = Some(local);
        }
        self.join_session(cell, leg);
        self.sip(Command::ReInvite { key, sdp: body });
    }

    pub fn send_digits(&mut self, cell: &mut CallCell, leg: LegId, digits: String) {
        let Some(l) = cell.leg(leg) else { return };
        let media = media::session::LegId(l.media);
        match &l.kind {
            Kind::Sip(sip) if sip.agreed.as_ref().is_some_and(|a| a.dtmf_pt.is_none()) => {
                let key = sip.key;
                for digit in digits.chars() {
                    let body = signaling::dtmf::relay_body(signaling::dtmf::Digit { digit, duration_ms: INFO_TONE_MS });
                    self.sip(Command::Info { key, content_type: signaling::dtmf::RELAY_TYPE.to_owned(), body });
                }
            }
            _ => cell.media(Media::SendDtmf { leg: media, digits, tone_ms: TONE_MS }),
        }
    }

    /// A leg's end: its media goes, its figures follow by themselves.
    pub fn leg_gone(&mut self, cell: &mut CallCell, leg: &LegIo) {
        if cell.bridge.is_some_and(|(a, b)| a == leg.media || b == leg.media) {
            cell.bridge = None;
        }
        cell.media(Media::Remove { leg: media::session::LegId(leg.media) });
        if let Kind::Sip(sip) = &leg.kind {
            self.dialogs.remove(&sip.key);
            for fork in &sip.forks {
                self.dialogs.remove(fork);
            }
        }
        if let Some(i) = cell.trunks.iter().position(|(l, _)| *l == leg.id) {
            let (_, trunk) = cell.trunks.swap_remove(i);
            self.trunk_call_ended(trunk);
        }
    }

    pub fn new_media_leg(&mut self) -> u32 {
        self.next_media_leg = self.next_media_leg.wrapping_add(1);
        self.next_media_leg
    }
}

pub(super) fn sip_of(cell: &mut CallCell, leg: LegId) -> Option<&mut SipLeg> {
    match &mut cell.leg(leg)?.kind {
        Kind::Sip(sip) => Some(sip),
        Kind::Browser => None,
    }
}

/// The word of a leg's report.
pub(super) fn party(side: Side, agent: Option<UserId>) -> &'static str {
    match (side, agent) {
        (_, Some(_)) => "agent",
        (Side::Customer, None) => "customer",
        (Side::Agent, None) => "outside",
    }
}
