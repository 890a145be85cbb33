//! Server-side sign-in sessions. The token is shown once; only its hash is kept.
use crate::entity::access::session::{ActiveModel, Column, Entity, Model};
use crate::{Result, Source, Tx, token};
use domain::{SessionId, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use secrecy::{ExposeSecret, SecretString};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub created_at: Timestamp,
    /// Last request, kept to about a minute.
    pub seen_at: Timestamp,
    /// Absolute end, however busy.
    pub expires_at: Timestamp,
    pub address: String,
    pub user_agent: String,
}

/// A session as it is handed to the one who signed in.
#[derive(Debug)]
pub struct NewSession {
    pub session: Session,
    pub token: SecretString,
    /// Belongs to the token; derived again by [`token::csrf`].
    pub csrf: String,
}

/// User agents are cut to this many characters.
pub const USER_AGENT_CHARS_MAX: usize = 200;

fn from_row(row: Model) -> Session {
    Session {
        id: SessionId(row.id),
        user: UserId(row.user_id),
        created_at: Timestamp(row.created_at),
        seen_at: Timestamp(row.seen_at),
        expires_at: Timestamp(row.expires_at),
        address: row.address,
        user_agent: row.user_agent,
    }
}

/// Opens a session that ends at `expires_at` at the latest.
pub async fn create(tx: &Tx, id: SessionId, user: UserId, expires_at: Timestamp, address: &str, user_agent: &str) -> Result<NewSession> {
    let secret = token::generate();
    let user_agent: String = user_agent.chars().take(USER_AGENT_CHARS_MAX).collect();
    let row = Model {
        id: id.0,
        user_id: user.0,
        token_hash: token::hash(secret.expose_secret()).to_vec(),
        created_at: tx.now.as_us(),
        seen_at: tx.now.as_us(),
        expires_at: expires_at.as_us(),
        address: address.to_owned(),
        user_agent,
    };
    Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&tx.conn).await?;
    let csrf = token::csrf(secret.expose_secret());
    Ok(NewSession { session: from_row(row), token: secret, csrf })
}

/// The session of a token, if it has not reached its absolute end. The idle limit is the caller's rule (`seen_at`).
pub async fn find(source: &impl Source, token: &str, now: Timestamp) -> Result<Option<Session>> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token::hash(token).to_vec()))
        .filter(Column::ExpiresAt.gt(now.as_us()))
        .one(source.conn())
        .await?;
    Ok(row.map(from_row))
}

/// Notes that the session was used. Call it at most once a minute a session: it is a write.
pub async fn touch(tx: &Tx, id: SessionId) -> Result<()> {
    let row = ActiveModel { seen_at: Set(tx.now.as_us()), ..Default::default() };
    Entity::update_many().set(row).filter(Column::Id.eq(id.0)).exec(&tx.conn).await?;
    Ok(())
}

/// Ends one session; false when it was gone already.
pub async fn delete(tx: &Tx, id: SessionId) -> Result<bool> {
    Ok(Entity::delete_by_id(id.0).exec(&tx.conn).await?.rows_affected > 0)
}

/// Ends all of a user's sessions (password changed, user disabled), except one if given; returns how many.
pub async fn delete_of_user(tx: &Tx, user: UserId, except: Option<SessionId>) -> Result<u64> {
    let mut query = Entity::delete_many().filter(Column::UserId.eq(user.0));
    if let Some(keep) = except {
        query = query.filter(Column::Id.ne(keep.0));
    }
    Ok(query.exec(&tx.conn).await?.rows_affected)
}

/// Removes sessions past their absolute end, and those idle since before `idle_before`; returns how many.
pub async fn delete_expired(tx: &Tx, idle_before: Option<Timestamp>) -> Result<u64> {
    let mut old = Condition::any().add(Column::ExpiresAt.lte(tx.now.as_us()));
    if let Some(t) = idle_before {
        old = old.add(Column::SeenAt.lt(t.as_us()));
    }
    Ok(Entity::delete_many().filter(old).exec(&tx.conn).await?.rows_affected)
}

/// A user's open sessions, newest first.
pub async fn of_user(source: &impl Source, user: UserId, now: Timestamp) -> Result<Vec<Session>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user.0))
        .filter(Column::ExpiresAt.gt(now.as_us()))
        .order_by_desc(Column::CreatedAt)
        .all(source.conn())
        .await?;
    Ok(rows.into_iter().map(from_row).collect())
}
