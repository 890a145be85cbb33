//! Messages of the stream, in the OpenAPI document for the sake of typed clients.
use super::interaction::{Channel, InteractionSummary};
use super::live::{AgentLive, CallLive, OfferLive, TrunkLive, WaitingLive};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Me,
    Agents,
    Waiting,
    Calls,
    Trunks,
    Alerts,
}

/// What a client sends: topics to follow, and the last `seq` it has of each.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscribe {
    pub subscribe: Vec<Topic>,
    /// Boards to follow from now on, these and no others; absent: as before. Their messages come on the topic `board`: `board` with the
    /// whole picture, `change` with the tiles that changed, `alive` every 2 s without a change, `gone`.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub boards: Option<Vec<Uuid>>,
    #[serde(default)]
    pub resume: BTreeMap<Topic, u64>,
    /// The epoch of the connection that `resume` is about; another epoch's numbers mean nothing.
    #[serde(default)]
    pub epoch: Option<String>,
}

/// Every message: `topic` is `hello`, `error`, `board` or one of `Topic`; `type` tells what `data` is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StreamMessage {
    pub topic: String,
    pub seq: u64,
    pub r#type: String,
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}

/// `data` of `hello`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StreamHello {
    pub epoch: String,
    pub user: Option<Uuid>,
}

/// The customer beside an offer or a call, masked by role.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerCard {
    pub id: Uuid,
    pub name: String,
    pub phones: Vec<String>,
    pub email: Option<String>,
    pub company: Option<String>,
    pub tags: Vec<String>,
    pub vip: bool,
    pub note: Option<String>,
}

/// `data` of `offer` on `me`: the screen pop.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfferCard {
    #[serde(flatten)]
    pub offer: OfferLive,
    pub customer_card: Option<CustomerCard>,
    /// At most 5, newest first.
    pub recent: Vec<InteractionSummary>,
}

/// `data` of `call` on `me`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallCard {
    #[serde(flatten)]
    pub call: CallLive,
    pub customer_card: Option<CustomerCard>,
}

/// `data` of `offer_ended`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfferEnded {
    pub offer: Uuid,
    pub agent: Uuid,
    /// `accepted`, `declined`, `no_answer`, `caller_left` …
    pub result: String,
}

/// `data` of `waiting_ended`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingEnded {
    pub interaction: Uuid,
    pub queue: Uuid,
}

/// `data` of `call_ended`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallEnded {
    pub call: Uuid,
    pub agent: Option<Uuid>,
    pub channel: Channel,
}

/// `data` of `reset` on `me`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MeSnapshot {
    pub agent: Option<AgentLive>,
    pub offer: Option<OfferCard>,
    pub call: Option<CallCard>,
}

/// `data` of `reset` on `agents`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentsSnapshot {
    pub agents: Vec<AgentLive>,
}
/// `data` of `reset` on `waiting`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WaitingSnapshot {
    pub waiting: Vec<WaitingLive>,
}
/// `data` of `reset` on `calls`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallsSnapshot {
    pub calls: Vec<CallLive>,
}
/// `data` of `reset` on `trunks`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrunksSnapshot {
    pub trunks: Vec<TrunkLive>,
}
