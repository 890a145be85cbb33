//! Watching: boards, alert rules, where alerts are sent, and the alerts there were.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in ["boards", "alert_rules", "webhooks"] {
            configured(m, name).await?;
        }
        m.create_table(
            table("alerts")
                .col(ColumnDef::new("number").big_integer().not_null().primary_key().take())
                .col(text("rule"))
                .col(text("level"))
                .col(big("fired_at"))
                .col(big_null("cleared_at"))
                .col(text("body"))
                .take(),
        )
        .await?;
        m.create_index(index("alerts", &["cleared_at"])).await?;
        m.create_table(
            table("webhook_status")
                .col(text("webhook").primary_key().take())
                .col(big_null("last_success_at"))
                .col(big_null("last_failure_at"))
                .col(text_null("last_failure"))
                .take(),
        )
        .await
    }
}
