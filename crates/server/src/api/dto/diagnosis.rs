//! Why nobody gets an interaction.
use super::interaction::{Channel, Why};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Diagnosis {
    pub interaction: Uuid,
    pub queue: Uuid,
    pub channel: Channel,
    pub since: i64,
    pub priority: u8,
    /// Keys of the rules that apply.
    pub rules: Vec<String>,
    /// 1 = next.
    pub position: u32,
    pub waiting: u32,
    /// Who stands before it, the next first; at most 100 are named.
    pub ahead: Vec<Ahead>,
    /// What an agent must be able to do now.
    pub needs: Option<String>,
    /// Members up to this level are asked now.
    pub level_max: u8,
    /// The agent it is kept for at the moment.
    pub kept_for: Option<Uuid>,
    /// Agents that ring for it.
    pub ringing: Vec<Uuid>,
    /// The members, then those of the queues that lend; at most 100 are named.
    pub agents: Vec<Verdict>,
    pub agents_total: u32,
    pub next: Option<NextStep>,
    /// It leaves by overflow then, if nobody rings for it.
    pub overflow_at: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Ahead {
    pub interaction: Uuid,
    pub priority: u8,
    pub since: i64,
    pub ringing: bool,
}

/// One agent and the rule that leaves them out.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    pub agent: Uuid,
    /// Absent: could have it, but is taken by those before it.
    pub why: Option<Why>,
    /// Declined or did not answer: asked again from then on.
    pub spared_until: Option<i64>,
    /// Belongs to this queue and may be lent.
    pub lent_by: Option<Uuid>,
}

/// What waiting longer changes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct NextStep {
    pub at: i64,
    pub needs: Option<String>,
    pub level_max: u8,
    /// Queues whose agents may help from then on, besides.
    pub lenders: Vec<Uuid>,
    /// No longer kept for its preferred agent.
    pub freed: bool,
    /// Members whom only this rules out now.
    pub gains: Vec<Uuid>,
}
