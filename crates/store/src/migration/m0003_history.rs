//! What happened: interactions and their parts, events.
use super::col::*;
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        interactions(m).await?;
        parts(m).await?;
        events(m).await
    }
}

async fn interactions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("interactions")
            .col(id())
            .col(text("channel"))
            .col(text("direction"))
            .col(text("state"))
            .col(text_null("outcome"))
            .col(bytes("remote"))
            .col(bytes_null("remote_index"))
            .col(text("local"))
            .col(uuid_null("number_id"))
            .col(uuid_null("trunk_id"))
            .col(uuid_null("queue_id"))
            .col(uuid_null("agent_id"))
            .col(uuid_null("customer_id"))
            .col(big("started_at"))
            .col(big_null("queued_at"))
            .col(big_null("answered_at"))
            .col(big_null("ended_at"))
            .col(big("wait_ms"))
            .col(big("talk_ms"))
            .col(big("hold_ms"))
            .col(big("wrap_up_ms"))
            .col(text_null("hangup_by"))
            .col(int_null("sip_status"))
            .col(int_null("q850"))
            .col(text_null("wrap_up_code"))
            .col(bytes_null("note"))
            .col(uuid_null("recording_id"))
            .take(),
    )
    .await?;
    m.create_index(index("interactions", &["started_at", "id"])).await?;
    m.create_index(index("interactions", &["agent_id", "started_at"])).await?;
    m.create_index(index("interactions", &["queue_id", "started_at"])).await?;
    m.create_index(index("interactions", &["customer_id", "started_at"])).await?;
    m.create_index(index("interactions", &["remote_index"])).await?;
    m.create_index(index("interactions", &["state"])).await
}

/// What an interaction is made of: segments, legs, recordings.
async fn parts(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        table("segments")
            .col(id())
            .col(uuid("interaction_id"))
            .col(text("kind"))
            .col(uuid_null("queue_id"))
            .col(uuid_null("agent_id"))
            .col(big("started_at"))
            .col(big_null("ended_at"))
            .col(text_null("result"))
            .take(),
    )
    .await?;
    m.create_index(index("segments", &["interaction_id"])).await?;
    m.create_table(
        table("leg_reports")
            .col(uuid("interaction_id"))
            .col(int("leg"))
            .col(text("party"))
            .col(uuid_null("agent_id"))
            .col(text("peer"))
            .col(text("codec"))
            .col(text("quality"))
            .primary_key(Index::create().col("interaction_id").col("leg"))
            .take(),
    )
    .await?;
    m.create_table(
        table("recordings")
            .col(id())
            .col(uuid("interaction_id"))
            .col(text("blob"))
            .col(big("started_at"))
            .col(big("duration_ms"))
            .col(int("sample_rate_hz"))
            .col(int("channels"))
            .col(big("bytes"))
            .col(text("state"))
            .take(),
    )
    .await?;
    m.create_index(index("recordings", &["interaction_id"])).await?;
    m.create_index(index("recordings", &["state"])).await
}

async fn events(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.create_table(
        // `seq` keeps the order in which things happened within one microsecond.
        table("events")
            .col(serial("seq"))
            .col(uuid("id"))
            .col(big("at"))
            .col(uuid_null("interaction_id"))
            .col(uuid_null("agent_id"))
            .col(uuid_null("queue_id"))
            .col(text("kind"))
            .col(text_null("body"))
            .col(bytes_null("sealed"))
            .take(),
    )
    .await?;
    m.create_index(unique("events", &["id"])).await?;
    m.create_index(index("events", &["interaction_id"])).await?;
    m.create_index(index("events", &["at"])).await?;
    m.create_index(index("events", &["agent_id", "at"])).await?;
    super::guard::append_only(m, "events").await
}
