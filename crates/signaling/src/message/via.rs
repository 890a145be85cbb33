//! Via: how responses find their way back (RFC 3261 §18.2, RFC 3581).
use super::{scan, uri};
use std::net::{IpAddr, SocketAddr};

/// One Via value as borrowed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViaRef<'a> {
    pub transport: &'a [u8],
    /// Without brackets.
    pub host: &'a [u8],
    pub port: Option<u16>,
    pub params: &'a [u8],
}

/// Branches that begin with this come from RFC 3261 elements.
pub const MAGIC_COOKIE: &[u8] = b"z9hG4bK";

impl<'a> ViaRef<'a> {
    /// `SIP / 2.0 / UDP host : port ; params`, white space allowed where the RFC does.
    pub fn parse(value: &'a [u8]) -> Option<ViaRef<'a>> {
        let value = scan::trim(value);
        let slash = value.iter().position(|&b| b == b'/')?;
        let (name, rest) = (scan::trim(&value[..slash]), &value[slash + 1..]);
        let slash = rest.iter().position(|&b| b == b'/')?;
        let (version, rest) = (scan::trim(&rest[..slash]), scan::trim(&rest[slash + 1..]));
        let token_end = rest.iter().position(|b| !scan::is_token(*b))?;
        let (transport, rest) = rest.split_at(token_end);
        let well =
            name.eq_ignore_ascii_case(b"SIP") && !version.is_empty() && version.iter().all(|b| scan::is_token(*b)) && !transport.is_empty();
        if !well || !rest.first().is_some_and(|b| scan::is_space(*b)) {
            return None;
        }
        let (sent_by, params) = scan::split_once(rest, b';');
        let (host, after) = uri::split_host(scan::trim(sent_by))?;
        let port = match scan::trim(after) {
            [] => None,
            [b':', port @ ..] => Some(u16::try_from(scan::number(scan::trim(port))?).ok()?),
            _ => return None,
        };
        // A comma here means an empty value in the list (`;;,;,,`).
        let params = params.unwrap_or_default();
        (!params.contains(&b',') || scan::find_outside(params, b',').is_none()).then_some(ViaRef { transport, host, port, params })
    }

    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        scan::param(self.params, name)
    }

    pub fn branch(&self) -> &'a [u8] {
        self.param("branch").unwrap_or_default()
    }

    pub fn wants_rport(&self) -> bool {
        self.param("rport").is_some()
    }

    /// Where to answer a request that came from `source` by datagram.
    pub fn response_addr(&self, source: SocketAddr) -> SocketAddr {
        if self.wants_rport() {
            return source;
        }
        SocketAddr::new(source.ip(), self.port.unwrap_or(5060))
    }

    /// The sent-by host is an address other than the one that it came from (or a name).
    pub fn host_differs(&self, source: IpAddr) -> bool {
        uri::parse_ip(self.host).is_none_or(|ip| ip.to_canonical() != source.to_canonical())
    }

    /// Writes this Via as the top one of a response, with `received` and `rport` filled in.
    pub fn write_stamped(&self, source: SocketAddr, out: &mut Vec<u8>) {
        out.extend_from_slice(b"SIP/2.0/");
        out.extend_from_slice(self.transport);
        out.push(b' ');
        write_host(self.host, out);
        if let Some(port) = self.port {
            out.push(b':');
            super::write::decimal(u64::from(port), out);
        }
        for (name, value) in scan::params(self.params) {
            if name.eq_ignore_ascii_case(b"rport") || name.eq_ignore_ascii_case(b"received") {
                continue;
            }
            out.push(b';');
            out.extend_from_slice(name);
            if let Some(value) = value {
                out.push(b'=');
                out.extend_from_slice(value);
            }
        }
        let rport = self.wants_rport();
        if rport {
            out.extend_from_slice(b";rport=");
            super::write::decimal(u64::from(source.port()), out);
        }
        if rport || self.host_differs(source.ip()) {
            out.extend_from_slice(b";received=");
            out.extend_from_slice(source.ip().to_string().as_bytes());
        }
    }
}

/// A host with brackets where IPv6 needs them.
fn write_host(host: &[u8], out: &mut Vec<u8>) {
    let v6 = host.contains(&b':');
    if v6 {
        out.push(b'[');
    }
    out.extend_from_slice(host);
    if v6 {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_spaces_and_stamping() {
        let via = ViaRef::parse(b"SIP  / 2.0  /  TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8").expect("valid");
        assert_eq!((via.transport, via.host, via.branch()), (&b"TCP"[..], &b"spindle.example.com"[..], &b"z9hG4bK9ikj8"[..]));
        let via = ViaRef::parse(b"SIP/2.0/UDP [2001:db8::9:1]:5070;rport;branch=z9hG4bKx;received=1.1.1.1").expect("valid");
        let mut out = Vec::new();
        via.write_stamped("127.0.0.1:9".parse().expect("address"), &mut out);
        assert_eq!(scan::lossy(&out), "SIP/2.0/UDP [2001:db8::9:1]:5070;branch=z9hG4bKx;rport=9;received=127.0.0.1");
        for bad in ["SIP/2.0/UDP 192.0.2.15;;,;,,", "SIP/2.0/UDP", "SIP/2.0 h", "HTTP/1/UDP h", "SIP/2.0/UDP h:x", "SIP/2.0/UDPh"] {
            assert!(ViaRef::parse(bad.as_bytes()).is_none(), "{bad}");
        }
    }
}
