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
    /// Networks from which anyone may call our numbers without belonging to a trunk or a registered phone.
    /// Empty in production; the demo allows loopback.
    #[schema(value_type = Vec<String>)]
    pub allow_anonymous: Vec<ipnet::IpNet>,
}

impl Default for Sip {
    fn default() -> Self {
        Self { addr: SocketAddr::from(([0, 0, 0, 0], 5060)), public_addr: None, realm: "zhiyin".into(), allow_anonymous: Vec::new() }
    }
}
