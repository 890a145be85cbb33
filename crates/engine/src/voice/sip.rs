//! What the SIP endpoint tells, turned into inputs of calls.
use super::driver::Driver;
use super::leg::Kind;
use super::legs::sip_of;
use domain::call::{Cause, Input};
use domain::{CallId, LegId};
use signaling::{Command, DialogKey, EndedBy, Event, Reason, Refer};

impl Driver {
    pub fn on_sip(&mut self, event: Event) {
        match event {
            Event::IncomingInvite(invite) => self.on_invite(*invite),
            Event::Provisional { key, status, sdp } => self.on_provisional(key, status, sdp.as_deref()),
            Event::Answered { key, sdp } => self.on_answered(key, sdp.as_deref()),
            Event::Acked { key, sdp } => self.on_acked(key, sdp.as_deref()),
            Event::Failed { key, status, cause, .. } => self.leg_down(key, cause_of(status, cause.as_ref())),
            Event::Ended { key, by, status, reason } => {
                let status = match by {
                    EndedBy::Timeout => status.unwrap_or(408),
                    EndedBy::Protocol => status.unwrap_or(481),
                    EndedBy::Local | EndedBy::Remote => status.unwrap_or(200),
                };
                self.leg_down(key, cause_of(status, reason.as_ref()));
            }
            Event::ReInvite { key, sdp } => self.on_reinvite(key, sdp.as_deref()),
            Event::ReInviteResult { key, status, sdp } => self.on_reinvite_result(key, status, sdp.as_deref()),
            Event::Info { key, content_type, body } => {
                if let Some(digit) = signaling::dtmf::parse(&content_type, &body) {
                    self.with_leg(key, |_, cell, leg| {
                        if let Some(leg) = cell.media_of(leg) {
                            cell.media(media::session::Command::InfoDigit { leg, digit: digit.digit });
                        }
                    });
                }
            }
            Event::Refer(refer) => self.on_refer(*refer),
            Event::Registration(change) => self.on_registration(change),
            Event::RegisterRequest(_) => {}
            Event::Registered { key, expires_s } => self.trunk_registered(key, expires_s),
            Event::RegistrationFailed { key, status, .. } => self.trunk_not_registered(key, status),
            Event::OptionsResult { key, status } => self.trunk_probed(key, status),
            Event::AuthFailed { user, source } => {
                metrics::counter!("zhiyin_sip_auth_failed_total").increment(1);
                tracing::warn!(user, peer = %source.peer, "SIP authentication failed");
            }
            Event::CommandFailed { command, error, .. } => tracing::debug!(command, %error, "SIP order refused"),
        }
    }

    /// Runs `work` on the call of a dialog, then lets the call react.
    pub fn with_leg(&mut self, key: DialogKey, work: impl FnOnce(&mut Driver, &mut super::cell::CallCell, LegId)) {
        let Some((call, leg)) = self.dialogs.get(&key).copied() else { return };
        self.with_call(call, |d, cell| work(d, cell, leg));
    }

    pub fn with_call(&mut self, call: CallId, work: impl FnOnce(&mut Driver, &mut super::cell::CallCell)) {
        if let Some(mut cell) = self.calls.remove(&call) {
            work(self, &mut cell);
            self.settle(cell);
        }
    }

    fn on_provisional(&mut self, key: DialogKey, status: u16, body: Option<&[u8]>) {
        if !(180..=189).contains(&status) {
            return;
        }
        self.with_leg(key, |d, cell, leg| {
            let early_media = body.is_some_and(|b| d.take_answer(cell, leg, b));
            cell.pending.push_back(Input::LegRinging { leg, early_media });
        });
    }

    fn on_answered(&mut self, key: DialogKey, body: Option<&[u8]>) {
        self.with_leg(key, |d, cell, leg| {
            let mut losers = Vec::new();
            if let Some(sip) = sip_of(cell, leg) {
                sip.answered = true;
                losers = std::mem::take(&mut sip.forks);
                if sip.key != key {
                    losers.push(std::mem::replace(&mut sip.key, key));
                    losers.retain(|l| *l != key);
                }
            }
            for loser in losers {
                d.dialogs.remove(&loser);
                d.sip(Command::Bye { key: loser, reason: None });
            }
            let early = sip_of(cell, leg).is_some_and(|s| s.in_session);
            // A 200 without a description after early media keeps what was agreed.
            let fine = match body {
                Some(body) => d.take_answer(cell, leg, body),
                None => early,
            };
            if fine {
                cell.pending.push_back(Input::LegUp { leg });
            } else {
                d.sip(Command::Bye { key, reason: Some(Reason::q850(65)) });
            }
        });
    }

    fn on_acked(&mut self, key: DialogKey, body: Option<&[u8]>) {
        // Nearly every ACK brings nothing new.
        if body.is_none() {
            return;
        }
        self.with_leg(key, |d, cell, leg| {
            let late = sip_of(cell, leg).is_some_and(|s| std::mem::take(&mut s.offered_late));
            let Some(body) = body.filter(|_| late) else { return };
            let first = !sip_of(cell, leg).is_some_and(|s| s.in_session);
            if d.take_answer(cell, leg, body) {
                if first {
                    cell.pending.push_back(Input::LegUp { leg });
                } else {
                    held_changed(cell, leg);
                }
            } else {
                d.sip(Command::Bye { key, reason: Some(Reason::q850(65)) });
            }
        });
    }

    pub fn leg_down(&mut self, key: DialogKey, cause: Cause) {
        let Some((call, leg)) = self.dialogs.remove(&key) else { return };
        self.with_call(call, |d, cell| {
            // One of several phones of a person: the others may still answer.
            if sip_of(cell, leg).is_some_and(|s| !s.answered && !s.drop_fork(key)) {
                return;
            }
            d.lose_leg(cell, leg, cause);
        });
    }

    fn on_reinvite(&mut self, key: DialogKey, body: Option<&[u8]>) {
        if !self.dialogs.contains_key(&key) {
            self.sip(Command::RejectReInvite { key, status: 481 });
            return;
        }
        self.with_leg(key, |d, cell, leg| match d.answer_again(cell, leg, body) {
            Ok(answer) => {
                d.sip(Command::AnswerReInvite { key, answer: signaling::Answer { sdp: Some(answer), headers: Vec::new() } });
                if body.is_some() {
                    held_changed(cell, leg);
                }
            }
            Err(status) => {
                d.sip(Command::RejectReInvite { key, status });
            }
        });
    }

    fn on_reinvite_result(&mut self, key: DialogKey, status: u16, body: Option<&[u8]>) {
        self.with_leg(key, |d, cell, leg| {
            if let Some(body) = body.filter(|_| (200..300).contains(&status)) {
                d.take_answer(cell, leg, body);
            } else {
                tracing::info!(call = %cell.id, status, "a phone refused its new media address");
            }
        });
    }

    fn on_refer(&mut self, refer: Refer) {
        let key = refer.key;
        let Some((call, leg)) = self.dialogs.get(&key).copied() else {
            self.sip(Command::RejectRefer { key, status: 481 });
            return;
        };
        if refer.replaces.is_some() || refer.replaces_foreign.is_some() {
            let consulted = refer.replaces.and_then(|r| self.dialogs.get(&r).copied());
            return self.attended(key, call, leg, consulted);
        }
        let dialled = refer.refer_to.uri.user_decoded();
        let target = self.directory.resolve(&dialled);
        if target.is_none() {
            self.sip(Command::RejectRefer { key, status: 404 });
            return;
        }
        self.sip(Command::AcceptRefer { key });
        self.feed(call, Input::Referred { leg, dialled, target });
    }

    /// Attended transfer: the far side of the consultation joins `call` in place of `leg`.
    fn attended(&mut self, key: DialogKey, call: CallId, leg: LegId, consulted: Option<(CallId, LegId)>) {
        let given = consulted.filter(|(other, _)| *other != call).and_then(|(other, own)| {
            let cell = self.calls.get_mut(&other)?;
            let partner = cell.machine.partner(own)?;
            let at = cell.legs.iter().position(|l| l.id == partner && matches!(l.kind, Kind::Sip(_)))?;
            Some((other, cell.legs.swap_remove(at)))
        });
        let talking = self.calls.get(&call).is_some_and(|c| c.machine.partner(leg).is_some());
        let Some((other, given)) = given.filter(|_| talking) else {
            self.sip(Command::RejectRefer { key, status: 481 });
            return;
        };
        self.sip(Command::AcceptRefer { key });
        self.sip(Command::NotifyRefer { key, status: 200 });
        let (theirs, agent, media) = (given.id, given.agent, given.media);
        self.with_call(other, |_, cell| {
            cell.bridge = None;
            cell.media(media::session::Command::Remove { leg: media::session::LegId(media) });
            cell.pending.push_back(Input::GivenAway { leg: theirs });
        });
        self.with_call(call, |_, cell| {
            cell.given = Some(given);
            cell.pending.push_back(Input::Adopt { replaces: leg, agent });
        });
    }
}

/// Tells the machine when the peer's hold changed.
fn held_changed(cell: &mut super::cell::CallCell, leg: LegId) {
    if let Some(sip) = sip_of(cell, leg) {
        let held = sip.agreed.as_ref().is_some_and(|a| a.held_by_peer);
        if sip.held != held {
            sip.held = held;
            cell.pending.push_back(Input::LegHeld { leg, held });
        }
    }
}

fn cause_of(status: u16, reason: Option<&Reason>) -> Cause {
    let mut cause = Cause::from_sip(status);
    if let Some(q850) = reason.and_then(Reason::q850_cause).and_then(|c| u8::try_from(c).ok()) {
        cause.q850 = Some(q850);
    }
    cause
}
