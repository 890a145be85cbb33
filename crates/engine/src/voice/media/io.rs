//! The sockets of one session, and how what it produces leaves.
use super::RtpSockets;
use super::stats::Counters;
use media::session::{Channel, Event, LegId, Output};
use smallvec::SmallVec;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::AsRawFd;
use tokio::sync::mpsc;

pub(super) struct LegSockets {
    pub leg: LegId,
    pub sockets: RtpSockets,
    /// The RTP socket is connected to the latched peer: sending is cheaper, and strangers do not reach us at all.
    connected: bool,
}

impl LegSockets {
    pub fn new(leg: LegId, sockets: RtpSockets) -> Self {
        Self { leg, sockets, connected: false }
    }

    pub fn socket(&self, channel: Channel) -> &UdpSocket {
        match channel {
            Channel::Rtp => &self.sockets.rtp,
            Channel::Rtcp => &self.sockets.rtcp,
        }
    }
}

/// Dropped in this order: when its owner sees the channel closed, the ports are back in the pool.
pub(super) struct SessionIo {
    pub legs: SmallVec<[LegSockets; 2]>,
    pub events: mpsc::Sender<Event>,
}

impl SessionIo {
    pub fn leg(&self, leg: LegId) -> Option<&LegSockets> {
        self.legs.iter().find(|l| l.leg == leg)
    }
}

/// A session's output while it is being driven.
pub(super) struct Out<'a> {
    pub io: &'a mut SessionIo,
    pub web: &'a UdpSocket,
    pub counters: &'a mut Counters,
}

impl Output for Out<'_> {
    fn send_rtp(&mut self, leg: LegId, channel: Channel, to: SocketAddr, packet: &[u8]) {
        let Some(leg) = self.io.leg(leg) else { return };
        let connected = leg.connected && channel == Channel::Rtp;
        let socket = leg.socket(channel);
        let send = || if connected { socket.send(packet) } else { socket.send_to(packet, to) };
        // A connected socket reports an earlier ICMP error once, in place of sending: try again.
        let sent = match send() {
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => send(),
            other => other,
        };
        self.count(sent);
    }

    fn send_web(&mut self, _leg: LegId, to: SocketAddr, packet: &[u8]) {
        let sent = self.web.send_to(packet, to);
        self.count(sent);
    }

    fn latched(&mut self, leg: LegId, channel: Channel, from: Option<SocketAddr>) {
        let Some(leg) = self.io.legs.iter_mut().find(|l| l.leg == leg && channel == Channel::Rtp) else { return };
        leg.connected = match from {
            // If it cannot be connected it works as before, only slower.
            Some(from) => leg.sockets.rtp.connect(from).is_ok(),
            None => leg.connected && disconnect(&leg.sockets.rtp).is_err(),
        };
    }

    fn event(&mut self, event: Event) {
        if let Event::LegStats { stats, last: true, .. } = &event {
            self.counters.lost_in += stats.lost_in;
        }
        if let Event::RecordingEnded { dropped_ms, .. } = &event {
            self.counters.recorder_dropped_ms += dropped_ms;
        }
        if matches!(self.io.events.try_send(event), Err(mpsc::error::TrySendError::Full(_))) {
            self.counters.events_dropped += 1;
        }
    }
}

impl Out<'_> {
    fn count(&mut self, sent: io::Result<usize>) {
        match sent {
            Ok(_) => self.counters.packets_out += 1,
            Err(_) => self.counters.send_errors += 1,
        }
    }
}

/// Undoes `connect`: datagrams from everybody again.
fn disconnect(socket: &UdpSocket) -> io::Result<()> {
    // SAFETY: an all-zero sockaddr is a valid value; AF_UNSPEC makes the kernel dissolve the association.
    let result = unsafe {
        let mut address: libc::sockaddr = std::mem::zeroed();
        address.sa_family = libc::AF_UNSPEC as libc::sa_family_t;
        libc::connect(socket.as_raw_fd(), &raw const address, size_of::<libc::sockaddr>() as libc::socklen_t)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disconnected_socket_hears_everybody_again_on_the_same_port() {
        // A port that the kernel chose is given up by disconnecting; ours are always asked for by number.
        let sockets = super::super::PortPool::new([127, 0, 0, 1].into(), (41_600, 41_699)).take().unwrap();
        let ours = &sockets.rtp;
        ours.set_nonblocking(false).unwrap();
        let at = ours.local_addr().unwrap();
        let (friend, stranger) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
        ours.connect(friend.local_addr().unwrap()).unwrap();
        stranger.send_to(b"stranger", at).unwrap();
        friend.send_to(b"friend", at).unwrap();
        let mut buffer = [0; 20];
        assert_eq!(ours.recv(&mut buffer).unwrap(), 6, "the stranger was filtered by the kernel");
        disconnect(ours).unwrap();
        assert_eq!(ours.local_addr().unwrap(), at);
        stranger.send_to(b"stranger", at).unwrap();
        assert_eq!(ours.recv(&mut buffer).unwrap(), 8);
    }
}
