//! Client transactions (RFC 3261 §17.1, RFC 6026 §7.2): requests of ours and what comes back.
use super::types::{CallState, Cancel, ClientAuth, ClientState, ClientTx, Dest, Owner, Purpose, TimerKey};
use super::{Endpoint, from_hex16, hex16};
use crate::digest::Challenge;
use crate::message::via::MAGIC_COOKIE;
use crate::message::write::{self, Writer};
use crate::message::{HeaderName, Message, Method, reason_phrase};
use crate::util::Ix;
use crate::{CommandError, Time, TimerReason};
use bytes::Bytes;

/// How a request of ours ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Response(Message),
    /// Timer B or F.
    Timeout,
    /// The stream broke or could not be opened.
    Transport,
}

impl Outcome {
    /// RFC 3261 §8.1.3.1: a timeout counts as 408, a transport error as 503.
    pub fn status(&self) -> u16 {
        match self {
            Outcome::Response(m) => m.status().unwrap_or(500),
            Outcome::Timeout => 408,
            Outcome::Transport => 503,
        }
    }

    pub fn message(&self) -> Option<&Message> {
        match self {
            Outcome::Response(m) => Some(m),
            _ => None,
        }
    }

    pub fn reason(&self) -> String {
        match self {
            Outcome::Response(m) if !m.reason().is_empty() => crate::message::scan::lossy(m.reason()),
            _ => reason_phrase(self.status()).to_owned(),
        }
    }
}

/// CANCEL has the branch of its INVITE (RFC 3261 §9.1); this keeps the two apart in one table.
const CANCEL_MARK: u64 = 0x5ca1_ab1e_0dd0_c0de;

fn table_key(branch: u64, method: Method) -> u64 {
    if method == Method::Cancel { branch ^ CANCEL_MARK } else { branch }
}

impl Endpoint {
    /// A Via value of ours.
    pub(super) fn via_value(&self, dest: &Dest, branch: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(80);
        out.extend_from_slice(b"SIP/2.0/");
        out.extend_from_slice(dest.transport.as_str().as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.advertised(dest.socket).to_string().as_bytes());
        out.extend_from_slice(b";branch=z9hG4bK");
        out.extend_from_slice(&hex16(branch));
        if !dest.transport.is_reliable() {
            out.extend_from_slice(b";rport");
        }
        out
    }

    /// Sends a request and follows it to its end.
    pub(super) fn start_client(
        &mut self,
        now: Time,
        method: Method,
        branch: u64,
        dest: Dest,
        bytes: Bytes,
        owner: Owner,
    ) -> Result<Ix, CommandError> {
        if self.client.len() + self.server.len() >= self.config.limits.transactions_max {
            return Err(CommandError::Limit);
        }
        if !self.send(now, &dest, bytes.clone()) {
            return Err(CommandError::Limit);
        }
        let t1 = self.config.timers.t1_ms;
        let reliable = dest.transport.is_reliable();
        let retransmit_at = (!reliable).then(|| now.plus_ms(t1));
        let expire_at = now.plus_ms(t1 * 64);
        let ix = self.client.insert(ClientTx {
            branch,
            method,
            state: ClientState::Trying,
            dest,
            bytes,
            ack: None,
            retransmit_at,
            interval_ms: t1,
            expire_at: Some(expire_at),
            first_response_at: None,
            owner,
        });
        self.client_by_branch.insert(table_key(branch, method), ix);
        if let Some(at) = retransmit_at {
            self.wake(at, TimerKey::Client(ix), TimerReason::Retransmit);
        }
        self.wake(expire_at, TimerKey::Client(ix), TimerReason::GiveUp);
        if reliable {
            self.bind_request(&dest, ix);
        }
        Ok(ix)
    }

    /// Gives up earlier than timer B when nothing at all comes back.
    pub(super) fn limit_first_response(&mut self, now: Time, ix: Ix, ms: u32) {
        let at = now.plus_ms(u64::from(ms));
        if let Some(tx) = self.client.get_mut(ix) {
            tx.first_response_at = Some(at);
            self.wake(at, TimerKey::Client(ix), TimerReason::FirstResponse);
        }
    }

    pub(super) fn client_retransmit(&mut self, now: Time, ix: Ix) {
        let t2 = self.config.timers.t2_ms;
        let Some(tx) = self.client.get_mut(ix) else { return };
        tx.interval_ms = match (tx.method, tx.state) {
            (Method::Invite, _) => tx.interval_ms.saturating_mul(2),
            (_, ClientState::Proceeding) => t2,
            _ => tx.interval_ms.saturating_mul(2).min(t2),
        };
        let at = now.plus_ms(tx.interval_ms);
        tx.retransmit_at = Some(at);
        let (dest, bytes) = (tx.dest, tx.bytes.clone());
        self.retransmitted += 1;
        self.wake(at, TimerKey::Client(ix), TimerReason::Retransmit);
        self.send(now, &dest, bytes);
    }

    pub(super) fn client_expired(&mut self, now: Time, ix: Ix) {
        let Some(tx) = self.client.get(ix) else { return };
        let waiting = matches!(tx.state, ClientState::Trying | ClientState::Proceeding);
        let owner = tx.owner;
        self.drop_client(ix);
        if waiting {
            self.deliver(now, owner, ix, Outcome::Timeout);
        }
    }

    pub(super) fn client_transport_failed(&mut self, now: Time, ix: Ix) {
        let Some(tx) = self.client.get(ix) else { return };
        if matches!(tx.state, ClientState::Trying | ClientState::Proceeding) {
            let owner = tx.owner;
            self.drop_client(ix);
            self.deliver(now, owner, ix, Outcome::Transport);
        }
    }

    /// Nobody waits for this INVITE any more: it is still acknowledged, but ends by itself when no final response comes.
    pub(super) fn abandon_client(&mut self, now: Time, ix: Ix) {
        let at = now.plus_ms(self.config.timers.t1_ms * 64);
        if let Some(tx) = self.client.get_mut(ix) {
            tx.owner = Owner::Nobody;
            if tx.expire_at.is_none() {
                tx.expire_at = Some(at);
                self.wake(at, TimerKey::Client(ix), TimerReason::GiveUp);
            }
        }
    }

    pub(super) fn drop_client(&mut self, ix: Ix) {
        if let Some(tx) = self.client.remove(ix) {
            self.client_by_branch.remove(&table_key(tx.branch, tx.method));
        }
    }

    /// The transaction that a response belongs to: our branch, and the method of its CSeq.
    fn match_response(&self, message: &Message) -> Option<Ix> {
        // More than one Via means that it was not meant for us (RFC 3261 §8.1.3.3).
        if message.list(HeaderName::Via).nth(1).is_some() {
            return None;
        }
        let via = message.top_via()?;
        let branch = from_hex16(via.branch().strip_prefix(MAGIC_COOKIE)?)?;
        let method = Method::of(message.cseq()?.method);
        let ix = *self.client_by_branch.get(&table_key(branch, method))?;
        self.client.get(ix).filter(|tx| tx.method == method).map(|_| ix)
    }

    pub(super) fn on_response(&mut self, now: Time, message: Message) {
        let sound = message.defect().is_none() && message.from().is_some() && message.to().is_some() && message.call_id().is_some();
        let (Some(status), true) = (message.status(), sound) else {
            self.malformed += 1;
            return;
        };
        let Some(ix) = self.match_response(&message) else { return };
        let Some(tx) = self.client.get_mut(ix) else { return };
        tx.first_response_at = None;
        match (tx.state, status) {
            (ClientState::Trying | ClientState::Proceeding, 100..=199) => self.client_provisional(now, ix, message),
            (ClientState::Trying | ClientState::Proceeding, _) if tx.method == Method::Invite => {
                self.invite_final(now, ix, status, message)
            }
            (ClientState::Trying | ClientState::Proceeding, _) => self.request_final(now, ix, message),
            (ClientState::Accepted, 200..=299) => {
                let owner = tx.owner;
                self.deliver(now, owner, ix, Outcome::Response(message));
            }
            (ClientState::Completed, 300..=699) => {
                if let Some(ack) = tx.ack.clone() {
                    let dest = tx.dest;
                    self.send(now, &dest, ack);
                }
            }
            _ => {}
        }
    }

    fn client_provisional(&mut self, now: Time, ix: Ix, message: Message) {
        let Some(tx) = self.client.get_mut(ix) else { return };
        tx.state = ClientState::Proceeding;
        if tx.method == Method::Invite {
            // From here on only the application, a CANCEL or a final response ends it.
            tx.retransmit_at = None;
            if tx.owner != Owner::Nobody {
                tx.expire_at = None;
            }
        }
        let owner = tx.owner;
        self.deliver(now, owner, ix, Outcome::Response(message));
    }

    fn invite_final(&mut self, now: Time, ix: Ix, status: u16, message: Message) {
        let timers = self.config.timers;
        let Some(tx) = self.client.get_mut(ix) else { return };
        let reliable = tx.dest.transport.is_reliable();
        tx.retransmit_at = None;
        let (owner, dest) = (tx.owner, tx.dest);
        let linger_ms = if status < 300 {
            tx.state = ClientState::Accepted;
            timers.t1_ms * 64
        } else {
            tx.state = ClientState::Completed;
            if reliable { 0 } else { timers.d_ms }
        };
        let at = now.plus_ms(linger_ms);
        tx.expire_at = Some(at);
        let sent = tx.bytes.clone();
        if status >= 300 {
            let ack = ack_of_failure(&sent, &message);
            if let (Some(tx), Some(ack)) = (self.client.get_mut(ix), ack) {
                tx.ack = Some(ack.clone());
                self.send(now, &dest, ack);
            }
        }
        if linger_ms == 0 {
            self.drop_client(ix);
        } else {
            self.wake(at, TimerKey::Client(ix), TimerReason::Linger);
        }
        if status >= 300 && self.retry_with_auth(now, owner, &sent, &message, dest) {
            return;
        }
        self.deliver(now, owner, ix, Outcome::Response(message));
    }

    fn request_final(&mut self, now: Time, ix: Ix, message: Message) {
        let t4 = self.config.timers.t4_ms;
        let Some(tx) = self.client.get_mut(ix) else { return };
        let (owner, dest, sent) = (tx.owner, tx.dest, tx.bytes.clone());
        if dest.transport.is_reliable() {
            self.drop_client(ix);
        } else {
            tx.state = ClientState::Completed;
            tx.retransmit_at = None;
            let at = now.plus_ms(t4);
            tx.expire_at = Some(at);
            self.wake(at, TimerKey::Client(ix), TimerReason::Linger);
        }
        if self.retry_with_auth(now, owner, &sent, &message, dest) {
            return;
        }
        self.deliver(now, owner, ix, Outcome::Response(message));
    }

    fn deliver(&mut self, now: Time, owner: Owner, ix: Ix, outcome: Outcome) {
        match owner {
            Owner::Call(call, purpose) => self.on_call_outcome(now, call, purpose, ix, outcome),
            Owner::Options(key) => self.on_options_outcome(key, &outcome),
            Owner::Register(key) => self.on_register_outcome(now, key, &outcome),
            Owner::Nobody => {}
        }
    }

    /// 401 or 407: the same request again at the same target, with credentials, a new branch and the next CSeq.
    fn retry_with_auth(&mut self, now: Time, owner: Owner, sent: &Bytes, response: &Message, dest: Dest) -> bool {
        if !matches!(response.status(), Some(401 | 407)) || !self.still_wanted(owner) {
            return false;
        }
        let cnonce = String::from_utf8_lossy(&hex16(self.random())).into_owned();
        let branch = self.random();
        let Some(challenge) = Challenge::strongest(response) else { return false };
        let Ok(original) = Message::parse(sent.clone(), usize::MAX) else { return false };
        let Some(auth) = self.auth_of(owner) else { return false };
        let name = if challenge.proxy { HeaderName::ProxyAuthorization } else { HeaderName::Authorization };
        let answered = original.get(name).is_some();
        if !auth.take(challenge, cnonce, answered) {
            return false;
        }
        let lines = auth.lines(original.method_text(), original.request_uri());
        let Some(cseq) = self.next_cseq(owner) else { return false };
        let via = self.via_value(&dest, branch);
        let bytes = rewrite(&original, &via, cseq, Some(&lines));
        let method = original.method().unwrap_or(Method::Other);
        match self.start_client(now, method, branch, dest, bytes, owner) {
            Ok(ix) => {
                self.request_replaced(now, owner, ix);
                true
            }
            Err(_) => false,
        }
    }

    /// False for an INVITE that was cancelled, and for an offer of a call that is over.
    fn still_wanted(&self, owner: Owner) -> bool {
        let Owner::Call(ix, purpose) = owner else { return true };
        self.calls.get(ix).is_some_and(|call| match purpose {
            Purpose::Invite => call.cancel == Cancel::No,
            Purpose::Bye => true,
            _ => call.state == CallState::Confirmed,
        })
    }

    /// The credentials of whoever sent a request.
    fn auth_of(&mut self, owner: Owner) -> Option<&mut ClientAuth> {
        match owner {
            Owner::Call(ix, _) => self.calls.get_mut(ix)?.auth.as_deref_mut(),
            Owner::Register(key) => self.registrations.get_mut(&key)?.auth.as_mut(),
            Owner::Options(_) | Owner::Nobody => None,
        }
    }

    fn next_cseq(&mut self, owner: Owner) -> Option<u32> {
        let counter = match owner {
            Owner::Call(ix, _) => &mut self.calls.get_mut(ix)?.local_cseq,
            Owner::Register(key) => &mut self.registrations.get_mut(&key)?.cseq,
            Owner::Options(_) | Owner::Nobody => return None,
        };
        *counter = counter.checked_add(1)?;
        Some(*counter)
    }

    /// CANCEL for an INVITE that has got a provisional response.
    pub(super) fn send_cancel(&mut self, now: Time, ix: Ix, reason: Option<&crate::Reason>) {
        let Some(tx) = self.client.get_mut(ix) else { return };
        let (dest, branch) = (tx.dest, tx.branch);
        let Ok(invite) = Message::parse(tx.bytes.clone(), usize::MAX) else { return };
        // Should neither answer come, the INVITE ends by itself (RFC 3261 §9.1).
        let at = now.plus_ms(self.config.timers.t1_ms * 64);
        tx.expire_at = Some(at);
        self.wake(at, TimerKey::Client(ix), TimerReason::GiveUp);
        let mut w = Writer::request(b"CANCEL", invite.request_uri());
        same_hop(&mut w, &invite);
        if let Some(to) = invite.get(HeaderName::To) {
            w.line("To", to);
        }
        w.cseq(invite.cseq().map_or(0, |c| c.number), b"CANCEL");
        if let Some(reason) = reason {
            w.reason(reason);
        }
        // Over the limit the INVITE still ends by its own timer.
        let _ = self.start_client(now, Method::Cancel, branch, dest, w.finish(None), Owner::Nobody);
    }
}

/// Lines that ACK and CANCEL share with their INVITE.
fn same_hop(w: &mut Writer, invite: &Message) {
    for (name, line) in
        [("Via", HeaderName::Via), ("Route", HeaderName::Route), ("From", HeaderName::From), ("Call-ID", HeaderName::CallId)]
    {
        for value in invite.all(line) {
            w.line(name, value);
        }
    }
    w.number("Max-Forwards", 70);
}

/// RFC 3261 §17.1.1.3: the ACK of a 3xx–6xx stays within the transaction; To comes from the response.
fn ack_of_failure(invite: &Bytes, response: &Message) -> Option<Bytes> {
    let invite = Message::parse(invite.clone(), usize::MAX).ok()?;
    let mut w = Writer::request(b"ACK", invite.request_uri());
    same_hop(&mut w, &invite);
    w.line("To", response.get(HeaderName::To)?);
    w.cseq(invite.cseq()?.number, b"ACK");
    Some(w.finish(None))
}

/// The same request with another Via, CSeq and (if given) other credentials.
pub(super) fn rewrite(original: &Message, via: &[u8], cseq: u32, auth: Option<&[(&'static str, Vec<u8>)]>) -> Bytes {
    let mut w = Writer::request(original.method_text(), original.request_uri());
    w.line("Via", via);
    for (name, text, value) in original.fields() {
        match name {
            HeaderName::Via | HeaderName::ContentLength | HeaderName::ContentType => {}
            HeaderName::CSeq => w.cseq(cseq, original.method_text()),
            HeaderName::Authorization | HeaderName::ProxyAuthorization if auth.is_some() => {}
            _ => w.line(&String::from_utf8_lossy(text), value),
        }
    }
    for (name, value) in auth.into_iter().flatten() {
        w.line(name, value);
    }
    let body = original.body();
    let kind = original.get(HeaderName::ContentType).map(crate::message::scan::lossy).unwrap_or_default();
    w.finish((!body.is_empty()).then_some((kind.as_str(), &body[..])))
}

/// Value of a From or To with another tag appended.
pub(super) fn with_tag(value: &[u8], tag: u64) -> Bytes {
    let mut out = Vec::with_capacity(value.len() + 24);
    out.extend_from_slice(value);
    out.extend_from_slice(b";tag=");
    out.extend_from_slice(&hex16(tag));
    Bytes::from(out)
}

pub(super) fn party_with_tag(party: &crate::Party, tag: u64) -> Bytes {
    write::party(party, Some(&hex16(tag)))
}
