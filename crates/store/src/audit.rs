//! The audit chain: numbered rows, each with the hash of the one before (SHA-256), and a head signed with a key that
//! is not in the database. Written inside the action's own transaction: no audit row, no action.
use crate::entity::system::audit::{ActiveModel, Column, Entity, Model};
use crate::entity::system::setting;
use crate::{Cursor, Page, PageRequest, Result, Source, Store, StoreError, Tx};
use domain::{Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const HEAD: &str = "audit_head";
/// `detail` is refused beyond this many bytes of JSON.
pub const DETAIL_BYTES_MAX: usize = 4096;
/// Rows read at once by `verify`.
const VERIFY_ROWS: u64 = 1000;

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    User {
        id: UserId,
        name: String,
    },
    ApiKey {
        id: domain::ApiKeyId,
        name: String,
    },
    /// The program itself, or its command line.
    System,
    /// Nobody signed in (a failed sign-in).
    Anonymous,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Success,
    /// Permission or sign-in refused.
    Denied,
    Failure,
}
impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Denied => "denied",
            Self::Failure => "failure",
        }
    }
}

/// One thing to audit. Ids and masked values only: never a number, name, note or secret in clear.
#[derive(Debug, Clone)]
pub struct Entry {
    pub actor: Actor,
    /// Stable dotted word: `session.create`, `user.update`, `recording.play` …
    pub action: &'static str,
    /// Kind and id of what was acted on: `("user", "<uuid>")`.
    pub target: Option<(&'static str, String)>,
    /// Peer address, without port.
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub result: Outcome,
    /// JSON object of further facts.
    pub detail: serde_json::Value,
}

impl Entry {
    pub fn new(actor: Actor, action: &'static str) -> Self {
        Self { actor, action, target: None, address: None, user_agent: None, result: Outcome::Success, detail: serde_json::json!({}) }
    }
}

/// A written row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditRow {
    pub seq: i64,
    pub at: Timestamp,
    /// `user`, `api_key`, `system`, `anonymous`.
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub action: String,
    pub target_kind: Option<String>,
    pub target: Option<String>,
    pub address: Option<String>,
    pub user_agent: Option<String>,
    pub result: String,
    pub detail: serde_json::Value,
}

/// Where the chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Tampered {
    /// The row with this number was changed, or put in another's place.
    #[error("audit row {0} was changed")]
    Changed(i64),
    /// A row with this number should be there and is not.
    #[error("audit row {0} is missing")]
    Missing(i64),
    /// There are rows after the signed head, or the head itself was changed or removed.
    #[error("the signed head of the audit chain does not fit row {0}")]
    Head(i64),
}

/// The fields under the hash, in a fixed order: serde_json writes struct fields in order, so this is canonical.
#[derive(Serialize)]
struct Canonical<'a> {
    seq: i64,
    at: i64,
    actor_kind: &'a str,
    actor_id: Option<Uuid>,
    actor_name: &'a str,
    action: &'a str,
    target_kind: Option<&'a str>,
    target: Option<&'a str>,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    result: &'a str,
    detail: &'a str,
}

fn hash_of(row: &Model) -> Result<[u8; 32]> {
    let canonical = Canonical {
        seq: row.seq,
        at: row.at,
        actor_kind: &row.actor_kind,
        actor_id: row.actor_id,
        actor_name: &row.actor_name,
        action: &row.action,
        target_kind: row.target_kind.as_deref(),
        target: row.target.as_deref(),
        address: row.address.as_deref(),
        user_agent: row.user_agent.as_deref(),
        result: &row.result,
        detail: &row.detail,
    };
    let json = serde_json::to_vec(&canonical).map_err(|_| StoreError::Corrupt("audit row"))?;
    let mut h = Sha256::new();
    h.update(&row.prev);
    h.update(&json);
    Ok(h.finalize().into())
}

/// The signed end of the chain: `seq|hash|mac`.
struct Head {
    seq: i64,
    hash: [u8; 32],
}

impl Head {
    const EMPTY: Head = Head { seq: 0, hash: [0; 32] };

    fn encode(&self, source: &impl Source) -> String {
        let body = format!("{}|{}", self.seq, hex::encode(self.hash));
        format!("{body}|{}", hex::encode(source.crypto().audit_mac(body.as_bytes())))
    }

    /// None when the signature does not fit.
    fn decode(source: &impl Source, text: &str) -> Option<Self> {
        let (body, mac) = text.rsplit_once('|')?;
        if !crate::token::same(mac, &hex::encode(source.crypto().audit_mac(body.as_bytes()))) {
            return None;
        }
        let (seq, hash) = body.split_once('|')?;
        Some(Self { seq: seq.parse().ok()?, hash: hex::decode(hash).ok()?.try_into().ok()? })
    }
}

/// Appends a row to the chain within the action's transaction; returns its number. Writers queue on the head row, so
/// append late in the transaction.
///
/// # Errors
/// `Invalid` for a detail that is too long; `Corrupt("audit head")` when someone changed the head. Roll back then.
pub async fn append(tx: &Tx, entry: &Entry) -> Result<i64> {
    let detail = entry.detail.to_string();
    if detail.len() > DETAIL_BYTES_MAX {
        return Err(StoreError::Invalid { field: "detail", reason: format!("at most {DETAIL_BYTES_MAX} bytes") });
    }
    let head = locked_head(tx).await?;
    let (actor_kind, actor_id, actor_name) = match &entry.actor {
        Actor::User { id, name } => ("user", Some(id.0), name.as_str()),
        Actor::ApiKey { id, name } => ("api_key", Some(id.0), name.as_str()),
        Actor::System => ("system", None, ""),
        Actor::Anonymous => ("anonymous", None, ""),
    };
    let user_agent = entry.user_agent.as_ref().map(|a| a.chars().take(crate::repo::sessions::USER_AGENT_CHARS_MAX).collect());
    let mut row = Model {
        seq: head.seq + 1,
        at: tx.now.as_us(),
        actor_kind: actor_kind.into(),
        actor_id,
        actor_name: actor_name.into(),
        action: entry.action.into(),
        target_kind: entry.target.as_ref().map(|t| t.0.into()),
        target: entry.target.as_ref().map(|t| t.1.clone()),
        address: entry.address.clone(),
        user_agent,
        result: entry.result.word().into(),
        detail,
        prev: head.hash.to_vec(),
        hash: Vec::new(),
    };
    let hash = hash_of(&row)?;
    row.hash = hash.to_vec();
    let next = Head { seq: row.seq, hash };
    Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.conn).await?;
    crate::repo::settings::set(tx, HEAD, &next.encode(tx)).await?;
    Ok(next.seq)
}

/// Reads the head with its row locked (PostgreSQL; SQLite has one writer). The first writer makes the row first, so
/// that there is one to lock.
async fn locked_head(tx: &Tx) -> Result<Head> {
    use sea_orm::sea_query::OnConflict;
    let find = || setting::Entity::find_by_id(HEAD.to_owned()).lock_exclusive();
    let text = match find().one(&tx.conn).await? {
        Some(row) => row.value,
        None => {
            let first = setting::Model { key: HEAD.into(), value: Head::EMPTY.encode(tx), version: 1 };
            let once = OnConflict::column(setting::Column::Key).do_nothing().to_owned();
            setting::Entity::insert(setting::ActiveModel::from(first)).on_conflict(once).exec_without_returning(&tx.conn).await?;
            find().one(&tx.conn).await?.ok_or(StoreError::Corrupt("audit head"))?.value
        }
    };
    Head::decode(tx, &text).ok_or(StoreError::Corrupt("audit head"))
}

/// Which rows; all none = all.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    pub actor: Option<Uuid>,
    /// The word itself, or a prefix ending in `.` (`session.`).
    pub action: Option<String>,
    /// Target id.
    pub target: Option<String>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
}

/// Newest first.
pub async fn list(source: &impl Source, filter: &AuditFilter, page: PageRequest) -> Result<Page<AuditRow>> {
    let limit = page.limit();
    let mut query = Entity::find();
    if let Some(actor) = filter.actor {
        query = query.filter(Column::ActorId.eq(actor));
    }
    if let Some(action) = &filter.action {
        query = match action.strip_suffix('.') {
            Some(_) => query.filter(Column::Action.starts_with(action)),
            None => query.filter(Column::Action.eq(action)),
        };
    }
    if let Some(target) = &filter.target {
        query = query.filter(Column::Target.eq(target));
    }
    if let Some(from) = filter.from {
        query = query.filter(Column::At.gte(from.as_us()));
    }
    if let Some(to) = filter.to {
        query = query.filter(Column::At.lt(to.as_us()));
    }
    if let Some(cursor) = page.cursor {
        query = query.filter(Column::Seq.lt(cursor.int()?.0));
    }
    let rows = query.order_by_desc(Column::Seq).limit(limit + 1).all(source.conn()).await?;
    let rows = rows.into_iter().map(public).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_rows(rows, limit, |r| Cursor::Int(r.seq, Uuid::nil())))
}

fn public(row: Model) -> Result<AuditRow> {
    Ok(AuditRow {
        seq: row.seq,
        at: Timestamp(row.at),
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        actor_name: row.actor_name,
        action: row.action,
        target_kind: row.target_kind,
        target: row.target,
        address: row.address,
        user_agent: row.user_agent,
        result: row.result,
        detail: crate::repo::from_json(&row.detail, "audit row")?,
    })
}

/// Walks the whole chain from the first row to the signed head. `Ok(Ok(n))`: n rows, all as written.
///
/// # Errors
/// The outer error is the database's; the inner says where the chain is broken.
pub async fn verify(store: &Store) -> Result<Result<u64, Tampered>> {
    // The head first: rows appended meanwhile are beyond it and belong to the next check.
    let head = match crate::repo::settings::get(store, HEAD).await? {
        Some(text) => match Head::decode(store, &text) {
            Some(head) => head,
            None => return Ok(Err(Tampered::Head(0))),
        },
        None if Entity::find().one(store.conn()).await?.is_none() => return Ok(Ok(0)),
        None => return Ok(Err(Tampered::Head(0))),
    };
    let mut last = Head::EMPTY;
    while last.seq < head.seq {
        let rows = Entity::find().filter(Column::Seq.gt(last.seq)).order_by_asc(Column::Seq).limit(VERIFY_ROWS).all(store.conn()).await?;
        if rows.is_empty() {
            return Ok(Err(Tampered::Missing(last.seq + 1)));
        }
        for row in rows {
            if row.seq > head.seq {
                break;
            }
            if row.seq != last.seq + 1 {
                return Ok(Err(Tampered::Missing(last.seq + 1)));
            }
            let hash = hash_of(&row)?;
            if row.prev != last.hash || row.hash != hash {
                return Ok(Err(Tampered::Changed(row.seq)));
            }
            last = Head { seq: row.seq, hash };
        }
    }
    let beyond = Entity::find().filter(Column::Seq.gt(head.seq)).one(store.conn()).await?.is_some();
    // Rows beyond are fine if the head moved with them while this walked.
    let moved = crate::repo::settings::get(store, HEAD).await?.and_then(|t| Head::decode(store, &t)).is_some_and(|h| h.seq > head.seq);
    if last.hash == head.hash && (moved || !beyond) { Ok(Ok(last.seq.unsigned_abs())) } else { Ok(Err(Tampered::Head(head.seq))) }
}
