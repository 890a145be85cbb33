//! What an administrator sets up, and customer cards.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in ["teams", "queues", "numbers", "trunks", "prompts", "break_reasons", "wrap_up_codes"] {
            configured(m, name).await?;
        }
        m.create_table(
            table("queue_members")
                .col(text("queue_id"))
                .col(uuid("user_id"))
                .col(int("level"))
                .primary_key(Index::create().col("queue_id").col("user_id"))
                .foreign_key(&mut reference(("queue_members", "queue_id"), ("queues", "id"), ForeignKeyAction::Cascade))
                .foreign_key(&mut reference(("queue_members", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
                .take(),
        )
        .await?;
        m.create_index(index("queue_members", &["user_id"])).await?;
        m.create_table(
            table("customers")
                .col(id())
                .col(bytes("name"))
                .col(bytes("phones"))
                .col(bytes_null("email"))
                .col(text_null("company"))
                .col(text("tags"))
                .col(boolean("vip"))
                .col(bytes_null("note"))
                .col(big("version"))
                .col(big("created_at"))
                .col(big("updated_at"))
                .take(),
        )
        .await?;
        m.create_index(index("customers", &["updated_at", "id"])).await?;
        m.create_table(
            table("customer_phones")
                .col(uuid("customer_id"))
                .col(bytes("idx"))
                .primary_key(Index::create().col("customer_id").col("idx"))
                .foreign_key(&mut reference(("customer_phones", "customer_id"), ("customers", "id"), ForeignKeyAction::Cascade))
                .take(),
        )
        .await?;
        m.create_index(index("customer_phones", &["idx"])).await?;
        Ok(())
    }
}
