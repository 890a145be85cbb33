//! People, sessions, sign-in attempts, API keys.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            table("users")
                .col(id())
                .col(text("username"))
                .col(text("display_name"))
                .col(text("roles"))
                .col(uuid_null("team"))
                .col(text_null("extension"))
                .col(text("locale"))
                .col(boolean("disabled"))
                .col(big("version"))
                .col(text_null("password_hash"))
                .col(bytes_null("sip"))
                .col(int("failed_logins"))
                .col(big_null("locked_until"))
                .col(big_null("last_login_at"))
                .col(big("created_at"))
                .col(big("updated_at"))
                .take(),
        )
        .await?;
        m.create_index(unique("users", &["username"])).await?;
        m.create_index(unique("users", &["extension"])).await?;
        m.create_table(
            table("sessions")
                .col(id())
                .col(uuid("user_id"))
                .col(bytes("token_hash"))
                .col(big("created_at"))
                .col(big("seen_at"))
                .col(big("expires_at"))
                .col(text("address"))
                .col(text("user_agent"))
                .foreign_key(&mut reference(("sessions", "user_id"), ("users", "id"), ForeignKeyAction::Cascade))
                .take(),
        )
        .await?;
        m.create_index(unique("sessions", &["token_hash"])).await?;
        m.create_index(index("sessions", &["user_id"])).await?;
        m.create_index(index("sessions", &["expires_at"])).await?;
        m.create_table(
            table("login_attempts").col(id()).col(big("at")).col(text("address")).col(bytes("username_index")).col(boolean("ok")).take(),
        )
        .await?;
        m.create_index(index("login_attempts", &["address", "at"])).await?;
        m.create_index(index("login_attempts", &["at"])).await?;
        m.create_table(
            table("api_keys")
                .col(id())
                .col(text("prefix"))
                .col(bytes("hash"))
                .col(text("name"))
                .col(uuid_null("owner"))
                .col(text("permissions"))
                .col(uuid_null("created_by"))
                .col(big("created_at"))
                .col(big_null("expires_at"))
                .col(big_null("last_used_at"))
                .col(big_null("revoked_at"))
                .take(),
        )
        .await?;
        m.create_index(unique("api_keys", &["prefix"])).await?;
        Ok(())
    }
}
