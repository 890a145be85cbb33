//! Everything the engine routes by, read in one go.
use crate::entity::access::user;
use crate::repo::config::kind;
use crate::repo::{self, Versioned};
use crate::{Result, Source, Store};
use domain::calendar::Calendar;
use domain::config::{BreakReason, CapacityProfile, Code, Number, Prompt, Queue, RoutingRule, Team, Trunk, User, Webhook};
use domain::monitor::Rule;
use sea_orm::{EntityTrait, QueryOrder};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A desk phone's digest secret: H(A1) = H(username:realm:password) in both algorithms (RFC 8760 §2.4), lower-case hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct SipSecret {
    pub realm: String,
    pub ha1_md5: String,
    pub ha1_sha256: String,
}
impl std::fmt::Debug for SipSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SipSecret(realm {:?})", self.realm)
    }
}
impl SipSecret {
    /// From a password in clear.
    pub fn derive(username: &str, realm: &str, password: &str) -> Self {
        use sha2::Digest;
        let text = zeroize::Zeroizing::new(format!("{username}:{realm}:{password}"));
        Self {
            realm: realm.to_owned(),
            ha1_md5: hex::encode(md5::Md5::digest(text.as_bytes())),
            ha1_sha256: hex::encode(sha2::Sha256::digest(text.as_bytes())),
        }
    }
}

#[derive(Debug, Clone)]
pub struct EngineUser {
    pub user: User,
    /// None: this person has no desk phone password.
    pub sip: Option<SipSecret>,
}

#[derive(Debug, Clone)]
pub struct EngineTrunk {
    pub trunk: Trunk,
    pub password: Option<SecretString>,
}

/// The configuration at one moment. Disabled users, numbers and trunks are in it too.
#[derive(Debug, Clone, Default)]
pub struct EngineConfig {
    /// Grows with every change of configuration; equal = nothing changed.
    pub revision: i64,
    pub teams: Vec<Team>,
    pub users: Vec<EngineUser>,
    pub queues: Vec<Queue>,
    pub numbers: Vec<Number>,
    pub trunks: Vec<EngineTrunk>,
    /// With their switches.
    pub calendars: Vec<Calendar>,
    pub prompts: Vec<Prompt>,
    pub break_reasons: Vec<BreakReason>,
    pub wrap_up_codes: Vec<Code>,
    pub alert_rules: Vec<Rule>,
    /// With their signing secrets.
    pub webhooks: Vec<(Webhook, Option<SecretString>)>,
    pub capacity_profiles: Vec<CapacityProfile>,
    /// Those that hold for every queue.
    pub routing_rules: Vec<RoutingRule>,
}

impl Store {
    /// Reads the whole configuration, secrets opened.
    ///
    /// # Errors
    /// `Sealed`/`Corrupt` when a row does not open or parse; the engine then keeps what it has.
    pub async fn load_config(&self) -> Result<EngineConfig> {
        // The revision first: a change in between is then seen as newer on the next look.
        let revision = self.config_revision().await?;
        let rows = user::Entity::find().order_by_asc(user::Column::Username).all(self.conn()).await?;
        let mut users = Vec::with_capacity(rows.len());
        for row in &rows {
            users.push(EngineUser { user: repo::users::from_row(row)?, sip: repo::users::open_sip(self, row)? });
        }
        let mut trunks = Vec::new();
        for (trunk, password) in repo::secrets::list_all::<kind::Trunks>(self).await? {
            trunks.push(EngineTrunk { trunk, password });
        }
        let switches = repo::calendar_switches::all(self).await?;
        let calendars = values(repo::config::list_all::<kind::Calendars>(self).await?).into_iter();
        let calendars = calendars.map(|c| Calendar { switch: switches.get(&c.key).cloned(), ..c }).collect();
        Ok(EngineConfig {
            revision,
            calendars,
            users,
            trunks,
            teams: values(repo::config::list_all::<kind::Teams>(self).await?),
            queues: values(repo::config::list_all::<kind::Queues>(self).await?),
            numbers: values(repo::config::list_all::<kind::Numbers>(self).await?),
            prompts: values(repo::config::list_all::<kind::Prompts>(self).await?),
            break_reasons: values(repo::config::list_all::<kind::BreakReasons>(self).await?),
            wrap_up_codes: values(repo::config::list_all::<kind::WrapUpCodes>(self).await?),
            webhooks: repo::secrets::list_all::<kind::Webhooks>(self).await?,
            alert_rules: values(repo::config::list_all::<kind::AlertRules>(self).await?),
            capacity_profiles: values(repo::config::list_all::<kind::CapacityProfiles>(self).await?),
            routing_rules: values(repo::config::list_all::<kind::RoutingRules>(self).await?),
        })
    }

    /// Cheap check whether `load_config` would give anything new.
    pub async fn config_revision(&self) -> Result<i64> {
        repo::settings::config_revision(self).await
    }
}

fn values<T>(rows: Vec<Versioned<T>>) -> Vec<T> {
    rows.into_iter().map(|r| r.value).collect()
}
