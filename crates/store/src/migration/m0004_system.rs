//! Keys, settings, audit chain, kept answers, set-up tokens, jobs.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            table("keys")
                .col(int("id").primary_key().take())
                .col(text("domain"))
                .col(int("version"))
                .col(bytes("wrapped"))
                .col(big("created_at"))
                .take(),
        )
        .await?;
        m.create_index(unique("keys", &["domain", "version"])).await?;
        m.create_table(table("settings").col(text("key").primary_key().take()).col(text("value")).col(big("version")).take()).await?;
        m.create_table(
            table("audit")
                .col(big("seq").primary_key().take())
                .col(big("at"))
                .col(text("actor_kind"))
                .col(uuid_null("actor_id"))
                .col(text("actor_name"))
                .col(text("action"))
                .col(text_null("target_kind"))
                .col(text_null("target"))
                .col(text_null("address"))
                .col(text_null("user_agent"))
                .col(text("result"))
                .col(text("detail"))
                .col(bytes("prev"))
                .col(bytes("hash"))
                .take(),
        )
        .await?;
        m.create_index(index("audit", &["at"])).await?;
        m.create_index(index("audit", &["actor_id", "seq"])).await?;
        m.create_index(index("audit", &["target", "seq"])).await?;
        super::guard::append_only(m, "audit").await?;
        m.create_table(
            table("idempotency_keys")
                .col(uuid("owner"))
                .col(text("key"))
                .col(bytes("request_hash"))
                .col(int("status"))
                .col(bytes("response"))
                .col(big("created_at"))
                .col(big("expires_at"))
                .primary_key(Index::create().col("owner").col("key"))
                .take(),
        )
        .await?;
        m.create_index(index("idempotency_keys", &["expires_at"])).await?;
        m.create_table(
            table("setup_tokens")
                .col(bytes("hash").primary_key().take())
                .col(big("created_at"))
                .col(big("expires_at"))
                .col(big_null("used_at"))
                .take(),
        )
        .await?;
        m.create_table(
            table("jobs")
                .col(id())
                .col(text("kind"))
                .col(bytes("payload"))
                .col(text("state"))
                .col(big("run_at"))
                .col(int("attempts"))
                .col(int("attempts_max"))
                .col(big_null("lease_until"))
                .col(text_null("last_error"))
                .col(big("created_at"))
                .col(big_null("done_at"))
                .take(),
        )
        .await?;
        m.create_index(index("jobs", &["state", "run_at"])).await?;
        Ok(())
    }
}
