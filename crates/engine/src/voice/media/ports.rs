//! Even/odd UDP port pairs for phone legs.
use super::MediaError;
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex, PoisonError};

/// Receive buffer of a media socket: a limit, not memory. A packet counts about 770 bytes, so this outlasts a worker that
/// the machine does not let run for seconds.
const RECEIVE_BUFFER_BYTES: usize = 256 * 1024;
/// The same for the socket that all browsers of a worker share.
const WEB_BUFFER_BYTES: usize = 4 * 1024 * 1024;
/// Pairs tried before giving up: others on this machine may hold some ports of our range.
const BIND_TRIES_MAX: usize = 64;

/// Hands out bound RTP/RTCP socket pairs. Least recently used first, so that a late packet of an ended call does not
/// reach a new one. Cheap to clone; all clones share the range.
#[derive(Debug, Clone)]
pub struct PortPool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    bind: IpAddr,
    range: (u16, u16),
    free: Mutex<VecDeque<u16>>,
    pairs: usize,
}

/// A bound pair. Dropping it closes the sockets and returns the ports.
#[derive(Debug)]
pub struct RtpSockets {
    pub(super) rtp: UdpSocket,
    pub(super) rtcp: UdpSocket,
    port: u16,
    pool: Arc<Shared>,
}

impl PortPool {
    /// `range`: first and last port; an odd first and an even last are left out.
    pub fn new(bind: IpAddr, range: (u16, u16)) -> Self {
        let first = range.0.saturating_add(range.0 % 2);
        let free: VecDeque<u16> = (first..range.1).step_by(2).collect();
        Self { shared: Arc::new(Shared { bind, range, pairs: free.len(), free: Mutex::new(free) }) }
    }

    /// Binds the next free pair. Two `bind` calls, no waiting: fine on an async task.
    pub fn take(&self) -> Result<RtpSockets, MediaError> {
        for _ in 0..BIND_TRIES_MAX {
            let port = self.lock().pop_front().ok_or(MediaError::NoPorts(self.shared.range.0, self.shared.range.1))?;
            match self.bind_pair(port) {
                Ok((rtp, rtcp)) => return Ok(RtpSockets { rtp, rtcp, port, pool: self.shared.clone() }),
                Err(error) => {
                    self.lock().push_back(port);
                    if error.kind() != std::io::ErrorKind::AddrInUse {
                        return Err(error.into());
                    }
                }
            }
        }
        Err(MediaError::NoPorts(self.shared.range.0, self.shared.range.1))
    }

    /// Pairs handed out now.
    pub fn in_use(&self) -> usize {
        self.shared.pairs - self.lock().len()
    }

    fn bind_pair(&self, port: u16) -> std::io::Result<(UdpSocket, UdpSocket)> {
        let bind = |port| bind(SocketAddr::new(self.shared.bind, port), RECEIVE_BUFFER_BYTES);
        Ok((bind(port)?, bind(port + 1)?))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<u16>> {
        self.shared.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The socket that all browsers of a worker share.
pub(super) fn bind_web(address: SocketAddr) -> std::io::Result<UdpSocket> {
    bind(address, WEB_BUFFER_BYTES)
}

/// A non-blocking UDP socket with room for a burst.
fn bind(address: SocketAddr, receive_buffer: usize) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // The kernel may cap it; less room is no error.
    let _ = socket.set_recv_buffer_size(receive_buffer);
    socket.bind(&address.into())?;
    Ok(socket.into())
}

impl RtpSockets {
    /// The RTP port (even); RTCP is the next one.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for RtpSockets {
    fn drop(&mut self) {
        self.pool.free.lock().unwrap_or_else(PoisonError::into_inner).push_back(self.port);
    }
}
