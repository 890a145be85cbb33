//! The outbox: at least once, by one worker at a time.
use crate::support::{Db, NOW, id, on_both};
use domain::Timestamp;
use std::collections::HashSet;
use store::Record;
use store::jobs::{self, NewJob};

fn job(kind: &str, run_at: Timestamp) -> NewJob {
    NewJob { id: id(), kind: kind.into(), payload: serde_json::json!({"to": "13800001234"}), run_at, attempts_max: 2 }
}

async fn a_job_is_claimed_done_or_tried_again(db: Db) {
    let now = job("webhook", NOW);
    db.store.append(NOW, vec![Record::Job(now.clone()), Record::Job(job("webhook", NOW.plus_ms(10_000)))]).await.unwrap();
    assert!(db.store.claim_jobs(NOW, &["other"], 10, 1000).await.unwrap().is_empty());
    let got = db.store.claim_jobs(NOW, &["webhook"], 10, 1000).await.unwrap();
    assert_eq!((got.len(), &got[0].payload, got[0].attempt), (1, &now.payload, 1));
    assert!(db.store.claim_jobs(NOW, &[], 10, 1000).await.unwrap().is_empty(), "leased");

    let tx = db.store.begin(NOW).await.unwrap();
    assert!(jobs::failed(&tx, &got[0], "no route").await.unwrap());
    tx.commit().await.unwrap();
    assert!(db.store.claim_jobs(NOW, &[], 10, 1000).await.unwrap().is_empty(), "backing off");
    let later = NOW.plus_ms(jobs::backoff_ms(1));
    let again = db.store.claim_jobs(later, &[], 10, 1000).await.unwrap();
    assert_eq!(again[0].attempt, 2);
    let tx = db.store.begin(later).await.unwrap();
    assert!(!jobs::failed(&tx, &again[0], "no route").await.unwrap(), "that was the last try");
    tx.commit().await.unwrap();
    assert_eq!(db.store.jobs_failed(10).await.unwrap(), [(now.id, "webhook".into(), "no route".into())]);
    assert_eq!(db.store.jobs_open().await.unwrap(), 1);
}

async fn a_lost_lease_is_taken_over_and_the_late_worker_is_told(db: Db) {
    db.store.append(NOW, vec![Record::Job(job("a", NOW))]).await.unwrap();
    let slow = db.store.claim_jobs(NOW, &[], 1, 1000).await.unwrap().remove(0);
    let later = NOW.plus_ms(1000);
    let quick = db.store.claim_jobs(later, &[], 1, 1000).await.unwrap().remove(0);
    assert_eq!((quick.id, quick.attempt), (slow.id, 2));
    let tx = db.store.begin(later).await.unwrap();
    assert!(!jobs::done(&tx, &slow).await.unwrap());
    assert!(jobs::done(&tx, &quick).await.unwrap());
    assert_eq!(jobs::prune(&tx, later.plus_ms(1)).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn two_workers_never_share_a_job(db: Db) {
    db.store.append(NOW, (0..40).map(|_| Record::Job(job("a", NOW))).collect()).await.unwrap();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = db.store.clone();
        workers.spawn(async move {
            let mut mine = Vec::new();
            loop {
                let got = store.claim_jobs(NOW, &[], 3, 60_000).await.unwrap();
                if got.is_empty() {
                    return mine;
                }
                mine.extend(got.into_iter().map(|j| j.id));
            }
        });
    }
    let mut all = Vec::new();
    while let Some(mine) = workers.join_next().await {
        all.extend(mine.unwrap());
    }
    // A worker may find the rest locked by others and stop early; whoever remains takes it.
    all.extend(db.store.claim_jobs(NOW, &[], 40, 60_000).await.unwrap().into_iter().map(|j| j.id));
    assert_eq!((all.len(), all.iter().collect::<HashSet<_>>().len()), (40, 40));
}

async fn a_job_of_a_rolled_back_action_never_runs(db: Db) {
    let tx = db.store.begin(NOW).await.unwrap();
    jobs::insert(&tx, job("a", NOW)).await.unwrap();
    drop(tx);
    assert!(db.store.claim_jobs(NOW, &[], 10, 1000).await.unwrap().is_empty());
    assert_eq!((jobs::backoff_ms(1), jobs::backoff_ms(2), jobs::backoff_ms(99)), (1000, 2000, jobs::BACKOFF_MAX_MS));
}

on_both!(
    a_job_is_claimed_done_or_tried_again,
    a_lost_lease_is_taken_over_and_the_late_worker_is_told,
    two_workers_never_share_a_job,
    a_job_of_a_rolled_back_action_never_runs,
);
