//! The demo company: its blueprint, its passwords (made from the seed, printed, never used elsewhere), its key.
use super::demo_history;
use super::ready::{Login, NumberLine, Phone, Secrets};
use crate::blueprint::{Blueprint, apply};
use crate::cli::{CliError, Traffic};
use crate::config::Config;
use domain::ApiKeyId;
use domain::access::{Permission, Role};
use domain::config::{EntryPlan, User};
use engine::{Clock, IdSource};
use secrecy::SecretString;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::repo::config::{kind::Numbers, list_all};
use store::repo::settings::{self, DEMO_MARKER};
use store::repo::{api_keys, users};
use store::{Store, Tx};

#[derive(Debug)]
pub struct Demo {
    pub seed: u64,
    pub traffic: Traffic,
}

const BLUEPRINT: &str = include_str!("../../../../blueprints/demo.toml");

impl Demo {
    /// Fills an empty data folder; a folder filled before keeps its seed. Gives what the ready line shows.
    ///
    /// # Errors
    /// A folder that holds anything but a demo.
    pub async fn fill(&self, store: &Store, clock: Clock, ids: &IdSource, config: &Config) -> Result<Secrets, CliError> {
        let marker = settings::get(store, DEMO_MARKER).await?;
        let fresh = marker.is_none();
        let seed = match marker {
            Some(seed) => seed.parse().unwrap_or(self.seed),
            None if users::count(store).await? > 0 => {
                let dir = config.store.data_dir.display();
                return Err(CliError::Failed(format!("{dir} holds a real set-up: give the demo a folder of its own with --data")));
            }
            None => self.seed,
        };
        let blueprint = with_passwords(Blueprint::parse(BLUEPRINT)?, seed);
        let tx = store.begin(clock.now()).await?;
        let changes = apply::apply(&tx, ids, &blueprint, &config.sip.realm).await?.len();
        settings::set(&tx, DEMO_MARKER, &seed.to_string()).await?;
        let api_key = demo_key(&tx, ids, seed).await?;
        if fresh {
            demo_history::write(&tx, &IdSource::seeded(seed), clock.now(), config.site.utc_offset_s).await?;
        }
        tx.commit().await?;
        tracing::info!(changes, seed, "demo company in place");
        secrets(store, seed, api_key).await
    }
}

fn with_passwords(mut blueprint: Blueprint, seed: u64) -> Blueprint {
    for user in &mut blueprint.user {
        let username = user.get("username").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(extension) = user.get("extension").and_then(Value::as_str).map(str::to_owned) {
            user.insert("phone_password".into(), Value::String(derive(seed, "phone", &extension)));
        }
        user.insert("password".into(), Value::String(derive(seed, "user", &username)));
    }
    blueprint
}

/// `demo-` and 12 hex digits: long enough for the password rule, short enough to type.
fn derive(seed: u64, what: &str, name: &str) -> String {
    let hash = Sha256::digest(format!("zhiyin demo|{seed}|{what}|{name}"));
    format!("demo-{}", hex::encode(&hash[..6]))
}

/// A key that may do everything, for tools that try the API.
async fn demo_key(tx: &Tx, ids: &IdSource, seed: u64) -> Result<String, CliError> {
    let hash = hex::encode(Sha256::digest(format!("zhiyin demo|{seed}|api key")));
    let secret = format!("zyk_{}_{}", &hash[..8], &hash[8..51]);
    if api_keys::find(tx, &secret, tx.now()).await?.is_none() {
        let grants: Vec<Value> = Permission::ALL.iter().map(|p| json!({ "permission": p, "scope": "all" })).collect();
        let new = api_keys::NewApiKey {
            id: ids.new_id(tx.now(), ApiKeyId::from_parts),
            name: "demo".into(),
            owner: None,
            permissions: Value::Array(grants),
            created_by: None,
            expires_at: None,
        };
        api_keys::create_with_secret(tx, new, &SecretString::from(secret.clone())).await?;
    }
    Ok(secret)
}

async fn secrets(store: &Store, seed: u64, api_key: String) -> Result<Secrets, CliError> {
    let mut people: Vec<User> = users::all(store).await?.into_iter().filter(|u| !u.disabled && !u.roles.is_empty()).collect();
    people.sort_by_key(|u| (u.extension.is_none(), u.extension.clone(), u.username.clone()));
    // The role that says most: somebody who is also an administrator is shown as one.
    let role = |u: &User| {
        let admin = u.roles.iter().find(|r| **r == Role::Admin);
        admin.or(u.roles.first()).map_or("", |r| r.name())
    };
    let logins = people.iter().map(|u| Login { role: role(u), username: u.username.clone(), password: derive(seed, "user", &u.username) });
    let phones = people.iter().filter_map(|u| u.extension.clone());
    let phones = phones.map(|extension| Phone { password: derive(seed, "phone", &extension), extension });
    let numbers = list_all::<Numbers>(store)
        .await?
        .into_iter()
        .map(|n| NumberLine { does: does(&n.value.plan, &n.value.name.en), number: n.value.number });
    Ok(Secrets { logins: logins.collect(), phones: phones.collect(), numbers: numbers.collect(), api_key })
}

fn does(plan: &EntryPlan, name: &str) -> String {
    match plan {
        EntryPlan::Queue { queue, .. } => format!("{name} (queue {queue})"),
        _ => name.to_owned(),
    }
}
