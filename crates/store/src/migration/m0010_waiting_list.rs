//! The waiting list: who stands in which line, for another owner of the routing.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            table("waiting_list")
                .col(uuid("interaction_id").primary_key().take())
                // What the router is given back, sealed: it holds the number.
                .col(bytes("body"))
                .take(),
        )
        .await
    }
}
