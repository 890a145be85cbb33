//! What can go wrong in the store, one variant a cause.

/// Every fallible function of this crate returns it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No row with this id or key.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Compare-and-set failed: the row's version is not the one the caller read (HTTP 412).
    #[error("version {expected} expected, {found} found")]
    Conflict { expected: i64, found: i64 },
    /// A unique value is taken (username, extension, key …); the field's name (HTTP 409).
    #[error("{0} is already taken")]
    Duplicate(&'static str),
    /// Something else still refers to the row, so it cannot be deleted (HTTP 409).
    #[error("still in use by {0}")]
    InUse(&'static str),
    /// The caller's value cannot be stored.
    #[error("invalid {field}: {reason}")]
    Invalid { field: &'static str, reason: String },
    /// A sealed value, key or file did not open: wrong key, tampered, swapped or cut.
    #[error("sealed {0} does not open")]
    Sealed(&'static str),
    /// A stored value cannot be read back (a row written by a newer version, or damage).
    #[error("stored {0} is unreadable")]
    Corrupt(&'static str),
    /// Configuration of the store itself is wrong.
    #[error("store configuration: {0}")]
    Config(String),
    /// The schema is older or newer than this program.
    #[error("database schema: {0}")]
    Schema(String),
    #[error("database: {0}")]
    Db(#[from] sea_orm::DbErr),
    #[error("file: {0}")]
    Io(#[from] std::io::Error),
    #[error("blob store: {0}")]
    Blob(#[from] object_store::Error),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

impl StoreError {
    /// Turns a unique-constraint failure into [`StoreError::Duplicate`] by looking for a column name in the message.
    pub(crate) fn unique(error: sea_orm::DbErr, fields: &[&'static str]) -> Self {
        use sea_orm::SqlErr;
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(text)) => {
                let hit = fields.iter().find(|f| text.contains(*f)).or(fields.first());
                hit.map_or(Self::Db(error), |f| Self::Duplicate(f))
            }
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::InUse("another row"),
            _ => Self::Db(error),
        }
    }
}
