//! The one line of JSON that says: it runs, and here is how to reach it.
use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

#[derive(Debug, Serialize)]
pub struct Login {
    pub role: &'static str,
    pub username: String,
    pub password: String,
}
#[derive(Debug, Serialize)]
pub struct Phone {
    pub extension: String,
    pub password: String,
}
#[derive(Debug, Serialize)]
pub struct NumberLine {
    pub number: String,
    pub does: String,
}
/// What only the demo prints.
#[derive(Debug, Serialize)]
pub struct Secrets {
    pub logins: Vec<Login>,
    pub phones: Vec<Phone>,
    pub numbers: Vec<NumberLine>,
    pub api_key: String,
}

#[derive(Debug)]
pub struct Line<'a> {
    pub http: &'a str,
    pub sip: SocketAddr,
    pub secrets: Option<&'a Secrets>,
}

#[derive(Serialize)]
struct Json<'a> {
    event: &'static str,
    http: &'a str,
    sip: String,
    #[serde(flatten)]
    secrets: Option<&'a Secrets>,
}

/// Where somebody on this machine reaches an address; "any address" is not one to call.
pub fn reachable(mut addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        addr.set_ip(if addr.is_ipv4() { IpAddr::V4(Ipv4Addr::LOCALHOST) } else { IpAddr::V6(Ipv6Addr::LOCALHOST) });
    }
    addr
}

pub fn print(line: &Line<'_>) {
    use std::io::Write as _;
    let json = Json { event: "ready", http: line.http, sip: line.sip.to_string(), secrets: line.secrets };
    let text = serde_json::to_string(&json).unwrap_or_default();
    let mut out = std::io::stdout();
    // A reader that went away does not stop the service.
    let _ = writeln!(out, "{text}").and_then(|()| out.flush());
}
