//! What an administrator may set about media.
use std::net::{IpAddr, Ipv4Addr};

#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Worker threads; 0 = one less than the cores, at least one.
    pub workers: usize,
    /// Local address of all media sockets.
    pub bind: IpAddr,
    /// Address that peers and browsers reach us at; goes into SDP. Usually `bind`, or the public side of a 1:1 NAT.
    pub public: IpAddr,
    /// Ports of phone legs, first and last, used in even/odd pairs.
    pub rtp_ports: (u16, u16),
    /// UDP port of the first worker's browser socket, the next workers take the following ones; 0 = any free ports.
    pub web_port: u16,
    pub sessions_max: usize,
}

impl Default for MediaConfig {
    fn default() -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self { workers: 0, bind: loopback, public: loopback, rtp_ports: (20_000, 29_999), web_port: 0, sessions_max: 4_000 }
    }
}
