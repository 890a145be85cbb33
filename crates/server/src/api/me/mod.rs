//! `/api/v1/me`: what the signed-in person does for itself.
pub mod accept;
pub mod agent_get;
pub mod agent_set;
pub mod decline;
pub mod dial;
pub mod directory;
pub mod password;
pub mod patch;
pub mod resume;

use crate::api::dto::live::Connected;

pub(in crate::api) fn connected(c: engine::handle::Connected) -> Connected {
    Connected { call: c.call.0, sdp: c.sdp_answer }
}
