//! What routing asks of people: their skills; the order and the weight of a queue's members.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.alter_table(Table::alter().table("users").add_column(text("skills").default("{}")).take()).await?;
        for (column, value) in [("position", 0), ("weight", 1)] {
            m.alter_table(Table::alter().table("queue_members").add_column(int(column).default(value)).take()).await?;
        }
        Ok(())
    }
}
