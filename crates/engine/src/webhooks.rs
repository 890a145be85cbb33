//! The worker that posts webhooks: takes their jobs from the store, signs, sends, and tells how it went.
use crate::clock::Clock;
use crate::config::SharedSetup;
pub use channels::webhook::{Delivered, PostError};
use channels::webhook::{Poster, Secret};
use domain::Timestamp;
use domain::config::Webhook;
use secrecy::SecretString;
use serde_json::{Value, json};
use std::time::Duration;
use store::jobs::{self, Claimed};
use store::repo::webhooks as status;
use store::{Store, StoreError};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

/// The kind of its jobs.
pub const JOB: &str = "webhook";
/// Due jobs are looked for this often …
const LOOK: Duration = Duration::from_millis(500);
/// … so many at once …
const BATCH: u32 = 16;
/// … and taken for this long: more than a post may take.
const LEASE_MS: u64 = 30_000;

/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Webhooks {
    poster: Poster,
    store: Store,
    setup: SharedSetup,
    clock: Clock,
}

impl Webhooks {
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(store: Store, setup: SharedSetup, clock: Clock, private_networks: bool) -> Result<Self, PostError> {
        Ok(Self { poster: Poster::new(private_networks)?, store, setup, clock })
    }

    /// Posts a message that says that it is a test, now, and notes the result.
    ///
    /// # Errors
    /// Why it was not delivered.
    pub async fn test(&self, webhook: &Webhook, secret: Option<&SecretString>) -> Result<Delivered, PostError> {
        let now = self.clock.now();
        let id = format!("test_{}", now.as_us());
        let result = self.send(webhook, secret, &id, "test", &json!({ "webhook": webhook.key })).await;
        self.note(&webhook.key, &result).await;
        result
    }

    pub(crate) async fn run(self) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            // A full batch means that more may be due.
            while self.batch().await == BATCH as usize {}
        }
    }

    async fn batch(&self) -> usize {
        let due = match self.store.claim_jobs(self.clock.now(), &[JOB], BATCH, LEASE_MS).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "webhooks that are due could not be read");
                return 0;
            }
        };
        let taken = due.len();
        let mut posts = JoinSet::new();
        for job in due {
            let me = self.clone();
            posts.spawn(async move { me.job(job).await });
        }
        while posts.join_next().await.is_some() {}
        taken
    }

    async fn job(&self, job: Claimed) {
        let key = job.payload["webhook"].as_str().unwrap_or_default().to_owned();
        let kind = job.payload["type"].as_str().unwrap_or_default().to_owned();
        let setup = self.setup.load_full();
        let found = setup.webhooks.iter().find(|(w, _)| w.key == key && w.enabled);
        let result = match found {
            Some((webhook, secret)) => {
                let result = self.send(webhook, secret.as_ref(), &job.id.to_string(), &kind, &job.payload["data"]).await;
                self.note(&key, &result).await;
                result.map(drop)
            }
            // Removed or switched off meanwhile: nobody wants it any more.
            None => Ok(()),
        };
        metrics::counter!("zhiyin_webhooks_total", "result" => if result.is_ok() { "delivered" } else { "failed" }).increment(1);
        if let Err(error) = self.finish(&job, result).await {
            tracing::warn!(%error, webhook = key, "the end of a webhook's job could not be written; it will be sent again");
        }
    }

    async fn finish(&self, job: &Claimed, result: Result<(), PostError>) -> Result<(), StoreError> {
        let tx = self.store.begin(self.clock.now()).await?;
        match result {
            Ok(()) => drop(jobs::done(&tx, job).await?),
            Err(error) => drop(jobs::failed(&tx, job, &error.to_string()).await?),
        }
        tx.commit().await
    }

    async fn send(
        &self,
        webhook: &Webhook,
        secret: Option<&SecretString>,
        id: &str,
        kind: &str,
        data: &Value,
    ) -> Result<Delivered, PostError> {
        let secret = secret.map(Secret::parse).transpose().map_err(|_| PostError::Address("its secret is not of the form whsec_…"))?;
        let now = self.clock.now();
        let body = json!({ "type": kind, "timestamp": now.as_us(), "data": data }).to_string();
        self.poster.post(&webhook.url, secret.as_ref(), id, now.as_ms() / 1000, body).await
    }

    async fn note(&self, webhook: &str, result: &Result<Delivered, PostError>) {
        let failure = result.as_ref().err().map(ToString::to_string);
        if let Err(error) = self.write_note(webhook, failure.as_deref(), self.clock.now()).await {
            tracing::warn!(%error, webhook, "how a webhook went could not be noted");
        }
    }

    async fn write_note(&self, webhook: &str, failure: Option<&str>, now: Timestamp) -> Result<(), StoreError> {
        let tx = self.store.begin(now).await?;
        status::note(&tx, webhook, failure).await?;
        tx.commit().await
    }
}

/// Whether the text is a signing secret.
pub fn is_secret(text: &str) -> bool {
    Secret::parse(&SecretString::from(text.to_owned())).is_ok()
}
