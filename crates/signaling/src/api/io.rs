//! Bytes in, bytes out.
use super::{Command, Event};
use bytes::Bytes;
use std::net::SocketAddr;

/// Names one call leg (an INVITE and its dialog) for its whole life.
///
/// Keys of outgoing legs are chosen by the application and must be below [`DialogKey::INCOMING`]; keys of
/// incoming legs are chosen by the endpoint and have that bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DialogKey(pub u64);

impl DialogKey {
    /// The bit that marks a leg which the other side began.
    pub const INCOMING: u64 = 1 << 63;

    pub fn is_incoming(self) -> bool {
        self.0 & Self::INCOMING != 0
    }
}

/// Names a request outside of any call leg (OPTIONS, a registration of ours, a REGISTER that waits for the application).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestKey(pub u64);

/// Names one stream. Accepted streams are numbered by the driver (below [`ConnId::OPENED`]), the ones that the endpoint asks for
/// in [`Output::OpenStream`] have that bit set. A number is never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnId(pub u64);

impl ConnId {
    /// The bit that marks a stream opened by the endpoint.
    pub const OPENED: u64 = 1 << 63;
}

/// What carries the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    Udp,
    Tcp,
}

impl Transport {
    pub fn as_str(self) -> &'static str {
        match self {
            Transport::Udp => "UDP",
            Transport::Tcp => "TCP",
        }
    }

    /// True when the transport delivers by itself, so that requests are not repeated.
    pub fn is_reliable(self) -> bool {
        matches!(self, Transport::Tcp)
    }
}

/// Where a message came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source {
    pub transport: Transport,
    /// Index into [`crate::EndpointConfig::sockets`].
    pub socket: u16,
    pub peer: SocketAddr,
    /// The stream it came on, none for UDP.
    pub conn: Option<ConnId>,
}

/// What the driver feeds.
#[derive(Debug)]
pub enum Input {
    /// One UDP datagram received on the socket with this index.
    Datagram {
        socket: u16,
        peer: SocketAddr,
        bytes: Bytes,
    },
    /// A peer connected to the TCP listener with this index.
    StreamAccepted {
        conn: ConnId,
        socket: u16,
        peer: SocketAddr,
    },
    /// A stream asked for by [`Output::OpenStream`] is connected.
    StreamConnected {
        conn: ConnId,
    },
    StreamData {
        conn: ConnId,
        bytes: Bytes,
    },
    /// The stream is gone: closed by the peer, failed to connect, or its bounded send queue overflowed.
    StreamClosed {
        conn: ConnId,
    },
    /// The time of [`crate::Endpoint::poll_timeout`] has come (calling it early does no harm).
    Timeout,
    /// As [`crate::Endpoint::command`]; a refusal comes back as [`Event::CommandFailed`].
    Command(Box<Command>),
}

/// Why the endpoint closes a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// What arrived is not SIP or cannot be framed.
    Malformed,
    /// A message is larger than [`crate::Limits::message_bytes_max`].
    TooLarge,
    /// A message began and did not end in time, or nothing was ever sent.
    HalfOpen,
    /// Nothing moved for [`crate::Limits::stream_idle_ms`].
    Idle,
    /// More streams than [`crate::Limits::streams_max`] or [`crate::Limits::streams_per_peer_max`].
    Limit,
    /// It did not connect in time.
    ConnectTimeout,
}

/// What the driver carries out, in order.
#[derive(Debug)]
pub enum Output {
    SendDatagram {
        socket: u16,
        peer: SocketAddr,
        bytes: Bytes,
    },
    /// Connect to `peer` (from the address of `socket`, any port). Answer with `StreamConnected` or `StreamClosed`.
    OpenStream {
        conn: ConnId,
        socket: u16,
        peer: SocketAddr,
    },
    /// Write to a connected stream. The driver's queue must be bounded: when it overflows, close and report `StreamClosed`.
    SendStream {
        conn: ConnId,
        bytes: Bytes,
    },
    /// Close now; no `StreamClosed` is expected.
    CloseStream {
        conn: ConnId,
        reason: CloseReason,
    },
    Event(Event),
}
