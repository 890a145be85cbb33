//! The schema, step by step. Migrations are Rust, portable, and only ever added to; expand first, contract a release later.
mod guard;
mod m0001_access;
mod m0002_config;
mod m0003_history;
mod m0004_system;
mod m0005_routing;
mod m0006_monitor;
mod m0007_hours;
mod m0008_capacity;
mod m0009_callbacks;
mod m0010_waiting_list;

use crate::{Result, StoreError};
use sea_orm::{DatabaseConnection, EntityTrait, QueryOrder};
use sea_orm_migration::prelude::*;
use sea_orm_migration::seaql_migrations;

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_access::Migration),
            Box::new(m0002_config::Migration),
            Box::new(m0003_history::Migration),
            Box::new(m0004_system::Migration),
            Box::new(m0005_routing::Migration),
            Box::new(m0006_monitor::Migration),
            Box::new(m0007_hours::Migration),
            Box::new(m0008_capacity::Migration),
            Box::new(m0009_callbacks::Migration),
            Box::new(m0010_waiting_list::Migration),
        ]
    }
}

/// Names of migrations that ran, oldest first; empty for a new database.
async fn applied(db: &DatabaseConnection) -> Result<Vec<String>> {
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let rows = seaql_migrations::Entity::find().order_by_asc(seaql_migrations::Column::Version).all(db).await?;
    Ok(rows.into_iter().map(|r| r.version).collect())
}

fn known() -> Vec<String> {
    Migrator::migrations().iter().map(|m| m.name().to_owned()).collect()
}

/// A database that a newer program migrated is not touched.
pub(crate) async fn refuse_newer(db: &DatabaseConnection) -> Result<()> {
    let known = known();
    match applied(db).await?.into_iter().find(|a| !known.contains(a)) {
        Some(unknown) => Err(StoreError::Schema(format!("migration {unknown} is newer than this program"))),
        None => Ok(()),
    }
}

pub(crate) async fn pending(db: &DatabaseConnection) -> Result<Vec<String>> {
    let applied = applied(db).await?;
    Ok(known().into_iter().filter(|k| !applied.contains(k)).collect())
}

pub(crate) async fn check(db: &DatabaseConnection) -> Result<()> {
    refuse_newer(db).await?;
    match pending(db).await?.first() {
        Some(first) => Err(StoreError::Schema(format!("migration {first} has not run"))),
        None => Ok(()),
    }
}

/// Column shorthands shared by the migrations.
mod col {
    use sea_orm_migration::prelude::*;

    pub fn table(name: &'static str) -> TableCreateStatement {
        Table::create().table(name).take()
    }
    pub fn id() -> ColumnDef {
        uuid("id").primary_key().take()
    }
    pub fn serial(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().not_null().auto_increment().primary_key().take()
    }
    pub fn uuid(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).uuid().not_null().take()
    }
    pub fn uuid_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).uuid().null().take()
    }
    pub fn text(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).text().not_null().take()
    }
    pub fn text_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).text().null().take()
    }
    pub fn big(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().not_null().take()
    }
    pub fn big_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).big_integer().null().take()
    }
    pub fn int(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).integer().not_null().take()
    }
    pub fn int_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).integer().null().take()
    }
    pub fn bytes(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).binary().not_null().take()
    }
    pub fn bytes_null(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).binary().null().take()
    }
    pub fn boolean(name: &'static str) -> ColumnDef {
        ColumnDef::new(name).boolean().not_null().take()
    }
    /// `idx_<table>_<columns>`
    pub fn index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
        let mut i = Index::create().name(format!("idx_{table}_{}", columns.join("_"))).table(table).take();
        for c in columns {
            i.col(*c);
        }
        i
    }
    pub fn unique(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
        index(table, columns).unique().take()
    }
    /// A table of configuration: `id` is the UUID, or the key of things that have none; `body` the domain struct as JSON; `secret` sealed.
    pub async fn configured(m: &SchemaManager<'_>, name: &'static str) -> Result<(), DbErr> {
        m.create_table(
            table(name)
                .col(text("id").primary_key().take())
                .col(text("key"))
                .col(big("version"))
                .col(big("updated_at"))
                .col(text("body"))
                .col(bytes_null("secret"))
                .take(),
        )
        .await?;
        m.create_index(unique(name, &["key"])).await
    }
    pub fn reference(
        from: (&'static str, &'static str),
        to: (&'static str, &'static str),
        on_delete: ForeignKeyAction,
    ) -> ForeignKeyCreateStatement {
        ForeignKey::create().name(format!("fk_{}_{}", from.0, from.1)).from(from.0, from.1).to(to.0, to.1).on_delete(on_delete).take()
    }
}
