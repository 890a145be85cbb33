//! The post itself: one request, no redirects, within a time limit, to an address that may be reached.
use super::guard::is_public;
use super::sign::{Secret, signature};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// From the connection's beginning to the answer's head.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// The receiver took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivered {
    /// 200 … 299.
    pub status: u16,
}

/// It was not taken; trying again later may help with all but `Address`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    #[error("the address cannot be used: {0}")]
    Address(&'static str),
    #[error("the receiver answered {0}")]
    Status(u16),
    /// No connection, a bad certificate, no answer in time. Without the address, which may hold a key.
    #[error("{0}")]
    Network(String),
}

/// Posts webhooks. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Poster {
    client: Client,
    private_networks: bool,
}

impl Poster {
    /// `private_networks`: addresses of this machine and its networks may be posted to.
    ///
    /// # Errors
    /// `Network` when the system's certificates cannot be read.
    pub fn new(private_networks: bool) -> Result<Self, PostError> {
        // Without a provider the client would panic. One that was installed before stays: then this is refused.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let client = Client::builder()
            .user_agent("Zhiyin-Webhook/1")
            .redirect(redirect::Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .dns_resolver(Arc::new(Guarded { private_networks }))
            .build()
            .map_err(network)?;
        Ok(Self { client, private_networks })
    }

    /// Posts a JSON `body`, signed when there is a secret. `id` stays the same when the same message is tried again.
    ///
    /// # Errors
    /// See [`PostError`].
    pub async fn post(&self, url: &str, secret: Option<&Secret>, id: &str, timestamp_s: i64, body: String) -> Result<Delivered, PostError> {
        let url = Url::parse(url).map_err(|_| PostError::Address("not a URL"))?;
        self.allowed(&url)?;
        let mut request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp_s.to_string());
        if let Some(secret) = secret {
            request = request.header("webhook-signature", signature(secret, id, timestamp_s, &body));
        }
        let answer = request.body(body).send().await.map_err(network)?;
        match answer.status().as_u16() {
            status @ 200..=299 => Ok(Delivered { status }),
            status => Err(PostError::Status(status)),
        }
    }

    /// Names are judged by what they resolve to; an address written out is judged here.
    fn allowed(&self, url: &Url) -> Result<(), PostError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(PostError::Address("only http and https"));
        }
        let host = url.host_str().ok_or(PostError::Address("no host"))?;
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(ip) if !self.private_networks && !is_public(ip) => Err(PostError::Address("an address of a private network")),
            _ => Ok(()),
        }
    }
}

/// With its causes, without the address.
fn network(error: reqwest::Error) -> PostError {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    PostError::Network(text)
}

struct Guarded {
    private_networks: bool,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let private_networks = self.private_networks;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|a| private_networks || is_public(a.ip())).collect();
            if allowed.is_empty() {
                return Err("the name leads to private networks only".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
