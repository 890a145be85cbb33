//! What an installation is told before it starts: one TOML file, one section a concern, every field documented here.
//!
//! Order of force: defaults, then the file, then the environment (`ZHIYIN__SECTION__FIELD`), then the command line.
//! Unknown keys are refused, because a misspelt limit that silently does nothing is worse than a failed start.
use serde::{Deserialize, Serialize};
use std::path::Path;
use utoipa::ToSchema;

pub mod auth;
pub mod crypto;
pub mod docs;
pub mod http;
pub mod limits;
pub mod log;
pub mod media;
pub mod routing;
pub mod sip;
pub mod site;
pub mod store;

/// The whole configuration file.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub http: http::Http,
    pub sip: sip::Sip,
    pub media: media::Media,
    pub routing: routing::RoutingSection,
    pub store: store::StoreSection,
    pub crypto: crypto::Crypto,
    pub auth: auth::Auth,
    pub log: log::Log,
    pub limits: limits::Limits,
    pub site: site::Site,
}

/// Why a configuration cannot be used: where, which key, what is wrong and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{source_name}: {key}: {reason}\n  fix: {fix}")]
pub struct ConfigError {
    pub source_name: String,
    pub key: String,
    pub reason: String,
    pub fix: String,
}

/// The prefix of environment variables that override the file: `ZHIYIN__HTTP__ADDR=0.0.0.0:8080`.
pub const ENV_PREFIX: &str = "ZHIYIN__";

impl Config {
    /// Reads the file (none: defaults), lays the environment over it and checks the values.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        use figment::providers::{Env, Format, Toml};
        let mut figment = figment::Figment::new();
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|e| ConfigError {
                source_name: path.display().to_string(),
                key: "-".into(),
                reason: format!("cannot be read: {e}"),
                fix: "name an existing, readable file with --config".into(),
            })?;
            figment = figment.merge(Toml::string(&text));
        }
        figment = figment.merge(Env::prefixed(ENV_PREFIX).split("__"));
        let config: Self = figment.extract().map_err(|e| explain(file, &e))?;
        config.check()?;
        Ok(config)
    }

    /// Checks what types alone cannot: ranges, pairs of fields.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.http.check()?;
        self.media.check()?;
        self.auth.check()?;
        self.site.check()?;
        self.routing.check()?;
        self.crypto.check()
    }
}

impl Config {
    /// What the store is opened with.
    pub fn store_config(&self) -> ::store::StoreConfig {
        use ::store::MasterKeySource;
        let crypto = &self.crypto;
        let master_key = match (&crypto.master_key_file, &crypto.master_key_env, &crypto.master_key_credential) {
            (Some(file), _, _) => MasterKeySource::File(file.clone()),
            (_, Some(name), _) => MasterKeySource::Env(name.clone()),
            (_, _, Some(name)) => MasterKeySource::Credential(name.clone()),
            (None, None, None) => MasterKeySource::Auto,
        };
        ::store::StoreConfig { url: self.store.url.clone(), master_key, ..::store::StoreConfig::embedded(&self.store.data_dir) }
    }

    /// What the engine is told.
    pub fn engine_config(&self, demo: bool) -> engine::EngineConfig {
        engine::EngineConfig {
            sip_addr: self.sip.addr,
            sip_public_addr: self.sip.public_addr,
            sip_realm: self.sip.realm.clone(),
            allow_anonymous: self.sip.allow_anonymous.networks(),
            rtp_addr: self.media.addr,
            media_public_addr: self.media.public_addr,
            rtp_ports: (self.media.rtp_ports.first, self.media.rtp_ports.last),
            webrtc_addr: self.media.webrtc_addr,
            media_workers: self.media.workers,
            calls_max: self.limits.calls_max,
            drain_ms: self.limits.drain_ms,
            utc_offset_s: self.site.utc_offset_s,
            webhooks_private: self.site.webhooks_private || demo,
            routing_journal: self.routing.journal.clone(),
            routing_journal_bytes_max: self.routing.journal_bytes_max,
            demo,
            ..engine::EngineConfig::default()
        }
    }
}

/// An error about one value, found after parsing.
pub(crate) fn invalid(key: &str, reason: impl Into<String>, fix: impl Into<String>) -> ConfigError {
    ConfigError { source_name: "configuration".into(), key: key.into(), reason: reason.into(), fix: fix.into() }
}

fn explain(file: Option<&Path>, error: &figment::Error) -> ConfigError {
    use figment::error::Kind;
    let from_env = error.metadata.as_ref().is_some_and(|m| m.name.contains("environment"));
    let source_name =
        if from_env { "environment".to_owned() } else { file.map_or_else(|| "configuration".to_owned(), |p| p.display().to_string()) };
    let mut key = error.path.join(".");
    let mut reason = error.kind.to_string();
    let fix = match &error.kind {
        Kind::UnknownField(name, expected) => {
            if error.path.last() != Some(name) {
                key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
            }
            reason = "there is no such key".to_owned();
            format!("remove it, or use one of: {}", expected.join(", "))
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => format!("give it {expected}"),
        Kind::UnknownVariant(_, expected) => format!("use one of: {}", expected.join(", ")),
        _ => "see docs/configuration.md, or run `zhiyin check --docs`".to_owned(),
    };
    if key.is_empty() {
        key = "-".into();
    }
    ConfigError { source_name, key, reason, fix }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config, ConfigError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("zhiyin.toml");
        std::fs::write(&path, text).unwrap();
        Config::load(Some(&path))
    }

    #[test]
    fn nothing_given_is_a_valid_configuration() {
        assert_eq!(load("").unwrap().http.addr, Config::default().http.addr);
    }

    #[test]
    fn an_unknown_key_names_itself_its_file_and_the_way_out() {
        let e = load("[http]\nadress = \"x\"\n").unwrap_err();
        assert_eq!(e.key, "http.adress");
        assert!(e.source_name.ends_with("zhiyin.toml"));
        assert!(e.fix.contains("addr"), "{e}");
        let e = load("[htp]\n").unwrap_err();
        assert_eq!(e.key, "htp");
    }

    #[test]
    fn wrong_values_are_refused() {
        assert_eq!(load("[http]\naddr = \"nonsense\"\n").unwrap_err().key, "http.addr");
        assert_eq!(load("[http]\ntls = \"files\"\n").unwrap_err().key, "http.tls_cert");
        assert_eq!(load("[media]\nrtp_ports = \"9-3\"\n").unwrap_err().key, "media.rtp_ports");
        assert_eq!(load("[routing]\njournal = \"x\"\njournal_bytes_max = 0\n").unwrap_err().key, "routing.journal_bytes_max");
        assert_eq!(load("[auth]\nidle_timeout_ms = 0\n").unwrap_err().key, "auth.idle_timeout_ms");
        assert!(load("[http\n").is_err());
    }
}
