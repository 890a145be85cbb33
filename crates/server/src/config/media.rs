//! `[media]`: RTP and WebRTC.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use utoipa::ToSchema;

/// Ports and addresses of voice media.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Media {
    /// UDP ports for phone legs, `first-last`. A leg takes an even port for RTP and the next one for RTCP, so a bridged
    /// call takes four. Open them in the firewall.
    #[schema(value_type = String)]
    pub rtp_ports: PortRange,
    /// Local address of the RTP sockets.
    #[schema(value_type = String)]
    pub addr: IpAddr,
    /// Address that others see (behind NAT), for SDP and ICE candidates. Absent: the local address.
    #[schema(value_type = Option<String>)]
    pub public_addr: Option<IpAddr>,
    /// Address and first UDP port for browsers; worker n uses port + n; port 0 picks free ones.
    #[schema(value_type = String)]
    pub webrtc_addr: SocketAddr,
    /// Media threads; 0 = one a processor core.
    pub workers: usize,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            rtp_ports: PortRange { first: 20_000, last: 29_999 },
            addr: IpAddr::from([0, 0, 0, 0]),
            public_addr: None,
            webrtc_addr: SocketAddr::from(([0, 0, 0, 0], 30_000)),
            workers: 0,
        }
    }
}

/// Fewest ports that make sense: one bridged call.
const RTP_PORTS_MIN: u32 = 4;
/// More media threads than this help nobody.
const WORKERS_MAX: usize = 64;

impl Media {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let PortRange { first, last } = self.rtp_ports;
        if first < 1024 || last < first || u32::from(last) - u32::from(first) + 1 < RTP_PORTS_MIN {
            return Err(invalid(
                "media.rtp_ports",
                format!("{first}-{last} is not a range of at least {RTP_PORTS_MIN} ports above 1023"),
                "write it like \"20000-29999\"",
            ));
        }
        if self.workers > WORKERS_MAX {
            return Err(invalid("media.workers", "too many", format!("use at most {WORKERS_MAX}, or 0 for one a core")));
        }
        Ok(())
    }
}

/// UDP ports from `first` to `last`, both included; written `20000-29999`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    pub first: u16,
    pub last: u16,
}
impl std::str::FromStr for PortRange {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        let (a, b) = s.split_once('-').ok_or("expected FIRST-LAST, like 20000-29999")?;
        let port = |p: &str| p.trim().parse::<u16>().map_err(|_| format!("{p} is not a port"));
        Ok(Self { first: port(a)?, last: port(b)? })
    }
}
impl std::fmt::Display for PortRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}
impl Serialize for PortRange {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for PortRange {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
