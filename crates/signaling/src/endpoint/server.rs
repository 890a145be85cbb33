//! Server transactions (RFC 3261 §17.2, RFC 6026 §7.1): requests of others and what we answer.
use super::types::{Dest, ServerState, ServerTx, TimerKey};
use super::{Endpoint, hex16};
use crate::message::via::MAGIC_COOKIE;
use crate::message::write::{self, Writer};
use crate::message::{HeaderName, Message, Method};
use crate::util::Ix;
use crate::{Source, Time, TimerReason};
use bytes::Bytes;

/// What we can do, for Allow.
pub(super) const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, REFER, REGISTER";
/// Option tags that we honour when they are required.
pub(super) const SUPPORTED: [&str; 2] = ["replaces", "timer"];
/// The application has this long for its first answer to an INVITE before 100 Trying goes out (RFC 3261 §17.2.1).
const TRYING_MS: u64 = 200;

/// How a request finds its transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestIds {
    /// The transaction it belongs to (an ACK: that of its INVITE).
    pub key: u128,
    /// For a CANCEL: the INVITE it is meant for.
    pub invite_key: u128,
}

impl Endpoint {
    /// RFC 3261 §17.2.3: by branch, sent-by and method; for older peers by the header fields that RFC 2543 compared.
    pub(super) fn request_ids(&self, message: &Message) -> Option<RequestIds> {
        let via = message.top_via()?;
        let branch = via.branch();
        let port = via.port.unwrap_or(5060).to_be_bytes();
        let own = match message.method()? {
            Method::Ack => b"INVITE",
            _ => message.method_text(),
        };
        if branch.len() > MAGIC_COOKIE.len() && branch[..MAGIC_COOKIE.len()].eq_ignore_ascii_case(MAGIC_COOKIE) {
            let key = |method: &[u8]| self.hash(&[b"3261", branch, via.host, &port, method]);
            return Some(RequestIds { key: key(own), invite_key: key(b"INVITE") });
        }
        let number = message.cseq()?.number.to_be_bytes();
        let from = message.from()?;
        let from_id = from.tag().unwrap_or(from.uri);
        let key =
            |method: &[u8]| self.hash(&[b"2543", message.call_id().unwrap_or_default(), from_id, &number, via.host, &port, branch, method]);
        Some(RequestIds { key: key(own), invite_key: key(b"INVITE") })
    }

    /// Where responses to a request go (RFC 3261 §18.2.2, RFC 3581).
    pub(super) fn reply_dest(&self, message: &Message, source: &Source) -> Dest {
        let mut dest = Dest::of(source);
        if let (false, Some(via)) = (source.transport.is_reliable(), message.top_via()) {
            dest.addr = via.response_addr(source.peer);
        }
        dest
    }

    /// Begins a transaction; the caller has looked at the limit with [`Endpoint::has_room`].
    pub(super) fn start_server(&mut self, now: Time, source: Source, message: &Message, ids: &RequestIds) -> Ix {
        let method = message.method().unwrap_or(Method::Other);
        let reply = self.reply_dest(message, &source);
        let tag = self.random();
        let trying_at = (method == Method::Invite).then(|| now.plus_ms(TRYING_MS));
        let ix = self.server.insert(ServerTx {
            key: ids.key,
            method,
            state: ServerState::Proceeding,
            source,
            reply,
            request: Some(message.clone()),
            response: None,
            retransmit_at: None,
            interval_ms: self.config.timers.t1_ms,
            expire_at: None,
            trying_at,
            call: None,
            merged: None,
            tag,
        });
        self.server_by_key.insert(ids.key, ix);
        if let Some(at) = trying_at {
            self.wake(at, TimerKey::Server(ix), TimerReason::Trying);
        }
        ix
    }

    /// Room for a request. A tenth is kept for calls in progress, so that a flood of new ones cannot stop them from ending.
    pub(super) fn has_room(&self, within_call: bool) -> bool {
        let max = self.config.limits.transactions_max;
        let max = if within_call { max } else { max - max / 10 };
        self.client.len() + self.server.len() < max && self.out.len() < self.config.limits.outputs_max
    }

    /// The same request again: the last response is repeated.
    pub(super) fn server_repeat(&mut self, now: Time, ix: Ix) {
        let Some(tx) = self.server.get(ix) else { return };
        if matches!(tx.state, ServerState::Confirmed | ServerState::Accepted) {
            return;
        }
        match tx.response.clone() {
            Some(bytes) => {
                let dest = tx.reply;
                self.reply(now, &dest, bytes);
            }
            None if tx.method == Method::Invite => self.server_trying(now, ix),
            None => {}
        }
    }

    pub(super) fn server_trying(&mut self, now: Time, ix: Ix) {
        let Some(tx) = self.server.get_mut(ix) else { return };
        tx.trying_at = None;
        if tx.state != ServerState::Proceeding || tx.response.is_some() {
            return;
        }
        let Some(request) = tx.request.clone() else { return };
        let mut w = Writer::response(100, None);
        write::repeat(&mut w, &request, tx.source.peer, None);
        let (bytes, dest) = (w.finish(None), tx.reply);
        tx.response = Some(bytes.clone());
        self.reply(now, &dest, bytes);
    }

    /// Sends a response and moves the transaction on. `extra` writes header lines after the repeated ones.
    pub(super) fn respond(
        &mut self,
        now: Time,
        ix: Ix,
        status: u16,
        reason: Option<&str>,
        extra: impl FnOnce(&mut Writer),
        body: Option<(&str, &[u8])>,
    ) -> Option<Bytes> {
        let tx = self.server.get(ix)?;
        let request = tx.request.clone()?;
        let (dest, method, tag) = (tx.reply, tx.method, hex16(tx.tag));
        let mut w = Writer::response(status, reason);
        write::repeat(&mut w, &request, tx.source.peer, (status > 100).then_some(&tag[..]));
        extra(&mut w);
        w.line("Server", self.config.product.as_bytes());
        let bytes = w.finish(body);
        self.reply(now, &dest, bytes.clone());
        let reliable = dest.transport.is_reliable();
        let timers = self.config.timers;
        let tx = self.server.get_mut(ix)?;
        tx.trying_at = None;
        tx.response = Some(bytes.clone());
        if status < 200 {
            return Some(bytes);
        }
        tx.request = None;
        let (state, linger_ms, reason) = match method {
            Method::Invite if status < 300 => (ServerState::Accepted, timers.t1_ms * 64, TimerReason::Linger),
            Method::Invite => (ServerState::Completed, timers.t1_ms * 64, TimerReason::GiveUp),
            _ => (ServerState::Completed, if reliable { 0 } else { timers.t1_ms * 64 }, TimerReason::Linger),
        };
        tx.state = state;
        if linger_ms == 0 {
            self.drop_server(ix);
            return Some(bytes);
        }
        let at = now.plus_ms(linger_ms);
        tx.expire_at = Some(at);
        let again = (method == Method::Invite && status >= 300 && !reliable).then(|| now.plus_ms(timers.t1_ms));
        tx.retransmit_at = again;
        self.wake(at, TimerKey::Server(ix), reason);
        if let Some(again) = again {
            self.wake(again, TimerKey::Server(ix), TimerReason::Retransmit);
        }
        Some(bytes)
    }

    /// Timer G.
    pub(super) fn server_retransmit(&mut self, now: Time, ix: Ix) {
        let t2 = self.config.timers.t2_ms;
        let Some(tx) = self.server.get_mut(ix) else { return };
        tx.interval_ms = tx.interval_ms.saturating_mul(2).min(t2);
        let at = now.plus_ms(tx.interval_ms);
        tx.retransmit_at = Some(at);
        let (dest, bytes) = (tx.reply, tx.response.clone());
        self.wake(at, TimerKey::Server(ix), TimerReason::Retransmit);
        if let Some(bytes) = bytes {
            self.retransmitted += 1;
            self.reply(now, &dest, bytes);
        }
    }

    /// Timers H, I, J, L.
    pub(super) fn server_expired(&mut self, _now: Time, ix: Ix) {
        self.drop_server(ix);
    }

    pub(super) fn drop_server(&mut self, ix: Ix) {
        let Some(tx) = self.server.remove(ix) else { return };
        self.server_by_key.remove(&tx.key);
        if let Some(merged) = tx.merged
            && self.merged.get(&merged) == Some(&ix)
        {
            self.merged.remove(&merged);
        }
    }

    /// The ACK of a 3xx–6xx of ours: copies of it are absorbed for timer I.
    pub(super) fn server_acked(&mut self, now: Time, ix: Ix) {
        let t4 = self.config.timers.t4_ms;
        let Some(tx) = self.server.get_mut(ix) else { return };
        if tx.state != ServerState::Completed || tx.method != Method::Invite {
            return;
        }
        tx.retransmit_at = None;
        if tx.reply.transport.is_reliable() {
            self.drop_server(ix);
            return;
        }
        tx.state = ServerState::Confirmed;
        let at = now.plus_ms(t4);
        tx.expire_at = Some(at);
        self.wake(at, TimerKey::Server(ix), TimerReason::Linger);
    }

    /// Answers without keeping anything (RFC 3261 §8.2.7): refusals and challenges. The To-tag is the same for every copy.
    pub(super) fn respond_stateless(
        &mut self,
        now: Time,
        source: &Source,
        message: &Message,
        status: u16,
        reason: Option<&str>,
        extra: &[(&str, &str)],
    ) {
        if message.method() == Some(Method::Ack) {
            return;
        }
        let ids = self.hash(&[b"tag", message.call_id().unwrap_or_default(), message.get(HeaderName::Via).unwrap_or_default()]);
        let tag = hex16(ids as u64);
        let mut w = Writer::response(status, reason);
        write::repeat(&mut w, message, source.peer, Some(&tag));
        for (name, value) in extra {
            w.line(name, value.as_bytes());
        }
        w.line("Server", self.config.product.as_bytes());
        let dest = self.reply_dest(message, source);
        self.reply(now, &dest, w.finish(None));
    }

    /// 200 or another short final answer through a transaction, so that copies of the request get the same one.
    pub(super) fn finish_request(
        &mut self,
        now: Time,
        source: Source,
        message: &Message,
        ids: &RequestIds,
        status: u16,
        extra: &[(&str, &str)],
    ) {
        let ix = self.start_server(now, source, message, ids);
        self.respond(
            now,
            ix,
            status,
            None,
            |w| {
                for (name, value) in extra {
                    w.line(name, value.as_bytes());
                }
            },
            None,
        );
    }
}
