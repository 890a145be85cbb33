//! Who may call what: trunks by address, people's phones by registration or password, and whoever `allow_anonymous` lets in.
use super::driver::Driver;
use super::leg::{Kind, LegIo, SipLeg, offered_codecs};
use super::trunks::ANONYMOUS_TAG;
use domain::call::{Origin, Setup, Side, Target};
use domain::{CallId, LegId, TrunkId, UserId};
use signaling::sdp::Sdp;
use signaling::{AuthState, Command, IncomingInvite};

/// Longer caller numbers are cut.
const REMOTE_LEN_MAX: usize = 64;

enum Caller {
    Phone(UserId),
    Trunk(TrunkId),
    Anyone,
}

impl Driver {
    pub fn on_invite(&mut self, invite: IncomingInvite) {
        let key = invite.key;
        if let Err(status) = self.admit(invite) {
            metrics::counter!("zhiyin_calls_refused_total", "status" => status.to_string()).increment(1);
            self.sip(Command::Reject { key, status, reason: None, headers: Vec::new() });
        }
    }

    fn admit(&mut self, invite: IncomingInvite) -> Result<(), u16> {
        if self.draining || self.running() >= self.ctx.config.calls_max as usize {
            return Err(503);
        }
        if invite.replaces.is_some() {
            // Attended transfers are carried out by us (REFER); taking a leg over by INVITE is not offered.
            return Err(481);
        }
        let offer = match &invite.sdp {
            Some(body) => Some(Sdp::parse(body).map_err(|_| 488u16)?),
            None => None,
        };
        if offer.as_ref().is_some_and(|o| offered_codecs(o).is_empty()) {
            return Err(488);
        }
        let dialled = invite.request_uri.user_decoded();
        let caller = self.caller(&invite);
        let (origin, remote, local) = match &caller {
            Caller::Phone(user) => self.phone_origin(*user, dialled)?,
            Caller::Trunk(_) | Caller::Anyone => {
                let number = self.directory.number(&dialled).ok_or(404u16)?.id;
                (Origin::Inbound { number }, caller_number(&invite), dialled)
            }
        };
        let trunk = match caller {
            Caller::Trunk(id) => Some(id),
            _ => None,
        };
        if let Some(id) = trunk
            && !self.trunk_call_began(id)
        {
            return Err(503);
        }
        let (side, agent) = match &origin {
            Origin::Phone { user, target: Target::Number(_) } => (Side::Customer, Some(*user)),
            Origin::Phone { user, .. } => (Side::Agent, Some(*user)),
            _ => (Side::Customer, None),
        };
        let call = self.ctx.ids.new_id(self.now, CallId::from_parts);
        let setup = Setup { call, origin, remote: remote.into(), local, trunk };
        let media = self.new_media_leg();
        let peer = invite.source.peer;
        self.dialogs.insert(invite.key, (call, LegId::FIRST));
        self.begin(setup, |cell| {
            let kind = Kind::Sip(Box::new(SipLeg::new(invite.key, peer, offer)));
            cell.legs.push(LegIo { id: LegId::FIRST, media, side, agent, peer: peer.to_string(), kind });
            cell.trunks.extend(trunk.map(|t| (LegId::FIRST, t)));
        });
        Ok(())
    }

    fn caller(&self, invite: &IncomingInvite) -> Caller {
        if let AuthState::User(extension) = &invite.auth
            && let Some(user) = self.directory.user_by_extension(extension)
        {
            return Caller::Phone(user);
        }
        // A phone on a trusted address is not asked for its password again, but it registered from there with it.
        let extension = invite.from.uri.user_decoded();
        let registered = self.endpoint.registrar().lookup(&extension, self.time()).iter().any(|b| b.source.peer == invite.source.peer);
        if registered && let Some(user) = self.directory.user_by_extension(&extension) {
            return Caller::Phone(user);
        }
        match invite.auth {
            AuthState::Trusted { tag } if tag != ANONYMOUS_TAG => self.trunks.by_tag(tag).map_or(Caller::Anyone, Caller::Trunk),
            _ => Caller::Anyone,
        }
    }

    fn phone_origin(&self, user: UserId, dialled: String) -> Result<(Origin, String, String), u16> {
        let target = self.directory.resolve(&dialled).ok_or(404u16)?;
        let extension = self.directory.user(user).and_then(|u| u.extension.clone()).unwrap_or_default();
        let served = matches!(target, Target::Number(_));
        let origin = Origin::Phone { user, target };
        Ok(if served { (origin, extension, dialled) } else { (origin, dialled, extension) })
    }
}

/// The caller's number: what the trunk asserts, else From.
fn caller_number(invite: &IncomingInvite) -> String {
    let uri = invite.asserted.as_ref().map_or(&invite.from.uri, |a| &a.uri);
    uri.user_decoded().chars().take(REMOTE_LEN_MAX).collect()
}
