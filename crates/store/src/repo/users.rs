//! People who sign in, with their secrets beside them.
use super::engine_config::SipSecret;
use super::{Versioned, from_json, from_word, to_json, word};
use crate::crypto::{Domain, Field};
use crate::entity::access::user::{ActiveModel, Column, Entity, Model};
use crate::{Cursor, Page, PageRequest, Result, Source, StoreError, Tx};
use domain::access::Role;
use domain::config::User;
use domain::{TeamId, Timestamp, UserId};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

const UNIQUE: [&str; 2] = ["username", "extension"];

/// What sign-in needs to know of a user.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: User,
    /// PHC string; none = cannot sign in by password.
    pub password_hash: Option<String>,
    /// Wrong passwords since the last right one.
    pub failed_logins: u32,
    pub locked_until: Option<Timestamp>,
}

/// Which users; all none = everyone.
#[derive(Debug, Clone, Default)]
pub struct UserFilter {
    pub team: Option<TeamId>,
    /// Only this user (scope `own`).
    pub only: Option<UserId>,
    pub disabled: Option<bool>,
}

/// Usernames compare without regard to case: this is the stored form.
pub fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

/// A new user, without any secret yet.
///
/// # Errors
/// `Duplicate("username" | "extension")`.
pub async fn insert(tx: &Tx, user: &User) -> Result<Versioned<User>> {
    let now = tx.now.as_us();
    let row = ActiveModel {
        id: Set(user.id.0),
        version: Set(1),
        password_hash: Set(None),
        sip: Set(None),
        failed_logins: Set(0),
        locked_until: Set(None),
        last_login_at: Set(None),
        created_at: Set(now),
        ..columns(user, now)?
    };
    Entity::insert(row).exec_without_returning(&tx.conn).await.map_err(|e| StoreError::unique(e, &UNIQUE))?;
    super::settings::bump_config_revision(tx).await?;
    Ok(Versioned { version: 1, value: stored(user) })
}

/// Replaces a user's fields if its version is still `expected`; returns the new version.
///
/// # Errors
/// `NotFound`, `Conflict`, `Duplicate`.
pub async fn update(tx: &Tx, user: &User, expected: i64) -> Result<i64> {
    let row = ActiveModel { version: Set(expected + 1), ..columns(user, tx.now.as_us())? };
    let done = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(user.id.0))
        .filter(Column::Version.eq(expected))
        .exec(&tx.conn)
        .await
        .map_err(|e| StoreError::unique(e, &UNIQUE))?;
    if done.rows_affected == 0 {
        let found = get(tx, user.id).await?.version;
        return Err(StoreError::Conflict { expected, found });
    }
    super::settings::bump_config_revision(tx).await?;
    Ok(expected + 1)
}

fn stored(user: &User) -> User {
    User { username: username_key(&user.username), ..user.clone() }
}

fn columns(user: &User, now: i64) -> Result<ActiveModel> {
    Ok(ActiveModel {
        username: Set(username_key(&user.username)),
        display_name: Set(user.display_name.clone()),
        roles: Set(to_json(&user.roles, "roles")?),
        team: Set(user.team.map(|t| t.0)),
        extension: Set(user.extension.clone()),
        locale: Set(word(&user.locale)),
        skills: Set(to_json(&user.skills, "skills")?),
        capacity: Set(user.capacity.clone()),
        disabled: Set(user.disabled),
        updated_at: Set(now),
        ..Default::default()
    })
}

pub(crate) fn from_row(row: &Model) -> Result<User> {
    Ok(User {
        id: UserId(row.id),
        username: row.username.clone(),
        display_name: row.display_name.clone(),
        roles: from_json::<Vec<Role>>(&row.roles, "roles")?,
        team: row.team.map(TeamId),
        extension: row.extension.clone(),
        locale: from_word(&row.locale, "locale")?,
        skills: from_json(&row.skills, "skills")?,
        capacity: row.capacity.clone(),
        disabled: row.disabled,
    })
}

fn versioned(row: &Model) -> Result<Versioned<User>> {
    Ok(Versioned { version: row.version, value: from_row(row)? })
}

/// # Errors
/// `NotFound("user")`.
pub async fn get(source: &impl Source, id: UserId) -> Result<Versioned<User>> {
    let row = Entity::find_by_id(id.0).one(source.conn()).await?.ok_or(StoreError::NotFound("user"))?;
    versioned(&row)
}

pub async fn find_by_extension(source: &impl Source, extension: &str) -> Result<Option<User>> {
    let row = Entity::find().filter(Column::Extension.eq(extension)).one(source.conn()).await?;
    row.as_ref().map(from_row).transpose()
}

/// By username (any case), for sign-in.
pub async fn credentials(source: &impl Source, username: &str) -> Result<Option<Credentials>> {
    let row = Entity::find().filter(Column::Username.eq(username_key(username))).one(source.conn()).await?;
    row.as_ref().map(credentials_of).transpose()
}

/// By id, for changing one's own password.
pub async fn credentials_by_id(source: &impl Source, id: UserId) -> Result<Credentials> {
    let row = Entity::find_by_id(id.0).one(source.conn()).await?.ok_or(StoreError::NotFound("user"))?;
    credentials_of(&row)
}

fn credentials_of(row: &Model) -> Result<Credentials> {
    Ok(Credentials {
        user: from_row(row)?,
        password_hash: row.password_hash.clone(),
        failed_logins: u32::try_from(row.failed_logins).unwrap_or(0),
        locked_until: row.locked_until.map(Timestamp),
    })
}

/// Ordered by username.
pub async fn list(source: &impl Source, filter: &UserFilter, page: PageRequest) -> Result<Page<Versioned<User>>> {
    let limit = page.limit();
    let mut query = Entity::find();
    if let Some(team) = filter.team {
        query = query.filter(Column::Team.eq(team.0));
    }
    if let Some(only) = filter.only {
        query = query.filter(Column::Id.eq(only.0));
    }
    if let Some(disabled) = filter.disabled {
        query = query.filter(Column::Disabled.eq(disabled));
    }
    if let Some(cursor) = page.cursor {
        query = query.filter(Column::Username.gt(cursor.text()?));
    }
    let rows = query.order_by_asc(Column::Username).limit(limit + 1).all(source.conn()).await?;
    let users = rows.iter().map(versioned).collect::<Result<Vec<_>>>()?;
    Ok(Page::from_rows(users, limit, |u| Cursor::Text(u.value.username.clone())))
}

/// Everyone at once (names for lists, the engine); bounded by the company's size.
pub async fn all(source: &impl Source) -> Result<Vec<User>> {
    Entity::find().order_by_asc(Column::Username).all(source.conn()).await?.iter().map(from_row).collect()
}

pub async fn count(source: &impl Source) -> Result<u64> {
    Ok(Entity::find().count(source.conn()).await?)
}

/// Sets the password (a PHC string of [`crate::password::hash`]) and clears the lock-out.
pub async fn set_password_hash(tx: &Tx, id: UserId, phc: &str) -> Result<()> {
    let row = ActiveModel {
        password_hash: Set(Some(phc.to_owned())),
        failed_logins: Set(0),
        locked_until: Set(None),
        updated_at: Set(tx.now.as_us()),
        ..Default::default()
    };
    one(tx, id, row).await
}

/// Sets or removes the desk phone's digest secret.
pub async fn set_sip_secret(tx: &Tx, id: UserId, secret: Option<&SipSecret>) -> Result<()> {
    let sealed = secret.map(|s| tx.crypto().seal_json(Domain::Config, sip_field(&id.0), s)).transpose()?;
    one(tx, id, ActiveModel { sip: Set(sealed), updated_at: Set(tx.now.as_us()), ..Default::default() }).await?;
    super::settings::bump_config_revision(tx).await
}

fn sip_field(id: &uuid::Uuid) -> Field<'_> {
    Field::new("users", "sip", id.as_bytes())
}

pub(crate) fn open_sip(source: &impl Source, row: &Model) -> Result<Option<SipSecret>> {
    row.sip.as_ref().map(|s| source.crypto().open_json(Domain::Config, sip_field(&row.id), s)).transpose()
}

/// Counts a wrong password; `lock_until` locks the account until then. Returns the count.
pub async fn login_failed(tx: &Tx, id: UserId, lock_until: Option<Timestamp>) -> Result<u32> {
    let mut query = Entity::update_many().col_expr(Column::FailedLogins, Expr::col(Column::FailedLogins).add(1));
    if let Some(until) = lock_until {
        query = query.col_expr(Column::LockedUntil, Expr::value(until.as_us()));
    }
    query.filter(Column::Id.eq(id.0)).exec(&tx.conn).await?;
    Ok(credentials_by_id(tx, id).await?.failed_logins)
}

/// A right password: the counter and the lock go, the time is kept.
pub async fn login_succeeded(tx: &Tx, id: UserId) -> Result<()> {
    let row =
        ActiveModel { failed_logins: Set(0), locked_until: Set(None), last_login_at: Set(Some(tx.now.as_us())), ..Default::default() };
    one(tx, id, row).await
}

/// An administrator lifts the lock-out.
pub async fn unlock(tx: &Tx, id: UserId) -> Result<()> {
    one(tx, id, ActiveModel { failed_logins: Set(0), locked_until: Set(None), ..Default::default() }).await
}

async fn one(tx: &Tx, id: UserId, row: ActiveModel) -> Result<()> {
    let done = Entity::update_many().set(row).filter(Column::Id.eq(id.0)).exec(&tx.conn).await?;
    if done.rows_affected == 0 { Err(StoreError::NotFound("user")) } else { Ok(()) }
}
