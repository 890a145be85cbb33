//! Who is at the other end: the peer's address, or what a trusted proxy says it is.
use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The client's address. `X-Forwarded-For` counts only from a trusted proxy, and only its last entry that is not itself
/// such a proxy: everything before it could have been made up by the client.
pub fn client(extensions: &Extensions, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |c| c.0.ip());
    let is_proxy = |a: &IpAddr| trusted.iter().any(|n| n.contains(a));
    if !is_proxy(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let hops: Vec<IpAddr> = forwarded.filter_map(|h| h.trim().parse().ok()).collect();
    hops.into_iter().rev().find(|a| !is_proxy(a)).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_count_only_from_proxies() {
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 99))));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 9.9.9.9, 10.0.0.2".parse().unwrap());
        let ip = |s: &str| s.parse::<IpAddr>().unwrap();
        assert_eq!(client(&extensions, &headers, &[]), ip("10.0.0.1"));
        assert_eq!(client(&extensions, &headers, &["10.0.0.0/8".parse().unwrap()]), ip("9.9.9.9"));
    }
}
