//! The outbox: work that a transaction causes is written in that transaction and done later, at least once.
use crate::crypto::{Domain, Field};
use crate::entity::system::job::{ActiveModel, Column, Entity, Model};
use crate::{Result, Source, Store, StoreError, Tx};
use domain::{JobId, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

const READY: &str = "ready";
const RUNNING: &str = "running";
const DONE: &str = "done";
const FAILED: &str = "failed";

/// First wait after a failure; doubles each time up to [`BACKOFF_MAX_MS`].
pub const BACKOFF_FIRST_MS: u64 = 1_000;
pub const BACKOFF_MAX_MS: u64 = 3_600_000;
/// Tries of a job when its maker does not say.
pub const ATTEMPTS_MAX_DEFAULT: u32 = 8;
/// An error text is cut to this many characters. It must not hold personal data.
const ERROR_CHARS_MAX: usize = 300;

/// Work to be done. The payload is sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    pub id: JobId,
    /// Stable word that chooses the worker: `transcribe`, `webhook` …
    pub kind: String,
    pub payload: serde_json::Value,
    /// Not before this.
    pub run_at: Timestamp,
    pub attempts_max: u32,
}

/// A job that this caller owns until `lease_until`.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    pub id: JobId,
    pub kind: String,
    pub payload: serde_json::Value,
    /// 1 on the first try.
    pub attempt: u32,
    pub lease_until: Timestamp,
}

fn field(id: &Uuid) -> Field<'_> {
    Field::new("jobs", "payload", id.as_bytes())
}

/// Adds a job within a transaction.
pub async fn insert(tx: &Tx, job: NewJob) -> Result<()> {
    insert_many(tx, vec![job]).await
}

pub(crate) async fn insert_many(tx: &Tx, jobs: Vec<NewJob>) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(jobs.len());
    for job in jobs {
        rows.push(ActiveModel {
            id: Set(job.id.0),
            payload: Set(tx.crypto().seal_json(Domain::Jobs, field(&job.id.0), &job.payload)?),
            kind: Set(job.kind),
            state: Set(READY.into()),
            run_at: Set(job.run_at.as_us()),
            attempts: Set(0),
            attempts_max: Set(i32::try_from(Ord::max(job.attempts_max, 1)).unwrap_or(i32::MAX)),
            lease_until: Set(None),
            last_error: Set(None),
            created_at: Set(tx.now.as_us()),
            done_at: Set(None),
        });
    }
    let once = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(&tx.conn).await?;
    Ok(())
}

impl Store {
    /// Takes up to `limit` due jobs of the given kinds (all when empty) for `lease_ms`. A job whose lease ran out is due
    /// again. Two callers never get the same job (`SKIP LOCKED`, or SQLite's one writer).
    pub async fn claim_jobs(&self, now: Timestamp, kinds: &[&str], limit: u32, lease_ms: u64) -> Result<Vec<Claimed>> {
        let due = Condition::any()
            .add(Condition::all().add(Column::State.eq(READY)).add(Column::RunAt.lte(now.as_us())))
            .add(Condition::all().add(Column::State.eq(RUNNING)).add(Column::LeaseUntil.lte(now.as_us())));
        let mut pick = Query::select().column(Column::Id).from(Entity).cond_where(due).take();
        if !kinds.is_empty() {
            pick.and_where(Column::Kind.is_in(kinds.iter().copied()));
        }
        pick.order_by(Column::RunAt, sea_orm::Order::Asc)
            .limit(u64::from(limit))
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
        let lease_until = now.plus_ms(lease_ms);
        let tx = self.begin(now).await?;
        let rows: Vec<Model> = Entity::update_many()
            .col_expr(Column::State, Expr::value(RUNNING))
            .col_expr(Column::Attempts, ExprTrait::add(Expr::col(Column::Attempts), 1))
            .col_expr(Column::LeaseUntil, Expr::value(lease_until.as_us()))
            .filter(Column::Id.in_subquery(pick))
            .exec_with_returning(&tx.conn)
            .await?;
        tx.commit().await?;
        rows.into_iter()
            .map(|r| {
                Ok(Claimed {
                    payload: self.crypto().open_json(Domain::Jobs, field(&r.id), &r.payload)?,
                    id: JobId(r.id),
                    kind: r.kind,
                    attempt: u32::try_from(r.attempts).unwrap_or(u32::MAX),
                    lease_until,
                })
            })
            .collect()
    }

    /// Jobs that are neither done nor failed for good (for a gauge).
    pub async fn jobs_open(&self) -> Result<u64> {
        Ok(Entity::find().filter(Column::State.is_in([READY, RUNNING])).count(self.conn()).await?)
    }

    /// Jobs that failed for good, newest first, as (id, kind, error).
    pub async fn jobs_failed(&self, limit: u32) -> Result<Vec<(JobId, String, String)>> {
        let rows =
            Entity::find().filter(Column::State.eq(FAILED)).order_by_desc(Column::DoneAt).limit(u64::from(limit)).all(self.conn()).await?;
        Ok(rows.into_iter().map(|r| (JobId(r.id), r.kind, r.last_error.unwrap_or_default())).collect())
    }
}

/// The job is done; in the same transaction as its effects. False when the lease was lost to another worker meanwhile:
/// roll the effects back then.
pub async fn done(tx: &Tx, job: &Claimed) -> Result<bool> {
    finish(
        tx,
        job,
        ActiveModel { state: Set(DONE.into()), done_at: Set(Some(tx.now.as_us())), last_error: Set(None), ..Default::default() },
    )
    .await
}

/// The try failed: again after a backoff, or for good after the last attempt. Returns whether it will be tried again.
pub async fn failed(tx: &Tx, job: &Claimed, error: &str) -> Result<bool> {
    let row = Entity::find_by_id(job.id.0).one(&tx.conn).await?.ok_or(StoreError::NotFound("job"))?;
    let error: String = error.chars().take(ERROR_CHARS_MAX).collect();
    let again = row.attempts < row.attempts_max;
    let next = if again {
        let run_at = tx.now.plus_ms(backoff_ms(job.attempt));
        ActiveModel { state: Set(READY.into()), run_at: Set(run_at.as_us()), lease_until: Set(None), ..Default::default() }
    } else {
        ActiveModel { state: Set(FAILED.into()), done_at: Set(Some(tx.now.as_us())), ..Default::default() }
    };
    finish(tx, job, ActiveModel { last_error: Set(Some(error)), ..next }).await?;
    Ok(again)
}

/// Wait after the given attempt (1 = first) failed.
pub fn backoff_ms(attempt: u32) -> u64 {
    let doublings = Ord::min(attempt.saturating_sub(1), 30);
    Ord::min(BACKOFF_FIRST_MS.saturating_mul(1 << doublings), BACKOFF_MAX_MS)
}

async fn finish(tx: &Tx, job: &Claimed, row: ActiveModel) -> Result<bool> {
    let done = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(job.id.0))
        .filter(Column::State.eq(RUNNING))
        .filter(Column::Attempts.eq(i32::try_from(job.attempt).unwrap_or(i32::MAX)))
        .exec(&tx.conn)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Deletes jobs done before `before`; failed ones stay until someone looks.
pub async fn prune(tx: &Tx, before: Timestamp) -> Result<u64> {
    let old = Entity::delete_many().filter(Column::State.eq(DONE)).filter(Column::DoneAt.lt(before.as_us()));
    Ok(old.exec(&tx.conn).await?.rows_affected)
}
