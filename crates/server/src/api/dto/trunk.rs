//! Trunks: the lines to the telephone world.
use super::common::{Label, Validate, count, key, never_shown, optional_text, text, within};
use crate::http::problem::{ApiResult, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SipTransport {
    Udp,
    Tcp,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrunkBody {
    #[schema(pattern = "^[a-z0-9_-]{1,40}$")]
    pub key: String,
    pub name: Label,
    /// Host or address of the provider.
    #[schema(pattern = r"^[A-Za-z0-9._:\[\]-]{1,253}$")]
    pub host: String,
    #[schema(minimum = 1, maximum = 65535)]
    pub port: u16,
    pub transport: SipTransport,
    /// Networks whose calls are this trunk's (authentication by address).
    #[schema(max_items = 64, value_type = Vec<Network>)]
    pub inbound: Vec<String>,
    /// Digest user for calls out and for registration.
    #[schema(min_length = 1, max_length = 80)]
    pub username: Option<String>,
    pub register: bool,
    /// A dialled number that starts with this goes out here …
    #[schema(pattern = "^[0-9*#+]{0,16}$")]
    pub prefix: String,
    /// … without its first `strip` digits.
    #[schema(minimum = 0, maximum = 16)]
    pub strip: u8,
    /// Shown as the caller; absent: the agent's extension.
    #[schema(pattern = "^[0-9*#+]{1,32}$")]
    pub caller_id: Option<String>,
    #[schema(minimum = 0, maximum = 10000)]
    pub calls_max: u32,
    pub enabled: bool,
    /// Digest password, written and never shown. Absent in a change: the stored one stays.
    #[serde(default, skip_serializing_if = "never_shown")]
    #[schema(min_length = 1, max_length = 200, write_only)]
    pub password: Option<String>,
}

/// A network in CIDR form, `192.0.2.0/24`; IPv6 is accepted too.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(
    pattern = r"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$"
)]
pub struct Network(pub String);

impl Validate for TrunkBody {
    fn check(&self) -> ApiResult<()> {
        key("key", &self.key)?;
        self.name.check("name")?;
        let host_ok = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'[' | b']' | b'-');
        if !(1..=253).contains(&self.host.len()) || !self.host.bytes().all(host_ok) {
            return Err(Problem::invalid("host", "a host name or an address"));
        }
        within("port", u64::from(self.port), 1, 65_535)?;
        count("inbound", self.inbound.len(), 64)?;
        for (i, network) in self.inbound.iter().enumerate() {
            if network.parse::<ipnet::IpNet>().is_err() {
                return Err(Problem::invalid(&format!("inbound.{i}"), "a network such as 192.0.2.0/24"));
            }
        }
        optional_text("username", self.username.as_ref(), 1, 80)?;
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#' | b'+'));
        text("prefix", &self.prefix, 0, 16)?;
        optional_text("caller_id", self.caller_id.as_ref(), 1, 32)?;
        if !digits(&self.prefix) || !self.caller_id.as_deref().is_none_or(digits) {
            return Err(Problem::invalid("prefix", "prefix and caller_id hold only 0-9, *, # and +"));
        }
        within("strip", u64::from(self.strip), 0, 16)?;
        within("calls_max", u64::from(self.calls_max), 0, 10_000)?;
        optional_text("password", self.password.as_ref(), 1, 200)
    }
}
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trunk {
    pub id: Uuid,
    /// The ETag without its quotes.
    pub version: i64,
    #[serde(flatten)]
    pub body: TrunkBody,
    /// A digest password is stored.
    pub has_password: bool,
}
