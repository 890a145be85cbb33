//! `[http]`: the API, the stream and the web pages.
use super::{ConfigError, invalid};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use utoipa::ToSchema;

/// The HTTP listener.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address and port to listen on; port 0 picks a free one.
    #[schema(value_type = String)]
    pub addr: SocketAddr,
    /// What users type into their browser, e.g. `https://desk.example.com`. Used for links and for the Origin check of
    /// the stream; when absent the request's own Host counts.
    pub public_url: Option<String>,
    /// `off`, `self_signed` (a certificate is generated into the data folder) or `files`. Browsers give the
    /// microphone only to HTTPS or to localhost.
    pub tls: TlsMode,
    /// PEM file with the certificate chain, for `tls = "files"`.
    #[schema(value_type = Option<String>)]
    pub tls_cert: Option<PathBuf>,
    /// PEM file with the private key, for `tls = "files"`.
    #[schema(value_type = Option<String>)]
    pub tls_key: Option<PathBuf>,
    /// Networks of reverse proxies whose `X-Forwarded-For` is believed for lock-out and audit.
    #[schema(value_type = Vec<String>)]
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Networks that may read `/metrics` without signing in. A reverse proxy on this machine must not pass that path on.
    #[schema(value_type = Vec<String>)]
    pub metrics_from: Vec<ipnet::IpNet>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    #[default]
    Off,
    SelfSigned,
    Files,
}

/// The whole network of a loopback address.
fn loopback(address: IpAddr) -> ipnet::IpNet {
    match address {
        IpAddr::V4(v4) => ipnet::Ipv4Net::new_assert(v4, 8).into(),
        IpAddr::V6(v6) => ipnet::Ipv6Net::new_assert(v6, 128).into(),
    }
}

impl Default for Http {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            tls: TlsMode::Off,
            tls_cert: None,
            tls_key: None,
            trusted_proxies: Vec::new(),
            metrics_from: [IpAddr::from([127, 0, 0, 0]), IpAddr::V6(Ipv6Addr::LOCALHOST)].map(loopback).to_vec(),
        }
    }
}

impl Http {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if self.tls == TlsMode::Files {
            for (key, file) in [("http.tls_cert", &self.tls_cert), ("http.tls_key", &self.tls_key)] {
                if file.is_none() {
                    return Err(invalid(key, "missing while tls = \"files\"", "name a PEM file, or use tls = \"self_signed\""));
                }
            }
        }
        if let Some(url) = &self.public_url
            && !(url.starts_with("https://") || url.starts_with("http://"))
        {
            return Err(invalid("http.public_url", "is not an http(s) URL", "write it like https://desk.example.com"));
        }
        Ok(())
    }
}
