//! Opening hours: calendars, and the hand on their switch. What is said to one customer alone.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // The shape of all configuration; see m0002.
        m.create_table(
            table("calendars")
                .col(text("id").primary_key().take())
                .col(text("key"))
                .col(big("version"))
                .col(big("updated_at"))
                .col(text("body"))
                .col(bytes_null("secret"))
                .take(),
        )
        .await?;
        m.create_index(unique("calendars", &["key"])).await?;
        // Apart from the calendar: who turns the switch does not change the calendar, and applying a blueprint does not turn it.
        m.create_table(
            table("calendar_switches")
                .col(text("calendar_id").primary_key().take())
                .col(big("updated_at"))
                .col(text("body"))
                .foreign_key(&mut reference(("calendar_switches", "calendar_id"), ("calendars", "id"), ForeignKeyAction::Cascade))
                .take(),
        )
        .await?;
        m.alter_table(Table::alter().table("customers").add_column(bytes_null("announcement")).take()).await
    }
}
