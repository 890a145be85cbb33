//! How much people do at once, and the rules of routing that hold for every queue.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in ["capacity_profiles", "routing_rules"] {
            // As the tables of `m0002_config`.
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
            m.create_index(unique(name, &["key"])).await?;
        }
        m.alter_table(Table::alter().table("users").add_column(text_null("capacity")).take()).await
    }
}
