//! The UDP socket and TCP listener of SIP, and what is advertised for them.
use signaling::{SocketConfig, Transport};
use socket2::{Domain, Protocol, Socket, Type};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// Room for a burst of INVITEs while the driver is busy.
const RECEIVE_BUFFER_BYTES: usize = 4 << 20;
const SEND_BUFFER_BYTES: usize = 1 << 20;
const LISTEN_BACKLOG: i32 = 1024;
/// Ports tried when any port will do: UDP and TCP must get the same one.
const PORT_TRIES_MAX: usize = 32;
/// Addresses of peers whose way is remembered.
const ROUTES_MAX: usize = 4096;

pub(super) const UDP: u16 = 0;
pub(super) const TCP: u16 = 1;

pub(super) struct Bound {
    pub udp: UdpSocket,
    pub tcp: std::net::TcpListener,
    pub addr: SocketAddr,
}

/// Binds UDP and TCP to the same port; port 0 picks one that is free for both.
pub(super) fn bind(addr: SocketAddr) -> std::io::Result<Bound> {
    let mut last = None;
    for _ in 0..if addr.port() == 0 { PORT_TRIES_MAX } else { 1 } {
        let udp = bind_udp(addr)?;
        let bound = udp.local_addr()?;
        match bind_tcp(bound) {
            Ok(tcp) => return Ok(Bound { udp, tcp, addr: bound }),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| std::io::Error::from(std::io::ErrorKind::AddrInUse)))
}

fn bind_udp(addr: SocketAddr) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(addr), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    // The kernel may cap both; less room is no error. The privileged option is not capped.
    let _ = socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES);
    let _ = socket.set_send_buffer_size(SEND_BUFFER_BYTES);
    force_receive_buffer(&socket);
    socket.bind(&addr.into())?;
    Ok(socket.into())
}

#[cfg(target_os = "linux")]
fn force_receive_buffer(socket: &Socket) {
    use std::os::fd::AsRawFd;
    let bytes = RECEIVE_BUFFER_BYTES as libc::c_int;
    // SAFETY: the descriptor is open and the option value is a c_int that outlives the call.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_RCVBUFFORCE,
            std::ptr::from_ref(&bytes).cast(),
            size_of::<libc::c_int>() as libc::socklen_t,
        );
    }
}
#[cfg(not(target_os = "linux"))]
fn force_receive_buffer(_: &Socket) {}

fn bind_tcp(addr: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_reuse_address(true)?;
    socket.bind(&addr.into())?;
    socket.listen(LISTEN_BACKLOG)?;
    Ok(socket.into())
}

/// What Via and Contact say: the configured address, else the bound one, else the one that leads outside.
pub(super) fn advertised(bound: SocketAddr, public: Option<IpAddr>) -> SocketAddr {
    let ip = public.unwrap_or_else(|| if bound.ip().is_unspecified() { outward(bound.is_ipv4()) } else { bound.ip() });
    SocketAddr::new(ip, bound.port())
}

pub(super) fn configs(advertised: SocketAddr) -> Vec<SocketConfig> {
    [Transport::Udp, Transport::Tcp].map(|transport| SocketConfig { transport, advertised }).into()
}

fn outward(v4: bool) -> IpAddr {
    // Documentation addresses: nothing is sent, the kernel only looks the route up.
    let (target, fallback): (IpAddr, IpAddr) = if v4 {
        (Ipv4Addr::new(192, 0, 2, 1).into(), Ipv4Addr::LOCALHOST.into())
    } else {
        (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(), Ipv6Addr::LOCALHOST.into())
    };
    local_ip_towards(target).unwrap_or(fallback)
}

fn local_ip_towards(peer: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if peer.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    socket.connect(SocketAddr::new(peer, 9)).ok()?;
    socket.local_addr().ok().map(|a| a.ip()).filter(|ip| !ip.is_unspecified())
}

/// The address that a peer is told for media.
pub(super) struct MediaAddress {
    bind: IpAddr,
    public: Option<IpAddr>,
    known: HashMap<IpAddr, IpAddr>,
}

impl MediaAddress {
    pub fn new(bind: IpAddr, public: Option<IpAddr>) -> Self {
        Self { bind, public, known: HashMap::new() }
    }

    /// Where `peer` should send its media. A peer on this machine is told an address of this machine even behind NAT.
    pub fn towards(&mut self, peer: IpAddr) -> IpAddr {
        if !self.bind.is_unspecified() && (self.public.is_none() || peer.is_loopback()) {
            return self.bind;
        }
        if let Some(public) = self.public.filter(|_| !peer.is_loopback()) {
            return public;
        }
        if let Some(ip) = self.known.get(&peer) {
            return *ip;
        }
        let ip = local_ip_towards(peer).unwrap_or_else(|| outward(peer.is_ipv4()));
        if self.known.len() >= ROUTES_MAX {
            self.known.clear();
        }
        self.known.insert(peer, ip);
        ip
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn udp_and_tcp_share_a_free_port() {
        let bound = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        assert_ne!(bound.addr.port(), 0);
        assert_eq!(bound.tcp.local_addr().unwrap(), bound.addr);
        assert_eq!(advertised(bound.addr, None), bound.addr);
    }

    #[test]
    fn peers_are_told_an_address_that_leads_to_us() {
        let loopback: IpAddr = "127.0.0.3".parse().unwrap();
        let far: IpAddr = "198.51.100.7".parse().unwrap();
        let public: IpAddr = "203.0.113.9".parse().unwrap();
        let mut any = MediaAddress::new(Ipv4Addr::UNSPECIFIED.into(), None);
        assert!(any.towards(loopback).is_loopback());
        let mut nat = MediaAddress::new(Ipv4Addr::UNSPECIFIED.into(), Some(public));
        assert_eq!(nat.towards(far), public);
        assert!(nat.towards(loopback).is_loopback());
        let mut fixed = MediaAddress::new(Ipv4Addr::LOCALHOST.into(), None);
        assert_eq!(fixed.towards(far), Ipv4Addr::LOCALHOST);
    }
}
