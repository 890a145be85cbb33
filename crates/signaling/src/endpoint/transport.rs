//! Datagrams and streams: where bytes come in, and how they find the right way out.
use super::Endpoint;
use super::types::{Dest, Owner, TimerKey};
use crate::message::{Message, ParseError};
use crate::stream::{Frame, Framer};
use crate::util::Ix;
use crate::{CloseReason, CommandError, ConnId, Output, Source, Target, Time, TimerReason, Transport};
use bytes::Bytes;
use std::collections::HashMap;
use std::net::SocketAddr;

/// All streams.
#[derive(Debug, Default)]
pub(super) struct Streams {
    conns: HashMap<ConnId, Conn>,
    by_peer: HashMap<SocketAddr, ConnId>,
    per_ip: HashMap<std::net::IpAddr, usize>,
    opened: u64,
}

#[derive(Debug)]
struct Conn {
    socket: u16,
    peer: SocketAddr,
    framer: Framer,
    /// Waiting bytes while the stream is connecting.
    pending: Option<(Vec<Bytes>, usize)>,
    deadline: Time,
    reason: CloseReason,
    /// Requests of ours on this stream, to fail when it breaks.
    requests: Vec<Ix>,
    prune_at: usize,
}

const PRUNE_MIN: usize = 64;

impl Streams {
    pub fn len(&self) -> usize {
        self.conns.len()
    }

    pub fn deadline(&self, conn: ConnId) -> Option<Time> {
        self.conns.get(&conn).map(|c| c.deadline)
    }

    fn insert(&mut self, id: ConnId, conn: Conn) {
        *self.per_ip.entry(conn.peer.ip()).or_default() += 1;
        self.by_peer.insert(conn.peer, id);
        self.conns.insert(id, conn);
    }

    fn remove(&mut self, id: ConnId) -> Option<Conn> {
        let conn = self.conns.remove(&id)?;
        if self.by_peer.get(&conn.peer) == Some(&id) {
            self.by_peer.remove(&conn.peer);
        }
        if let Some(n) = self.per_ip.get_mut(&conn.peer.ip()) {
            *n = n.saturating_sub(1);
            if *n == 0 {
                self.per_ip.remove(&conn.peer.ip());
            }
        }
        Some(conn)
    }
}

impl Endpoint {
    pub(super) fn on_datagram(&mut self, now: Time, socket: u16, peer: SocketAddr, bytes: Bytes) {
        if usize::from(socket) >= self.config.sockets.len() {
            return;
        }
        let source = Source { transport: Transport::Udp, socket, peer, conn: None };
        self.on_message_bytes(now, source, bytes);
    }

    fn on_message_bytes(&mut self, now: Time, source: Source, bytes: Bytes) {
        let oversized = bytes.len() > self.config.limits.message_bytes_max;
        match Message::parse(bytes, self.config.limits.headers_max) {
            Ok(message) if message.method().is_some() => self.on_request(now, source, message, oversized),
            Ok(message) if !oversized => self.on_response(now, message),
            // Keep-alives of one line end or a few NUL bytes are common and no fault.
            Err(ParseError::Empty) => {}
            Ok(_) | Err(_) => self.malformed += 1,
        }
    }

    pub(super) fn on_stream_accepted(&mut self, now: Time, id: ConnId, socket: u16, peer: SocketAddr) {
        let limits = &self.config.limits;
        let from_peer = self.streams.per_ip.get(&peer.ip()).copied().unwrap_or(0);
        let full = self.streams.len() >= limits.streams_max || from_peer >= limits.streams_per_peer_max;
        if full || id.0 & ConnId::OPENED != 0 || usize::from(socket) >= self.config.sockets.len() {
            self.out.push_back(Output::CloseStream { conn: id, reason: CloseReason::Limit });
            return;
        }
        let deadline = now.plus_ms(limits.stream_half_open_ms);
        self.streams.insert(id, self.new_conn(socket, peer, None, deadline, CloseReason::HalfOpen));
        self.wake(deadline, TimerKey::Stream(id), TimerReason::StreamIdle);
    }

    fn new_conn(&self, socket: u16, peer: SocketAddr, pending: Option<(Vec<Bytes>, usize)>, deadline: Time, reason: CloseReason) -> Conn {
        let framer = Framer::new(self.config.limits.message_bytes_max);
        Conn { socket, peer, framer, pending, deadline, reason, requests: Vec::new(), prune_at: PRUNE_MIN }
    }

    pub(super) fn on_stream_connected(&mut self, now: Time, id: ConnId) {
        let Some(conn) = self.streams.conns.get_mut(&id) else { return };
        let (waiting, _) = conn.pending.take().unwrap_or_default();
        for bytes in waiting {
            self.out.push_back(Output::SendStream { conn: id, bytes });
        }
        self.stream_moved(now, id, false);
    }

    /// Something whole moved (or, `partial`, a message began): pushes the deadline out. The old timer entry stays and
    /// [`Endpoint::stream_deadline`] is only reached for the deadline that is held.
    fn stream_moved(&mut self, now: Time, id: ConnId, partial: bool) {
        let limits = &self.config.limits;
        let (ms, reason) =
            if partial { (limits.stream_half_open_ms, CloseReason::HalfOpen) } else { (limits.stream_idle_ms, CloseReason::Idle) };
        let deadline = now.plus_ms(ms);
        let Some(conn) = self.streams.conns.get_mut(&id) else { return };
        // A busy stream would push a timer with every message: a second of slack keeps that to one a second.
        let slack = conn.reason == reason && deadline.ms_since(conn.deadline) < 1000 && deadline >= conn.deadline;
        if slack {
            return;
        }
        conn.deadline = deadline;
        conn.reason = reason;
        self.wake(deadline, TimerKey::Stream(id), TimerReason::StreamIdle);
    }

    pub(super) fn on_stream_data(&mut self, now: Time, id: ConnId, bytes: &[u8]) {
        let Some(conn) = self.streams.conns.get_mut(&id) else { return };
        let source = Source { transport: Transport::Tcp, socket: conn.socket, peer: conn.peer, conn: Some(id) };
        let was_partial = conn.framer.is_partial();
        conn.framer.push(bytes);
        let mut whole = false;
        loop {
            // The stream may be closed by what a message caused.
            let Some(conn) = self.streams.conns.get_mut(&id) else { return };
            match conn.framer.next() {
                Ok(Some(Frame::Message(message))) => {
                    whole = true;
                    let before = self.malformed;
                    self.on_message_bytes(now, source, message);
                    if self.malformed != before {
                        self.close_stream(now, id, CloseReason::Malformed);
                        return;
                    }
                }
                Ok(Some(Frame::Ping)) => {
                    whole = true;
                    self.out.push_back(Output::SendStream { conn: id, bytes: Bytes::from_static(b"\r\n") });
                }
                Ok(None) => break,
                Err(error) => {
                    self.malformed += 1;
                    let too_large = error == crate::stream::FrameError::TooLarge;
                    self.close_stream(now, id, if too_large { CloseReason::TooLarge } else { CloseReason::Malformed });
                    return;
                }
            }
        }
        let partial = self.streams.conns.get(&id).is_some_and(|c| c.framer.is_partial());
        // More bytes of the same unfinished message do not push the deadline out: a slow drip has to end in time.
        if whole || (partial && !was_partial) {
            self.stream_moved(now, id, partial);
        }
    }

    pub(super) fn stream_deadline(&mut self, now: Time, id: ConnId) {
        if let Some(reason) = self.streams.conns.get(&id).map(|c| c.reason) {
            self.close_stream(now, id, reason);
        }
    }

    fn close_stream(&mut self, now: Time, id: ConnId, reason: CloseReason) {
        self.out.push_back(Output::CloseStream { conn: id, reason });
        self.on_stream_closed(now, id);
    }

    pub(super) fn on_stream_closed(&mut self, now: Time, id: ConnId) {
        let Some(conn) = self.streams.remove(id) else { return };
        for ix in conn.requests {
            self.client_transport_failed(now, ix);
        }
    }

    /// Sends, opening a stream where needed. False when a limit stops it.
    pub(super) fn send(&mut self, now: Time, dest: &Dest, bytes: Bytes) -> bool {
        if dest.transport == Transport::Udp {
            self.out.push_back(Output::SendDatagram { socket: dest.socket, peer: dest.addr, bytes });
            return true;
        }
        let Some(id) = self.stream_for(now, dest) else { return false };
        let bytes_max = self.config.limits.stream_pending_bytes_max;
        let Some(conn) = self.streams.conns.get_mut(&id) else { return false };
        match &mut conn.pending {
            Some((waiting, size)) => {
                if size.saturating_add(bytes.len()) > bytes_max {
                    return false;
                }
                *size += bytes.len();
                waiting.push(bytes);
            }
            None => self.out.push_back(Output::SendStream { conn: id, bytes }),
        }
        true
    }

    /// Sends a response: on the stream of its request or not at all. To connect back to whoever sent a request would let
    /// strangers choose our connections.
    pub(super) fn reply(&mut self, now: Time, dest: &Dest, bytes: Bytes) {
        if dest.transport == Transport::Udp || dest.conn.is_some_and(|id| self.streams.conns.contains_key(&id)) {
            self.send(now, dest, bytes);
        }
    }

    /// The preferred stream, one to the same address, or a new one.
    fn stream_for(&mut self, now: Time, dest: &Dest) -> Option<ConnId> {
        if let Some(id) = dest.conn.filter(|id| self.streams.conns.contains_key(id)) {
            return Some(id);
        }
        if let Some(id) = self.streams.by_peer.get(&dest.addr) {
            return Some(*id);
        }
        let limits = &self.config.limits;
        if self.streams.len() >= limits.streams_max || usize::from(dest.socket) >= self.config.sockets.len() {
            return None;
        }
        self.streams.opened += 1;
        let id = ConnId(self.streams.opened | ConnId::OPENED);
        let deadline = now.plus_ms(limits.stream_connect_ms);
        let conn = self.new_conn(dest.socket, dest.addr, Some((Vec::new(), 0)), deadline, CloseReason::ConnectTimeout);
        self.streams.insert(id, conn);
        self.wake(deadline, TimerKey::Stream(id), TimerReason::StreamIdle);
        self.out.push_back(Output::OpenStream { conn: id, socket: dest.socket, peer: dest.addr });
        Some(id)
    }

    /// Notes that a request of ours depends on its stream.
    pub(super) fn bind_request(&mut self, dest: &Dest, ix: Ix) {
        let id = dest.conn.filter(|id| self.streams.conns.contains_key(id)).or_else(|| self.streams.by_peer.get(&dest.addr).copied());
        let Some(conn) = id.and_then(|id| self.streams.conns.get_mut(&id)) else { return };
        if conn.requests.len() >= conn.prune_at {
            let client = &self.client;
            conn.requests.retain(|ix| client.get(*ix).is_some_and(|tx| tx.owner != Owner::Nobody));
            conn.prune_at = (conn.requests.len() * 2).max(PRUNE_MIN);
        }
        conn.requests.push(ix);
    }

    /// The socket that a target is reached from.
    pub(super) fn dest_for(&self, target: &Target) -> Result<Dest, CommandError> {
        let fits = |i: usize| {
            self.config.sockets.get(i).is_some_and(|s| s.transport == target.transport && s.advertised.is_ipv4() == target.addr.is_ipv4())
        };
        let wanted = target.socket.map(usize::from).filter(|i| fits(*i));
        let index = wanted.or_else(|| (0..self.config.sockets.len()).find(|i| fits(*i))).ok_or(CommandError::NoSocket)?;
        let socket = u16::try_from(index).map_err(|_| CommandError::NoSocket)?;
        Ok(Dest { transport: target.transport, socket, addr: target.addr, conn: None })
    }

    /// What peers are told about a socket. Inputs with an unknown socket are refused, so the fallback is never seen.
    pub(super) fn advertised(&self, socket: u16) -> SocketAddr {
        self.config.sockets.get(usize::from(socket)).map_or_else(|| SocketAddr::from(([127, 0, 0, 1], 5060)), |s| s.advertised)
    }
}
