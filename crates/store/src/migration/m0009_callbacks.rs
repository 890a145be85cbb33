//! Callbacks: customers who did not want to wait.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            table("callbacks")
                .col(uuid("id").primary_key().take())
                .col(uuid("queue_id"))
                .col(text("state"))
                .col(big_null("ended_at"))
                // The machine as it stands, sealed: it holds the number.
                .col(bytes("body"))
                .take(),
        )
        .await?;
        m.create_index(index("callbacks", &["ended_at", "id"])).await
    }
}
