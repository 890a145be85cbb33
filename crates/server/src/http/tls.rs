//! HTTPS from files, or with a certificate made on first start.
use crate::config::http::{Http, TlsMode};
use axum_server::tls_rustls::RustlsConfig;
use std::io;
use std::path::Path;

/// The one crypto provider of the process; must run before anything speaks TLS or DTLS.
pub fn install_provider() {
    // An error only says that it is installed already, which is what we want.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// None when HTTP is to be spoken in clear.
///
/// # Errors
/// Files that cannot be read or written, or are not PEM of a certificate and its key.
pub async fn configure(http: &Http, data_dir: &Path) -> io::Result<Option<RustlsConfig>> {
    match http.tls {
        TlsMode::Off => Ok(None),
        TlsMode::Files => {
            let missing = || io::Error::other("http.tls_cert and http.tls_key must be given");
            let (cert, key) = (http.tls_cert.as_ref().ok_or_else(missing)?, http.tls_key.as_ref().ok_or_else(missing)?);
            RustlsConfig::from_pem_file(cert, key).await.map(Some)
        }
        TlsMode::SelfSigned => {
            let (cert, key) = (data_dir.join("tls-cert.pem"), data_dir.join("tls-key.pem"));
            if !cert.exists() || !key.exists() {
                generate(http, &cert, &key)?;
            }
            RustlsConfig::from_pem_file(cert, key).await.map(Some)
        }
    }
}

fn generate(http: &Http, cert: &Path, key: &Path) -> io::Result<()> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !http.addr.ip().is_unspecified() {
        names.push(http.addr.ip().to_string());
    }
    if let Some(host) = http.public_url.as_deref().and_then(host_of) {
        names.push(host.to_owned());
    }
    names.sort();
    names.dedup();
    let made = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
    std::fs::write(cert, made.cert.pem())?;
    write_private(key, &made.signing_key.serialize_pem())
}

/// The host of an http(s) URL, without port or path.
pub fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => authority.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_urls() {
        assert_eq!(host_of("https://desk.example.com:8443/x"), Some("desk.example.com"));
        assert_eq!(host_of("http://[::1]:80"), Some("::1"));
        assert_eq!(host_of("desk"), None);
    }

    #[tokio::test]
    async fn a_self_signed_certificate_is_made_once_and_kept() {
        install_provider();
        let dir = tempfile::tempdir().unwrap();
        let http = Http { tls: TlsMode::SelfSigned, ..Http::default() };
        assert!(configure(&http, dir.path()).await.unwrap().is_some());
        let first = std::fs::read(dir.path().join("tls-cert.pem")).unwrap();
        configure(&http, dir.path()).await.unwrap();
        assert_eq!(first, std::fs::read(dir.path().join("tls-cert.pem")).unwrap());
    }
}
