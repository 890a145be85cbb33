//! What was learned of waiting times outlives the process: after a restart callers are told what they would have been told before.
use domain::estimate::{Estimator, Watch};
use domain::{QueueId, Timestamp};
use std::collections::BTreeSet;
use store::{Store, StoreError, repo::settings};
use tokio::task::JoinHandle;
use uuid::Uuid;

const PREFIX: &str = "estimate.";
/// Written this often at most: so much learning is lost when the process dies.
pub(super) const KEEP_EVERY_MS: u64 = 60_000;

/// What earlier processes learned. What cannot be read (another version's, a queue's that is gone) begins anew.
///
/// # Errors
/// The store's.
pub(crate) async fn load(store: &Store) -> Result<Watch, StoreError> {
    let mut watch = Watch::default();
    for (key, text) in settings::with_prefix(store, PREFIX).await? {
        let queue = key.strip_prefix(PREFIX).and_then(|id| id.parse::<Uuid>().ok());
        match (queue, serde_json::from_str::<Estimator>(&text)) {
            (Some(queue), Ok(estimator)) => watch.remember(QueueId(queue), estimator),
            (_, Err(error)) => tracing::warn!(key, %error, "what was learned of this queue's waits cannot be read: begun anew"),
            (None, _) => tracing::warn!(key, "no queue"),
        }
    }
    Ok(watch)
}

/// What is to be written next.
#[derive(Debug, Default)]
pub(super) struct Learned {
    changed: BTreeSet<QueueId>,
    writing: Option<JoinHandle<()>>,
}

impl Learned {
    pub fn changed(&mut self, queue: QueueId) {
        self.changed.insert(queue);
    }

    /// Writes beside the routing, unless the last time is not over yet.
    pub fn keep(&mut self, store: &Store, now: Timestamp, watch: &Watch) {
        if self.changed.is_empty() || self.writing.as_ref().is_some_and(|w| !w.is_finished()) {
            return;
        }
        // Copies; their text is made there, too: routing does not wait for it.
        let learned = std::mem::take(&mut self.changed).into_iter();
        let learned: Vec<(QueueId, Estimator)> = learned.filter_map(|q| Some((q, watch.learned(q)?.clone()))).collect();
        let store = store.clone();
        self.writing = Some(tokio::spawn(async move {
            if let Err(error) = write(&store, now, &learned).await {
                // Nothing depends on it, and in a minute there is more.
                tracing::warn!(%error, "what was learned of waits could not be kept");
            }
        }));
    }
}

async fn write(store: &Store, now: Timestamp, learned: &[(QueueId, Estimator)]) -> Result<(), StoreError> {
    let tx = store.begin(now).await?;
    for (queue, estimator) in learned {
        // Figures alone: always text.
        let Ok(text) = serde_json::to_string(estimator) else { continue };
        settings::set(&tx, &format!("{PREFIX}{queue}"), &text).await?;
    }
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::estimate::Facts;
    use store::{MasterKeySource, StoreConfig};

    #[tokio::test]
    async fn another_process_goes_on_where_the_last_one_was() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = StoreConfig::embedded(folder.path());
        config.master_key = MasterKeySource::Raw([7; 32]);
        let store = Store::open(config, Timestamp(0)).await.unwrap();
        let (queue, other) = (QueueId(Uuid::from_u128(1)), QueueId(Uuid::from_u128(2)));
        let facts = Facts { position: 3, agents_idle: 0, agents_busy: 2 };
        let mut estimator = Estimator::default();
        for _ in 0..30 {
            estimator.handled(60_000);
            let estimate = estimator.estimate(&facts).unwrap();
            estimator.answered(&estimate, 80_000);
        }
        let mut watch = Watch::default();
        watch.remember(queue, estimator.clone());
        let mut learned = Learned::default();
        learned.changed(queue);
        learned.changed(other);
        learned.keep(&store, Timestamp(1), &watch);
        learned.writing.take().unwrap().await.unwrap();
        let tx = store.begin(Timestamp(2)).await.unwrap();
        settings::set(&tx, &format!("{PREFIX}{other}"), "of another version").await.unwrap();
        tx.commit().await.unwrap();

        let again = load(&store).await.unwrap();
        assert_eq!(again.learned(queue), Some(&estimator));
        assert_eq!(again.learned(other), None);
        assert!(estimator.quality().samples > 0);
    }
}
