//! Small regular work: noticing configuration changed by others, forgetting what is over.
use crate::app::App;
use std::time::Duration;
use store::repo::{idempotency, login_attempts, sessions};
use tokio::time::MissedTickBehavior;

/// `zhiyin apply` on a running server's store is noticed this soon.
const REVISION_EVERY: Duration = Duration::from_secs(1);
const FORGET_EVERY: Duration = Duration::from_secs(600);

pub async fn run(app: App) {
    let mut revision = tokio::time::interval(REVISION_EVERY);
    let mut forget = tokio::time::interval(FORGET_EVERY);
    revision.set_missed_tick_behavior(MissedTickBehavior::Delay);
    forget.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seen = None;
    loop {
        tokio::select! {
            _ = revision.tick() => match app.store.config_revision().await {
                Ok(now) => {
                    if seen.is_some_and(|s| s != now) {
                        app.engine.config_changed().await;
                    }
                    seen = Some(now);
                }
                Err(e) => tracing::warn!(error = %e, "configuration revision unreadable"),
            },
            _ = forget.tick() => {
                if let Err(e) = forget_old(&app).await {
                    tracing::warn!(error = %e, "old sessions and keys were not removed");
                }
            }
        }
    }
}

async fn forget_old(app: &App) -> store::Result<()> {
    let now = app.now();
    let tx = app.store.begin(now).await?;
    sessions::delete_expired(&tx, None).await?;
    login_attempts::prune(&tx, domain::Timestamp(now.as_us() - app.config.auth.lockout_ms as i64 * 1000)).await?;
    idempotency::prune(&tx).await?;
    tx.commit().await
}
