//! What happened.
/// One contact.
pub(crate) mod interaction {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "interactions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub channel: String,
        pub direction: String,
        pub state: String,
        pub outcome: Option<String>,
        pub remote: Vec<u8>,
        pub remote_index: Option<Vec<u8>>,
        pub local: String,
        pub number_id: Option<Uuid>,
        pub trunk_id: Option<Uuid>,
        pub queue_id: Option<Uuid>,
        pub agent_id: Option<Uuid>,
        pub customer_id: Option<Uuid>,
        pub started_at: i64,
        pub queued_at: Option<i64>,
        pub answered_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub wait_ms: i64,
        pub talk_ms: i64,
        pub hold_ms: i64,
        pub wrap_up_ms: i64,
        pub hangup_by: Option<String>,
        pub sip_status: Option<i32>,
        pub q850: Option<i32>,
        pub wrap_up_code: Option<String>,
        pub note: Option<Vec<u8>>,
        pub recording_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A stretch of a contact.
pub(crate) mod segment {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "segments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub interaction_id: Uuid,
        pub kind: String,
        pub queue_id: Option<Uuid>,
        pub agent_id: Option<Uuid>,
        pub started_at: i64,
        pub ended_at: Option<i64>,
        pub result: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Measured quality of one leg, figures as JSON.
pub(crate) mod leg_report {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "leg_reports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub interaction_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub leg: i32,
        pub party: String,
        pub agent_id: Option<Uuid>,
        pub peer: String,
        pub codec: String,
        pub quality: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// A recording; the audio is a sealed blob.
pub(crate) mod recording {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "recordings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub interaction_id: Uuid,
        pub blob: String,
        pub started_at: i64,
        pub duration_ms: i64,
        pub sample_rate_hz: i32,
        pub channels: i32,
        pub bytes: i64,
        pub state: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Append-only, numbered in the order of writing. Exactly one of `body` (clear JSON) and `sealed` is set.
pub(crate) mod event {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "events")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub seq: i64,
        pub id: Uuid,
        pub at: i64,
        pub interaction_id: Option<Uuid>,
        pub agent_id: Option<Uuid>,
        pub queue_id: Option<Uuid>,
        pub kind: String,
        pub body: Option<String>,
        pub sealed: Option<Vec<u8>>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
