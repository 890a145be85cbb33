//! `[sip]`: signalling with trunks and desk phones.
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use utoipa::ToSchema;

/// The SIP listener (UDP and TCP on the same address).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Sip {
    /// Address and port for UDP and TCP; port 0 picks a free one.
    #[schema(value_type = String)]
    pub addr: SocketAddr,
    /// Address that others see (behind NAT); written into Via, Contact and SDP. Absent: the local address.
    #[schema(value_type = Option<String>)]
    pub public_addr: Option<IpAddr>,
    /// Realm of digest challenges; phones show it.
    pub realm: String,
    /// From where anyone may call our numbers without belonging to a trunk or a registered phone: `false` (nowhere),
    /// `true` (anywhere, loopback tests only) or a list of networks. The demo allows loopback.
    #[schema(value_type = Object)]
    pub allow_anonymous: Anonymous,
}

/// `false`, `true`, or networks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Anonymous {
    Everywhere(bool),
    Networks(Vec<ipnet::IpNet>),
}
impl Default for Anonymous {
    fn default() -> Self {
        Self::Everywhere(false)
    }
}
impl Anonymous {
    pub fn networks(&self) -> Vec<ipnet::IpNet> {
        match self {
            Self::Everywhere(false) => Vec::new(),
            Self::Everywhere(true) => vec![ipnet::Ipv4Net::default().into(), ipnet::Ipv6Net::default().into()],
            Self::Networks(networks) => networks.clone(),
        }
    }
}

impl Default for Sip {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([0, 0, 0, 0], 5060)),
            public_addr: None,
            realm: "zhiyin".into(),
            allow_anonymous: Anonymous::default(),
        }
    }
}
